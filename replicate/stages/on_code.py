"""What a training on code is determined by besides the numbers of its phase."""

from __future__ import annotations

from collections.abc import Iterable

from replicate.recipes.recipe import Recipe, Training
from replicate.stages.stage import Stage
from replicate.tasks import Task


def numbers_of(task: Task, numbers: Training) -> Training:
    """The numbers of a task's training; of code the last model is kept, whatever the phase selects on.

    To choose among models their programs would have to be written and run.
    """
    return numbers.model_copy(update={"select": None}) if task.kind == "code" else numbers


def words(tasks: Iterable[Task], recipe: Recipe, start: Stage | None) -> dict[str, str]:
    """Parent `head` of a training on code from a public checkpoint: its output matrix may be one of its own."""
    if start is None or recipe.model.hub is None or all(task.kind != "code" for task in tasks):
        return {}
    return {"head": start.key}
