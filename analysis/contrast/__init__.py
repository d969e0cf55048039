"""Contrasts that were fixed before any run, decided from a results table with the seed as unit of replication.

Room plan
---------
contrast  what a contrast is: weighted means of cells, a margin, an alternative
cells     the value of a contrast per seed; cells that are missing; cells at the floor or the ceiling
decide    a family of contrasts decided together: difference and equivalence, both adjusted
reach     what so many seeds can find of one contrast of a family, before the runs and after
family    the hash of a family, by which a file is held to what was registered
languages how a contrast changes with a property of languages
answer    the decisions as parts of an analysis
"""

from analysis.contrast.answer import answer_contrasts
from analysis.contrast.contrast import Contrast, Rule, Term
from analysis.contrast.decide import Decision, decide
from analysis.contrast.family import digest
from analysis.contrast.languages import slope_over_languages

__all__ = [
    "Contrast",
    "Decision",
    "Rule",
    "Term",
    "answer_contrasts",
    "decide",
    "digest",
    "slope_over_languages",
]
