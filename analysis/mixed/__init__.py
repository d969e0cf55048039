"""Mixed models over tasks, languages and seeds: crossed random effects by REML, variance components, prediction.

Room plan
---------
blocks      the columns of a factor: one level per row, or several (a model that was trained on several tasks)
model       factors, fixed columns and the cross-products that everything is computed from
likelihood  REML deviance, its gradient and the information about the variances
fit         the optimum and what can be asked of it
inference   degrees of freedom (Satterthwaite, Kenward-Roger), intervals, prediction for a new task or language
levels      a fixed effect with each level of a factor, shrunken, averaged over the factor's unknown variance
"""

from analysis.mixed.fit import MixedFit, fit_mixed
from analysis.mixed.inference import Effect, effect, predict_new, variance_interval
from analysis.mixed.levels import Levels, levels_of

__all__ = [
    "Effect",
    "Levels",
    "MixedFit",
    "effect",
    "fit_mixed",
    "levels_of",
    "predict_new",
    "variance_interval",
]
