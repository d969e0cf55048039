"""A YAML file as plain values, with the line and column of every value; nothing in it is executed.

Numbers are read as JSON and YAML 1.2 write them: `1e-5` is a number (YAML 1.1 makes it a string), `no` is a word.
Aliases, tags and double keys are refused: a recipe or study needs none, and each has surprised someone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from analysis.errors import InputError, Problem

LARGEST: Final = 1_000_000
DEEPEST: Final = 30
At: TypeAlias = tuple[str | int, ...]
"""Keys and positions that lead from the root to a value."""

_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_NUMBER: Final = re.compile(r"[-+]?(0|[1-9][0-9_]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file."""

    path: str
    value: Any
    marks: dict[At, tuple[int, int]] = field(default_factory=dict)
    """Place of a value -> line and column, from 1. For the value of a key, where the value stands."""

    def problem(self, at: At, what: str, remedy: str = "") -> Problem:
        """A problem of the value at that place, or of the nearest value above it that stands in the file."""
        while at and at not in self.marks:
            at = at[:-1]
        line, column = self.marks.get(at, (1, 1))
        return Problem(what, remedy, self.path, line, column)


def read_yaml(path: Path) -> Source:
    """Parsed YAML of a small file.

    Raises
    ------
    InputError
        For a file that cannot be read, is too large, is not YAML, or holds an alias, a tag or a double key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"cannot be read: {error}", "check the path", str(path))) from None
    if len(text) > LARGEST:
        raise InputError(
            Problem(f"{len(text)} characters are too many", f"the limit is {LARGEST}", str(path))
        )
    source = Source(str(path), None)
    try:
        # Events first: composing would resolve aliases, and nesting could exhaust the stack.
        _refuse(text, source)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise InputError(Problem(f"not YAML: {error.problem}", "correct this line", str(path), *at)) from None
    except yaml.YAMLError as error:
        raise InputError(Problem(f"not YAML: {error}", "correct the file", str(path))) from None
    return Source(str(path), None if node is None else _value(node, (), source), source.marks)


def _refuse(text: str, source: Source) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            _fail(event, "aliases are not allowed", "write the value out", source)
        tag = getattr(event, "tag", None)
        if tag is not None and not (tag == "!" and isinstance(event, yaml.ScalarEvent)):
            _fail(event, f"the tag {tag} is not allowed", "write a plain value", source)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            _fail(event, f"nested deeper than {DEEPEST}", "flatten it", source)


def _fail(event: Any, what: str, remedy: str, source: Source) -> None:
    mark = event.start_mark
    raise InputError(Problem(what, remedy, source.path, mark.line + 1, mark.column + 1))


def _value(node: Any, at: At, source: Source) -> Any:
    source.marks[at] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*at, number), source) for number, child in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node.value) if node.style is None else node.value
    found: dict[str, Any] = {}
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            what = (
                f"key {key.value!r} occurs twice"
                if isinstance(key, yaml.ScalarNode)
                else "a key is not a word"
            )
            _fail(key, what, "keep one of them", source)
        found[key.value] = _value(child, (*at, key.value), source)
    return found


def _scalar(text: str) -> Any:
    """Value of an unquoted scalar.

    >>> _scalar("1e-5"), _scalar("131_072"), _scalar("no"), _scalar("1.2.3")
    (1e-05, 131072, 'no', '1.2.3')
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if any(digit in text for digit in "0123456789") and _NUMBER.fullmatch(text):
        return float(text)
    return text
