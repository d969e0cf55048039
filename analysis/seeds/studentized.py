"""Studentized bootstrap of any statistic, one arm or two: each resample is divided by its own standard error.

Efron and Tibshirani (1993), "An introduction to the bootstrap", section 12.5; Davison and Hinkley (1997), section
5.2.1. The distribution learns how uncertain the spread is. Coverage of nominal .95, normal luck, at 5 and 10 seeds
(docs/statistics/coverage_intervals.md): mean .95 and .95, median .94 and .89 (percentile .94),
interquartile mean .97 and .94; a difference of two arms of 3 seeds .98.

The standard error of a mean is s / sqrt(n). That of any other statistic is a bootstrap within the resample: every
resample of the resample listed for up to 6 rows, `INNER` keyed ones beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.errors import InputError, Problem
from analysis.resampling.enumeration import enumerate_resamples
from analysis.resampling.indices import chunks, resample_indices
from analysis.seeds.endpoints import Distribution
from analysis.seeds.location import Statistic, mean
from analysis.seeds.scores import TIE, Floats, probability

INNER: Final = 200
"""Resamples of each resample, for the standard error of a statistic that is not the mean."""
MOST_LISTED_INNER: Final = 6
"""Rows up to which they are all listed (462)."""
BEYOND: Final = 1e200
"""Stands for the t of a resample without spread: farther out than any that has some."""


def studentized_ends(
    samples: Sequence[Floats],
    statistic: Statistic,
    name: str,
    level: float,
    resamples: int,
    exact: bool,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return estimate, low, high and standard error, each of shape (batch,).

    Parameters
    ----------
    samples : one or two arrays of shape (batch, seeds)
        The second is subtracted.
    exact : bool
        Whether every joint resample is listed; else `resamples` keyed ones.

    Raises
    ------
    InputError
        Where so many resamples have no spread that an end is infinite (three seeds: 11 % of them).
    """
    inner = [_inner(name, sample.shape[1], statistic) for sample in samples]
    tail = (1 - probability(level)) / 2
    out = np.empty((4, len(samples[0])))
    for row in range(len(samples[0])):
        arms = [sample[row] for sample in samples]
        size = max(float(np.abs(arm).max()) for arm in arms)
        observed = [float(statistic(arm[None])[0]) for arm in arms]
        own = [float(_error(arm[None], statistic, part)[0]) for arm, part in zip(arms, inner, strict=True)]
        estimate = observed[0] - (observed[1] if len(arms) == 2 else 0.0)
        error = float(np.sqrt(sum(one**2 for one in own)))
        shift, variance, weights = _resampled(arms, observed, statistic, name, resamples, exact, inner)
        flat = variance <= (TIE * size) ** 2
        t = np.where(flat, np.copysign(BEYOND, shift), shift / np.sqrt(np.where(flat, 1.0, variance)))
        t[flat & (np.abs(shift) <= TIE * size)] = 0.0
        found = Distribution(t[None], np.zeros(1), weights, np.ones(1))
        low_t, high_t = found.quantiles(np.array([[tail, 1 - tail]]))[0]
        if max(-low_t, high_t) > np.sqrt(BEYOND) or error <= TIE * size:
            share = float(flat.mean() if weights is None else flat @ weights)
            seen = f"{share:.0%} of the resamples have no spread"
            raise InputError(Problem(seen, "use the t interval with so few or so equal seeds"))
        out[:, row] = estimate, estimate - high_t * error, estimate - low_t * error, error
    return out[0], out[1], out[2], out[3]


def _resampled(
    arms: Sequence[Floats],
    observed: Sequence[float],
    statistic: Statistic,
    name: str,
    resamples: int,
    exact: bool,
    inner: Sequence[tuple[np.ndarray, Floats] | None],
) -> tuple[Floats, Floats, Floats | None]:
    """Return deviation from the estimate, squared standard error, and probability of each resample."""
    shifts, variances, weights = [], [], []
    for stream, (arm, seen, part) in enumerate(zip(arms, observed, inner, strict=True)):
        n = len(arm)
        if exact:
            listed = enumerate_resamples(n)
            drawn, weight = [listed.indices], listed.probability
        else:
            each = n if part is None else n * len(part[0])
            drawn = [resample_indices(name, n, some, stream=stream) for some in chunks(resamples, each)]
            weight = np.ones(1)
        rows = [arm[indices] for indices in drawn]
        shifts.append(np.concatenate([statistic(some) for some in rows]) - seen)
        variances.append(np.concatenate([_error(some, statistic, part) ** 2 for some in rows]))
        weights.append(weight)
    if len(arms) == 1:
        return shifts[0], variances[0], weights[0] if exact else None
    if exact:
        joint = np.outer(weights[0], weights[1]).ravel()
        shift = (shifts[0][:, None] - shifts[1]).ravel()
        return shift, (variances[0][:, None] + variances[1]).ravel(), joint
    return shifts[0] - shifts[1], variances[0] + variances[1], None


def _inner(name: str, n: int, statistic: Statistic) -> tuple[np.ndarray, Floats] | None:
    """Return the rows that resamples of a resample draw, and their probabilities; None for the mean."""
    if statistic is mean:
        return None
    if n <= MOST_LISTED_INNER:
        listed = enumerate_resamples(n)
        return listed.indices, listed.probability
    return resample_indices(f"{name}, within", n, range(INNER)), np.full(INNER, 1 / INNER)


def _error(rows: Floats, statistic: Statistic, inner: tuple[np.ndarray, Floats] | None) -> Floats:
    """Return the standard error of the statistic of each row, shape (rows,)."""
    if inner is None:
        return np.asarray(rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1]))
    indices, weight = inner
    out = np.empty(len(rows))
    step = max(1, (1 << 20) // indices.size)
    for start in range(0, len(rows), step):
        values = statistic(rows[start : start + step][:, indices])
        center = values @ weight
        out[start : start + step] = np.sqrt((values - center[:, None]) ** 2 @ weight)
    return out
