"""A study: the grid of trainings that answers one research question, at each scale that it can run at."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from analysis.errors import InputError, Problem
from replicate.recipes.load import document, problems
from replicate.recipes.recipe import Count, Strict

FOLDER = Path(__file__).parent
Control = Literal["random-init", "constant"]


class Grid(Strict):
    """The grid at one scale."""

    recipe: str
    seeds: Count
    intermediates: tuple[str, ...]
    """`none`, a task, `multi` (the tasks of `multi`), or tasks joined by `+`."""
    targets: tuple[str, ...]
    multi: tuple[str, ...] = ()
    variants: tuple[Literal["plain", "mlm", "translated"], ...] = ("plain",)
    translated: tuple[str, ...] = ()
    """Languages of the machine-translated intermediate data of variant `translated`."""
    controls: tuple[Control, ...] = ()
    notes: tuple[str, ...] = ()


class Study(Strict):
    """A research question and its grids."""

    schema_: Literal["verify-claims/study/1"] = Field(alias="schema")
    name: str
    title: str
    question: str
    scales: dict[Literal["miniature", "small", "paper"], Grid]


def names() -> tuple[str, ...]:
    """Names of the bundled studies."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def study(name: str) -> Study:
    """The study of that name, or of that file where `name` ends in .yaml.

    Raises
    ------
    InputError
        Unknown name (nearest offered), unreadable YAML, or every wrong value of the file.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        near = get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names())}"
        raise InputError(Problem(f"there is no study {name!r}", hint))
    try:
        return Study.model_validate(document(path))
    except ValidationError as error:
        raise InputError(*problems(error, path)) from None


def grid(found: Study, scale: str) -> Grid:
    """The grid of a study at one scale; raises InputError where it has none."""
    for name, one in found.scales.items():
        if name == scale:
            return one
    has = ", ".join(found.scales)
    raise InputError(Problem(f"study {found.name} has no scale {scale!r}", f"it has: {has}"))
