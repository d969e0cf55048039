"""Where every number comes from: files read with their digests, sources, and each evidence row that was used."""

from __future__ import annotations

import re

from claims.outcome import Outcome
from reports.chapters.places import Places, printed
from reports.document import Block, Column, Line, Link, Note, Paragraph, Row, Section, Table, Text, line
from reports.words import count

ARXIV = re.compile(r"^arXiv:(\d{4}\.\d{4,5}(?:v\d+)?)$")
DOI = re.compile(r"^doi:(10\.\d{4,9}/[-._;()/:A-Za-z0-9]+)$")


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
        Row((source_link(s.id), line(s.title), line(s.version or "–"), line(s.root), line(s.at_hand)))
        for s in outcome.sources
    )
    heads = (
        Column("Source", width=3),
        Column("Title", width=5),
        Column("Version"),
        Column("Root document", width=3),
        Column("At hand", width=4),
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
    rows = tuple(
        Row(
            (
                line(Text(f"{cell.file}:{cell.line}", "code")),
                line(Text(printed(cell), "strong")),
                line(cell.status),
                (*source_link(cell.source), Text(f", {cell.locator}")),
                line(", ".join(f"{key} {value}" for key, value in cell.selector.items())),
            ),
            anchor=f"cell-{number}",
        )
        for number, cell in places.cells.values()
    )
    heads = (
        Column("File and line", width=4),
        Column("Value", "right"),
        Column("Status"),
        Column("Source and place", width=4),
        Column("Row", width=5),
    )
    if not rows:
        empty = Paragraph(line("No finding used an evidence row."))
        return Section("Evidence rows", "cells", (empty,))
    caption = f"The {count(len(rows), 'evidence row')} that the findings used; values as printed."
    return Section("Evidence rows", "cells", (Table(heads, rows, caption, compact=True),))


def _inputs(outcome: Outcome) -> Section:
    rows = tuple(
        Row((line(Text(name, "code")), line(Text(digest, "code"))))
        for name, digest in sorted(outcome.inputs.items())
    )
    if not rows:
        return Section("Files read", "inputs", (Paragraph(line("No file was read.")),))
    heads = (Column("File", width=4), Column("SHA-256", width=6))
    caption = "Every file that was read, relative to the study, with its digest."
    return Section("Files read", "inputs", (Table(heads, rows, caption, compact=True),))
