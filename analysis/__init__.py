"""Statistics over a tidy results table; knows no claim, no report and no model.

Room plan
---------
results       the results table: columns, units, validation, reading and writing
(the statistics rooms are listed in this docstring as they are built)
"""
