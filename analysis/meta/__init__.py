"""Meta-analysis of effects, at the level of metafor and batched: thousands of small meta-analyses in one call.

Room plan
---------
effect_sizes          effects with variances, from summaries or from paired seeds
batch, values         checked effects with a leading batch axis; absent studies by mask
wls, roots            weighted least squares and bracketed roots, vectorised over the batch
tau2, likelihood      twelve estimators of the between-study variance
tau2_interval         Q-profile intervals of tau^2, I^2 and H^2
welch_q               heterogeneity test for variances of few seeds
pool                  common and random effects, meta-regression, four tests
regression            omnibus tests, R^2, contrasts; information: likelihoods and AIC
predict               plug-in prediction intervals and BLUPs; predict_mixture: with the uncertainty of tau^2
sensitivity           leave one out (study or source), cumulative; influence: diagnostics
subgroups             a pooled effect per group and a test of the difference
multilevel, ascent,   nested and crossed random effects by block algebra; multilevel_inference: profile and Wald
crossed_likelihood    intervals, prediction, level effects
robust                cluster-robust CR0-CR2 with Satterthwaite, one- and two-way
funnel, rank_test,    small-study effects: Egger, PET-PEESE; Begg; trim and fill; step-function selection model
trim_fill, selection
synthesise, estimate, one table of effects to one synthesis: model by dependence, uncertainty, a row per effect,
effect_table, wording a sentence
"""

from analysis.meta.effect_sizes import (
    EffectSize,
    accuracy_difference,
    log_ratio_of_means,
    mean_difference,
    paired_seeds,
    standardised_mean_difference,
)
from analysis.meta.funnel import FunnelTest, PetPeese, funnel_test, pet_peese
from analysis.meta.influence import Influence, influence
from analysis.meta.information import Information, information
from analysis.meta.multilevel import Multilevel, multilevel
from analysis.meta.multilevel_inference import level_effects, predict_new, profile_interval, wald_interval
from analysis.meta.pool import Pooled, pool
from analysis.meta.predict import Blups, Prediction, blups, predict
from analysis.meta.predict_mixture import predict_mixture
from analysis.meta.rank_test import RankTest, rank_test
from analysis.meta.regression import Omnibus, contrast, omnibus, r_squared
from analysis.meta.robust import Robust, robust
from analysis.meta.selection import Selection, selection_model
from analysis.meta.sensitivity import Sequence, cumulative, leave_one_out
from analysis.meta.subgroups import Subgroups, subgroups
from analysis.meta.synthesise import Synthesis, synthesise
from analysis.meta.tau2_interval import HeterogeneityInterval, q_profile
from analysis.meta.trim_fill import TrimFill, trim_and_fill
from analysis.meta.welch_q import welch_q

__all__ = [
    "Blups",
    "EffectSize",
    "FunnelTest",
    "HeterogeneityInterval",
    "Influence",
    "Information",
    "Multilevel",
    "Omnibus",
    "PetPeese",
    "Pooled",
    "Prediction",
    "RankTest",
    "Robust",
    "Selection",
    "Sequence",
    "Subgroups",
    "Synthesis",
    "TrimFill",
    "accuracy_difference",
    "blups",
    "contrast",
    "cumulative",
    "funnel_test",
    "influence",
    "information",
    "leave_one_out",
    "level_effects",
    "log_ratio_of_means",
    "mean_difference",
    "multilevel",
    "omnibus",
    "paired_seeds",
    "pet_peese",
    "pool",
    "predict",
    "predict_mixture",
    "predict_new",
    "profile_interval",
    "q_profile",
    "r_squared",
    "rank_test",
    "robust",
    "selection_model",
    "standardised_mean_difference",
    "subgroups",
    "synthesise",
    "trim_and_fill",
    "wald_interval",
    "welch_q",
]
