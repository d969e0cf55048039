"""Intervals for the tasks at hand: seeds within tasks, shared runs, or pairs."""

from __future__ import annotations

import numpy as np

from analysis.errors import InputError, Problem
from analysis.estimand.scores import Scores
from analysis.estimand.words import Refusal
from analysis.seeds.interval import Interval
from analysis.seeds.student import guarded
from analysis.seeds.tasks import (
    paired_task_average_difference,
    shared_run_interval,
    task_average_difference,
    task_average_interval,
)


def over_given_tasks(
    arms: list[Scores], cells: list[list[np.ndarray]], *, shared: bool, paired: bool, level: float
) -> Interval | Refusal:
    """Return the interval of the mean (one arm) or the gain (two arms) over the tasks at hand.

    Parameters
    ----------
    arms : one or two sets of scores, languages averaged
    cells : per arm and task, the scores of its seeds
    shared : whether one run serves all tasks; paired : whether equal seed labels belong together
    """
    if shared:
        tables = [_by_run(arm) for arm in arms]
        refused = [table for table in tables if isinstance(table, Refusal)]
        if refused:
            return refused[0]
        runs = [table for table in tables if not isinstance(table, Refusal)]
        other = runs[1] if len(runs) > 1 else None
        made = shared_run_interval(runs[0], other, level, "paired" if paired else "independent")
        return made if other is None or paired else guarded(made, [len(table) for table in runs])
    if len(cells) == 1:
        return task_average_interval(cells[0], level)
    if not paired:
        made = task_average_difference(cells[0], cells[1], level)
        # several tasks bring degrees of freedom of their own
        return guarded(made, [len(arm[0]) for arm in cells]) if len(cells[0]) == 1 else made
    keyed = [[_keyed(arm, task) for task in arms[0].levels("task")] for arm in arms]
    if any(set(a) != set(b) for a, b in zip(*keyed, strict=True)) or len({len(a) for a in keyed[0]}) > 1:
        return Refusal(
            "seeds_do_not_pair", "the arms have different seeds", "give the same seeds, or paired=False"
        )
    first, second = (np.array([[row[s] for s in sorted(row)] for row in table]) for table in keyed)
    return paired_task_average_difference(first, second, level)


def _keyed(scores: Scores, task: str) -> dict[str, float]:
    axis = "seed" if "seed" in scores.labels else "run"
    rows = np.ones(len(scores.value), bool) if "task" not in scores.labels else scores.labels["task"] == task
    return dict(zip(scores.labels[axis][rows].tolist(), scores.value[rows].tolist(), strict=True))


def _by_run(scores: Scores) -> np.ndarray | Refusal:
    """Return the scores as (runs, tasks), target seeds under one run averaged."""
    if "run" not in scores.labels:
        raise InputError(
            Problem("the unit is the run, and the scores name no run", "say which column names the run")
        )
    runs, tasks = scores.levels("run"), scores.levels("task")
    table = np.full((len(runs), len(tasks)), np.nan)
    for i, run in enumerate(runs):
        for j, task in enumerate(tasks):
            mask = scores.labels["run"] == run
            if "task" in scores.labels:
                mask = mask & (scores.labels["task"] == task)
            if mask.any():
                table[i, j] = scores.value[mask].mean()
    if np.isnan(table).any():
        i, j = np.argwhere(np.isnan(table))[0]
        return Refusal(
            "cells_missing", f"run {runs[i]!r} has no score on {tasks[j]!r}", "use tasks that every run has"
        )
    return table
