"""One self-contained HTML page of a report: works without JavaScript, asks no server for anything.

A content security policy forbids every request, so that text which slipped through could still load nothing; the
script is allowed by its digest.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files

from claims.outcome import Outcome
from reports.build import build_document
from reports.document import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Figure,
    Note,
    Paragraph,
    Quotation,
    Row,
    Section,
    Table,
    Tile,
    Tiles,
    line,
)
from reports.figures.style import INK
from reports.html_filter import filter_bar
from reports.html_inline import badge, breakable, escape, runs
from reports.words import look

FOLD_ABOVE = 14
"""Rows above which a compact table starts folded; it opens without JavaScript, and in print."""


def render_html(outcome: Outcome, date: int | None = None) -> str:
    """The report of `outcome` as one HTML page."""
    return html_of(build_document(outcome, date))


def html_of(document: Document) -> str:
    """HTML of a document that is built already."""
    assets = files("reports") / "assets"
    style = (assets / "report.css").read_text(encoding="utf-8")
    script = (assets / "report.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    allowed = f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    title = escape(document.title)
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in document.facts
    )
    writer = _Writer(document)
    body = "".join(writer.section(section, 2) for section in document.sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="generator" content="verify-claims">\n'
        f'<meta name="description" content="{escape(document.subtitle)}">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#summary">Skip to the summary</a>\n'
        f'<nav class="contents" aria-label="Contents"><p class="brand">verify-claims</p>{_contents(document)}'
        '<button type="button" id="theme" hidden>Dark or light</button></nav>\n'
        f'<main>\n<header><h1>{title}</h1><p class="subtitle">{escape(document.subtitle)}</p>'
        f'<dl class="colophon">{facts}</dl></header>\n{filter_bar(document)}\n{body}</main>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _contents(document: Document) -> str:
    def items(sections: Iterable[Block], depth: int) -> str:
        listed = [s for s in sections if isinstance(s, Section) and s.listed and not s.facets]
        inner = "".join(
            f'<li><a href="#{s.anchor}">{escape(s.title)}</a>{items(s.blocks, depth + 1) if depth < 2 else ""}</li>'
            for s in listed
        )
        return f"<ol>{inner}</ol>" if inner else ""

    return items(document.sections, 1)


def _facets(facets: dict[str, str]) -> str:
    return "".join(f' data-{name}="{escape(value)}"' for name, value in facets.items())


class _Writer:
    """Counts figures and tables while it walks the tree."""

    def __init__(self, source: Document) -> None:
        self.source = source
        self.figures = 0

    def section(self, section: Section, depth: int) -> str:
        tag = "article" if section.facets else "section"
        head = min(depth, 6)
        badges = "".join(f" {badge(item)}" for item in section.badges)
        title = f"<bdi>{breakable(escape(section.title)) if section.facets else escape(section.title)}</bdi>"
        link = (
            f' <a class="here" href="#{section.anchor}" aria-label="Link to this part">§</a>'
            if section.listed
            else ""
        )
        kind = (
            "claim" if section.facets else "chapter" if depth == 2 else "part" if section.listed else "detail"
        )
        body = "".join(self.block(block, depth) for block in section.blocks)
        return (
            f'<{tag} class="{kind}" id="{section.anchor}"{_facets(section.facets)}>'
            f"<h{head}>{title}{badges}{link}</h{head}>\n{body}</{tag}>\n"
        )

    def block(self, block: Block, depth: int) -> str:
        match block:
            case Section():
                return self.section(block, depth + 1)
            case Paragraph():
                return f"<p>{runs(block.line)}</p>\n"
            case Bullets():
                tag = "ol" if block.numbered else "ul"
                return f"<{tag}>" + "".join(f"<li>{runs(item)}</li>" for item in block.items) + f"</{tag}>\n"
            case Quotation():
                by = f"<footer>{runs(block.by)}</footer>" if block.by else ""
                return f'<blockquote dir="auto"><p>{escape(block.text)}</p>{by}</blockquote>\n'
            case Facts():
                pairs = "".join(
                    f"<div><dt>{escape(name)}</dt><dd>{runs(value)}</dd></div>" for name, value in block.pairs
                )
                return f'<dl class="facts">{pairs}</dl>\n'
            case Tiles():
                return f'<ul class="tiles">{"".join(map(_tile, block.tiles))}</ul>\n'
            case Note():
                return f'<p class="{block.tone}" role="note">{runs(block.line)}</p>\n'
            case Figure():
                return self.figure(block)
            case Table():
                return table(block)

    def figure(self, figure: Figure) -> str:
        self.figures += 1
        drawing = figure.drawing
        name = f"fig-{drawing.name}"
        warnings = "".join(f' <span class="caution">{escape(text)}</span>' for text in drawing.warnings)
        rows = tuple(Row(tuple(line(cell) for cell in record)) for record in drawing.records())
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in drawing.columns())
        body = "".join(map(_row, rows))
        twin = (
            f"<details><summary>Data of figure {self.figures}</summary>"
            f'<div class="wide" tabindex="0" role="group" aria-label="Data of figure {self.figures}">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></details>"
        )
        svg = _svg(self.source.picture(drawing), name)
        picture = f'<div class="picture" role="img" aria-label="{escape(drawing.alt)}">{svg}</div>'
        title = f"<b>Figure {self.figures}. {escape(drawing.title)}.</b>"
        caption = f"{title} {escape(figure.caption)}{warnings}{twin}"
        return f'<figure id="{name}">{picture}<figcaption>{caption}</figcaption></figure>\n'


def _tile(tile: Tile) -> str:
    sign, _, colour = look(tile.verdict) if tile.verdict else ("", "", "plain")
    words = f"{sign} {escape(tile.label)}".strip()
    return f'<li class="tile {colour}"><strong>{escape(tile.value)}</strong> <span>{words}</span></li>'


def _svg(svg: str, name: str) -> str:
    """The picture for a page that holds others: its own ids, the page's ink, hidden from the accessibility tree."""
    own = re.sub(r'(\bid="|url\(#|href="#)', lambda found: f"{found[1]}{name}-", svg)
    inked = own.replace(INK, "currentColor").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    inked = inked.replace("xlink:href", "href")
    return inked.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _row(row: Row, aligns: Iterable[str] = ()) -> str:
    looks = list(aligns)
    cells = "".join(
        f'<td class="{looks[i]}">{runs(cell)}</td>'
        if i < len(looks) and looks[i] != "left"
        else f"<td>{runs(cell)}</td>"
        for i, cell in enumerate(row.cells)
    )
    name = f' id="{row.anchor}"' if row.anchor else ""
    return f"<tr{name}{_facets(row.facets)}>{cells}</tr>\n"


def _head(column: Column, columns: tuple[Column, ...]) -> str:
    """Head of a column; those of words share what about a ninth of the page for each of the others leaves."""
    own = column.width > 0 and column.align == "left"
    words = [other.width for other in columns if other.width and other.align == "left"]
    left = max(20, 100 - 11 * (len(columns) - len(words)))
    looks = [column.align] * (column.align != "left") + ["words"] * own
    kind = f' class="{" ".join(looks)}"' if looks else ""
    share = f' style="width:{left * column.width // sum(words)}%"' if own else ""
    unit = f" <small>({escape(column.unit)})</small>" if column.unit else ""
    return f'<th scope="col"{kind}{share}>{escape(column.title)}{unit}</th>'


def table(block: Table) -> str:
    """A table in a frame that scrolls sideways; long evidence tables start folded."""
    aligns = [column.align for column in block.columns]
    heads = "".join(_head(column, block.columns) for column in block.columns)
    kind = " ".join(["compact"] * block.compact + ["sortable"] * block.sortable)
    rows = "".join(_row(row, aligns) for row in block.rows)
    folded = (
        block.compact
        and not block.sortable
        and len(block.rows) > FOLD_ABOVE
        and not any(r.anchor for r in block.rows)
    )
    caption = "" if folded else f"<caption>{escape(block.caption)}</caption>"
    text = (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(block.caption)}">'
        f'<table class="{kind}">{caption}<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n'
    )
    return (
        f"<details><summary>{escape(block.caption)} ({len(block.rows)} rows)</summary>{text}</details>\n"
        if folded
        else text
    )
