"""Every name in the grids of a study that is no task, at its place in the file, with the nearest one.

The contrasts are checked against the grids, so a task that is misspelt in a grid would be told as a fault of every
contrast that spells it right. Names are therefore looked at where they stand first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator

from analysis.errors import Problem
from replicate.studies import formats
from replicate.studies.designed import phases
from replicate.yaml_source import At, Source

if TYPE_CHECKING:
    from replicate.studies.study import Grid

NO_TASKS: Final = ("none", "multi")
"""Intermediates that are no task: nothing, and all tasks of `multi` together."""
LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def _plain(name: str) -> str:
    if not name or name[0] not in LETTERS or not LETTERS.union("._+-").issuperset(name) or len(name) > 100:
        raise ValueError(f"{name[:40]!r} is no name; write small letters, digits, and . _ + - between them")
    return name


PlainName = Annotated[str, AfterValidator(_plain)]
"""A name that also stands in names of files and in claims files: of a study, of a contrast."""


def problems_of_grids(grids: Iterable[tuple[str, Grid]], source: Source) -> list[Problem]:
    """Names of no task in all grids, and tasks of formats that the grid lacks or that stand twice."""
    return [problem for scale, one in grids for problem in _problems(one, ("scales", scale), source)]


def _problems(one: Grid, at: At, source: Source) -> Iterator[Problem]:
    from replicate.tasks import TASKS

    unknown: set[str] = set()
    for place, name in _named(one):
        besides = NO_TASKS if place[0] == "intermediates" else ()
        for task in dict.fromkeys(_tasks(name) if name not in besides else ()):
            if task not in TASKS:
                unknown.add(task)
                hint = _nearest(task, TASKS if task in besides else (*besides, *TASKS))
                yield source.problem((*at, *place), f"there is no task {task!r}", hint)
        if place[0] == "intermediates" and "multi" in phases(name) and not one.multi:
            remedy = "list them, as in multi: [mnli, squad]"
            yield source.problem((*at, *place), "the grid names no tasks for 'multi'", remedy)
    if not unknown and (what := formats.wrong(one.formats, one.columns)):
        yield source.problem((*at, "formats"), what, "name each intermediate of the grid once at most")


def _tasks(name: str) -> Iterator[str]:
    """Tasks of an intermediate; a phase of several may be all of `multi`."""
    several = phases(name)
    for phase in several:
        yield from phase.split("+") if phase != "multi" or len(several) == 1 else ()


def _named(one: Grid) -> Iterator[tuple[At, str]]:
    """Every place of a grid that names a task, and the name."""
    lists: list[tuple[At, Iterable[str]]] = [
        (("intermediates",), one.intermediates),
        (("targets",), one.targets),
        (("multi",), one.multi),
        (("subsets", "tasks"), one.subsets.tasks if one.subsets else ()),
        (("orders", "tasks"), one.orders.tasks if one.orders else ()),
    ]
    for name, sides in one.formats.items():
        lists += [
            (("formats", name, "general"), sides.general),
            (("formats", name, "special"), sides.special),
        ]
    for at, names in lists:
        yield from (((*at, number), name) for number, name in enumerate(names))


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.replace("-", "_").lower(), list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
