"""Recipes side by side: one row per number, one column per recipe, with the source of each number.

The values are those that a stage will use: a task's own number over the phase's. Rows that no recipe differs in
can be left out, because the question that brings people here is what differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from replicate.recipes.recipe import Phase, Recipe


@dataclass(frozen=True, slots=True)
class Line:
    """One number of all recipes."""

    place: str
    """Dotted path, for example `target.tasks.xnli.batch`."""
    values: tuple[Any, ...]
    """One per recipe; None where the recipe does not state it."""
    sources: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two recipes state different values, or one states none."""
        return any(value != self.values[0] for value in self.values)


EFFECTIVE: Final = ("lr", "batch", "epochs", "steps", "longest")
"""Numbers of a task's training that are shown as they take effect, wherever in the recipe they stand."""


def side_by_side(recipes: Sequence[Recipe]) -> list[Line]:
    """All numbers of the recipes, phase by phase: first those of all tasks, then task by task."""
    tasks = {
        phase: sorted({name for one in recipes for name in getattr(one, phase).tasks})
        for phase in ("intermediate", "target")
    }
    flat = [flattened(recipe, tasks) for recipe in recipes]
    places = list(dict.fromkeys(place for one in flat for place in one))
    return [
        Line(
            place,
            tuple(one[place].value if place in one else None for one in flat),
            tuple(one[place].source if place in one else None for one in flat),
        )
        for place in sorted(places, key=_section)
    ]


@dataclass(frozen=True, slots=True)
class Number:
    """A value with where it was read."""

    value: Any
    source: str | None


def flattened(recipe: Recipe, tasks: Mapping[str, Sequence[str]]) -> dict[str, Number]:
    """Dotted path -> number of everything that the recipe states.

    For the tasks of each phase the numbers named in `EFFECTIVE` are those that a training of the task will use;
    tasks that the recipe has no numbers for are left out.
    """
    stated = recipe.model_dump(exclude={"sources", "notes", "schema_", "name", "title"}, exclude_unset=True)
    found: dict[str, Number] = {}

    def walk(node: Any, place: str) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                walk(child, f"{place}.{key}" if place else str(key))
        elif node is not None:
            value = ", ".join(map(str, node)) if isinstance(node, list | tuple) else node
            found[place] = Number(value, recipe.sources.get(place))

    walk(stated, "")
    for phase, names in tasks.items():
        part: Phase = getattr(recipe, phase)
        for name in names:
            try:
                numbers = part.of(name)
            except ValidationError:  # the recipe has no batch or length for this task
                continue
            for key in EFFECTIVE:
                if (value := getattr(numbers, key)) is not None:
                    place = f"{phase}.tasks.{name}.{key}"
                    source = recipe.sources.get(place) or recipe.sources.get(f"{phase}.all.{key}")
                    found[place] = Number(value, source)
    return found


def _section(place: str) -> tuple[int, str, int]:
    """Sort key: section, then task (phase-wide numbers first), then the numbers in the order of `EFFECTIVE`."""
    head, _, rest = place.partition(".")
    task = rest.split(".")[1] if rest.startswith("tasks.") else ""
    last = place.rsplit(".", 1)[-1]
    rank = EFFECTIVE.index(last) if task and last in EFFECTIVE else len(EFFECTIVE)
    return (_SECTIONS.index(head) if head in _SECTIONS else len(_SECTIONS), task, rank)


_SECTIONS: Final = ("scale", "model", "pretraining", "intermediate", "target", "evaluation", "numerics")
