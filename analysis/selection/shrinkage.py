"""All estimates pulled towards their common mean, the noisier the further: the simple correction of a winner.

Empirical Bayes, Morris (1983), JASA 78, 47-55, equations 1.16-1.19 (with his (k - 3) / (k - 1) factor): after
shrinkage the largest posterior mean is not inflated by having been picked (Senn 2008, Stat. Med. 27, 2418). It
needs the estimates to be exchangeable: one intermediate task that is a different kind of thing is pulled towards
the others all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats, finite, probability


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Estimates after shrinkage."""

    estimate: Floats
    """Posterior means, shape (candidates,)."""
    low: Floats
    high: Floats
    level: float
    mean: float
    """Common mean that they are pulled towards."""
    tau2: float
    """Variance of the true values between candidates, squared points (Paule-Mandel)."""
    kept: Floats
    """Share of each candidate's distance to the mean that is left, 0 to 1."""


def shrunken(estimates: ArrayLike, variances: ArrayLike, level: float = 0.95) -> Shrunken:
    """Return empirical-Bayes estimates of all candidates.

    Parameters
    ----------
    estimates : array of shape (candidates,)
        Points; at least 4 candidates, with fewer the spread between them is not estimable.
    variances : array of shape (candidates,)
        Squared standard errors.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    values, v = finite(estimates, "estimates", 4), finite(variances, "variances", 4)
    if values.shape != v.shape or values.ndim != 1 or v.min() <= 0:
        raise InputError(
            Problem(
                f"{values.shape} estimates, {v.shape} variances", "give one positive variance per estimate"
            )
        )
    k = len(values)

    def center(tau2: float) -> float:
        weight = 1 / (v + tau2)
        return float(weight @ values / weight.sum())

    def excess(tau2: float) -> float:
        return float(((values - center(tau2)) ** 2 / (v + tau2)).sum()) - (k - 1)

    top = float(np.ptp(values) ** 2 + v.max())
    tau2 = 0.0 if excess(0.0) <= 0 else float(brentq(excess, 0.0, top * k, xtol=1e-12 * top))
    mean, weight = center(tau2), 1 / (v + tau2)
    drawn = (k - 3) / (k - 1) * v * weight  # the factor keeps the risk below that of no shrinkage
    estimate = mean + (1 - drawn) * (values - mean)
    share = weight / weight.sum()
    variance = v * (1 - drawn * (1 - share)) + 2 / (k - 3) * drawn**2 * (values - mean) ** 2
    reach = ndtri((1 + probability(level)) / 2) * np.sqrt(variance)
    return Shrunken(estimate, estimate - reach, estimate + reach, level, mean, tau2, 1 - drawn)
