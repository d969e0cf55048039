"""Estimate and interval of the best of several, corrected for having been picked as the best on the same data.

Andrews, Kitagawa and McCloskey (2024), "Inference on winners", Quarterly Journal of Economics 139, 305-358. Given
that j won and given what is independent of its estimate, the winner's estimate is a truncated normal variable; its
parameter is estimated median-unbiasedly (section 3.1), with an equal-tailed interval, or a hybrid one (section 3.3)
that cannot become much longer than the projection interval. XQuAD, TyDiQA and Tatoeba have no development set apart
from the one reported, so "the best intermediate task per target" is picked and reported on the same data.

The estimates are taken as normal with known covariance. Best of nine, all alike, run variance pooled over ten arms:
hybrid coverage .935 / .952 / .953 of nominal .95 at 3 / 5 / 10 seeds (uncorrected Welch .935 / .887 / .870, with a
bias of 1.485 / sqrt(seeds) run standard deviations: .86 / .66 / .47).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats, finite, probability


@dataclass(frozen=True, slots=True)
class Winner:
    """The best of several estimates, uncorrected and corrected."""

    index: int
    """Which one won."""
    reported: float
    """Its estimate as observed."""
    estimate: float
    """Median-unbiased estimate given that it won; equals `reported` where picked on other data."""
    low: float
    high: float
    level: float
    method: str
    candidates: int

    @property
    def inflation(self) -> float:
        """By how much the observed estimate exceeds the corrected one."""
        return self.reported - self.estimate


def winner(
    estimates: ArrayLike,
    covariance: ArrayLike,
    method: Literal["conditional", "hybrid"] = "hybrid",
    level: float = 0.95,
) -> Winner:
    """Return the largest estimate corrected for having been picked because it is the largest.

    Parameters
    ----------
    estimates : array of shape (candidates,)
        Points; e.g. the gains of nine intermediate tasks on one target.
    covariance : array of shape (candidates, candidates), or (candidates,) variances of independent estimates
        Squared points. Gains over one shared baseline are correlated: their covariance is the baseline's variance.
    method : {"conditional", "hybrid"}
        "conditional" is exact given the winner and may be endless where the runner-up is close; "hybrid" spends a
        tenth of the error rate on a projection interval that bounds it.

    Raises
    ------
    InputError
        For fewer than two candidates, a covariance that is not one, or a tie for the first place.
    """
    values, sigma = finite(estimates, "estimates", 2), _covariance(covariance, estimates)
    if method not in ("conditional", "hybrid"):
        raise InputError(Problem(f"unknown method {method!r}", "write conditional or hybrid"))
    index = int(np.argmax(values))
    if (values == values[index]).sum() > 1:
        raise InputError(
            Problem(f"{int((values == values[index]).sum())} estimates tie for the best", "name all of them")
        )
    bounds = _truncation(values, sigma, index)
    deviation, seen, alpha = float(np.sqrt(sigma[index, index])), float(values[index]), 1 - probability(level)
    reach = np.inf
    if method == "hybrid":
        beta = alpha / 10
        reach = _projection(len(values), beta) * deviation
        alpha = (alpha - beta) / (1 - beta)
    solve = _solver(seen, deviation, bounds, reach)
    return Winner(index, seen, solve(0.5), solve(1 - alpha / 2), solve(alpha / 2), level, method, len(values))


def winner_on_other_data(
    picked: int, estimate: float, error: float, df: float, candidates: int, level: float = 0.95
) -> Winner:
    """Return the winner picked on a development set and reported on other data: nothing to correct, plain t.

    Parameters
    ----------
    picked : int
        Which candidate the other data chose.
    estimate, error, df : float
        Its estimate, standard error (points) and degrees of freedom on the data that did not choose it.
    """
    from analysis.seeds.student import t_interval

    plain = t_interval(estimate, error, df, level, "t", "seeds", 1)
    return Winner(
        picked, estimate, estimate, float(plain.low), float(plain.high), level, "t on other data", candidates
    )


def _covariance(covariance: ArrayLike, estimates: ArrayLike) -> Floats:
    sigma = finite(covariance, "covariance")
    sigma = np.diag(sigma) if sigma.ndim == 1 else sigma
    k = len(np.asarray(estimates))
    if np.ndim(estimates) != 1 or sigma.shape != (k, k) or not np.allclose(sigma, sigma.T):
        raise InputError(
            Problem(f"covariance of shape {sigma.shape} for {k} estimates", "give a symmetric (k, k) matrix")
        )
    if np.diag(sigma).min() <= 0 or np.linalg.eigvalsh(sigma)[0] < -1e-9 * sigma.max():
        raise InputError(
            Problem("the covariance is not positive", "give positive variances and a possible correlation")
        )
    return sigma


def _truncation(values: Floats, sigma: Floats, index: int) -> tuple[float, float]:
    """Return between which values the winner's estimate must lie to win, given what is independent of it."""
    slope = sigma[:, index] / sigma[index, index]
    rest = values - slope * values[index]
    others = np.arange(len(values)) != index
    below, above = others & (slope < 1 - 1e-12), others & (slope > 1 + 1e-12)
    low = np.max(rest[below] / (1 - slope[below]), initial=-np.inf)
    high = np.min(rest[above] / (1 - slope[above]), initial=np.inf)
    return float(low), float(high)


def _projection(candidates: int, beta: float) -> float:
    """Return c with P(every |z_j| <= c) >= 1 - beta for any correlation (Sidak 1967), in closed form."""
    from scipy.special import ndtri

    return float(ndtri((1 + (1 - beta) ** (1 / candidates)) / 2))


def _solver(
    seen: float, deviation: float, bounds: tuple[float, float], reach: float
) -> Callable[[float], float]:
    """Return the function that gives the mean at which the truncated normal falls below `seen` with probability p."""
    from scipy.optimize import brentq
    from scipy.special import log_ndtr

    def log_mass(low: float, high: float) -> float:
        """Return log(Phi(high) - Phi(low)), in the tail where it is largest."""
        if low > 0:
            low, high = -high, -low
        far, near = float(log_ndtr(low)), float(log_ndtr(high))
        return near + float(np.log1p(-np.exp(min(far - near, 0.0)))) if far < near else -np.inf

    def below(mean: float) -> float:
        low, high = max(bounds[0], mean - reach), min(bounds[1], mean + reach)
        if not low < seen < high:
            return 1.0 if seen >= high else 0.0
        whole = log_mass((low - mean) / deviation, (high - mean) / deviation)
        return float(np.exp(log_mass((low - mean) / deviation, (seen - mean) / deviation) - whole))

    def solve(p: float) -> float:
        # The probability falls as the mean rises; far below, all mass sits at the lower truncation.
        left, right = seen - min(reach, 10 * deviation), seen + min(reach, 10 * deviation)
        while np.isinf(reach) and below(left) < p and seen - left < 1e6 * deviation:
            left -= 2 * (seen - left)
        while np.isinf(reach) and below(right) > p and right - seen < 1e6 * deviation:
            right += 2 * (right - seen)
        if below(left) < p:
            return -np.inf if np.isinf(reach) else left
        if below(right) > p:
            return np.inf if np.isinf(reach) else right
        return float(brentq(lambda mean: below(mean) - p, left, right, xtol=1e-10 * deviation))

    return solve
