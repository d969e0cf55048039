"""Begg and Mazumdar's rank correlation test for funnel-plot asymmetry.

Kendall's tau between the sampling variances and the effects standardised by their deviation from the
common-effect mean (Begg & Mazumdar 1994, eq. 1); exact p without ties, as metafor `ranktest`. Weaker than
Egger's regression, but it assumes no straight line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats
from analysis.meta.pool import pool


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kendall's tau-b and its two-sided p; batch shape."""

    tau: Floats
    p_value: Floats
    smallest_p: Floats
    """Smallest p that this many studies can reach: above 0.05 the test cannot reject."""


def rank_test(yi: ArrayLike, vi: ArrayLike, *, mask: ArrayLike | None = None) -> RankTest:
    """Rank test; needs three studies and more than one sampling variance."""
    from scipy.special import gamma
    from scipy.stats import kendalltau

    fit = pool(yi, vi, method="CE", test="z", mask=mask)
    effects = fit.effects
    if (effects.k < 3).any():
        raise InputError(Problem(f"{effects.k.min()} studies", "the rank test needs at least 3"))
    mean, se = np.reshape(fit.beta, (-1, 1)), np.reshape(fit.se, (-1, 1))
    deviate = (effects.yi - mean) / np.sqrt(effects.vi - np.where(effects.present, se**2, 0.0))
    tau, p_value = np.empty(len(mean)), np.empty(len(mean))
    for row in range(len(mean)):
        at = effects.present[row]
        variances = effects.vi[row, at]
        if np.ptp(variances) == 0:
            raise InputError(
                Problem(
                    "all studies have one standard error", "asymmetry cannot be tested: there is no funnel"
                )
            )
        if np.ptp(deviate[row, at]) == 0:
            raise InputError(Problem("all standardised effects are equal", "there is no order to correlate"))
        ties = len(np.unique(variances)) < at.sum() or len(np.unique(deviate[row, at])) < at.sum()
        found = kendalltau(deviate[row, at], variances, method="asymptotic" if ties else "exact")
        tau[row], p_value[row] = found.statistic, found.pvalue
    smallest = np.minimum(2 / gamma(effects.k + 1.0), 1.0)

    def back(values: Floats) -> Floats:
        return np.asarray(values.reshape(effects.shape)[()])

    return RankTest(back(tau), back(p_value), back(smallest))
