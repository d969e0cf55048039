"""State of a LaTeX reading that outlives one token: groups, macros and their arguments, footnotes kept back."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final, TypeAlias

from analysis.errors import InputError, Problem
from claims.documents.latex_macros import Macro
from claims.documents.visible import Visible

Span: TypeAlias = tuple[int, int]
DEEPEST: Final = 20
"""Macros within macros; beyond it a macro prints nothing."""

MOST_EXPANDED: Final = 1_000_000
"""Characters read inside macros; more is an expansion without end, not a paper."""

LONGEST_OPTION: Final = 2000
"""Characters within which an optional argument must close; a stray bracket must not swallow the paper."""

OPTION: Final = re.compile(r"\s*\[")


class Expansion(ABC):
    """What `run` of a subclass needs besides the tokens: positions after groups, expansions, deferred notes."""

    def __init__(self, seen: Visible) -> None:
        self.seen = seen
        self.closings = closings(seen.source)
        self.macros: dict[str, Macro] = {}
        self.math = False
        self.tabular = 0
        """How many tabulars are open: inside one, `&` ends a cell and a line break in the source is a blank."""
        self.stacked = 0
        self.spans: dict[int, str] = {}
        """Where a spanning cell closes -> the separators of the columns that it covers besides its first."""
        self._frames: list[tuple[Span, ...]] = []
        self._notes: list[tuple[Span, list[tuple[Span, ...]]]] = []
        self._spent = 0

    @abstractmethod
    def run(self, start: int, end: int) -> None:
        """Show the source from `start` to `end`."""

    def spend(self, token: re.Match[str]) -> None:
        """Count what is read inside macros.

        Raises
        ------
        InputError
            Too much of it.
        """
        if self._frames:
            self._spent += token.end() - token.start()
            if self._spent > MOST_EXPANDED:
                problem = "the macros of the document expand to more than a paper can hold"
                raise InputError(Problem(problem, "name a file without such macros", self.seen.file))

    def expand(self, macro: Macro, position: int) -> int:
        """Show the body of a macro; the position after its arguments."""
        source = self.seen.source
        spans: list[Span] = []
        for index in range(macro.arguments):
            if index == 0 and macro.default is not None:
                after = self.after_optional(position)
                spans.append((position + 1, after - 1) if after > position else macro.default)
                position = after
                continue
            while position < len(source) and source[position].isspace():
                position += 1
            after = self.after_group(position) if source.startswith("{", position) else position + 1
            spans.append((position + 1, after - 1) if source.startswith("{", position) else (position, after))
            position = after
        if len(self._frames) < DEEPEST:
            self._frames.append(tuple(spans))
            self.run(macro.start, macro.end)
            self._frames.pop()
        return position

    def parameter(self, number: int) -> None:
        """Show an argument of the macro that is being expanded; nothing outside of one."""
        if self._frames:
            frame = self._frames.pop()
            if number <= len(frame):
                self.run(*frame[number - 1])
            self._frames.append(frame)

    def group(self, position: int) -> int:
        """Show the braced argument at `position`; the position after it."""
        if not self.seen.source.startswith("{", position):
            return position
        after = self.after_group(position)
        self.run(position + 1, after - 1)
        return after

    def note(self, position: int) -> int:
        """Keep the braced argument at `position` for the end; the position after it."""
        if not self.seen.source.startswith("{", position):
            return position
        after = self.after_group(position)
        self._notes.append(((position + 1, after - 1), list(self._frames)))
        return after

    def write_notes(self) -> None:
        """Show the footnotes, each as a paragraph."""
        for span, frames in self._notes:  # a note within a note lengthens the list while it is read
            self._frames, self.math, self.tabular = frames, False, 0
            self.seen.add("\n\f", span[0])
            self.run(*span)
            self.seen.add("\n", max(span[1] - 1, span[0]))

    def aside(self, what: str, shown: str, offset: int) -> None:
        """Show text that is no prose."""
        mark = self.seen.here()
        self.seen.add(shown, offset)
        self.seen.mark(mark, what)

    def after_optional(self, position: int) -> int:
        """Position after an optional argument, where there is one."""
        source = self.seen.source
        if source.startswith("[", position):
            close = source.find("]", position, position + LONGEST_OPTION)
            if close >= 0 and "\n\n" not in source[position:close]:
                return close + 1
        return position

    def after_group(self, position: int) -> int:
        """Position after the group that opens at `position`; the end where it is never closed."""
        return self.closings.get(position, len(self.seen.source))

    def dropped(self, position: int, count: int) -> int:
        """Position after optional arguments and at most `count` braced ones."""
        position = self.after_optional(self.after_optional(position))
        for _ in range(count):
            if not self.seen.source.startswith("{", position):
                break
            position = self.after_group(position)
        return position


def closings(source: str) -> dict[int, int]:
    """Position after the closing brace of every opened one, in one pass; an unclosed brace has none."""
    found: dict[int, int] = {}
    opened: list[int] = []
    escaped = False
    for index, char in enumerate(source):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{":
            opened.append(index)
        elif char == "}" and opened:
            found[opened.pop()] = index + 1
    return found
