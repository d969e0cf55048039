"""Performance profiles: the share of runs above each threshold, averaged over tasks, with exact stratified bands.

Agarwal et al. (2021), NeurIPS, section 4.2 (score distributions). Under resampling within tasks the number of a
task's runs above a threshold is binomial, so the whole bootstrap distribution is a convolution of binomials: the band
that rliable approximates with thousands of resamples is computed exactly here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats, finite, probability


@dataclass(frozen=True, slots=True)
class Profile:
    """A performance profile with pointwise bands."""

    thresholds: Floats
    share: Floats
    """Share of runs with score > threshold, averaged over tasks, shape (thresholds,)."""
    low: Floats
    high: Floats
    level: float
    note: str = "pointwise; where no run or every run is above a threshold the bootstrap band is a point"


def performance_profile(scores: ArrayLike, thresholds: ArrayLike, level: float = 0.95) -> Profile:
    """Return the profile of one arm.

    Parameters
    ----------
    scores : array of shape (tasks, seeds)
    thresholds : array of shape (thresholds,)
        In the unit of the scores; "above" is strict, as in rliable.
    """
    from scipy.stats import binom

    values = finite(scores, "scores", 1)
    points = finite(thresholds, "thresholds", 1)
    if values.ndim != 2 or points.ndim != 1:
        raise InputError(
            Problem(
                f"scores {values.shape}, thresholds {points.shape}",
                "give (tasks, seeds) and one row of thresholds",
            )
        )
    tasks, seeds = values.shape
    tail = (1 - probability(level)) / 2
    above = (values[None] > points[:, None, None]).mean(axis=2)
    low, high = np.empty(len(points)), np.empty(len(points))
    for number, shares in enumerate(above):
        mass = np.ones(1)
        for share in shares:
            mass = np.convolve(mass, binom.pmf(np.arange(seeds + 1), seeds, share))
        reached = np.cumsum(mass)
        low[number] = np.searchsorted(reached, tail - 1e-12) / (tasks * seeds)
        high[number] = np.searchsorted(reached, 1 - tail - 1e-12) / (tasks * seeds)
    return Profile(points, above.mean(axis=1), low, high, level)
