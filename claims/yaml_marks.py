"""A YAML file as plain Python values that remember where each of them stands.

Built from libyaml's event stream rather than from its node tree, because the event parser is iterative: nesting,
aliases and double keys are counted while reading, and nothing can recurse, expand or execute. Scalars are typed
by the JSON rules only; what YAML 1.1 would silently turn into something else (`no`, `1:30`, `2020-05-26`) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.errors import InputError, Problem
from claims.yaml_values import Builder, Listing, Mapping, Unquoted

BYTES: Final = 64_000_000

_CONTROL: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

__all__ = ["Document", "Listing", "Mapping", "Unquoted", "parse_yaml", "read_yaml"]


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its value, its name, and where everything in it stands."""

    file: str
    root: Any

    def where(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value (or of its key) at a path; of the nearest parent if absent."""
        mark, here = getattr(self.root, "mark", None), self.root
        for step in path:
            if isinstance(here, Mapping) and step in here:
                mark = here.keys_at[str(step)] if key else here.values_at[str(step)]
                here = here[str(step)]
            elif isinstance(here, Listing) and isinstance(step, int) and step < len(here):
                mark, here = here.items_at[step], here[step]
            else:
                break
        return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)

    def problem(
        self, what: str, remedy: str, path: Sequence[str | int] = (), *, key: bool = False
    ) -> Problem:
        """A problem at a path of this file."""
        return Problem(what, remedy, self.file, *self.where(path, key=key))


def read_yaml(path: Path, shown: str | None = None) -> Document:
    """Value of a YAML file.

    Raises
    ------
    InputError
        Missing, too large, binary or not UTF-8; not YAML; nested or aliased beyond the limits; a double key.
        Every double key is told; a syntax error ends the reading.
    """
    name = shown or str(path)
    try:
        if path.stat().st_size > BYTES:
            size = f"{path.stat().st_size / 1e6:,.0f} MB are too much for a claims file"
            raise InputError(
                Problem(size, f"the limit is {BYTES / 1e6:.0f} MB; move tables into CSV evidence", name)
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(f"cannot read it: {error.strerror}", "check the path", name)) from error
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> Document:
    """Value of YAML text; see `read_yaml`."""
    text = _decoded(raw, name)
    problems: list[Problem] = []
    try:
        root = Builder(name, problems).build(
            yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        what, remedy = " ".join(filter(None, (error.context, error.problem))), "correct the syntax here"
        if mark and _line(text, mark.line)[mark.column : mark.column + 1] == "\t":
            what, remedy = "a tab as indentation", "indent with spaces"
        raise InputError(*problems, Problem(f"not YAML: {what}", remedy, name, *place)) from error
    except yaml.YAMLError as error:
        raise InputError(
            *problems, Problem(f"not YAML: {str(error)[:120]}", "correct the file", name)
        ) from error
    if problems:
        raise InputError(*problems)
    return Document(name, root)


def _line(text: str, number: int) -> str:
    """Line of a text, from 0; empty past its end."""
    return next(iter(text.splitlines()[number : number + 1]), "")


def _decoded(raw: bytes, name: str) -> str:
    """Text of the bytes, or the place of the first byte that is no UTF-8 text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise InputError(Problem(what, "save the file as UTF-8 text", name, line, column)) from error
    control = _CONTROL.search(text)
    if control is not None:
        before_ = text[: control.start()]
        line, column = before_.count("\n") + 1, control.start() - (before_.rfind("\n") + 1) + 1
        what = f"control character U+{ord(control[0]):04X}"
        raise InputError(Problem(what, "remove it; a claims file is plain text", name, line, column))
    return text
