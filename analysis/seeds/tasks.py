"""Averages over tasks and their differences, seeds being the replication: Welch-Satterthwaite over tasks.

The tasks are the ones there are (fixed); each has its own seed variance. The variance of the average is
sum_k (s_k**2 / n_k) / K**2, its degrees of freedom follow Satterthwaite (1946), equation 17. At 3, 5 and 10 seeds of
9 tasks the coverage is at least nominal, and at n = 3 the interval is 27 % shorter than Welch's on run averages,
which knows only n - 1 degrees of freedom per arm.

It needs runs of different tasks to be independent. Where one intermediate checkpoint serves several targets they
are not: then the checkpoint is the unit (`shared_run_interval`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE, Floats, finite, no_spread
from analysis.seeds.student import (
    difference_interval,
    mean_interval,
    paired_interval,
    satterthwaite,
    t_interval,
)


def task_cells(tasks: Sequence[ArrayLike] | Floats, arm: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Return mean, variance of the mean, degrees of freedom and largest magnitude, each of shape (..., tasks).

    Parameters
    ----------
    tasks : array of shape (..., tasks, seeds), or one array of seeds per task
    arm : str
        What to call it in an error.
    """
    if not hasattr(tasks, "__len__") or len(tasks) == 0:
        raise InputError(Problem(f"{arm} has no tasks", "give one array of seeds per task"))
    if isinstance(tasks, np.ndarray) and tasks.dtype != object:
        if tasks.ndim < 2:
            raise InputError(
                Problem(f"{arm} has shape {tasks.shape}", "give an array of shape (tasks, seeds)")
            )
        values = finite(tasks, arm, 2)
        n = values.shape[-1]
        mean, variance = values.mean(axis=-1), values.var(axis=-1, ddof=1) / n
        return mean, variance, np.full(mean.shape, n - 1.0), np.abs(values).max(axis=-1)
    rows = [finite(task, f"{arm}, task {number}", 2) for number, task in enumerate(tasks)]
    if any(row.ndim != 1 for row in rows):
        raise InputError(Problem(f"{arm} mixes shapes", "give one one-dimensional array of seeds per task"))
    return (
        np.array([row.mean() for row in rows]),
        np.array([row.var(ddof=1) / len(row) for row in rows]),
        np.array([len(row) - 1.0 for row in rows]),
        np.array([np.abs(row).max() for row in rows]),
    )


def _average(parts: list[tuple[Floats, Floats, Floats, Floats]], sign: Floats, level: float) -> Interval:
    tasks = parts[0][0].shape[-1]
    estimate = sum(s * mean.mean(axis=-1) for s, (mean, *_) in zip(sign, parts, strict=True))
    variance = np.concatenate([part[1] for part in parts], axis=-1) / tasks**2
    df = np.concatenate([part[2] for part in parts], axis=-1)
    size = np.concatenate([part[3] for part in parts], axis=-1).max(axis=-1)
    error = np.sqrt(variance.sum(axis=-1))
    if np.any(error <= TIE * size / tasks):
        raise no_spread("all seeds of every task are equal")
    n = int(min(part[2].min() for part in parts)) + 1
    return t_interval(
        np.asarray(estimate), error, satterthwaite(variance, df), level,
        "Welch-Satterthwaite over tasks", "seeds within tasks", n,
    )  # fmt: skip


def task_average_interval(scores: Sequence[ArrayLike] | Floats, level: float = 0.95) -> Interval:
    """Return the interval of the average over tasks of the mean score over seeds.

    Parameters
    ----------
    scores : array of shape (..., tasks, seeds), or one array of seeds per task
        In points; tasks may have different numbers of seeds in the second form, each at least 2.
    """
    return _average([task_cells(scores, "scores")], np.array([1.0]), level)


def task_average_difference(
    treated: Sequence[ArrayLike] | Floats, control: Sequence[ArrayLike] | Floats, level: float = 0.95
) -> Interval:
    """Return the interval of a gain: the difference of two task averages, all runs independent.

    Coverage at nominal .95 with 9 tasks: see docs/statistics/coverage_seeds.md (3, 5, 10 seeds, heavy tails, failed
    runs).

    Parameters
    ----------
    treated, control : arrays of shape (..., tasks, seeds), or one array of seeds per task
        Task k of both is the same task; numbers of seeds may differ.

    Raises
    ------
    InputError
        For different numbers of tasks, fewer than 2 seeds in a task (borrow a deviation instead:
        `student.borrowed_interval`), missing values, or no spread anywhere.
    """
    arms = [task_cells(treated, "treated"), task_cells(control, "control")]
    if arms[0][0].shape != arms[1][0].shape:
        raise InputError(
            Problem(
                f"treated has {arms[0][0].shape[-1]} tasks, control {arms[1][0].shape[-1]}",
                "average the same tasks in both",
            )
        )
    return _average(arms, np.array([1.0, -1.0]), level)


def paired_task_average_difference(treated: ArrayLike, control: ArrayLike, level: float = 0.95) -> Interval:
    """Return the interval of a gain where run i of both arms is a pair within each task, and tasks are independent.

    Parameters
    ----------
    treated, control : arrays of one shape (..., tasks, pairs)
    """
    a, b = finite(treated, "treated", 2), finite(control, "control", 2)
    if a.shape != b.shape or a.ndim < 2:
        raise InputError(
            Problem(
                f"treated {a.shape} and control {b.shape} cannot be paired", "give (tasks, pairs) to both"
            )
        )
    return task_average_interval(a - b, level)


def shared_run_interval(
    treated: ArrayLike,
    control: ArrayLike | None = None,
    level: float = 0.95,
    design: Literal["independent", "paired"] = "independent",
) -> Interval:
    """Return the interval of a task average, or a gain, where each run touches all tasks (crossed design).

    One intermediate checkpoint that serves nine targets is one replication, not nine. Each run's scores are averaged
    over all axes but the first before any spread is taken; target seeds under one checkpoint are averaged with it.

    Parameters
    ----------
    treated, control : arrays of shape (runs, tasks, ...)
        Note the order: the replication (checkpoint or run) comes first, what it is averaged over follows.
    design : {"independent", "paired"}
        Whether run i of both arms belongs together.
    """
    arms = [
        finite(arm, name) for arm, name in ((treated, "treated"), (control, "control")) if arm is not None
    ]
    averages = [arm.reshape(arm.shape[0], -1).mean(axis=1) for arm in arms]
    if len(averages) == 1:
        made = mean_interval(averages[0], level)
    else:
        made = (paired_interval if design == "paired" else difference_interval)(
            averages[0], averages[1], level
        )
    return replace(made, method=f"{made.method} on run averages", unit="runs shared by all tasks")
