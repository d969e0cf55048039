"""Means over tasks for one column of the grid: groups and the benchmark's average, where they are complete."""

from __future__ import annotations

from pathlib import Path

import pandas

from replicate.metrics.rows import Run, average_rows
from replicate.progress import Reporter
from replicate.stages.names import printed
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage


def average(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """Group means and average of the task scores that the parents measured, for one seed.

    A group with a task that was not measured has no row: a mean over fewer tasks is another quantity.
    """
    told = stage.settings
    scores = {}
    for task, key in stage.parents.items():
        parents.ledger.verify(key, "scores.parquet")
        rows = pandas.read_parquet(parents.ledger.folder(key) / "scores.parquet")
        mean = rows[
            (rows.target == printed(task))
            & (rows.language == "all")
            & (rows.metric == "score")
            & (rows.seed == told["seed"])
        ]
        if len(mean) == 1:
            scores[task] = float(mean.value.iloc[0])
    run = Run.of(stage.key, told, told["seed"])
    found = average_rows(run, scores)
    return Outcome({}, {"tasks": scores}, pandas.DataFrame(found) if found else None)
