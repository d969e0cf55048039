"""What a study fixes before its first run: hypothesis, contrasts with margins, the rule that decides, when to stop.

Part `registered` of a study file:

```yaml
registered:
  hypothesis: SQuAD as intermediate task makes question answering less sensitive to noise.
  stopping: all planned seeds are run; nothing is looked at before
  rule: {alpha: 0.05, multiplicity: holm, power: 0.8}
  contrasts:
    - id: smaller-drop
      text: the drop under noise is smaller after SQuAD than without
      alternative: greater
      margin: 2.0
      where: {target: [xquad, mlqa]}
      terms:
        - {weight: 1, where: {intermediate: squad, variant: noise-3}}
        - {weight: -1, where: {intermediate: squad}}
        - {weight: -1, where: {intermediate: none, variant: noise-3}}
        - {weight: 1, where: {intermediate: none}}
```

Names are those of the grid and are checked against it at each scale; a group of a design (`subsets-3`) stands for
all its members, and a family (`model: encoder`) for the grid's models of it, whose names differ between scales. The
hash of this part, and when it was first seen, go into the runs (`replicate.studies.registry`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from analysis.contrast import Contrast, Rule, Term
from analysis.contrast.contrast import SELECTABLE
from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import Alternative
from analysis.multiplicity import Method
from replicate.recipes.recipe import Positive, Strict
from replicate.stages.names import printed
from replicate.studies.named import PlainName
from replicate.yaml_source import At, Source


def _several(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Values = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Open = Annotated[float, Field(gt=0, lt=1)]
AGGREGATES: Final = ("average", "classification", "tagging", "qa", "retrieval")
"""Targets of the results table that are means over tasks."""


class Weighted(Strict):
    """One term of a contrast."""

    weight: Annotated[float, Field(allow_inf_nan=False)]
    where: dict[str, Values] = Field(default_factory=dict)


class Registered(Strict):
    """One contrast, as the file has it."""

    id: PlainName
    text: str
    margin: Annotated[Positive, Field(allow_inf_nan=False)]
    alternative: Alternative = "two-sided"
    where: dict[str, Values] = Field(default_factory=dict)
    terms: Annotated[tuple[Weighted, ...], Field(min_length=2)]


class Deciding(Strict):
    """How the family is decided."""

    alpha: Open = 0.05
    multiplicity: Method = "holm"
    power: Open = 0.8

    @model_validator(mode="after")
    def _more_than_chance(self) -> Deciding:
        if self.power <= self.alpha:
            raise ValueError(
                f"`power` {self.power:g} is not above alpha {self.alpha:g}: chance alone gives as much"
            )
        return self


class Registration(Strict):
    """Part `registered` of a study."""

    hypothesis: str
    stopping: str
    rule: Deciding = Deciding()
    contrasts: Annotated[tuple[Registered, ...], Field(min_length=1)]
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the content; a comment or another order of keys does not change it."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def deciding(self) -> Rule:
        """The rule as the analysis takes it."""
        return Rule(self.rule.alpha, self.rule.multiplicity, self.rule.power)

    def family(
        self, groups: Mapping[str, tuple[str, ...]] | None = None, multi: int = 0
    ) -> tuple[Contrast, ...]:
        """The contrasts in the words of the results table.

        Parameters
        ----------
        groups : mapping
            Group of a design -> its intermediates, or family -> its models, which stand in its place.
        multi : int
            Number of tasks of the intermediate `multi`.

        Raises
        ------
        InputError
            Weights that do not add up to 0, or a column that selects nothing.
        """
        known = groups or {}

        def worded(where: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
            found = {}
            for column, values in where.items():
                if column in ("intermediate", "model"):
                    values = tuple(one for value in values for one in known.get(value, (value,)))
                named = column in ("intermediate", "target")
                found[column] = tuple(printed(value, multi) if named else value for value in values)
            return found

        return tuple(
            Contrast(
                one.id,
                one.text,
                tuple(Term(term.weight, worded(term.where)) for term in one.terms),
                one.margin,
                one.alternative,
                worded(one.where),
            )
            for one in self.contrasts
        )


def problems_of(
    registration: Registration, source: Source, known: Mapping[str, Collection[str]], at: At = ("registered",)
) -> list[Problem]:
    """Every wrong name of the contrasts, with its place in the file and the nearest right one.

    Parameters
    ----------
    known : mapping
        Column -> the values that some grid of the study can have; columns that are absent are not checked.
    """
    found = []
    seen: set[str] = set()
    for number, one in enumerate(registration.contrasts):
        place: At = (*at, "contrasts", number)
        if one.id in seen:
            found.append(source.problem((*place, "id"), f"two contrasts are named {one.id!r}", "rename one"))
        seen.add(one.id)
        if abs(total := sum(term.weight for term in one.terms)) > 1e-9:
            what = f"weights of {one.id!r} add up to {total:g}"
            found.append(source.problem((*place, "terms"), what, "a contrast needs weights that add up to 0"))
        found += _empty(one, place, source)
        wheres = [((*place, "where"), one.where)]
        wheres += [((*place, "terms", i, "where"), term.where) for i, term in enumerate(one.terms)]
        for where_at, where in wheres:
            found += _wrong(where, where_at, source, known)
    return found


def _empty(one: Registered, place: At, source: Source) -> list[Problem]:
    """Terms that weigh nothing, that are the same cells again, or that name too little to be one cell of the grid."""
    found = []
    seen: list[dict[str, Values]] = []
    for number, term in enumerate(one.terms):
        at = (*place, "terms", number)
        chosen = {**one.where, **term.where}
        if term.weight == 0:
            found.append(source.problem((*at, "weight"), "a term of weight 0 says nothing", "leave it out"))
        if chosen in seen:
            what = f"two terms of {one.id!r} name the same cells"
            found.append(source.problem(at, what, "give what is weighed against what"))
        seen.append(chosen)
        lacking = [column for column in ("intermediate", "target") if column not in chosen]
        if lacking:
            what = f"term {number + 1} of {one.id!r} names no {' and no '.join(lacking)}"
            found.append(source.problem(at, what, "without it, a cell is a mean over whatever is there"))
        languages, metrics = chosen.get("language", ("all",)), chosen.get("metric", ("score",))
        if languages != ("all",) and metrics == ("score",):
            what = f"term {number + 1} of {one.id!r} names a language and no metric: a score is a mean over languages"
            found.append(source.problem(at, what, "name the metric too, as `metric: acc` or `metric: f1`"))
    return found


def _wrong(
    where: Mapping[str, tuple[str, ...]], at: At, source: Source, known: Mapping[str, Collection[str]]
) -> list[Problem]:
    found = []
    for column, values in where.items():
        if column not in SELECTABLE:
            remedy = _nearest(column, SELECTABLE)
            found.append(source.problem((*at, column), f"unknown column {column!r}", remedy))
            continue
        for number, value in enumerate(values):
            if column in known and value not in known[column]:
                what = f"{column} {value!r} is in no grid of this study"
                found.append(source.problem((*at, column, number), what, _nearest(value, known[column])))
    return found


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"


def checked(
    registration: Registration, source: Source, known: Mapping[str, Collection[str]], at: At = ("registered",)
) -> Registration:
    """The registration, or `InputError` with every problem of `problems_of`."""
    found = problems_of(registration, source, known, at)
    if found:
        raise InputError(*found)
    return registration
