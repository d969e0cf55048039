"""Expected best of k tries (seeds, checkpoints, tuning runs), and performance against the number of tries.

Tang, Lee, Xin, Liu, Yu and Lin (2020), "Showing your work doesn't always work", ACL, equation 5: the unbiased
U statistic. Dodge et al. (2019) plug the empirical distribution in and are biased downwards; theirs is drawn with
replacement. Median curve and its distribution-free interval: Lourie, Cho and He (2024), "Show your work with
confidence", NAACL, section 3: the median best of k is the 0.5**(1/k) quantile of one try, and quantiles have exact
intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats, Number, finite, plain, probability


def expected_best(scores: ArrayLike, k: int) -> Number:
    """Return the unbiased estimate of the expected maximum of k tries.

    sum_i C(i - 1, k - 1) / C(n, k) x_(i): the mean maximum over all subsets of k of the n tries.

    Parameters
    ----------
    scores : array of shape (..., tries)
        All tries, the failed ones included (leaving them out is a selection of its own).
    k : int
        1 to the number of tries. Beyond it no unbiased estimate exists.
    """
    values = finite(scores, "scores")
    n = values.shape[-1]
    if not 1 <= k <= n:
        raise InputError(
            Problem(
                f"best of {k} from {n} tries",
                f"give k between 1 and {n}; more tries must be run, not guessed",
            )
        )
    return plain(np.sort(values, axis=-1) @ _weights(n, k))


def _weights(n: int, k: int) -> Floats:
    """Return C(i - 1, k - 1) / C(n, k) for i = 1..n, by ratios so that no binomial overflows."""
    weights = np.zeros(n)
    weights[n - 1] = k / n
    for i in range(n - 1, k - 1, -1):
        weights[i - 1] = weights[i] * (i - k + 1) / i
    return weights


MOST_TRIES: Final = 2_000
"""Tries up to which a whole curve is drawn (n**2 weights)."""


@dataclass(frozen=True, slots=True)
class TriesCurve:
    """Performance against the number of tries."""

    tries: tuple[int, ...]
    expected: Floats
    """Expected best of k tries, unbiased, shape (tries,)."""
    median: Floats
    """Median best of k tries."""
    low: Floats
    """Distribution-free interval of the median, pointwise; -inf where the data cannot bound it."""
    high: Floats
    """As `low`; +inf where so few tries say nothing about the best of so many."""
    level: float


def tries_curve(scores: ArrayLike, level: float = 0.95) -> TriesCurve:
    """Return expected and median best of k = 1..n tries with the exact interval of the median.

    The interval's ends are order statistics l < u with P(l <= Binomial(n, q) < u) >= level for q = 0.5**(1/k), tails
    apart at most (1 - level) / 2 each. It covers at least its level for any continuous distribution.

    Parameters
    ----------
    scores : array of shape (tries,)
    """
    from scipy.stats import binom

    values = np.sort(finite(scores, "scores"))
    if values.ndim != 1:
        raise InputError(Problem(f"scores of shape {values.shape}", "give one score per try"))
    if len(values) > MOST_TRIES:
        raise InputError(
            Problem(
                f"{len(values):,} tries", f"a curve is drawn for at most {MOST_TRIES:,}; use expected_best"
            )
        )
    n, tail = len(values), (1 - probability(level)) / 2
    tries = np.arange(1, n + 1)
    quantile = 0.5 ** (1.0 / tries)
    padded = np.concatenate([[-np.inf], values, [np.inf]])
    # x_(l) is below the quantile where fewer than l tries fall under it with probability <= tail.
    lower = np.asarray(binom.ppf(tail, n, quantile), dtype=int)
    upper = np.asarray(binom.isf(tail, n, quantile), dtype=int) + 1
    middle = np.clip(np.ceil(quantile * n).astype(int), 1, n)
    return TriesCurve(
        tuple(int(k) for k in tries),
        np.array([float(values @ _weights(n, int(k))) for k in tries]),
        values[middle - 1],
        padded[np.clip(lower, 0, n + 1)],
        padded[np.clip(upper, 0, n + 1)],
        level,
    )
