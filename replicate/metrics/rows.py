"""Scores as rows of the results table (`analysis.results.COLUMNS`): per language, per task, per group, average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from replicate.metrics.aggregate import XTREME, benchmark_average, task_average
from replicate.tasks.task import Task

Row: TypeAlias = dict[str, str | float | int | None]


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same in all rows of one evaluated model."""

    study: str
    stage: str
    scale: str
    split: str
    model: str
    intermediate: str
    variant: str
    seed: int

    @classmethod
    def of(cls, stage: str, told: Mapping[str, Any], seed: int) -> Run:
        """Run of a stage for one of its seeds; `told` are the stage's settings."""
        named = ("study", "scale", "split", "model", "intermediate", "variant")
        return cls(stage=stage, seed=seed, **{name: told[name] for name in named})

    def row(
        self, target: str, language: str, metric: str, value: float, n: int | None, status: str = "measured"
    ) -> Row:
        """One row; `printed` is empty because a run prints nothing."""
        return {
            "source": f"run:{self.study}",
            "locator": self.stage,
            "scale": self.scale,
            "split": self.split,
            "model": self.model,
            "intermediate": self.intermediate,
            "variant": self.variant,
            "target": target,
            "language": language,
            "metric": metric,
            "seed": self.seed,
            "n": n,
            "value": value,
            "printed": None,
            "status": status,
        }


def score_rows(
    run: Run, task: Task, scores: Mapping[str, Mapping[str, float]], counts: Mapping[str, int]
) -> list[Row]:
    """Rows of one task: every metric in every language, and its mean over languages as language `all`.

    The mean is `derived`, and named `score` besides its own name where it is the task's primary metric, so that a
    published task score and ours are the same cell. It is left out where a language of the task is missing.

    Parameters
    ----------
    scores
        language -> metric -> percent.
    counts
        language -> number of examples.
    """
    rows = [
        run.row(task.name, language, metric, value, counts.get(language))
        for language, of_language in scores.items()
        for metric, value in of_language.items()
    ]
    if scores and set(scores) >= set(task.languages):
        means = task_average(scores, task.languages)
        total = sum(counts[language] for language in task.languages)
        means.setdefault("score", means[task.primary])
        rows += [run.row(task.name, "all", name, value, total, "derived") for name, value in means.items()]
    return rows


def average_rows(
    run: Run, tasks: Mapping[str, float], groups: Mapping[str, tuple[str, ...]] = XTREME
) -> list[Row]:
    """Rows of the group means and the benchmark average, from one score per task; those that are not complete
    are left out: a missing value is never 0.
    """
    return [
        run.row(name, "all", "score", value, None, "derived")
        for name, value in benchmark_average(tasks, groups).items()
        if value is not None
    ]
