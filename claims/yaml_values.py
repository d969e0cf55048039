"""YAML events as plain values with marks, built with a stack of its own instead of recursion.

Nesting, aliases and double keys are counted while building, so that no file can exhaust stack or memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from analysis.errors import InputError, Problem

DEPTH: Final = 50
EXPANDED: Final = 5_000_000
"""Values that the aliases of one file may stand for in all; a file of 10,000 claims has about 300,000."""

_INTEGER: Final = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})", re.ASCII)
_FLOAT: Final = re.compile(
    r"[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?\.(?:inf|nan)", re.ASCII | re.I
)
_WORDS: Final[dict[str, Any]] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Unquoted(float):
    """A number that stands unquoted in the file, with its text: 8.70 keeps its trailing zero."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Unquoted:
        """Number of the text; not a number where binary floats have none."""
        try:
            self = super().__new__(cls, text.replace("_", ""))
        except ValueError:
            self = super().__new__(cls, "nan")
        self.text = text
        return self


class Mapping(dict[str, Any]):
    """A mapping with the marks of its keys and values."""

    __slots__ = ("keys_at", "mark", "values_at")

    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark
        self.keys_at: dict[str, Any] = {}
        self.values_at: dict[str, Any] = {}


class Listing(list[Any]):
    """A sequence with the marks of its items."""

    __slots__ = ("items_at", "mark")

    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark
        self.items_at: list[Any] = []


def _scalar(event: Any) -> Any:
    """Value of a scalar: quoted and block scalars are text, plain ones follow JSON."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first.isdigit() or first in "+-.":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return Unquoted(text)
    return text


class Builder:
    """Builds values from events, with a stack of its own instead of recursion."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.weights: list[int] = []
        self.root: Any = None

    def build(self, events: Iterator[Any]) -> Any:
        """Value of the one document of the stream."""
        stack: list[Any] = []
        keys: list[Any] = []
        names: list[str | None] = []
        documents = 0
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._check_tag(event)
                self._place(stack, keys, event, _scalar(event), event.anchor, 1)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._check_tag(event)
                if len(stack) >= DEPTH:
                    self._stop(event, f"nested deeper than {DEPTH} levels", "a claims file needs about eight")
                if stack and isinstance(stack[-1], Mapping) and keys[-1] is None:
                    self._stop(event, "a list or mapping as a key", "keys are plain words")
                stack.append((Mapping if kind is yaml.MappingStartEvent else Listing)(event.start_mark))
                keys.append(None)
                names.append(event.anchor)
                self.weights.append(1)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value, weight, anchor = stack.pop(), self.weights.pop(), names.pop()
                keys.pop()
                self._place(stack, keys, event, value, anchor, weight)
            elif kind is yaml.AliasEvent:
                if event.anchor not in self.anchors:
                    self._stop(
                        event,
                        f"alias *{event.anchor} has no anchor before it",
                        f"write &{event.anchor} first",
                    )
                value, weight = self.anchors[event.anchor]
                self._place(stack, keys, event, value, None, weight)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._stop(event, "a second document (---)", "one file holds one document")
        return self.root

    def _place(
        self, stack: list[Any], keys: list[Any], event: Any, value: Any, anchor: str | None, weight: int
    ) -> None:
        """Put a finished value where it belongs."""
        if anchor is not None:
            self.anchors[anchor] = (value, weight)
        if not stack:
            self.root = value
            return
        self.weights[-1] += weight
        if self.weights[-1] > EXPANDED:
            self._stop(event, f"the aliases stand for more than {EXPANDED:,} values", "write the values out")
        parent, mark = stack[-1], getattr(value, "mark", None) or event.start_mark
        if isinstance(parent, Listing):
            parent.append(value)
            parent.items_at.append(mark)
        elif keys[-1] is None:
            keys[-1] = self._key(parent, event, value)
        else:
            key, keys[-1] = keys[-1], None
            parent[key] = value
            parent.values_at[key] = mark

    def _key(self, parent: Mapping, event: Any, value: Any) -> str:
        key = event.value if isinstance(event, yaml.ScalarEvent) else str(value)
        if key == "<<":
            self._stop(event, "merge key <<", "write the keys out")
        if key in parent.keys_at:
            first = parent.keys_at[key].line + 1
            remedy = f"line {first} has it already; remove one of the two"
            self.problems.append(
                Problem(
                    f"key {key[:60]!r} stands twice",
                    remedy,
                    self.name,
                    event.start_mark.line + 1,
                    event.start_mark.column + 1,
                )
            )
        parent.keys_at[key] = event.start_mark
        return key

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            self._stop(
                event, f"tag {event.tag[:60]!r}", "tags are not allowed: nothing in a claims file is executed"
            )

    def _stop(self, event: Any, what: str, remedy: str) -> None:
        mark = event.start_mark
        raise InputError(*self.problems, Problem(what, remedy, self.name, mark.line + 1, mark.column + 1))
