"""Exact sign, Wilcoxon signed-rank and Mann-Whitney tests, ties included.

scipy's exact Wilcoxon and Mann-Whitney tests assume no ties and switch to the normal distribution where there are
any; scores printed with one decimal tie often. Here the null distribution of the observed mid-ranks is enumerated
or convolved, so ties are exact too (Hollander, Wolfe and Chicken 2014, sections 3.1 and 4.1, "conditional on ties").
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import Alternative, TestOutcome, checked_alternative, smallest_p
from analysis.seeds.scores import TIE, Floats, finite

MOST_EXACT: Final = 2000
"""Replications up to which the null distribution is convolved (a table of n**2 sums)."""


def _tails(weights: NDArray[np.float64], observed: int, alternative: Alternative) -> float:
    """Return the p value from the null distribution of an integer statistic (index = value)."""
    total = weights.sum()
    greater = weights[observed:].sum() / total
    less = weights[: observed + 1].sum() / total
    if alternative == "two-sided":
        return float(min(1.0, 2 * min(greater, less)))
    return float(min(1.0, greater if alternative == "greater" else less))


def _one_dimensional(values: ArrayLike, name: str) -> Floats:
    array = finite(values, name)
    if array.ndim != 1:
        raise InputError(Problem(f"{name} has shape {array.shape}", "give one value per replication"))
    if len(array) > MOST_EXACT:
        raise InputError(
            Problem(
                f"{name} has {len(array):,} values", f"exact up to {MOST_EXACT:,}; use scipy.stats beyond"
            )
        )
    return array


def _doubled_ranks(values: Floats) -> NDArray[np.int64]:
    """Return twice the mid-ranks, as integers; values equal to rounding share a rank."""
    order = np.argsort(values, kind="stable")
    gap = np.diff(values[order]) > TIE * max(float(np.abs(values).max()), np.finfo(float).tiny)
    group = np.concatenate([[0], np.cumsum(gap)])
    size = np.bincount(group)
    end = np.cumsum(size)
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = (2 * end - size + 1)[group]
    return ranks


def sign_test(differences: ArrayLike, alternative: Alternative = "two-sided") -> TestOutcome:
    """Return the exact sign test that positive and negative differences are equally likely; zeros are left out.

    Parameters
    ----------
    differences : array of shape (pairs,)
    """
    from scipy.stats import binomtest

    values = _one_dimensional(differences, "differences")
    slack = TIE * float(np.abs(values).max())
    positive, negative = int((values > slack).sum()), int((values < -slack).sum())
    n = positive + negative
    if n == 0:
        raise InputError(Problem("all differences are zero", "a sign test needs differences that are not"))
    p = float(binomtest(positive, n, alternative=checked_alternative(alternative)).pvalue)
    return TestOutcome(
        p, float(positive), "sign test", alternative, (n,), smallest_p("sign", n, None, alternative)
    )


def wilcoxon_test(differences: ArrayLike, alternative: Alternative = "two-sided") -> TestOutcome:
    """Return Wilcoxon's exact signed-rank test of symmetry around zero; zeros are left out, ties get mid-ranks.

    Parameters
    ----------
    differences : array of shape (pairs,)

    Notes
    -----
    The null distribution of the sum of positive ranks is the product of (1 + z**rank) over pairs.
    """
    values = _one_dimensional(differences, "differences")
    values = values[np.abs(values) > TIE * np.abs(values).max()] if values.any() else values[:0]
    if len(values) == 0:
        raise InputError(
            Problem("all differences are zero", "a signed-rank test needs differences that are not")
        )
    ranks = _doubled_ranks(np.abs(values))
    weights = np.zeros(int(ranks.sum()) + 1)
    weights[0] = 1.0
    for rank in ranks:
        shifted = np.zeros_like(weights)
        shifted[rank:] = weights[: len(weights) - rank]
        weights = (weights + shifted) / 2
    observed = int(ranks[values > 0].sum())
    p = _tails(weights, observed, checked_alternative(alternative))
    least = smallest_p("wilcoxon", len(values), None, alternative)
    return TestOutcome(p, observed / 2, "Wilcoxon signed-rank, exact", alternative, (len(values),), least)


def mann_whitney_test(
    treated: ArrayLike, control: ArrayLike, alternative: Alternative = "two-sided"
) -> TestOutcome:
    """Return the exact Mann-Whitney test; the statistic is U, the pairs in which treated wins (ties count half).

    Parameters
    ----------
    treated, control : arrays of shape (seeds,)
        At most 2,000 together; the null distribution takes n x rank sums.
    """
    a, b = _one_dimensional(treated, "treated"), _one_dimensional(control, "control")
    ranks = _doubled_ranks(np.concatenate([a, b]))
    n, m = len(a), len(b)
    if n * int(ranks.sum()) > 10**8:
        raise InputError(
            Problem(f"{n} and {m} values are too many to count exactly", "use scipy.stats.mannwhitneyu")
        )
    weights = np.zeros((n + 1, int(ranks.sum()) + 1))
    weights[0, 0] = 1.0
    for seen, rank in enumerate(ranks, start=1):
        # Probabilities instead of counts: the share of subsets of each size, so that nothing overflows.
        for size in range(min(n, seen), 0, -1):
            weights[size, rank:] += weights[size - 1, : weights.shape[1] - rank]
        weights /= max(weights.max(), 1.0)
    observed = int(ranks[:n].sum())
    p = _tails(weights[n], observed, checked_alternative(alternative))
    u = observed / 2 - n * (n + 1) / 2
    least = smallest_p("mann-whitney", n, m, alternative)
    return TestOutcome(p, u, "Mann-Whitney, exact", alternative, (n, m), least)
