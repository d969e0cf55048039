"""Markdown (GitHub flavour) of a report; every figure appears as its text twin."""

from __future__ import annotations

import re

from claims.outcome import Outcome
from reports.build import build_document
from reports.contents import contents_of, is_brief
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
    Tiles,
    line,
)
from reports.plain import visible
from reports.words import label, look

SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$]")
ENTITIES = {"&": "&amp;", "@": "&#64;", "#": "&#35;"}
OPENING = re.compile(r"^(\d*)([-+.)])(?=\s|$)")
"""What Markdown would take for the mark of a list."""
LONGEST_TWIN = 60
"""Rows of a text twin; the CSV beside the report has all of them."""


def render_markdown(outcome: Outcome, date: int | None = None) -> str:
    """The report of `outcome` as Markdown."""
    return markdown_of(build_document(outcome, date))


def markdown_of(document: Document) -> str:
    """Markdown of a document that is built already."""
    return _Writer().document(document)


def escape(text: str) -> str:
    r"""`text` so that no Markdown or HTML in it takes effect, nor a mention, an issue number or an address.

    >>> print(escape("*a* <b> [x](y) http://z @me #1"))
    \*a\* \<b\> \[x\](y) http&#58;//z &#64;me &#35;1
    """
    safe = "".join(ENTITIES.get(char, char) for char in visible(text))
    safe = SPECIAL.sub(lambda found: "\\" + found[0], safe)
    return safe.replace("://", "&#58;//").replace("www.", "www&#46;")


def code(text: str) -> str:
    r"""`text` as a code span whose fence is longer than any run of backticks inside.

    >>> code("a`b")
    '`` a`b ``'
    """
    flat = visible(text).replace("|", "\\|")
    runs = [len(run) for run in re.findall("`+", flat)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if flat[:1] == "`" or flat[-1:] == "`" or "`" in flat else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat.strip() else "` `"


def inline(part: Inline) -> str:
    """One run."""
    if isinstance(part, Break):
        return "<br>"
    if isinstance(part, Anchor):
        return f'<a id="{part.name}"></a>'
    if isinstance(part, Badge):
        if part.kind == "level":
            return f"*{label(part.value)}*"
        sign, words, _ = look(part.value)
        return sign if part.brief else f"**{sign} {escape(words)}**"
    body = code(part.text) if part.style == "code" else escape(part.text)
    if part.style in ("strong", "emph") and body.strip():
        mark = "**" if part.style == "strong" else "*"
        lead, tail = body[: len(body) - len(body.lstrip())], body[len(body.rstrip()) :]
        body = f"{lead}{mark}{body.strip()}{mark}{tail}"
    if isinstance(part, Link):
        return f"[{body}]({_target(part.target)})"
    return body


def _target(target: str) -> str:
    return re.sub(
        r"[^A-Za-z0-9#/:._~?=&%+-]",
        lambda found: "".join(f"%{b:02X}" for b in found[0].encode("utf-8", "replace")),
        target,
    )


def runs(parts: Line) -> str:
    """A line; never starts a list or a heading by accident."""
    return OPENING.sub(r"\1\\\2", "".join(map(inline, parts)).strip())


class _Writer:
    """Counts figures and tables while it walks the tree."""

    def __init__(self) -> None:
        self.figures = 0

    def document(self, document: Document) -> str:
        facts = "".join(f"- {name}: {escape(value)}\n" for name, value in document.facts)
        contents = "".join(
            f"{'  ' * depth}- [{escape(section.title)}](#{section.anchor})\n"
            for depth, section in contents_of(document)
            if not depth or is_brief(document)
        )
        head = f"# {escape(document.title)}\n\n*{escape(document.subtitle)}*\n\n{facts}\n**Contents**\n\n{contents}\n"
        return head + "".join(self.section(section, 2) for section in document.sections)

    def section(self, section: Section, depth: int) -> str:
        badges = "".join(f" {inline(badge)}" for badge in section.badges)
        title = escape(section.title)
        head = f'<a id="{section.anchor}"></a>\n\n'
        head += (
            f"{'#' * depth} {title}{' —' if badges else ''}{badges}\n\n"
            if depth <= 6
            else f"**{title}**{badges}\n\n"
        )
        return head + "".join(self.block(block, depth) for block in section.blocks)

    def block(self, block: Block, depth: int) -> str:
        match block:
            case Section():
                return self.section(block, depth + 1)
            case Paragraph():
                return runs(block.line) + "\n\n"
            case Bullets():
                marks = (f"{n}." if block.numbered else "-" for n in range(1, len(block.items) + 1))
                return (
                    "".join(f"{mark} {runs(item)}\n" for mark, item in zip(marks, block.items, strict=True))
                    + "\n"
                )
            case Quotation():
                by = f"\n> — {runs(block.by)}" if block.by else ""
                return f"> {runs((Text(block.text),))}{by}\n\n"
            case Facts():
                return "".join(f"- **{escape(name)}**: {runs(value)}\n" for name, value in block.pairs) + "\n"
            case Tiles():
                signs = (f"{look(tile.verdict).sign} " if tile.verdict else "" for tile in block.tiles)
                parts = (
                    f"**{escape(tile.value)}** {sign}{escape(tile.label)}"
                    for sign, tile in zip(signs, block.tiles, strict=True)
                )
                return " · ".join(parts) + "\n\n"
            case Note():
                return f"> [!{'WARNING' if block.tone == 'warning' else 'NOTE'}]\n> {runs(block.line)}\n\n"
            case Figure():
                return self.figure(block)
            case Table():
                return table(block)

    def figure(self, figure: Figure) -> str:
        self.figures += 1
        drawing = figure.drawing
        records = drawing.records()
        told = (f"**Figure {self.figures}. {escape(drawing.title)}.**", escape(figure.caption))
        head = " ".join(filter(None, (*told, *map(escape, drawing.warnings)))) + "\n\n"
        rows = tuple(Row(tuple(line(cell) for cell in record)) for record in records[:LONGEST_TWIN])
        more = len(records) - len(rows)
        cut = f"*{more} more rows are in figures/{drawing.name}.csv.*\n\n" if more > 0 else ""
        return (
            head
            + f"*{escape(drawing.alt).strip()}*\n\n"
            + grid(drawing.columns(), ["left"] * len(drawing.columns()), rows)
            + cut
        )


def table(block: Table) -> str:
    """A pipe table under its caption."""
    heads = tuple(column.head for column in block.columns)
    return f"*{escape(block.caption)}*\n\n" + grid(
        heads, [column.align for column in block.columns], block.rows
    )


def grid(heads: tuple[str, ...], aligns: list[str], rows: tuple[Row, ...]) -> str:
    """Pipe table."""
    rules = {"left": "---", "right": "---:", "center": ":---:"}
    lines = ["| " + " | ".join(escape(head) or " " for head in heads) + " |"]
    lines.append("|" + "|".join(rules[align] for align in aligns) + "|")
    for row in rows:
        cells = ["".join(map(inline, cell)).strip() or " " for cell in row.cells]
        anchor = f'<a id="{row.anchor}"></a>' if row.anchor else ""
        lines.append("| " + anchor + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n"
