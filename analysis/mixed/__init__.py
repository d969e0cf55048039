"""Mixed models over tasks, languages and seeds: crossed random effects by REML, variance components, prediction.

Room plan
---------
model       factors, fixed columns and the cross-products that everything is computed from
likelihood  REML deviance, its gradient and the information about the variances
fit         the optimum and what can be asked of it
inference   degrees of freedom (Satterthwaite, Kenward-Roger), intervals, prediction for a new task or language
"""

from analysis.mixed.fit import MixedFit, fit_mixed
from analysis.mixed.inference import Effect, effect, predict_new, variance_interval

__all__ = ["Effect", "MixedFit", "effect", "fit_mixed", "predict_new", "variance_interval"]
