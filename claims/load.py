"""The claims and sources of a study folder, or every problem of its files at its line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from analysis.errors import InputError, Problem
from claims.assertions import KINDS
from claims.crossed import crossed, doubles
from claims.families import families
from claims.model import ClaimsFile, SourcesFile
from claims.yaml_marks import Document, Unquoted, read_yaml

T = TypeVar("T", bound=BaseModel)


def load_claims(path: Path, shown: str) -> tuple[ClaimsFile, Document]:
    """Claims file and the document that knows its positions."""
    document = read_yaml(path, shown)
    file = validated(ClaimsFile, document)
    problems = [*crossed(file, document), *families(file, document)]
    if problems:
        raise InputError(*problems)
    return file, document


def load_sources(path: Path, shown: str) -> SourcesFile:
    """Sources file; ids are unique."""
    document = read_yaml(path, shown)
    file = validated(SourcesFile, document)
    problems = list(doubles([source.id for source in file.sources], ("sources",), document))
    if problems:
        raise InputError(*problems)
    return file


def validated(model: type[T], document: Document) -> T:
    """Model of a document; raises `InputError` with one problem per fault."""
    if not isinstance(document.root, dict):
        seen = (
            "nothing"
            if document.root is None
            else "a list"
            if isinstance(document.root, list)
            else "one value"
        )
        raise InputError(
            document.problem(f"expected keys and values, found {seen}", "see `verify-claims schema`")
        )
    try:
        return model.model_validate(document.root)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        misspelt = {
            (*fault["loc"][:-1], _nearest_key(fault["loc"], model))
            for fault in faults
            if fault["type"] == "extra_forbidden"
        }
        told = (
            _problem(fault, model, document)
            for fault in faults
            if fault["type"] != "missing" or fault["loc"] not in misspelt
        )
        problems = {str(problem): problem for problem in told}
        raise InputError(*sorted(problems.values(), key=lambda p: (p.line or 0, p.column or 0))) from None


def _path(location: Sequence[str | int], root: Any) -> tuple[list[str | int], list[str]]:
    """Path inside the document, and the names that pydantic put between: union members and key markers."""
    path: list[str | int] = []
    between: list[str] = []
    here = root
    for at, step in enumerate(location):
        member = at >= 2 and location[at - 2] == "assert" and isinstance(location[at - 1], int)
        in_mapping = isinstance(here, dict) and step in here
        in_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if not member and (in_mapping or in_list):
            here = here[step]
            path.append(step)
        else:
            between.append(str(step))
    return path, between


def _problem(fault: Any, model: type[BaseModel], document: Document) -> Problem:
    """One fault of pydantic in the words of the file."""
    kind, location, seen = fault["type"], fault["loc"], fault.get("input")
    path, between = _path(location, document.root)
    name = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        key = _nearest_key(location, model)
        remedy = f"write {key!r}" if key else f"the keys here are {', '.join(_keys(location, model))}"
        return document.problem(f"unknown key {name!r}", remedy, path, key=True)
    if kind == "missing":
        return document.problem(f"key {location[-1]!r} is missing", "add it", path)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        found = seen.get("kind") if isinstance(seen, dict) else seen
        if not isinstance(found, str):
            return document.problem(
                "an assertion without kind", f"write kind: one of {', '.join(KINDS)}", path
            )
        near = get_close_matches(found, KINDS, n=1)
        remedy = f"write kind: {near[0]}" if near else f"the kinds are {', '.join(KINDS)}"
        return document.problem(f"unknown kind {found!r}", remedy, [*path, "kind"])
    if "[key]" in between:
        return _unknown_column(str(location[location.index("[key]") - 1]), path, document)
    if isinstance(seen, Unquoted) or (type(seen) in (int, bool) and "string" in kind):
        text = (
            seen.text
            if isinstance(seen, Unquoted)
            else str(seen).lower()
            if isinstance(seen, bool)
            else str(seen)
        )
        return document.problem(f"{name}: {text} is not quoted", f'write {name}: "{text}"', path)
    if kind == "too_short":
        return document.problem(f"{name}: an empty list", "write at least one", path)
    if kind == "string_pattern_mismatch":
        digits = "{64}" in fault["ctx"]["pattern"]
        remedy = (
            "write 64 hexadecimal digits"
            if digits
            else "write small letters, digits, and . _ + - between them"
        )
        return document.problem(f"{name}: {_said(seen)}", remedy, path)
    message = re.sub(r"^Value error, ", "", fault["msg"])
    if kind == "value_error":
        return document.problem(message if message.startswith(("'", '"')) else f"{name}: {message}", "", path)
    return document.problem(f"{name}: {_said(seen)}", message[:1].lower() + message[1:], path)


def _said(value: Any) -> str:
    """What stands there, in words."""
    if value is None:
        return "found nothing"
    found = (
        "a mapping"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else f"{str(value)[:60]!r}"
    )
    return f"found {found}"


def _keys(location: Sequence[str | int], model: type[BaseModel]) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    from claims.schema import keys_at

    return keys_at(model, location[:-1])


def _nearest_key(location: Sequence[str | int], model: type[BaseModel]) -> str | None:
    """The nearest key to an unknown one that would be allowed in its place."""
    return next(iter(get_close_matches(str(location[-1]), _keys(location, model), n=1, cutoff=0.5)), None)


def _unknown_column(name: str, path: Sequence[str | int], document: Document) -> Problem:
    from analysis.results import COLUMNS

    columns = [column for column in COLUMNS if column not in ("value", "printed", "status", "n")]
    near = get_close_matches(name, columns, n=1, cutoff=0.5)
    remedy = f"write {near[0]!r}" if near else f"selectors use {', '.join(columns)}"
    return document.problem(f"unknown column {name!r}", remedy, path, key=True)
