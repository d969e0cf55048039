"""Aggregates over tasks x seeds with seeds resampled within tasks: IQM, median, optimality gap, mean; fixed tasks.

Agarwal et al. (2021), NeurIPS, section 4.1 (stratified bootstrap). The percentile rule that they use covers .867 /
.907 / .939 at 3 / 5 / 10 seeds of nine tasks where .95 is promised; `studentized_task_interval` (mean only) covers
.96 / .95 / .96, as does the t interval of `tasks`, which needs no resampling and is the default.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.resampling.indices import chunks, stratified_indices
from analysis.seeds.endpoints import Distribution, Rule, ends
from analysis.seeds.interval import Interval
from analysis.seeds.location import Statistic, statistic_of
from analysis.seeds.scores import TIE, Floats, finite, no_spread, plain, probability


def stratified_interval(
    scores: ArrayLike,
    name: str,
    statistic: str | Statistic = "iqm",
    rule: Rule = "percentile",
    level: float = 0.95,
    resamples: int = 50_000,
) -> Interval:
    """Return the bootstrap interval of an aggregate over all tasks and seeds, seeds resampled within each task.

    Parameters
    ----------
    scores : array of shape (tasks, seeds)
        On one scale: an interquartile mean mixes tasks. Note the order; rliable has (runs, tasks).
    name : str
        Key of the resamples, as a rule the claim id.
    statistic : str or callable
        Reduces the last axis, which holds all tasks' scores side by side.
    """
    values = _tasks_by_seeds(scores, "scores")
    tasks, seeds = values.shape
    drawn = _resampled(values, name, statistic, resamples)
    reduce = statistic_of(statistic)
    flat = values.reshape(1, -1)
    distribution = Distribution(
        drawn[None], np.atleast_1d(reduce(flat)), None, np.array([np.abs(values).max()])
    )
    influences = [_influence(values, reduce, task) for task in range(tasks)] if rule == "bca" else []
    low, high = ends(distribution, rule, level, influences)
    return Interval(
        plain(distribution.estimate[0]),
        plain(low[0]),
        plain(high[0]),
        level,
        f"stratified {rule} bootstrap, {resamples:,} keyed resamples",
        "seeds within tasks",
        seeds,
        plain(distribution.deviation()[0]),
        note="below ten seeds it covers less than it says (.87 at three seeds)" if seeds < 10 else "",
    )


def stratified_difference(
    treated: ArrayLike,
    control: ArrayLike,
    name: str,
    statistic: str | Statistic = "iqm",
    level: float = 0.95,
    resamples: int = 50_000,
) -> Interval:
    """Return the percentile interval of the difference of two aggregates, seeds resampled within task and arm.

    Parameters
    ----------
    treated, control : arrays of shape (tasks, seeds), same tasks
    """
    a, b = _tasks_by_seeds(treated, "treated"), _tasks_by_seeds(control, "control")
    if a.shape[0] != b.shape[0]:
        raise InputError(
            Problem(f"treated has {a.shape[0]} tasks, control {b.shape[0]}", "compare the same tasks")
        )
    reduce = statistic_of(statistic)
    drawn = _resampled(a, name, statistic, resamples) - _resampled(b, name, statistic, resamples, stream=1)
    estimate = np.atleast_1d(reduce(a.reshape(1, -1)) - reduce(b.reshape(1, -1)))
    distribution = Distribution(
        drawn[None], estimate, None, np.array([max(np.abs(a).max(), np.abs(b).max())])
    )
    low, high = ends(distribution, "percentile", level)
    n = min(a.shape[1], b.shape[1])
    return Interval(
        plain(estimate[0]), plain(low[0]), plain(high[0]), level,
        f"stratified percentile bootstrap, {resamples:,} keyed resamples", "seeds within tasks and arms", n,
        plain(distribution.deviation()[0]),
        note="below ten seeds it covers less than it says (.87 at three seeds)" if n < 10 else "",
    )  # fmt: skip


def studentized_task_interval(
    treated: ArrayLike,
    name: str,
    control: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = 9_999,
) -> Interval:
    """Return the studentized bootstrap interval of a task average, or of the difference of two.

    Each resample is divided by its own standard error (Efron and Tibshirani 1993, 12.5), so that the distribution
    learns how uncertain the spread is. Resamples without any spread are infinitely far out and so count as extreme.

    Parameters
    ----------
    treated, control : arrays of shape (tasks, seeds)

    Raises
    ------
    InputError
        Where so many resamples have no spread that an end is infinite (one task of three seeds: 11 %).
    """
    arms = [_tasks_by_seeds(treated, "treated")]
    if control is not None:
        arms.append(_tasks_by_seeds(control, "control"))
        if arms[0].shape[0] != arms[1].shape[0]:
            raise InputError(Problem("treated and control have different tasks", "compare the same tasks"))
    tasks = arms[0].shape[0]
    estimate = sum(sign * arm.mean() for sign, arm in zip((1.0, -1.0), arms, strict=False))
    error = np.sqrt(sum((arm.var(axis=1, ddof=1) / arm.shape[1]).sum() for arm in arms)) / tasks
    shift, variance = np.zeros(resamples), np.zeros(resamples)
    for stream, (sign, arm) in enumerate(zip((1.0, -1.0), arms, strict=False)):
        centred, seeds = arm - arm.mean(axis=1, keepdims=True), arm.shape[1]
        for part in chunks(resamples, arm.size):
            rows = centred.ravel()[stratified_indices(name, [seeds] * tasks, part, stream)].reshape(
                -1, tasks, seeds
            )
            shift[part.start : part.stop] += sign * rows.mean(axis=(1, 2))
            variance[part.start : part.stop] += (rows.var(axis=2, ddof=1) / seeds).sum(axis=1) / tasks**2
    size = max(float(np.abs(arm).max()) for arm in arms)
    flat = variance <= (TIE * size) ** 2
    t = np.where(flat, np.copysign(np.inf, shift), shift / np.where(flat, 1.0, np.sqrt(variance)))
    tail = (1 - probability(level)) / 2
    low_t, high_t = np.quantile(t, [tail, 1 - tail], method="inverted_cdf")
    if not np.isfinite([low_t, high_t]).all():
        share = flat.mean()
        raise InputError(
            Problem(f"{share:.0%} of the resamples have no spread", "use the t interval with so few seeds")
        )
    n = min(arm.shape[1] for arm in arms)
    return Interval(
        float(estimate), float(estimate - high_t * error), float(estimate - low_t * error), level,
        f"stratified studentized bootstrap, {resamples:,} keyed resamples", "seeds within tasks", n, float(error),
    )  # fmt: skip


def _tasks_by_seeds(scores: ArrayLike, name: str) -> Floats:
    values = finite(scores, name, 2)
    if values.ndim != 2:
        raise InputError(Problem(f"{name} has shape {values.shape}", "give an array of shape (tasks, seeds)"))
    if np.all(np.ptp(values, axis=1) <= TIE * np.abs(values).max()):
        raise no_spread(f"all seeds of every task of {name} are equal")
    return values


def _resampled(
    values: Floats, name: str, statistic: str | Statistic, resamples: int, stream: int = 0
) -> Floats:
    reduce, sizes = statistic_of(statistic), [values.shape[1]] * values.shape[0]
    flat, out = values.ravel(), np.empty(resamples)
    for part in chunks(resamples, values.size):
        out[part.start : part.stop] = reduce(flat[stratified_indices(name, sizes, part, stream)])
    return out


def _influence(values: Floats, reduce: Statistic, task: int) -> Floats:
    """Return the jackknife influences of one task's seeds on the aggregate over all tasks, of shape (1, seeds)."""
    seeds = values.shape[1]
    flat = np.arange(values.size)
    left_out: Sequence[float] = [
        float(reduce(values.ravel()[flat != task * seeds + seed])) for seed in range(seeds)
    ]
    parts = np.asarray(left_out)
    return np.asarray((seeds - 1) * (parts.mean() - parts))[None]
