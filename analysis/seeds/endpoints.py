"""The four end-point rules on a bootstrap distribution: percentile, basic, BCa, studentized.

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
            return np.stack([_interpolated(row, at) for row, at in zip(self.values, share, strict=True)])
        order = np.argsort(self.values, axis=1, kind="stable")
        reached = np.cumsum(self.weights[order], axis=1)
        position = (reached[:, None, :] < share[:, :, None] - TIE).sum(axis=2)
        rows = np.take_along_axis(self.values, order, axis=1)
        return np.take_along_axis(rows, np.minimum(position, rows.shape[1] - 1), axis=1)

    def share_below(self) -> Floats:
        """Return P(value < estimate) + P(value = estimate) / 2 of each row."""
        slack = (TIE * self.size)[:, None]
        gap = self.values - self.estimate[:, None]
        half = ((gap < -slack).astype(float) + (gap <= slack)) / 2
        return np.asarray(half.mean(axis=1) if self.weights is None else half @ self.weights)

    def deviation(self) -> Floats:
        """Return the standard deviation of each row: the bootstrap standard error."""
        if self.weights is None:
            return np.asarray(self.values.std(axis=1, ddof=1))
        center = self.values @ self.weights
        return np.asarray(np.sqrt((self.values - center[:, None]) ** 2 @ self.weights))


def _interpolated(row: Floats, share: Floats) -> Floats:
    """Return linearly interpolated quantiles (numpy's default rule) without sorting all of the row."""
    position = np.clip(share, 0.0, 1.0) * (len(row) - 1)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, len(row) - 1)
    placed = np.partition(row, np.unique(np.concatenate([below, above])))
    return np.asarray(placed[below] + (position - below) * (placed[above] - placed[below]))


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
