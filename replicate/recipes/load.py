"""Recipes from YAML: the bundled ones by name, a user's own by path; bad values are listed all at once.

A number may stand alone or with where it was read: `{value: 24, source: "arXiv:2005.13013v1, Table 3"}`. A key
`source` beside others holds for every number below it that has none of its own. Sources take no part in the
identity of a stage; `Recipe.sources` keeps them by dotted path.

`like: miniature` takes all numbers of another recipe but those that stand here; a number that is null here is taken
away. Two models that are compared then differ in what their files say and in nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Recipe
from replicate.yaml_source import Source, read_yaml

FOLDER = Path(__file__).parent
_NAMED: Final = re.compile(r"`([a-z_0-9.]+)`")
"""What a rule over several values blames: the first name in its message is where people are sent."""
_EXAMPLES: Final = "`verify-claims recipes` shows the bundled recipes"


def names() -> tuple[str, ...]:
    """Names of the bundled recipes."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def recipe(name: str) -> Recipe:
    """The recipe of that name, or of that file where `name` ends in .yaml.

    Raises
    ------
    InputError
        Unknown name (nearest offered), unreadable YAML (line and column), or every wrong value of the file.
    """
    if name.endswith((".yaml", ".yml")):
        return read(Path(name))
    if not is_recipe(name):
        raise InputError(Problem(*unknown_recipe(name)))
    return read(FOLDER / f"{name}.yaml")


def is_recipe(name: str) -> bool:
    """Whether a name is that of a bundled recipe, or of a YAML file."""
    return name.endswith((".yaml", ".yml")) or (FOLDER / f"{name}.yaml").is_file()


def unknown_recipe(name: str) -> tuple[str, str]:
    """What is wrong with a name that no recipe has, and the nearest one."""
    near = get_close_matches(name, names(), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names())}"
    return f"there is no recipe {name!r}", hint


@cache
def read(path: Path) -> Recipe:
    """Recipe of one file."""
    source = read_yaml(path)
    if not isinstance(source.value, dict):
        raise InputError(source.problem((), "a recipe is a mapping", "see the bundled recipes"))
    data, sources = without_sources(_whole(source))
    try:
        found = Recipe.model_validate({**data, "sources": sources})
    except ValidationError as error:
        raise InputError(*problems(error, source)) from None
    if wrong := _unknown_tasks(found, source):
        raise InputError(*wrong)
    return found


def _unknown_tasks(found: Recipe, source: Source) -> list[Problem]:
    """Numbers of a task that does not exist would stand there and take no effect."""
    from replicate.tasks import TASKS

    named: dict[tuple[str, str], Iterable[str]] = {
        ("intermediate", "tasks"): found.intermediate.tasks,
        ("target", "tasks"): found.target.tasks,
        ("evaluation", "splits"): found.evaluation.splits,
    }
    wrong = []
    for place, names in named.items():
        for name in names:
            if name not in TASKS:
                near = get_close_matches(name, TASKS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(TASKS)}"
                wrong.append(source.problem((*place, name), f"there is no task {name!r}", hint))
    return wrong


def _whole(source: Source) -> dict[str, Any]:
    """Values of a file over those of the recipe that it is like."""
    own = dict(source.value)
    like = own.pop("like", None)
    if like is None:
        return own
    if not isinstance(like, str) or Path(like).suffix:
        raise InputError(
            source.problem(("like",), f"no bundled recipe: {like!r}", f"one of {', '.join(names())}")
        )
    path = FOLDER / f"{like}.yaml"
    if not path.is_file() or path == Path(source.path):
        raise InputError(source.problem(("like",), *unknown_recipe(like)))
    found: dict[str, Any] = over(_whole(read_yaml(path)), own)
    return found


def over(base: Any, own: Any) -> Any:
    """`own` laid over `base`, mapping by mapping.

    Examples
    --------
    >>> over({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": None, "d": 4}, "e": 5})
    {'a': 1, 'b': {'d': 4}, 'e': 5}
    """
    single = {"value", "source"}
    if not isinstance(base, dict) or not isinstance(own, dict) or set(own) == single or set(base) == single:
        return own
    merged = {key: over(value, own[key]) if key in own else value for key, value in base.items()}
    merged |= {key: value for key, value in own.items() if key not in base}
    return {key: value for key, value in merged.items() if value is not None}


def document(path: Path) -> Any:
    """Plain values of a YAML file; raises `InputError` with line and column."""
    return read_yaml(path).value


def problems(error: ValidationError, file: Source | Path, remedy: str = _EXAMPLES) -> list[Problem]:
    """One problem per wrong value, with its place in the file."""
    source = read_yaml(file) if isinstance(file, Path) else file
    found = []
    places = [item["loc"] for item in error.errors()]
    for item in error.errors():
        at = tuple(item["loc"])
        if item["type"] == "too_short" and any(at == one[: len(at)] != one for one in places):
            continue  # its items are wrong, which is told already
        dotted = ".".join(map(str, at)) or "the file"
        seen = "" if item["type"] in ("missing", "value_error") else f" (found {str(item['input'])[:80]!r})"
        if item["type"] == "extra_forbidden":
            what = f"{dotted}: unknown key"
            seen = ""
        else:
            what = f"{dotted}: {item['msg'].removeprefix('Value error, ')}"
        if item["type"] == "value_error" and (named := _NAMED.search(what)):
            at = (*at, *named[1].split("."))
        found.append(source.problem(at, what + seen, remedy))
    return found


def without_sources(node: Any, place: str = "", above: str | None = None) -> tuple[Any, dict[str, str]]:
    """(values, sources by dotted path) of a parsed recipe; a number without any source is absent from them."""
    if isinstance(node, dict) and set(node) == {"value", "source"}:
        return node["value"], {place: str(node["source"])}
    if isinstance(node, list):
        numeric = any(isinstance(item, int | float) for item in node)
        return node, {place: above} if numeric and above else {}
    if not isinstance(node, dict):
        number = isinstance(node, int | float) and not isinstance(node, bool)
        return node, {place: above} if number and above else {}
    above = str(node["source"]) if "source" in node else above
    found: dict[str, str] = {}
    plain: dict[Any, Any] = {}
    for key, child in node.items():
        if key == "source":
            continue
        plain[key], sources = without_sources(child, f"{place}.{key}" if place else str(key), above)
        found |= sources
    return plain, found
