"""What contrasts may name: the values that grids put into each column of the results table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from replicate.metrics.score import SCORES
from replicate.recipes.load import recipe
from replicate.studies.registration import AGGREGATES
from replicate.tasks import TASKS

if TYPE_CHECKING:
    from replicate.studies.study import Grid


def nameable(grids: Iterable[Grid]) -> dict[str, tuple[str, ...]]:
    """Column -> what some of the grids can put there, each once; groups and families among them."""
    from replicate.world.languages import LANGUAGES

    found: dict[str, list[str]] = {column: [] for column in ("intermediate", "target", "variant", "model")}
    languages, metrics = ["all"], ["score"]
    for one in grids:
        found["intermediate"] += (*one.columns, *one.groups, *one.prefixes)
        found["target"] += (*one.targets, *one.tasks)
        found["variant"] += (*one.variants, *one.controls, *(one.noise.noises() if one.noise else ()))
        found["variant"] += ["retained"] if one.retained else []
        found["model"] += (name for family, models in one.families.items() for name in (family, *models))
        made = any(recipe(name).scale == "miniature" for name in one.recipes)
        for task in (TASKS[name] for name in (*one.targets, *one.tasks) if name in TASKS):
            languages += LANGUAGES if made else task.languages
            metrics += SCORES[task.metric]
    found["target"] += AGGREGATES
    found |= {"split": ["dev", "test"], "language": languages, "metric": metrics}
    return {column: tuple(dict.fromkeys(names)) for column, names in found.items()}
