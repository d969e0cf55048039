"""Anchors of the report: every claim, finding and cell has one, so that every number can link to its source row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from claims.finding import Cell
from claims.outcome import Outcome
from reports.document import Line, Link, Text

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def anchor(prefix: str, name: str) -> str:
    """An anchor that is safe in HTML, Markdown and Typst, and different for different names.

    >>> anchor("claim", "squad.dev-gain")
    'claim-squad.dev-gain'
    >>> anchor("claim", "a b") == anchor("claim", "a/b")
    False
    """
    safe = UNSAFE.sub("-", name)[:60]
    if safe == name:
        return f"{prefix}-{name}"
    return f"{prefix}-{safe}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Places:
    """Which rows of the evidence the report lists, and what they are called."""

    cells: dict[tuple[str, int], tuple[int, Cell]]
    """(file, line) -> (number in the list of cells, the cell)."""
    full: bool
    """Whether the report lists cells at all; a very large one points to the JSON instead."""

    def cell(self, cell: Cell) -> Line:
        """`file:line` of a cell, linked to its row in the list of cells."""
        place = f"{cell.file}:{cell.line}"
        if not self.full:
            return (Text(place, "code"),)
        number, _ = self.cells[cell.file, cell.line]
        return (Link(place, f"#cell-{number}", "code"),)

    def value(self, cell: Cell) -> Line:
        """The printed number of a cell (else its value), linked to its row."""
        shown = printed(cell)
        if not self.full:
            return (Text(shown),)
        number, _ = self.cells[cell.file, cell.line]
        return (Link(shown, f"#cell-{number}"),)


def printed(cell: Cell) -> str:
    """The number as the source prints it; `repr` of a measured one; a dash for a missing one, never 0."""
    if cell.printed is not None:
        return cell.printed
    return "–" if cell.value is None else repr(cell.value)


def find_places(outcome: Outcome, full: bool) -> Places:
    """Number the evidence rows that claims rest on, in order of file and line; the sweep names its rows itself."""
    rows: dict[tuple[str, int], Cell] = {}
    if full:
        for finding in outcome.findings:
            for cell in finding.cells:
                rows.setdefault((cell.file, cell.line), cell)
    return Places({key: (number, rows[key]) for number, key in enumerate(sorted(rows), 1)}, full)


def claim_link(claim_id: str) -> Link:
    """Link to the section of a claim."""
    return Link(claim_id, "#" + anchor("claim", claim_id), "code")
