"""Meta-analysis of many effects, thousands of small meta-analyses in one call.

Room plan
---------
batch            checked effects with a leading batch axis; absent studies by mask
wls, roots       weighted least squares and bracketed roots, vectorised over the batch
tau2             twelve estimators of the between-study variance; tau2_interval: Q-profile
pool             common and random effects, meta-regression, four tests
regression       omnibus tests, R^2, contrasts
predict          prediction intervals and BLUPs
"""

from analysis.meta.pool import Pooled, pool
from analysis.meta.predict import blups, predict
from analysis.meta.regression import contrast, omnibus, r_squared
from analysis.meta.tau2_interval import q_profile

__all__ = ["Pooled", "blups", "contrast", "omnibus", "pool", "predict", "q_profile", "r_squared"]
