"""Effect sizes with sampling variances, from summaries or from paired seeds.

Raw mean difference, standardised mean difference (Hedges' g with the exact gamma-function correction, not its
approximation), log ratio of means (Hedges, Gurevitch & Curtis 1999) and difference of accuracies. Formulas as
metafor `escalc` (MD, SMD, SMDH, ROM, RD, MC, SMCC, ROMC), which prints the same numbers; all broadcast.

For scores the raw difference in points is the default choice: everyone reads it, and its variance does not
depend on the effect. The standardised difference divides by the spread *between seeds*, which is a property
of the protocol and not of the task: 0.5 points can be g = 0.2 or g = 5.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import same_shape
from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats


class EffectSize(NamedTuple):
    """Effect and its sampling variance, of the broadcast shape of the input."""

    yi: Floats
    vi: Floats


def hedges_correction(df: ArrayLike) -> Floats:
    """Exact J(df) = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)) (Hedges 1981, eq. 6e); df must exceed 1."""
    from scipy.special import gammaln

    m = np.asarray(df, dtype=float)
    if (m <= 1).any():
        raise InputError(
            Problem(
                f"a standardised difference with {m.min():g} degrees of freedom", "give at least 3 values"
            )
        )
    return np.asarray(np.exp(gammaln(m / 2) - np.log(m / 2) / 2 - gammaln((m - 1) / 2)))


def mean_difference(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike
) -> EffectSize:
    """``mean1 - mean2`` with variance ``sd1^2/n1 + sd2^2/n2``: two independent sets of runs (or test items)."""
    m1, s1, a, m2, s2, b = _summaries(mean1, sd1, n1, mean2, sd2, n2)
    return EffectSize(m1 - m2, s1**2 / a + s2**2 / b)


def standardised_mean_difference(
    mean1: ArrayLike,
    sd1: ArrayLike,
    n1: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    n2: ArrayLike,
    *,
    variance: Literal["LS", "LS2", "UB"] = "LS",
    equal_spread: bool = True,
) -> EffectSize:
    """Hedges' g and its variance.

    Parameters
    ----------
    variance : {"LS", "LS2", "UB"}
        Large-sample with g (default), large-sample with d times J^2 (Borenstein 2009, eq. 12.16), or the exactly
        unbiased one (Hedges 1983, eq. 9). They differ by a fifth at five seeds.
    equal_spread : bool
        False standardises by the root mean square of both SDs (Bonett 2008), for groups that differ in spread;
        its own variance is used.
    """
    m1, s1, a, m2, s2, b = _summaries(mean1, sd1, n1, mean2, sd2, n2)
    m = a + b - 2
    j = hedges_correction(m)
    if not equal_spread:
        common = (s1**2 + s2**2) / 2
        d = (m1 - m2) / np.sqrt(common)
        g = j * d
        shape = g**2 * (s1**4 / (a - 1) + s2**4 / (b - 1)) / (8 * common**2)
        return EffectSize(g, j**2 * (shape + (s1**2 / (a - 1) + s2**2 / (b - 1)) / common))
    d = (m1 - m2) / np.sqrt(((a - 1) * s1**2 + (b - 1) * s2**2) / m)
    g = j * d
    size = 1 / a + 1 / b
    if variance == "LS":
        return EffectSize(g, size + g**2 / (2 * (a + b)))
    if variance == "LS2":
        return EffectSize(g, j**2 * (size + d**2 / (2 * (a + b))))
    if variance == "UB":
        return EffectSize(g, size + (1 - (m - 2) / (m * j**2)) * g**2)
    raise InputError(Problem(f"unknown variance {variance!r}", 'use "LS", "LS2" or "UB"'))


def log_ratio_of_means(
    mean1: ArrayLike, sd1: ArrayLike, n1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, n2: ArrayLike
) -> EffectSize:
    """``log(mean1 / mean2)`` by the delta method; means must be positive (error rates, scores, times)."""
    m1, s1, a, m2, s2, b = _summaries(mean1, sd1, n1, mean2, sd2, n2)
    _positive(m1, m2)
    with np.errstate(over="ignore", divide="ignore"):
        return _usable(np.log(m1) - np.log(m2), (s1 / m1) ** 2 / a + (s2 / m2) ** 2 / b)


def accuracy_difference(correct1: ArrayLike, n1: ArrayLike, correct2: ArrayLike, n2: ArrayLike) -> EffectSize:
    """Difference of two accuracies (shares, 0-1) on independent test sets; binomial variances.

    On the *same* test items this variance is too large: use paired item scores instead.
    All right or all wrong in both gives variance 0, which `pool` refuses: add half a success and failure.
    """
    x1, a, x2, b = same_shape(correct1=correct1, n1=n1, correct2=correct2, n2=n2)
    if not ((a > 0) & (b > 0) & (x1 >= 0) & (x2 >= 0) & (x1 <= a) & (x2 <= b)).all():
        raise InputError(Problem("counts outside 0..n, or n = 0", "give correct answers and test-set sizes"))
    p1, p2 = x1 / a, x2 / b
    return EffectSize(p1 - p2, p1 * (1 - p1) / a + p2 * (1 - p2) / b)


def paired_seeds(
    treated: ArrayLike,
    control: ArrayLike,
    *,
    measure: Literal["difference", "standardised", "log_ratio"] = "difference",
) -> EffectSize:
    """Effect of seeds that were run in pairs (same seed, same data order) under both conditions.

    Parameters
    ----------
    treated, control : (..., seeds)
        Scores; position i of both is the same seed.
    measure : str
        `difference` mean difference; `standardised` by the SD of the differences, J(n - 1) (metafor SMCC);
        `log_ratio` log of the ratio of means with the covariance of the pairs (ROMC).
    """
    x, y = same_shape(treated=treated, control=control)
    n = x.shape[-1] if x.ndim else 1
    if n < 2:
        raise InputError(
            Problem(
                "one pair of seeds has no spread", "run more seeds, or borrow an SD and use mean_difference"
            )
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(
            Problem("a seed's score is NaN or infinite", "drop the pair; a missing score is not 0")
        )
    mean, variance = (x - y).mean(-1), (x - y).var(-1, ddof=1)
    if measure == "difference":
        return EffectSize(mean, variance / n)
    if measure == "standardised":
        if (variance == 0).any():
            raise InputError(Problem("all pairs differ by the same amount", 'use measure="difference"'))
        g = hedges_correction(n - 1) * mean / np.sqrt(variance)
        return EffectSize(g, 1 / n + g**2 / (2 * n))
    if measure == "log_ratio":
        m1, m2 = x.mean(-1), y.mean(-1)
        _positive(m1, m2)
        cross = ((x - m1[..., None]) * (y - m2[..., None])).sum(-1) / (n - 1)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            spread = x.var(-1, ddof=1) / m1**2 + y.var(-1, ddof=1) / m2**2 - 2 * cross / (m1 * m2)
            return _usable(np.log(m1) - np.log(m2), spread / n)
    raise InputError(
        Problem(f"unknown measure {measure!r}", 'use "difference", "standardised" or "log_ratio"')
    )


def _usable(yi: Floats, vi: Floats) -> EffectSize:
    """The effect, or a refusal where means near zero leave double precision."""
    if not (np.isfinite(yi).all() and np.isfinite(vi).all()):
        raise InputError(Problem("a ratio of means so near zero has no finite variance", "use a difference"))
    return EffectSize(yi, vi)


def _positive(m1: Floats, m2: Floats) -> None:
    if not ((m1 > 0) & (m2 > 0)).all():
        raise InputError(Problem("a log ratio of means that are not positive", "use a difference"))


def _summaries(*values: ArrayLike) -> tuple[Floats, ...]:
    names = ("mean1", "sd1", "n1", "mean2", "sd2", "n2")
    arrays = same_shape(**dict(zip(names, values, strict=True)))
    problems = []
    if not all(np.isfinite(a).all() for a in arrays):
        problems.append(
            Problem("a mean, SD or n is NaN or infinite", "drop the row; a missing value is not 0")
        )
    for sd in (arrays[1], arrays[4]):
        if (sd < 0).any():
            problems.append(Problem(f"negative SD {sd.min():g}", "give standard deviations"))
    for n in (arrays[2], arrays[5]):
        if (n < 1).any():
            problems.append(Problem(f"n = {n.min():g}", "give the number of seeds, at least 1"))
    if problems:
        raise InputError(*problems)
    return arrays
