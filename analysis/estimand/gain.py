"""The estimand of a mean score or of a gain, with the interval that its design calls for.

The rule: languages are averaged first, because one model gives them all; then the replication is the run where
one run serves several tasks, else the seed within each task. For "these tasks" the errors of the tasks add
(Welch-Satterthwaite), for "tasks like these" the spread between tasks is the error. `analysis.coverage` holds the
measured coverage that decides between intervals; the choice is returned with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from analysis.coverage.choose import default_interval, measured_coverage
from analysis.errors import InputError, Problem
from analysis.estimand.fixed import over_given_tasks
from analysis.estimand.scores import Scores
from analysis.estimand.words import Estimand, Refusal
from analysis.meta.pool import pool
from analysis.seeds.student import borrowed_interval, t_interval

RUN_AVERAGES: Final = "Welch on run averages"
OVER_TASKS: Final = "Welch-Satterthwaite over tasks"
POOLED: Final = {
    "REML, Knapp-Hartung": "knapp_hartung",
    "REML, floored Knapp-Hartung": "knapp_hartung_floored",
}
"""Interval in the coverage table -> test of `analysis.meta.pool`."""

Population = Literal["these tasks", "tasks like these"]


def refuse_language_runs() -> Refusal:
    """Return the refusal of "every language and seed is a run", with the coverage it would have had."""
    row = measured_coverage("every language and seed a run", 3)
    return Refusal(
        "languages_are_not_runs",
        f"languages of one trained model are not independent runs: an interval that treats them so covers "
        f"{row:.2f} where .95 is promised (simulated: 9 tasks, 15 languages, 3 seeds)",
        "take the seed (or the shared run) as the unit; languages are averaged within it",
        measured={"coverage": row, "nominal": 0.95},
    )


def mean_estimand(
    scores: Scores, *, quantity: str = "mean score", unit: str | Sequence[str] = "seed",
    population: Population = "these tasks", level: float = 0.95,
) -> Estimand | Refusal:  # fmt: skip
    """Return the estimand "mean score over tasks", or the refusal."""
    return _estimand(scores, None, quantity, unit, population, level, paired=False)


def gain_estimand(
    treated: Scores,
    control: Scores,
    *,
    quantity: str = "gain",
    unit: str | Sequence[str] = "seed",
    paired: bool = False,
    population: Population = "these tasks",
    level: float = 0.95,
    deviation: float | None = None,
    deviation_df: float = np.inf,
    source: str = "",
) -> Estimand | Refusal:
    """Return the estimand "treated minus control, mean over tasks", or the refusal.

    Parameters
    ----------
    treated, control : scores with named axes, the same tasks in both
    unit : the replication: "seed", "run", or both names; naming "language" is refused
    paired : whether equal seed labels share something in both arms (data order, checkpoint)
    population : "these tasks", or "tasks like these" when the claim is about tasks in general
    deviation, deviation_df, source : a borrowed standard deviation of one run's task average between seeds, for
        single published values; the estimand says that it is borrowed
    """
    return _estimand(
        treated, control, quantity, unit, population, level, paired, deviation, deviation_df, source
    )


def _estimand(
    treated: Scores, control: Scores | None, quantity: str, unit: str | Sequence[str], population: Population,
    level: float, paired: bool, deviation: float | None = None, deviation_df: float = np.inf, source: str = "",
) -> Estimand | Refusal:  # fmt: skip
    units = [unit] if isinstance(unit, str) else list(unit)
    if "language" in units:
        return refuse_language_runs()
    if population not in ("these tasks", "tasks like these"):
        raise InputError(
            Problem(f"population is {population!r}", "write 'these tasks' or 'tasks like these'")
        )
    axes = treated.sizes
    arms = [arm.average_languages() for arm in (treated, control) if arm is not None]
    tasks = arms[0].levels("task")
    if control is not None and set(arms[1].levels("task")) != set(tasks):
        odd = sorted(set(tasks) ^ set(arms[1].levels("task")))
        return Refusal(
            "cells_missing", f"task {odd[0]!r} has scores in one arm only", "average the same tasks in both"
        )
    cells = [[_cell(arm, task) for task in tasks] for arm in arms]
    estimate = float(np.mean([c.mean() for c in cells[0]]))
    if control is not None:
        estimate -= float(np.mean([c.mean() for c in cells[1]]))
    if population == "tasks like these":
        return _over_tasks(cells, quantity, axes, level, estimate)
    if min(len(c) for arm in cells for c in arm) < 2:
        if deviation is None:
            return Refusal(
                "one_seed",
                "one seed: a single run has no spread, so its number has no error",
                "run at least 3 seeds, or state a standard deviation and its source",
                estimate,
            )
        if max(len(c) for arm in cells for c in arm) > 1:
            return Refusal(
                "cells_missing",
                "some tasks have one seed and others more",
                "give every task at least 2 seeds",
                estimate,
            )
        made = borrowed_interval(
            estimate, deviation, (1, 0 if control is None else 1), deviation_df, level, source
        )
        return Estimand(
            quantity,
            made,
            axes,
            population,
            None,
            "single values: the spread is borrowed",
            source or "stated",
        )
    try:
        given = over_given_tasks(arms, cells, shared="run" in units, paired=paired, level=level)
    except InputError as error:
        return Refusal("no_spread", str(error), "check that the seeds are different runs", estimate)
    if isinstance(given, Refusal):
        return given
    seeds = min(len(c) for arm in cells for c in arm)
    name = RUN_AVERAGES if "run" in units else OVER_TASKS
    picked = default_interval("these tasks", seeds, len(tasks), (name,))
    return Estimand(quantity, given, axes, population, picked.coverage, picked.reason)


def _cell(scores: Scores, task: str) -> np.ndarray:
    """Return the scores of one task, one per seed (or run), in order of appearance."""
    if "task" not in scores.labels:
        return scores.value
    return np.asarray(scores.value[scores.labels["task"] == task])


def _over_tasks(
    cells: list[list[np.ndarray]], quantity: str, axes: dict[str, int], level: float, estimate: float
) -> Estimand | Refusal:
    """Return the estimand for tasks like these: the task is the unit, its seeds only sharpen its score."""
    k = len(cells[0])
    if k < 3:
        return Refusal(
            "too_few_tasks",
            f"{k} task{'s' * (k != 1)} cannot stand for tasks in general",
            "give at least 3",
            estimate,
        )
    effects = np.array([c.mean() for c in cells[0]])
    if len(cells) == 2:
        effects = effects - np.array([c.mean() for c in cells[1]])
    spread = float(effects.std(ddof=1))
    if spread <= 1e-12 * float(np.abs(effects).max()):
        return Refusal("no_spread", f"all {k} tasks have the same value", "check the scores", estimate)
    seeds = min(len(c) for arm in cells for c in arm)
    among = ("t over task effects",) if seeds < 2 else ("t over task effects", *POOLED)
    picked = default_interval("tasks like these", seeds, k, among)
    if picked.method in POOLED:
        variance = np.sum([[c.var(ddof=1) / len(c) for c in arm] for arm in cells], axis=0)
        if not np.all(np.asarray(variance) > 0):
            return Refusal(
                "no_spread",
                "the seeds of a task are all equal",
                "check that they are different runs",
                estimate,
            )
        fit = pool(effects, variance, method="REML", test=POOLED[picked.method], level=level)  # type: ignore[arg-type]
        made = t_interval(
            float(fit.beta[0]), float(fit.se[0]), float(fit.df), level, picked.method, "tasks", k
        )
    else:
        made = t_interval(estimate, spread / np.sqrt(k), k - 1.0, level, "t over task effects", "tasks", k)
    return Estimand(quantity, made, axes, "tasks like these", picked.coverage, picked.reason)
