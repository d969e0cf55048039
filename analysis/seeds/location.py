"""Where the scores lie: mean, median, interquartile mean, trimmed mean, optimality gap, over the last axis.

Interquartile mean and optimality gap after Agarwal et al. (2021), "Deep reinforcement learning at the edge of the
statistical precipice", NeurIPS, section 4.3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal, TypeAlias

import numpy as np

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats

Statistic: TypeAlias = Callable[[Floats], Floats]
"""Reduces the last axis."""


def mean(scores: Floats) -> Floats:
    """Return the mean."""
    return np.asarray(scores.mean(axis=-1))


def median(scores: Floats) -> Floats:
    """Return the median (mean of the middle two for an even number)."""
    return np.asarray(np.median(scores, axis=-1))


def trimmed_mean(scores: Floats, trim: float, rule: Literal["whole", "fractional"] = "whole") -> Floats:
    """Return the mean of what is left when a share of the values is cut from each end.

    Parameters
    ----------
    scores : ndarray of shape (..., n)
    trim : float
        Share cut from each end, at least 0 and below 0.5.
    rule : {"whole", "fractional"}
        "whole" cuts floor(trim x n) values per end (scipy.stats.trim_mean, and so rliable; of 3 or fewer values an
        interquartile mean then cuts none); "fractional" also gives the next value on each end only the weight
        that is left, so that exactly 1 - 2 trim of the mass counts.
    """
    if not 0.0 <= trim < 0.5:
        raise InputError(Problem(f"trim is {trim}", "give a share of at least 0 and below 0.5 per end"))
    n = scores.shape[-1]
    cut = int(trim * n)
    if cut == 0 and (rule == "whole" or trim == 0.0):
        return mean(scores)
    ordered = np.sort(scores, axis=-1)
    if rule == "whole":
        return np.asarray(ordered[..., cut : n - cut].mean(axis=-1))
    rank = np.arange(n)
    lower = np.clip(rank + 1 - trim * n, 0.0, 1.0)
    upper = np.clip((1 - trim) * n - rank, 0.0, 1.0)
    weights = np.minimum(np.minimum(lower, upper), np.clip(lower + upper - 1.0, 0.0, 1.0))
    return np.asarray(ordered @ (weights / weights.sum()))


def iqm(scores: Floats, rule: Literal["whole", "fractional"] = "whole") -> Floats:
    """Return the interquartile mean: the middle half of the values; trimming rule as in `trimmed_mean`."""
    return trimmed_mean(scores, 0.25, rule)


def optimality_gap(scores: Floats, optimum: float) -> Floats:
    """Return by how much the scores fall short of the optimum on average: mean of max(optimum - score, 0)."""
    return np.asarray(np.maximum(optimum - scores, 0.0).mean(axis=-1))


STATISTICS: Final[dict[str, Statistic]] = {
    "mean": mean,
    "median": median,
    "iqm": iqm,
    "optimality_gap": partial(optimality_gap, optimum=100.0),
}
"""Statistics by name; the optimality gap is against 100 points, the top of every XTREME metric."""


def statistic_of(statistic: str | Statistic) -> Statistic:
    """Return the statistic with this name, or the callable itself.

    Raises
    ------
    InputError
        For an unknown name.
    """
    if callable(statistic):
        return statistic
    if statistic not in STATISTICS:
        raise InputError(Problem(f"unknown statistic {statistic!r}", f"write one of {', '.join(STATISTICS)}"))
    return STATISTICS[statistic]
