"""Studies: a question, what is fixed before the runs, and grids, in the YAML files beside.

Room plan
---------
study         what a study and its grids are; reading, with the place of every wrong value
named         names in grids that are no task, at their places
formats       tasks matched by format, general and of a domain
designed      parts of a grid that make intermediates and evaluations: subsets, orders, noise
nameable      what contrasts may name: the values that grids put into the results table
registration  hypothesis, contrasts, rule: in the file, and in the words of the results table
registry      the log beside the runs of what was registered when
dated         the log in sentences: what was decided before the results, what after, what was changed
"""
