"""One finding in full: what was asserted, what was compared, the intervals, the cells, and what would flip it."""

from __future__ import annotations

from typing import Any

from claims.finding import Finding
from reports.chapters.places import Places, anchor
from reports.document import (
    Badge,
    Block,
    Bullets,
    Column,
    Facts,
    Line,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.words import label


def finding_section(finding: Finding, places: Places) -> Section:
    """The block of one assertion."""
    reason = line(
        Badge("verdict", finding.verdict),
        " ",
        Badge("level", finding.level),
        f" {label(finding.reason)}: {finding.detail}",
    )
    blocks: list[Block] = [Paragraph(reason), Facts(_facts(finding))]
    if finding.cells:
        blocks.append(_cells(finding, places))
    if finding.contributions:
        blocks.append(_contributions(finding))
    if finding.alternatives:
        blocks.append(_alternatives(finding))
    if finding.statistics:
        blocks.append(_statistics(finding.statistics))
    if finding.needs:
        blocks.append(Paragraph(line(Text("What would settle it:", "strong"))))
        blocks.append(Bullets(tuple(line(need) for need in finding.needs)))
    title = f"{finding.kind}: {finding.reading}"
    return Section(title, anchor("finding", finding.id), tuple(blocks), listed=False)


def _facts(finding: Finding) -> tuple[tuple[str, Line], ...]:
    pairs: list[tuple[str, Line]] = []
    if finding.claimed is not None:
        pairs.append(("claimed", line(Text(finding.claimed, "strong"), stands_for(finding.claimed_interval))))
    if finding.computed is not None:
        pairs.append(("found", line(Text(finding.computed, "strong"), stands_for(finding.computed_interval))))
    if finding.margin is not None:
        pairs.append(("margin", line(finding.margin)))
    if finding.sensitivity is not None:
        pairs.append(("sensitivity", line(finding.sensitivity)))
    if finding.scale != "published":
        pairs.append(("scale", line(f"{finding.scale}: says nothing about the paper's own runs")))
    if finding.circular:
        pairs.append(("circular", line("the reports under review are the only place that states it")))
    place = f"{finding.location.file}:{finding.location.line}:{finding.location.column}"
    pairs.append(("assertion", line(Text(finding.id, "code"), " at ", Text(place, "code"))))
    if finding.tags:
        pairs.append(("tags", line(", ".join(finding.tags))))
    return tuple(pairs)


def stands_for(interval: tuple[str, str] | None) -> str:
    """The values that a printed number, or a result computed from printed ones, can stand for."""
    if interval is None:
        return ""
    return f", any value in [{interval[0]}, {interval[1]}]" if interval[0] != interval[1] else ", exactly"


def _cells(finding: Finding, places: Places) -> Table:
    """What every cell shares goes to the caption, so that the columns show what differs."""
    names = dict.fromkeys(key for cell in finding.cells for key in cell.selector)
    seen = {name: {cell.selector.get(name) for cell in finding.cells} for name in names}
    shared = [f"{name} {next(iter(values))}" for name, values in seen.items() if len(values) == 1]
    keys = [name for name, values in seen.items() if len(values) > 1] or list(names)[:1]
    rows = tuple(
        Row(
            (
                *(line(cell.selector.get(key, "–")) for key in keys),
                places.value(cell),
                line(cell.status),
                places.cell(cell),
            )
        )
        for cell in finding.cells
    )
    heads = (
        *(Column(key) for key in keys),
        Column("printed", "right"),
        Column("status"),
        Column("row", width=1),
    )
    sources = "; ".join(sorted({f"{cell.source}, {cell.locator}" for cell in finding.cells}))
    common = f" All: {', '.join(shared)}." if shared and len(finding.cells) > 1 else ""
    return Table(heads, rows, f"Cells used. From {sources}.{common}", compact=True)


def _contributions(finding: Finding) -> Table:
    rows = tuple(
        Row((line(part.group), line(", ".join(part.members)), line(part.points), line(part.of)))
        for part in finding.contributions
    )
    heads = (Column("group"), Column("targets", width=1), Column("points", "right"), Column("of", "right"))
    return Table(
        heads,
        rows,
        "What each group of targets adds to the average, in points of that average.",
        compact=True,
    )


def _alternatives(finding: Finding) -> Table:
    rows = tuple(
        Row((line(other.label), line(Text(other.computed, "strong")), line(other.note)))
        for other in finding.alternatives
    )
    heads = (Column("choice", width=2), Column("gives", "right"), Column("remark", width=3))
    return Table(heads, rows, "The same quantity under other defensible choices.", compact=True)


def _statistics(statistics: dict[str, Any]) -> Table:
    rows = tuple(Row((line(label(str(key))), line(in_words(value)))) for key, value in statistics.items())
    heads = (Column("statistic"), Column("value", width=1))
    return Table(heads, rows, "Statistics over seeds.", compact=True)


def in_words(value: Any) -> str:
    """A JSON value as text; a missing one is a dash, never 0.

    >>> in_words({"low": 0.1, "high": [1, None]})
    'low 0.1, high [1, –]'
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{label(str(key))} {in_words(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_words(item) for item in value) + "]"
    return str(value)


def finding_link(finding: Finding, text: str) -> Link:
    """Link to the block of a finding."""
    return Link(text, "#" + anchor("finding", finding.id))
