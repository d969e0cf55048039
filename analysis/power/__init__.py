"""What a number of seeds can show: power, seeds needed, smallest detectable difference; planned, not post hoc.

Room plan
---------
design        the design of a comparison: arms, tasks, seeds, spread of one run; its standard error and df
two_sided     power, seeds needed and smallest detectable difference by the noncentral t distribution
equivalence   power and seeds needed to show "no gain" within a margin
sentences     the same in one plain sentence
"""

from analysis.power.design import Design
from analysis.power.equivalence import equivalence_power, equivalence_seeds_needed
from analysis.power.sentences import detectable_sentence, needed_sentence
from analysis.power.two_sided import PowerCurve, power, power_curve, seeds_needed, smallest_difference

__all__ = [
    "Design",
    "PowerCurve",
    "detectable_sentence",
    "equivalence_power",
    "equivalence_seeds_needed",
    "needed_sentence",
    "power",
    "power_curve",
    "seeds_needed",
    "smallest_difference",
]
