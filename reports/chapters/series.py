"""Alike assertions of one claim as one table: sixteen rows of a published table are read down, not page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from claims.finding import Finding
from reports.chapters.cells import cells_table
from reports.chapters.decided import margin_in_words
from reports.chapters.open import shared_ends
from reports.chapters.places import Places, anchor
from reports.document import Badge, Block, Break, Column, Inline, Line, Row, Table, Text, line
from reports.words import label

FEWEST: Final = 3
"""Alike assertions from which on a table is easier to read than a block for each."""
NUMBER: Final = re.compile(r" equals \S+$")
"""The claimed number at the end of a reading; it has its own column."""


def runs_of_alike(findings: Sequence[Finding]) -> Iterator[tuple[Finding, ...]]:
    """Findings in their order, those drawn together that compare one number each and are of one kind and scale."""
    for key, group in groupby(findings, _likeness):
        alike = tuple(group)
        if key is None or len(alike) < FEWEST:
            yield from ((finding,) for finding in alike)
        else:
            yield alike


def _likeness(finding: Finding) -> tuple[object, ...] | None:
    plain = not (finding.statistics or finding.needs or finding.tolerance or finding.tags or finding.circular)
    compared = finding.claimed is not None and finding.computed is not None
    others = tuple(other.label for other in finding.alternatives)
    return (finding.kind, finding.scale, others) if plain and compared else None


def series(findings: Sequence[Finding], places: Places) -> list[Block]:
    """The table of some alike assertions, what their numbers are made up of, and their cells in one grid."""
    readings = [NUMBER.sub("", finding.reading).split(" ") for finding in findings]
    start, end = shared_ends(readings)
    names = [
        " ".join(words[start : len(words) - end]).strip(" ,") or finding.id.removeprefix(f"{finding.claim}/")
        for finding, words in zip(findings, readings, strict=True)
    ]
    same = " ".join((*readings[0][:start], "…", *readings[0][len(readings[0]) - end :]))
    heads = (
        Column("Assertion", width=1),
        Column("Claimed", "right"),
        Column("Found", "right"),
        Column("Verdict and reason"),
    )
    caption = (
        f"{len(findings)} assertions of the kind {label(findings[0].kind)}: {same}. "
        "In brackets all values that the printed numbers can stand for."
    )
    rows = tuple(_row(finding, name) for finding, name in zip(findings, names, strict=True))
    cells = {(cell.file, cell.line): cell for finding in findings for cell in finding.cells}
    grid = [cells_table(tuple(cells.values()), places)] if cells else []
    return [Table(heads, rows, caption, compact=True), *_parts(findings, names), *grid]


def _row(finding: Finding, name: str) -> Row:
    place = f"{finding.location.file}:{finding.location.line}:{finding.location.column}"
    own = finding.id.removeprefix(f"{finding.claim}/")
    told = "; ".join(filter(None, (place if own == name else f"{own} at {place}", finding.sensitivity)))
    verdict: list[Inline] = [Badge("verdict", finding.verdict), Text(f" {label(finding.reason)}")]
    if finding.margin is not None:
        verdict += [Break(), Text(margin_in_words(finding), "small")]
    cells: tuple[Line, ...] = (
        line(name, Break(), Text(told, "small")),
        _number(finding.claimed, finding.claimed_interval),
        _number(finding.computed, finding.computed_interval),
        tuple(verdict),
    )
    return Row(cells, anchor=anchor("finding", finding.id))


def _parts(findings: Sequence[Finding], names: Sequence[str]) -> list[Block]:
    """Contributions and other choices, a row for each assertion; nothing where there are none."""
    groups = tuple(dict.fromkeys(part.group for finding in findings for part in finding.contributions))
    others = tuple(other.label for other in findings[0].alternatives)
    if not groups and not others:
        return []
    rows = []
    for finding, name in zip(findings, names, strict=True):
        points = {part.group: part.points for part in finding.contributions}
        total = line(finding.contributions[0].of) if finding.contributions else line("–")
        cells = [line(points.get(group, "–")) for group in groups]
        rows.append(
            Row(
                (
                    line(name),
                    *cells,
                    *((total,) if groups else ()),
                    *(line(o.computed) for o in finding.alternatives),
                )
            )
        )
    numbers = (*groups, *(("together",) if groups else ()), *others)
    heads = (Column("Assertion"), *(Column(name, "right") for name in numbers))
    caption = (
        "What the numbers are made up of, in points of the average, and the same number under other choices."
    )
    return [Table(heads, tuple(rows), caption, compact=True)]


def _number(text: str | None, interval: tuple[str, str] | None) -> Line:
    shown = line(Text(text or "–", "strong"))
    if interval is None or interval[0] == interval[1]:
        return shown
    return (*shown, Break(), Text(f"[{interval[0]}, {interval[1]}]", "small"))
