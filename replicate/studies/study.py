"""A study: the grid of trainings that answers one research question, at each scale that it can run at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from analysis.errors import InputError, Problem
from replicate.recipes.load import is_recipe, problems, recipe, unknown_recipe
from replicate.recipes.recipe import Count, Strict
from replicate.studies import formats
from replicate.studies.designed import Noising, Orders, Subsets, phases
from replicate.studies.formats import Sides
from replicate.studies.nameable import nameable
from replicate.studies.named import PlainName, problems_of_grids
from replicate.studies.registration import Registration, problems_of
from replicate.yaml_source import At, Source, read_yaml

FOLDER = Path(__file__).parent
_EXAMPLES = "the bundled studies in replicate/studies are examples; docs/studies.md tells the parts"
Control = Literal["random-init", "constant"]


class Grid(Strict):
    """The grid at one scale."""

    recipes: Annotated[tuple[str, ...], Field(min_length=1)]
    """One, or one per model that is compared; a file may say `recipe: NAME` for one."""
    seeds: Count
    intermediates: tuple[str, ...]
    """`none`, a task, `multi` (the tasks of `multi`), tasks joined by `+` (together), phases joined by `>`."""
    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    multi: tuple[str, ...] = ()
    variants: tuple[Literal["plain", "mlm", "translated"], ...] = ("plain",)
    translated: tuple[str, ...] = ()
    """Languages of the machine-translated intermediate data of variant `translated`."""
    controls: tuple[Control, ...] = ()
    intermediate_rows: Count | None = None
    """Training rows of every intermediate task, where a study compares tasks of equal size."""
    formats: dict[str, Sides] = Field(default_factory=dict)
    """Format -> the general tasks of it and those of a domain, where a study compares them within formats."""
    subsets: Subsets | None = None
    orders: Orders | None = None
    noise: Noising | None = None
    registered: Registration | None = None
    """What is fixed at this scale in place of the study's part, where it has other targets or asks more."""
    retained: bool = False
    """Whether the tasks of sequential intermediates are scored on English dev after every later phase."""
    notes: tuple[str, ...] = ()
    """What the plan and the answer say of this scale; not part of what is registered."""

    @model_validator(mode="before")
    @classmethod
    def _one_recipe(cls, told: Any) -> Any:
        if not isinstance(told, dict) or "recipe" not in told:
            return told
        if "recipes" in told:
            raise ValueError("give either `recipe` or `recipes`")
        rest = {key: value for key, value in told.items() if key != "recipe"}
        return {"recipes": [told["recipe"]], **rest}

    @model_validator(mode="after")
    def _something_to_compare(self) -> Grid:
        if not self.columns:
            raise ValueError("`intermediates` is empty and no design adds any; `none` is the baseline")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over what is run; seeds and what is registered are told by themselves, notes change nothing."""
        apart = {"seeds", "registered", "notes"}
        told = self.model_dump(mode="json", exclude=apart, exclude_defaults=True)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def recipe(self) -> str:
        """The recipes in words."""
        return ", ".join(self.recipes)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Group of a design -> its intermediates."""
        return {
            **(self.subsets.groups() if self.subsets else {}),
            **(self.orders.groups() if self.orders else {}),
        }

    @property
    def families(self) -> dict[str, tuple[str, ...]]:
        """Family -> names of its models in the results table, which differ from scale to scale."""
        found: dict[str, tuple[str, ...]] = {}
        for model in (recipe(name).model for name in self.recipes):
            found[model.family] = (*found.get(model.family, ()), model.name)
        return found

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """What a contrast may name -> what it stands for: groups of designs, and families of models."""
        return {**self.groups, **self.families}

    @property
    def columns(self) -> tuple[str, ...]:
        """All intermediates: those that are listed and those that the designs add."""
        return tuple(
            dict.fromkeys(
                (*self.intermediates, *(one for several in self.groups.values() for one in several))
            )
        )

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What sequential intermediates begin with: the phases at which retained scores are measured."""
        cut = (phases(name) for name in self.columns if self.retained)
        return tuple(dict.fromkeys(">".join(row[:n]) for row in cut for n in range(1, len(row))))

    @property
    def tasks(self) -> tuple[str, ...]:
        """Every task that some intermediate trains on."""
        parts = (part for name in self.columns for phase in phases(name) for part in phase.split("+"))
        return tuple(dict.fromkeys(part for part in (*parts, *self.multi) if part not in ("none", "multi")))

    @property
    def designs(self) -> tuple[str, ...]:
        """The designs with their balance, as a plan prints them."""
        return (
            *formats.lines(self.formats, self.intermediate_rows),
            *(self.subsets.lines() if self.subsets else ()),
            *(self.orders.lines() if self.orders else ()),
        )


class Study(Strict):
    """A research question and its grids."""

    schema_: Literal["verify-claims/study/1"] = Field(alias="schema")
    name: PlainName
    title: str
    question: str
    scales: dict[Literal["miniature", "small", "paper"], Grid]
    registered: Registration | None = None
    """What is fixed before the first run; absent for a study that only describes."""

    def fixed(self, scale: str) -> Registration | None:
        """What is fixed at a scale: the part of its grid, else that of the study; None where neither has one."""
        return grid(self, scale).registered or self.registered


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
        source = read_yaml(path)
        found = Study.model_validate(source.value)
    except ValidationError as error:
        raise InputError(*problems(error, path, _EXAMPLES)) from None
    if unknown := _unknown_recipes(found, source):
        raise InputError(*unknown)
    misnamed = problems_of_grids(found.scales.items(), source)
    wrong = [*misnamed, *_one_model_twice(found, source)]
    if found.registered is not None:
        wrong += problems_of(found.registered, source, _clear(found.scales.values(), bool(misnamed)))
    for scale, one in found.scales.items():
        if one.registered is not None:
            at = ("scales", scale, "registered")
            wrong += problems_of(one.registered, source, _clear([one], bool(misnamed)), at)
    if wrong:
        raise InputError(*sorted(wrong, key=lambda one: (one.line or 0, one.column or 0)))
    return found


def _unknown_recipes(found: Study, source: Source) -> list[Problem]:
    """Names of no recipe; a recipe's own wrong values are told by its file."""
    return [
        source.problem(_of_recipe(source, scale, place), *unknown_recipe(name))
        for scale, one in found.scales.items()
        for place, name in enumerate(one.recipes)
        if not is_recipe(name)
    ]


def _one_model_twice(found: Study, source: Source) -> list[Problem]:
    """Recipes whose rows of the results table could not be told apart."""
    wrong = []
    for scale, one in found.scales.items():
        models = [recipe(name).model.name for name in one.recipes]
        wrong += [
            source.problem(
                _of_recipe(source, scale, place),
                f"recipe {one.recipes[place]} is of model {model!r}, as another recipe of the grid is",
                "give each its own `name` and `model.name`: results tell them apart by these",
            )
            for place, model in enumerate(models)
            if model in models[:place]
        ]
    return wrong


def _of_recipe(source: Source, scale: str, place: int) -> At:
    """Where a recipe of a grid is named."""
    single = ("scales", scale, "recipe")
    return single if single in source.marks else ("scales", scale, "recipes", place)


def _clear(grids: Iterable[Grid], misnamed: bool) -> dict[str, tuple[str, ...]]:
    """What contrasts may name; what a grid misspells is told there, not again where it is spelt right."""
    unclear = ("intermediate", "target") if misnamed else ()
    return {column: words for column, words in nameable(grids).items() if column not in unclear}


def grid(found: Study, scale: str) -> Grid:
    """The grid of a study at one scale; raises InputError where it has none."""
    for name, one in found.scales.items():
        if name == scale:
            return one
    has = ", ".join(found.scales)
    raise InputError(Problem(f"study {found.name} has no scale {scale!r}", f"it has: {has}"))
