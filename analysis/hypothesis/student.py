"""t tests over seeds: one sample, pairs, Welch, and task averages; p values of the intervals of the same name.

Each is computed from the interval's estimate, standard error and degrees of freedom, so that test and interval can
never disagree (scipy.stats.ttest_* give the same numbers; their result objects carry no unit of replication).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import Alternative, TestOutcome, checked_alternative
from analysis.seeds.interval import Interval
from analysis.seeds.scores import Floats, Number, plain
from analysis.seeds.student import difference_interval, mean_interval, paired_interval
from analysis.seeds.tasks import task_average_difference


def t_probability(t: ArrayLike, df: ArrayLike, alternative: Alternative = "two-sided") -> Number:
    """Return the p value of a t statistic; an infinite df is the normal distribution."""
    from scipy.special import ndtr, stdtr

    statistic, freedom = np.asarray(t, dtype=np.float64), np.asarray(df, dtype=np.float64)
    if checked_alternative(alternative) == "two-sided":
        lower, sides = -np.abs(statistic), 2.0
    else:
        lower, sides = (-statistic if alternative == "greater" else statistic), 1.0
    normal = np.isinf(freedom)
    return plain(sides * np.where(normal, ndtr(lower), stdtr(np.where(normal, 1.0, freedom), lower)))


def test_of(
    interval: Interval, reference: float = 0.0, alternative: Alternative = "two-sided"
) -> TestOutcome:
    """Return the test of estimate = reference that belongs to a t interval.

    Raises
    ------
    InputError
        For a standard error of 0, or a reference that is not finite.
    """
    if not np.isfinite(reference) or np.any(np.asarray(interval.standard_error) <= 0):
        seen = f"standard error {interval.standard_error!r}, reference {reference}"
        raise InputError(Problem(seen, "no test follows from no spread; give a finite reference"))
    df = np.inf if interval.df is None else interval.df
    statistic = plain((np.asarray(interval.estimate) - reference) / np.asarray(interval.standard_error))
    p = t_probability(statistic, df, alternative)
    return TestOutcome(
        p, statistic, interval.method, alternative, (interval.n,), 0.0, plain(df), interval.note
    )


test_of.__test__ = False  # type: ignore[attr-defined]


def one_sample_t(
    scores: ArrayLike, reference: float = 0.0, alternative: Alternative = "two-sided"
) -> TestOutcome:
    """Return Student's test that the mean over seeds (last axis) equals the reference."""
    return test_of(mean_interval(scores), reference, alternative)


def paired_t(treated: ArrayLike, control: ArrayLike, alternative: Alternative = "two-sided") -> TestOutcome:
    """Return the paired t test; pair i of both arms (last axis) belongs together."""
    return test_of(paired_interval(treated, control), 0.0, alternative)


def welch_t(treated: ArrayLike, control: ArrayLike, alternative: Alternative = "two-sided") -> TestOutcome:
    """Return Welch's test that two mean scores over unrelated seeds (last axis) are equal."""
    return test_of(difference_interval(treated, control), 0.0, alternative)


def task_average_t(
    treated: Sequence[ArrayLike] | Floats,
    control: Sequence[ArrayLike] | Floats,
    reference: float = 0.0,
    alternative: Alternative = "two-sided",
) -> TestOutcome:
    """Return the Welch-Satterthwaite test that a difference of task averages equals the reference.

    Parameters
    ----------
    treated, control : arrays of shape (..., tasks, seeds), or one array of seeds per task
    """
    return test_of(task_average_difference(treated, control), reference, alternative)
