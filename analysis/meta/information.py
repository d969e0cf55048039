"""Log-likelihoods and information criteria of a pooled model, for comparing models of the same effects.

Restricted likelihoods compare only models with the same moderators. The small-sample AICc of Hurvich & Tsai
(1989) counts the p coefficients and, unless the model is common-effect, tau^2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.meta.batch import Floats
from analysis.meta.likelihood import log_likelihood
from analysis.meta.pool import Pooled


@dataclass(frozen=True, slots=True)
class Information:
    """Batch shape; AICc is NaN where k leaves no degrees of freedom for it."""

    log_likelihood: Floats
    deviance: Floats
    aic: Floats
    bic: Floats
    aicc: Floats


def information(fit: Pooled, *, restricted: bool = False) -> Information:
    """Criteria at the estimates of `fit`; as metafor's `fitstats`, of which BIC of REML counts k - p."""
    effects = fit.effects
    value = log_likelihood(effects, fit.flat_tau2, restricted).reshape(effects.shape)[()]
    count = effects.p + (0 if fit.method == "CE" else 1)
    n = np.asarray(fit.k - effects.p if restricted else fit.k, dtype=float)
    room = n - count - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.where(room > 0, n / room, np.nan)
    return Information(
        log_likelihood=value,
        deviance=-2 * value,
        aic=-2 * value + 2 * count,
        bic=-2 * value + count * np.log(n),
        aicc=-2 * value + 2 * count * correction,
    )
