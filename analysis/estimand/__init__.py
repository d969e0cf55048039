"""What a claim estimates: quantity, estimate, standard error, unit of replication; or a refusal with its reason.

Room plan
---------
words      Estimand and Refusal, the two possible answers
scores     scores with named axes, from the results table or from an array whose axes are named
fixed      the interval for the tasks at hand: seeds within tasks, shared runs, pairs
gain       the estimand of a mean score or of a gain between two conditions, with the default interval
"""

from analysis.estimand.gain import gain_estimand, mean_estimand
from analysis.estimand.scores import AXES, Scores, named_scores, scores_of
from analysis.estimand.words import Estimand, Refusal

__all__ = [
    "AXES",
    "Estimand",
    "Refusal",
    "Scores",
    "gain_estimand",
    "mean_estimand",
    "named_scores",
    "scores_of",
]
