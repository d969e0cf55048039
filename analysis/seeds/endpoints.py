"""End points from a bootstrap distribution: percentile, basic, BCa (studentized ones: `studentized`).

Efron and Tibshirani (1993), "An introduction to the bootstrap": percentile 13.3, basic (DiCiccio and Efron 1996),
BCa 14.9-14.15, studentized 12.5. Conventions, because references differ in them:

* quantiles of a Monte-Carlo distribution interpolate linearly between order statistics (numpy, scipy; R's boot
  interpolates on the normal scale); those of an enumerated one are the exact inverse distribution function;
* ties with the estimate count half in BCa's bias correction (as scipy), and values that differ by rounding alone are
  ties (scipy counts them on whichever side rounding put them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from analysis.errors import InputError, Problem
from analysis.seeds.scores import TIE, Floats, probability

Rule: TypeAlias = Literal["percentile", "basic", "bca"]
RULES: Final = ("percentile", "basic", "bca")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A bootstrap distribution of a statistic, one row per batch entry."""

    values: Floats
    """Shape (batch, resamples)."""
    estimate: Floats
    """The statistic of the data, shape (batch,)."""
    weights: Floats | None
    """Probability of each resample where they were enumerated, shape (resamples,); None for equally likely draws."""
    size: Floats
    """Magnitude of the data, shape (batch,), against which rounding is judged."""

    def quantiles(self, share: Floats) -> Floats:
        """Return quantiles of each row at its own shares (batch, m)."""
        if self.weights is None:
            # All of a row is sorted, not partitioned: the vectorised sort is three times faster than that.
            return _interpolated(np.sort(self.values, axis=1), share)
        found = np.empty(share.shape)
        for number, (row, at) in enumerate(zip(self.values, share, strict=True)):
            order = np.argsort(row)
            reached = np.cumsum(self.weights[order])
            place = np.searchsorted(reached, at - TIE)
            found[number] = row[order[np.minimum(place, len(row) - 1)]]
        return found

    def share_below(self) -> Floats:
        """Return P(value < estimate) + P(value = estimate) / 2 of each row."""
        share = np.empty(len(self.values))
        for number, (row, estimate, slack) in enumerate(
            zip(self.values, self.estimate, TIE * self.size, strict=True)
        ):
            below, reached = row < estimate - slack, row <= estimate + slack
            if self.weights is None:
                share[number] = (np.count_nonzero(below) + np.count_nonzero(reached)) / (2 * len(row))
            else:
                share[number] = (below @ self.weights + reached @ self.weights) / 2
        return share

    def deviation(self) -> Floats:
        """Return the standard deviation of each row: the bootstrap standard error."""
        if self.weights is None:
            return np.asarray(self.values.std(axis=1, ddof=1))
        center = self.values @ self.weights
        return np.asarray(np.sqrt((self.values - center[:, None]) ** 2 @ self.weights))


def _interpolated(ordered: Floats, share: Floats) -> Floats:
    """Return linearly interpolated quantiles (numpy's default rule) of sorted rows at their own shares."""
    position = np.clip(share, 0.0, 1.0) * (ordered.shape[1] - 1)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low, high = (np.take_along_axis(ordered, where, axis=1) for where in (below, above))
    return np.asarray(low + (position - below) * (high - low))


def acceleration(influences: Sequence[Floats]) -> Floats:
    """Return BCa's acceleration from jackknife influences of one or several samples (Efron 1987, equation 6.6).

    Parameters
    ----------
    influences : sequence of ndarrays of shape (batch, n_j)
        (n_j - 1) x (mean of the leave-one-out statistics - each of them), per sample.
    """
    cubes = sum((part**3).sum(axis=1) / part.shape[1] ** 3 for part in influences)
    squares = sum((part**2).sum(axis=1) / part.shape[1] ** 2 for part in influences)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(squares > 0, cubes / (6 * np.asarray(squares) ** 1.5), 0.0))


def ends(
    distribution: Distribution, rule: Rule, level: float, influences: Sequence[Floats] = ()
) -> tuple[Floats, Floats]:
    """Return the lower and upper ends, each of shape (batch,).

    Parameters
    ----------
    influences : sequence of ndarrays
        Jackknife influences, for "bca" only; see `acceleration`.

    Raises
    ------
    InputError
        For an unknown rule, or BCa where every resample lies on one side of the estimate (a bounded statistic such
        as a maximum): its bias correction is then infinite.
    """
    if rule not in RULES:
        raise InputError(Problem(f"unknown bootstrap rule {rule!r}", f"write one of {', '.join(RULES)}"))
    tail = (1 - probability(level)) / 2
    batch = len(distribution.estimate)
    share = np.broadcast_to(np.array([tail, 1 - tail]), (batch, 2))
    if rule == "bca":
        from scipy.special import ndtr, ndtri

        below = distribution.share_below()
        if np.any((below <= 0) | (below >= 1)):
            remedy = "use the percentile rule, or a statistic that is not a maximum or minimum"
            raise InputError(
                Problem("every resample lies on one side of the estimate: BCa is undefined", remedy)
            )
        bias = ndtri(below)[:, None]
        shifted = bias + ndtri(share)
        share = ndtr(bias + shifted / (1 - acceleration(influences)[:, None] * shifted))
    low, high = distribution.quantiles(np.asarray(share)).T
    if rule == "basic":
        low, high = 2 * distribution.estimate - high, 2 * distribution.estimate - low
    return low, high
