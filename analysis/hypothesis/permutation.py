"""Permutation tests: every relabelling when there are few, keyed Monte Carlo with (b + 1) / (m + 1) otherwise.

Phipson and Smyth (2010), "Permutation p-values should never be zero", SAGMB 9, article 39, equation 2, for the
Monte-Carlo p value. Ties to rounding count as at least as extreme. The statistic is the difference of means.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import (
    Alternative,
    TestOutcome,
    checked_alternative,
    relabellings,
    smallest_p,
)
from analysis.resampling.indices import chunks
from analysis.resampling.permutation import random_orders, random_signs
from analysis.seeds.scores import TIE, Floats, arms, finite, plain

MOST_LISTED: Final = 200_000
"""Relabellings up to which all are listed: 10 against 10 (184,756), 17 pairs (131,072)."""


def _extreme(values: Floats, observed: Floats, size: Floats, alternative: Alternative) -> Floats:
    """Count resampled statistics (..., resamples) at least as extreme as the observed (...,)."""
    slack = (TIE * size)[..., None]
    if alternative == "two-sided":
        return np.asarray((np.abs(values) >= np.abs(observed)[..., None] - slack).sum(axis=-1), dtype=float)
    signed = values - observed[..., None] if alternative == "greater" else observed[..., None] - values
    return np.asarray((signed >= -slack).sum(axis=-1), dtype=float)


@cache
def _choices(items: int, chosen: int) -> NDArray[np.intp]:
    """Return every way to choose some of the items, of shape (ways, chosen)."""
    return np.array(list(combinations(range(items), chosen)), dtype=np.intp)


def permutation_test(
    treated: ArrayLike,
    control: ArrayLike,
    name: str,
    alternative: Alternative = "two-sided",
    resamples: int = 9_999,
) -> TestOutcome:
    """Return the test that the seeds of two arms are exchangeable, by the difference of their means.

    Parameters
    ----------
    treated, control : arrays of shape (..., seeds), leading axes alike
    name : str
        Key of the Monte-Carlo relabellings, as a rule the claim id; not used when all are listed.
    resamples : int
        Relabellings drawn where there are more than `MOST_LISTED`.
    """
    a, b = arms(treated, control)
    checked_alternative(alternative)
    n, m = a.shape[-1], b.shape[-1]
    pooled = np.concatenate([a, b], axis=-1)
    pooled = pooled - pooled.mean(axis=-1, keepdims=True)
    size = np.abs(np.concatenate([a, b], axis=-1)).max(axis=-1)
    observed = a.mean(axis=-1) - b.mean(axis=-1)
    total = pooled.sum(axis=-1)[..., None]
    count, ways = np.zeros(observed.shape), relabellings(n, m)
    if ways <= MOST_LISTED:
        drawn = int(ways)
        choices = _choices(n + m, n)
        for part in chunks(drawn, pooled.size):
            chosen = choices[part.start : part.stop]
            sums = pooled[..., chosen].sum(axis=-1)
            count += _extreme(sums / n - (total - sums) / m, observed, size, alternative)
        return TestOutcome(
            plain(count / drawn), plain(observed), f"permutation, all {drawn:,} relabellings", alternative, (n, m),
            smallest_p("permutation", n, m, alternative),
        )  # fmt: skip
    for part in chunks(resamples, pooled.size):
        sums = pooled[..., random_orders(name, n + m, part)[:, :n]].sum(axis=-1)
        count += _extreme(sums / n - (total - sums) / m, observed, size, alternative)
    method = f"permutation, {resamples:,} keyed relabellings"
    return TestOutcome(
        plain((count + 1) / (resamples + 1)),
        plain(observed),
        method,
        alternative,
        (n, m),
        1 / (resamples + 1),
    )


def stratified_permutation_test(
    treated: ArrayLike,
    control: ArrayLike,
    name: str,
    alternative: Alternative = "two-sided",
    resamples: int = 9_999,
) -> TestOutcome:
    """Return the test that seeds are exchangeable within every task, by the difference of task averages.

    Parameters
    ----------
    treated, control : arrays of shape (tasks, seeds)
        Labels are permuted within each task, never across: tasks differ in level.
    """
    a, b = finite(treated, "treated"), finite(control, "control")
    checked_alternative(alternative)
    if a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[0]:
        raise InputError(
            Problem(
                f"treated {a.shape} and control {b.shape} differ", "give (tasks, seeds) of the same tasks"
            )
        )
    tasks, n, m = a.shape[0], a.shape[1], b.shape[1]
    pooled = np.concatenate([a, b], axis=1)
    size = np.asarray(np.abs(pooled).max())
    pooled = pooled - pooled.mean(axis=1, keepdims=True)
    observed = np.asarray((a.mean(axis=1) - b.mean(axis=1)).mean())
    count = np.zeros(())
    for part in chunks(resamples, pooled.size):
        statistic = np.zeros(len(part))
        for task in range(tasks):
            sums = pooled[task][random_orders(name, n + m, part, stream=task)[:, :n]].sum(axis=1)
            statistic += sums * (1 / n + 1 / m)
        count += _extreme(statistic / tasks, observed, size, alternative)
    sides = 2 if alternative == "two-sided" and n == m else 1
    least = max(1 / (resamples + 1), sides * (1 / relabellings(n, m)) ** tasks)
    method = f"permutation within tasks, {resamples:,} keyed relabellings"
    return TestOutcome(
        plain((count + 1) / (resamples + 1)), plain(observed), method, alternative, (n, m), least
    )


def sign_flip_test(
    differences: ArrayLike, name: str, alternative: Alternative = "two-sided", resamples: int = 9_999
) -> TestOutcome:
    """Return the paired permutation test: the sign of each difference is arbitrary under the null.

    Parameters
    ----------
    differences : array of shape (..., pairs)
    name : str
        Key of the Monte-Carlo signs; not used when all 2**pairs are listed (up to 17 pairs).
    """
    values = finite(differences, "differences")
    checked_alternative(alternative)
    n = values.shape[-1]
    observed, size = values.mean(axis=-1), np.abs(values).max(axis=-1)
    listed = n <= MOST_LISTED.bit_length() - 1
    count, drawn = np.zeros(observed.shape), 1 << n if listed else resamples
    for part in chunks(drawn, values.size):
        if listed:
            signs = 1.0 - 2.0 * (np.arange(part.start, part.stop)[:, None] >> np.arange(n) & 1)
        else:
            signs = random_signs(name, n, part)
        count += _extreme(values @ signs.T / n, observed, size, alternative)
    if listed:
        least = smallest_p("sign-flip", n, None, alternative)
        return TestOutcome(
            plain(count / drawn), plain(observed), f"sign flips, all {drawn:,}", alternative, (n,), least
        )
    p = plain((count + 1) / (resamples + 1))
    return TestOutcome(
        p, plain(observed), f"sign flips, {resamples:,} keyed", alternative, (n,), 1 / (resamples + 1)
    )
