"""Visible: the text of a document as a reader sees it, each character with its offset in the source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from claims.finding import Location


@dataclass(slots=True)
class Visible:
    """Visible text under construction, and its map back to the source.

    Readers append what is seen with `add` and what was dropped with nothing; `location` then answers for any
    character of the text where it stands in the file, so that an error points at the source, not at a rendering.
    """

    file: str
    source: str
    text: str = ""
    _parts: list[str] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _line_starts: list[int] = field(default_factory=list)
    asides: list[tuple[int, int, str]] = field(default_factory=list)
    """Spans of the visible text that are no prose, (start, end, what): code, a citation, a heading number."""
    _furthest: list[int] = field(default_factory=list)
    """For each aside, the largest end of it and all before."""

    def add(self, shown: str, offset: int, aligned: bool = False) -> None:
        """Append `shown`, which stands at `offset` of the source.

        A replacement maps to where it began, unless it is `aligned` with the source character by character.
        """
        verbatim = aligned or self.source.startswith(shown, offset)
        self._parts.append(shown)
        self._offsets.extend(offset + step if verbatim else offset for step in range(len(shown)))

    def mark(self, start: int, what: str) -> None:
        """Declare the text from visible position `start` to the present end an aside."""
        self.asides.append((start, len(self._offsets), what))

    def here(self) -> int:
        """Length of the visible text so far."""
        return len(self._offsets)

    def last(self) -> str:
        """The last visible character so far; empty if there is none."""
        return next((part[-1] for part in reversed(self._parts) if part), "")

    def finish(self) -> Visible:
        """Join the parts; call once, after the last `add`."""
        self.text = "".join(self._parts)
        self.asides.sort()
        self._furthest = list(accumulate((end for _, end, _ in self.asides), max))
        self._line_starts = [0]
        self._line_starts += [i + 1 for i, char in enumerate(self.source) if char == "\n"]
        return self

    def offset(self, position: int) -> int:
        """Offset in the source of the visible character at `position`."""
        return self._offsets[position]

    def location(self, position: int) -> Location:
        """Line and column in the source of the visible character at `position`."""
        offset = self._offsets[position]
        line = bisect_right(self._line_starts, offset)
        return Location(self.file, line, offset - self._line_starts[line - 1] + 1)

    def aside(self, position: int) -> str | None:
        """What the character at `position` belongs to, if it is no prose."""
        index = bisect_right(self.asides, position, key=lambda aside: aside[0]) - 1
        while index >= 0 and self._furthest[index] > position:
            _, end, what = self.asides[index]
            if position < end:
                return what
            index -= 1
        return None
