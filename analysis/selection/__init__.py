"""What picking the best does to a number: best of k tries, and the winner among several claims.

Room plan
---------
best_of       expected best of k tries, expected performance against the number of tries, with exact bands
winners       estimate and interval of a winner corrected for having won (conditional and hybrid)
shrinkage     all estimates pulled together (empirical Bayes): a simple alternative
reported      a lone reported maximum: by how much k tries inflate it
"""

from analysis.selection.best_of import TriesCurve, expected_best, tries_curve
from analysis.selection.reported import best_of_correction, expected_normal_maximum
from analysis.selection.shrinkage import Shrunken, shrunken
from analysis.selection.winners import Winner, winner, winner_on_other_data

__all__ = [
    "Shrunken",
    "TriesCurve",
    "Winner",
    "best_of_correction",
    "expected_best",
    "expected_normal_maximum",
    "shrunken",
    "tries_curve",
    "winner",
    "winner_on_other_data",
]
