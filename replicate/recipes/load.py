"""Recipes from YAML: the bundled ones by name, a user's own by path; bad values are listed all at once."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Recipe

FOLDER = Path(__file__).parent
LARGEST = 1_000_000
"""Bytes of a recipe or study file; larger ones are refused before they are parsed."""


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
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        near = get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names())}"
        raise InputError(Problem(f"there is no recipe {name!r}", hint))
    return read(path)


@cache
def read(path: Path) -> Recipe:
    """Recipe of one file."""
    data, sources = _plain(document(path), "")
    try:
        return Recipe.model_validate({**data, "sources": sources} if isinstance(data, dict) else data)
    except ValidationError as error:
        raise InputError(*problems(error, path)) from None


def document(path: Path) -> Any:
    """Parsed YAML of a small file; raises InputError with line and column. Nothing in it is executed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"cannot be read: {error}", "check the path", str(path))) from None
    if len(text) > LARGEST or ("&" in text and "*" in text and text.count("*") > 100):
        raise InputError(Problem("too large for a recipe or study", "remove aliases or data", str(path)))
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise InputError(Problem(f"not YAML: {error.problem}", "correct this line", str(path), *at)) from None


def problems(error: ValidationError, path: Path) -> list[Problem]:
    """One problem per wrong value, with its dotted place in the file."""
    return [
        Problem(
            f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg'].removeprefix('Value error, ')}"
            f" (found {str(item['input'])[:80]!r})",
            "`verify-claims recipes` shows the bundled recipes side by side",
            str(path),
        )
        for item in error.errors()
    ]


def _plain(node: Any, place: str) -> tuple[Any, dict[str, str]]:
    """`node` with every `{value, source}` replaced by its value, and the sources by dotted path."""
    if isinstance(node, dict) and set(node) == {"value", "source"}:
        return node["value"], {place: str(node["source"])}
    if not isinstance(node, dict):
        return node, {}
    found: dict[str, str] = {}
    plain: dict[Any, Any] = {}
    for key, child in node.items():
        plain[key], sources = _plain(child, f"{place}.{key}" if place else str(key))
        found |= sources
    return plain, found
