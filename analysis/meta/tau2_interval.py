"""Confidence interval of tau^2, and with it of I^2 and H^2, by inverting the generalised Q (Q-profile).

Viechtbauer (2007), Stat. Med. 26:37: the limits are the tau^2 at which Q equals the upper and the lower
chi-square quantile. Exact under normality; I^2 and H^2 are monotone in tau^2, so their limits follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.meta.batch import Bools, Floats
from analysis.meta.pool import Pooled, heterogeneity
from analysis.meta.tau2 import q_root
from analysis.meta.values import nominal
from analysis.meta.wls import marginal_weights, residual_q

BELOW: Final = (
    "REML puts tau^2 below its Q-profile interval: the effects that deviate are the imprecise ones, and weighting by "
    "precision hides them. Ask what makes them imprecise (a moderator), not for one mean."
)
"""What to tell where the estimate lies below the interval."""


@dataclass(frozen=True, slots=True)
class HeterogeneityInterval:
    """Limits of tau^2, I^2 (0-1) and H^2; batch shape."""

    tau2_low: Floats
    tau2_high: Floats
    i2_low: Floats
    i2_high: Floats
    h2_low: Floats
    h2_high: Floats
    empty: Bools
    """True where even tau^2 = 0 leaves Q below the lower quantile: the effects agree better than their
    variances allow. Both limits are then 0 (metafor prints an empty set)."""


def q_profile(fit: Pooled, level: float | None = None) -> HeterogeneityInterval:
    """Q-profile limits at `level` (default: the level of the fit).

    The point estimate of another estimator can lie outside: that is a property of mixing methods, not an error.
    """
    from scipy.special import chdtri

    effects = fit.effects
    tail = (1 - nominal(level, fit.level)) / 2
    df = effects.k - effects.p
    low, _ = q_root(effects, np.asarray(chdtri(df, tail), dtype=float))
    lowest = np.asarray(chdtri(df, 1 - tail), dtype=float)
    high, _ = q_root(effects, lowest)
    empty = residual_q(effects, marginal_weights(effects, np.zeros(len(low)))) < lowest
    typical = heterogeneity(effects)[1]

    def back(values: Floats) -> Floats:
        return np.asarray(values.reshape(effects.shape)[()])

    return HeterogeneityInterval(
        tau2_low=back(low),
        tau2_high=back(high),
        i2_low=back(low / (low + typical)),
        i2_high=back(high / (high + typical)),
        h2_low=back(1 + low / typical),
        h2_high=back(1 + high / typical),
        empty=np.asarray(empty.reshape(effects.shape)[()]),
    )
