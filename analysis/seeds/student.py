"""t intervals over seeds: one mean, the difference of two arms (Welch), paired differences, a borrowed spread.

The default at three seeds: with so few values the t quantile knows that the spread is uncertain, a percentile
bootstrap does not (coverage .867 instead of .95 at n = 3). Welch (1947), Biometrika 34, 28-35; degrees of freedom
by Satterthwaite (1946), Biometrics Bulletin 2, 110-114, equation 17.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from analysis.seeds.scores import Floats, finite, plain, probability, spread, spread_arms


def t_interval(
    estimate: ArrayLike,
    error: ArrayLike,
    df: ArrayLike,
    level: float,
    method: str,
    unit: str,
    n: int,
    note: str = "",
) -> Interval:
    """Return estimate -+ t quantile x standard error; an infinite df gives the normal quantile.

    Parameters
    ----------
    estimate, error, df : float or arrays of one shape
        Estimate and standard error in the same unit; degrees of freedom, positive.
    level : float
        Nominal coverage.
    method, unit, n, note
        As in `Interval`.

    Raises
    ------
    InputError
        For an estimate or error that is not finite, a negative error, or df that are not positive.
    """
    from scipy.special import ndtri, stdtrit

    usable = np.isfinite(estimate) & np.isfinite(error) & (np.asarray(error) >= 0) & (np.asarray(df) > 0)
    if not np.all(usable):
        seen = f"estimate {estimate!r}, standard error {error!r}, degrees of freedom {df!r}"
        raise InputError(
            Problem(seen, "give finite numbers, an error of 0 or more and positive degrees of freedom")
        )
    tail = (1.0 + probability(level)) / 2
    freedom = np.asarray(df, dtype=np.float64)
    quantile = np.where(
        np.isinf(freedom), ndtri(tail), stdtrit(np.where(np.isinf(freedom), 1.0, freedom), tail)
    )
    reach = quantile * np.asarray(error)
    center = np.asarray(estimate)
    return Interval(
        plain(center),
        plain(center - reach),
        plain(center + reach),
        level,
        method,
        unit,
        n,
        plain(error),
        plain(freedom),
        note,
    )


def satterthwaite(parts: Floats, df: Floats) -> Floats:
    """Return the degrees of freedom of a sum of independent variances: (sum v)**2 / sum(v**2 / df).

    Parameters
    ----------
    parts : ndarray of shape (..., m)
        Estimated variance of each summand, as it enters the sum.
    df : ndarray broadcastable to it
        Degrees of freedom of each.
    """
    share = parts / parts.sum(
        axis=-1, keepdims=True
    )  # shares first: squares of 1e-4 points would lose digits
    with np.errstate(divide="ignore"):  # known variances only: infinitely many degrees of freedom
        return np.asarray(1.0 / (share**2 / df).sum(axis=-1))


def mean_interval(scores: ArrayLike, level: float = 0.95) -> Interval:
    """Return the t interval of the mean score over seeds.

    Coverage of nominal .95 at 3 / 5 / 10 seeds: .95 for normal and .96 for heavy-tailed luck; where one run in twenty
    fails by 5 points it falls to .93 at 10 (a failure is either absent or dominates).

    Parameters
    ----------
    scores : array of shape (..., seeds)
        One score per seed, in points of its metric.
    """
    values = finite(scores, "scores", 2)
    n = values.shape[-1]
    error = spread(values, "scores") / np.sqrt(n)
    return t_interval(values.mean(axis=-1), error, np.full(error.shape, n - 1.0), level, "t", "seeds", n)


def difference_interval(treated: ArrayLike, control: ArrayLike, level: float = 0.95) -> Interval:
    """Return Welch's interval for the difference of two mean scores, seeds of the arms being unrelated.

    With two runs in one arm only, take `guarded` of it, as estimands and verdicts do.

    Parameters
    ----------
    treated, control : arrays of shape (..., seeds), leading axes alike
    """
    a, b = spread_arms(treated, control)
    parts = np.stack([a.var(axis=-1, ddof=1) / a.shape[-1], b.var(axis=-1, ddof=1) / b.shape[-1]], axis=-1)
    df = satterthwaite(parts, np.array([a.shape[-1] - 1.0, b.shape[-1] - 1.0]))
    n = min(a.shape[-1], b.shape[-1])
    return t_interval(
        a.mean(axis=-1) - b.mean(axis=-1),
        np.sqrt(parts.sum(axis=-1)),
        df,
        level,
        "Welch",
        "seeds of two arms",
        n,
    )


def guarded(made: Interval, sizes: Sequence[int]) -> Interval:
    """Return Welch's interval with one degree of freedom where one arm has two runs and the other more.

    Satterthwaite's degrees of freedom rest on both spreads, and one of two runs is a guess: nominal .95 covers .88 to
    .93 where those two vary as much as the others or three times as much (docs/statistics/seeds.md). The degrees of
    freedom of the smaller arm keep the level whatever the spreads (Hsu 1938, Statistical Research Memoirs 2, 1).

    Parameters
    ----------
    made : from `difference_interval`, or any of two independent arms
    sizes : runs of each arm
    """
    if min(sizes) != 2 or len(set(sizes)) == 1:
        return made
    method = "t, degrees of freedom of the arm with two runs"
    df = np.ones(np.shape(made.estimate))
    return t_interval(
        made.estimate, made.standard_error, df, made.level, method, made.unit, made.n, made.note
    )


def paired_interval(treated: ArrayLike, control: ArrayLike, level: float = 0.95) -> Interval:
    """Return the t interval of the mean difference of pairs (the same seed, data order or checkpoint in both arms).

    Parameters
    ----------
    treated, control : arrays of one shape (..., pairs)
        Pair i of both belongs together; equal seed numbers alone do not make a pair unless the seed fixes
        something that both arms share.
    """
    a, b = finite(treated, "treated", 2), finite(control, "control", 2)
    if a.shape != b.shape:
        raise InputError(
            Problem(
                f"treated {a.shape} and control {b.shape} cannot be paired", "give one value per pair to both"
            )
        )
    difference = a - b
    n = difference.shape[-1]
    error = spread(difference, "the paired differences") / np.sqrt(n)
    return t_interval(
        difference.mean(axis=-1), error, np.full(error.shape, n - 1.0), level, "paired t", "pairs", n
    )


def borrowed_interval(
    difference: float,
    deviation: float,
    runs: tuple[int, int] = (1, 1),
    deviation_df: float = np.inf,
    level: float = 0.95,
    source: str = "",
) -> Interval:
    """Return an interval for a published difference whose seed spread is taken from elsewhere.

    The standard error is deviation x sqrt(1/runs[0] + 1/runs[1]); the t distribution has the degrees of freedom of
    the borrowed deviation. That the spread carries over is an assumption, and the note says so.

    Parameters
    ----------
    difference : float
        Published difference, in points.
    deviation : float
        Standard deviation of one run between seeds, same points.
    runs : (int, int)
        Runs behind the two published scores; a `runs[1]` of 0 stands for a constant.
    deviation_df : float
        Degrees of freedom of the deviation (pooled over configurations: sum of n - 1).
    source : str
        Where the deviation comes from.

    Raises
    ------
    InputError
        For a deviation that is not positive and finite.
    """
    if not (np.isfinite(deviation) and deviation > 0):
        raise InputError(
            Problem(f"borrowed standard deviation is {deviation}", "give a positive number of points")
        )
    if min(runs) < 0 or runs[0] < 1 or not deviation_df > 0:
        raise InputError(
            Problem(f"runs {runs} with {deviation_df} degrees of freedom", "give at least one run and df > 0")
        )
    error = deviation * np.sqrt(1 / runs[0] + (1 / runs[1] if runs[1] else 0.0))
    note = f"standard deviation {deviation:g} borrowed" + (f" from {source}" if source else "")
    return t_interval(
        difference,
        error,
        deviation_df,
        level,
        "t, borrowed spread",
        "seeds (borrowed)",
        max(1, min(runs)),
        note,
    )
