"""PDF of a report, tagged for accessibility (PDF/UA-1), set by typst without LaTeX and without a network.

The document travels to typst as JSON: texts arrive as strings and are never parsed as markup, so nothing that a
report contains can be typst code. The template alone is code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Literal

from claims.outcome import Outcome
from reports.breaks import breakable, chained
from reports.build import build_document
from reports.contents import is_brief
from reports.document import (
    Anchor,
    Badge,
    Block,
    Break,
    Bullets,
    Document,
    Facts,
    Figure,
    Inline,
    Line,
    Link,
    Note,
    Paragraph,
    Quotation,
    Row,
    Section,
    Table,
    Text,
    Tile,
    Tiles,
)
from reports.fonts import FontSet, load_fonts
from reports.plain import visible
from reports.words import COLOURS, label, look

WHOLE_ROW = 700
"""Characters up to which a table row is not broken across pages."""
WHOLE_ROWS, WHOLE_TABLE = 9, 1800
"""Rows and characters up to which a table is not broken across pages."""


def render_pdf(outcome: Outcome, date: int | None = None) -> bytes:
    """The report of `outcome` as PDF; the same bytes for the same outcome and date."""
    return pdf_of(build_document(outcome, date))


def pdf_of(document: Document) -> bytes:
    """PDF of a document that is built already."""
    import typst

    fonts = load_fonts()
    template = (files("reports") / "assets" / "report.typ").read_bytes()
    data = json.dumps(_Writer(document, fonts).document(), ensure_ascii=False, separators=(",", ":"))
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=list(fonts.folders)
    )
    compiler = typst.Compiler(font_paths=known, sys_inputs={"document": data})
    # PDF/A wants a date, and an undated report has none
    standards: list[Literal["ua-1", "a-2a"]] = ["ua-1"] if document.date is None else ["ua-1", "a-2a"]
    made = compiler.compile(template, format="pdf", pdf_standards=[*standards], timestamp=document.date or 0)
    assert isinstance(made, bytes)
    return made


def footer(facts: tuple[tuple[str, str], ...]) -> str:
    """What stands at the foot of every page: who made it and, of runs of ours, the scale that it is about.

    >>> footer((("study", "order"), ("made by", "verify-claims 1.0"), ("scale", "miniature: generated languages")))
    'verify-claims 1.0 · scale miniature'
    """
    known = dict(facts)
    scale = known.get("scale", "").partition(":")[0]
    return " · ".join(filter(None, (known.get("made by", ""), f"scale {scale}" if scale else "")))


def extent(row: Row) -> int:
    """Characters of a row."""
    return sum(len(part.text) for cell in row.cells for part in cell if isinstance(part, (Text, Link)))


class _Writer:
    """Turns the tree into the arrays that the template walks; links to anchors that do not exist become text."""

    def __init__(self, document: Document, fonts: FontSet) -> None:
        self.source = document
        self.fonts = fonts
        self.anchors: set[str] = set()
        self.used: set[str] = set()
        for block in document.blocks():
            if isinstance(block, Section):
                self.anchors.add(block.anchor)
            elif isinstance(block, Table):
                self.anchors.update(row.anchor for row in block.rows if row.anchor)
                self.anchors.update(
                    part.name
                    for row in block.rows
                    for cell in row.cells
                    for part in cell
                    if isinstance(part, Anchor)
                )

    def text(self, text: str) -> str:
        return breakable(self.fonts.printable(visible(text)))

    def anchor(self, anchor: str | None) -> str | None:
        """The anchor at its first place; typst allows a label only once."""
        if anchor is None or anchor in self.used:
            return None
        self.used.add(anchor)
        return anchor

    def document(self) -> dict[str, Any]:
        source = self.source
        return {
            "title": self.text(source.title),
            "subtitle": self.text(source.subtitle),
            "facts": [[self.text(name), self.text(value)] for name, value in source.facts],
            "date": source.date,
            "fonts": list(self.fonts.families),
            "brief": is_brief(source),
            "footer": self.text(footer(source.facts)),
            "colours": COLOURS,
            "body": [self.block(section, 1) for section in source.sections],
        }

    def inline(self, part: Inline, broken: Callable[[str], str] = str) -> list[Any]:
        if isinstance(part, Break):
            return ["br"]
        if isinstance(part, Anchor):
            return ["anchor", self.anchor(part.name)]
        if isinstance(part, Badge):
            if part.kind == "level":
                return ["level", label(part.value)]
            sign, words, colour = look(part.value)
            return ["sign", sign, colour] if part.brief else ["chip", f"{sign} {self.text(words)}", colour]
        if isinstance(part, Link):
            inside = part.target.startswith("#")
            if not inside or part.target[1:] in self.anchors:
                return ["link", self.text(part.text), part.target.removeprefix("#"), inside, part.style]
        assert isinstance(part, (Text, Link))
        text = broken(self.text(part.text))
        return [
            "text",
            text,
            "plain" if part.style == "emph" and not self.fonts.can_slant(text) else part.style,
        ]

    def line(self, parts: Line) -> list[Any]:
        return [self.inline(part) for part in parts]

    def row(self, row: Row) -> list[Any]:
        cells = [[self.inline(part, chained) for part in cell] for cell in row.cells]
        return [self.anchor(row.anchor), cells, extent(row) > WHOLE_ROW]

    def tile(self, tile: Tile) -> list[Any]:
        sign, _, colour = look(tile.verdict) if tile.verdict else ("", "", None)
        return [self.text(tile.value), f"{sign} {self.text(tile.label)}".strip(), colour]

    def block(self, block: Block, depth: int) -> list[Any]:
        match block:
            case Section():
                marks = self.line(block.badges)
                anchor = self.anchor(block.anchor)
                inner = [self.block(child, depth + 1) for child in block.blocks]
                kind = "claim" if block.facets else "plain"
                return [
                    "section",
                    self.text(block.title),
                    anchor,
                    depth,
                    marks,
                    block.listed,
                    block.new_page,
                    kind,
                    inner,
                ]
            case Paragraph():
                return ["par", self.line(block.line), block.keep]
            case Bullets():
                return ["list", block.numbered, [self.line(item) for item in block.items]]
            case Quotation():
                return ["quote", self.text(block.text), self.line(block.by)]
            case Facts():
                return ["facts", [[self.text(name), self.line(value)] for name, value in block.pairs]]
            case Tiles():
                return ["tiles", [self.tile(tile) for tile in block.tiles]]
            case Note():
                return ["note", self.line(block.line), block.tone]
            case Figure():
                d = block.drawing
                warnings = [self.text(text) for text in d.warnings]
                return [
                    "figure",
                    self.source.picture(d),
                    self.text(d.alt),
                    self.text(d.title),
                    self.text(block.caption),
                    warnings,
                ]
            case Table():
                whole = len(block.rows) <= WHOLE_ROWS and sum(map(extent, block.rows)) <= WHOLE_TABLE
                heads = [[self.text(c.title), c.align, c.width, self.text(c.unit)] for c in block.columns]
                return [
                    "table",
                    heads,
                    [self.row(row) for row in block.rows],
                    self.text(block.caption),
                    block.compact,
                    whole,
                ]
