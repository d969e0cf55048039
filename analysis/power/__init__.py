"""What a number of seeds can show: power, seeds needed, smallest detectable difference; planned, not post hoc.

Room plan
---------
design        the design of a comparison: arms, tasks, seeds, spread of one run; its standard error and df
two_sided     power, seeds needed and smallest detectable difference by the noncentral t distribution
equivalence   power and seeds needed to show "no gain" within a margin
sentences     the same in one plain sentence
"""
