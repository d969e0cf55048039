"""Where every number comes from: files read with their digests, sources, and each evidence row that was used."""

from __future__ import annotations

import re
from typing import Final

from claims.finding import Cell
from claims.outcome import Outcome
from reports.chapters.cells import USUAL, split_keys
from reports.chapters.places import Places, printed
from reports.document import (
    Anchor,
    Block,
    Column,
    Line,
    Link,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.words import count

ARXIV = re.compile(r"^arXiv:(\d{4}\.\d{4,5}(?:v\d+)?)$")
DOI = re.compile(r"^doi:(10\.\d{4,9}/[-._;()/:A-Za-z0-9]+)$")

BESIDE: Final = 2
"""Records beside each other in the list of evidence rows."""


def provenance(outcome: Outcome, places: Places) -> Section:
    """Inputs, sources and cells."""
    blocks: list[Block] = [_sources(outcome), _cells(places), _inputs(outcome)]
    return Section("Provenance", "provenance", tuple(blocks), new_page=True)


def source_link(source: str) -> Line:
    """A source id, linked where its form says where it lives.

    >>> source_link("arXiv:2005.13013v1")[0].target
    'https://arxiv.org/abs/2005.13013v1'
    """
    if found := ARXIV.match(source):
        return (Link(source, f"https://arxiv.org/abs/{found[1]}"),)
    if found := DOI.match(source):
        return (Link(source, f"https://doi.org/{found[1]}"),)
    return (Text(source),)


def _sources(outcome: Outcome) -> Section:
    rows = tuple(
        Row(
            (
                source_link(s.id),
                line(s.title),
                line(s.version or "–"),
                line("itself" if s.root == s.id else s.root),
                line(s.at_hand),
            )
        )
        for s in outcome.sources
    )
    heads = (
        Column("Source", width=5),
        Column("Title", width=6),
        Column("Version", width=3),
        Column("Root", width=4),
        Column("At hand", width=5),
    )
    body: Block = Table(heads, rows, "Sources. Two versions of one paper share a root and are one witness.")
    if not rows:
        body = Paragraph(line("The study names no source."))
    return Section("Sources", "sources", (body,))


def _cells(places: Places) -> Section:
    if not places.full:
        body: Block = Note(
            line("The report is too large to list every evidence row; the JSON file beside it has them all.")
        )
        return Section("Evidence rows", "cells", (body,))
    groups: dict[tuple[str, str, str], list[tuple[int, Cell]]] = {}
    for number, cell in places.cells.values():
        groups.setdefault((cell.file, cell.source, cell.locator), []).append((number, cell))
    if not groups:
        return Section("Evidence rows", "cells", (Paragraph(line("No finding used an evidence row.")),))
    text = (
        f"The {count(len(places.cells), 'evidence row')} that the findings rest on, as printed, with the line in its "
        "file. The sweep of published averages names its rows in its own table."
    )
    tables = tuple(_group(place, cells) for place, cells in groups.items())
    return Section("Evidence rows", "cells", (Paragraph(line(text)), *tables))


def _group(place: tuple[str, str, str], numbered: list[tuple[int, Cell]]) -> Table:
    """Rows of one file and place, several beside each other; what they share is in the caption."""
    shared, keys = split_keys([cell for _, cell in numbered])
    statuses = {cell.status for _, cell in numbered}
    records = []
    for number, cell in numbered:
        words = " ".join(cell.selector.get(key, "–") for key in keys) or "–"
        status = "" if len(statuses) == 1 else f" ({cell.status})"
        value = line(Text(printed(cell), "strong"), status)
        records.append(((Anchor(f"cell-{number}"), Text(f":{cell.line}", "code")), line(words), value))
    beside = min(BESIDE, len(records))
    height = -(-len(records) // beside)
    blank: tuple[Line, Line, Line] = ((), (), ())
    rows = []
    for at in range(height):
        across = [
            records[at + n * height] if at + n * height < len(records) else blank for n in range(beside)
        ]
        rows.append(Row(tuple(part for record in across for part in record)))
    heads = (Column("line"), Column(", ".join(keys) or "row", width=1), Column("value", "right")) * beside
    file, source, locator = place
    common = ", ".join(f"{key} {value}" for key, value in shared.items() if value not in USUAL)
    status = f"; {statuses.copy().pop()}" if len(statuses) == 1 else ""
    caption = f"{file}: {source}, {locator}{'; all ' + common if common else ''}{status}."
    return Table(heads, tuple(rows), caption, compact=True)


def all_inputs(outcome: Outcome) -> dict[str, str]:
    """Files that the check and the analysis read, with their digests."""
    return {**((outcome.analysis or {}).get("inputs") or {}), **outcome.inputs}


def _inputs(outcome: Outcome) -> Section:
    rows = tuple(
        Row((line(Text(name, "code")), line(Text(digest, "code"))))
        for name, digest in sorted(all_inputs(outcome).items())
    )
    if not rows:
        return Section("Files read", "inputs", (Paragraph(line("No file was read.")),))
    heads = (Column("File", width=4), Column("SHA-256", width=6))
    caption = "Every file that was read, relative to the study, with its digest."
    return Section("Files read", "inputs", (Table(heads, rows, caption, compact=True),))
