"""One finding in full: what was asserted, what was compared, the intervals, the cells, and what would flip it."""

from __future__ import annotations

import re
from typing import Any, Final

from claims.finding import Finding, Reason, Verdict
from reports.chapters.cells import cells_table
from reports.chapters.places import Places, anchor
from reports.document import (
    Badge,
    Block,
    Break,
    Facts,
    Inline,
    Line,
    Link,
    Paragraph,
    Section,
    Text,
    line,
)
from reports.prose import prose
from reports.words import label

LEADING_CODE: Final = re.compile("[a-z_]+")
REASONS: Final = frozenset(map(str, Reason))


def finding_section(
    finding: Finding, places: Places, shown: dict[tuple[tuple[str, int], ...], Finding]
) -> Section:
    """The block of one assertion; `shown` holds the findings whose cells the claim has listed already."""
    reason = line(
        Badge("verdict", finding.verdict),
        " ",
        Badge("level", finding.level),
        " ",
        Text(label(finding.reason), "strong"),
        ": ",
        *prose(finding.detail),
    )
    blocks: list[Block] = [Paragraph(reason, keep=True), Facts(_facts(finding))]
    rows = tuple(sorted((cell.file, cell.line) for cell in finding.cells))
    if rows and rows in shown:
        first = finding_link(shown[rows], shown[rows].id)
        blocks.append(Paragraph(line(Text("Cells used: the same as in ", "small"), first)))
    elif finding.cells:
        blocks.append(cells_table(finding.cells, places))
        shown[rows] = finding
    if finding.statistics:
        blocks.append(Paragraph(line(Text("Statistics over seeds:", "strong")), keep=True))
        blocks.append(_statistics(finding.statistics))
    title = f"{finding.kind}: {finding.reading}"
    return Section(title, anchor("finding", finding.id), tuple(blocks), listed=False)


def _facts(finding: Finding) -> tuple[tuple[str, Line], ...]:
    pairs: list[tuple[str, Line]] = []
    if finding.claimed is not None:
        pairs.append(("claimed", number(finding.claimed, finding.claimed_interval)))
    if finding.computed is not None:
        spare = f"; {margin_in_words(finding)}" if finding.margin is not None else ""
        pairs.append(("found", (*number(finding.computed, finding.computed_interval), Text(spare))))
    elif finding.margin is not None:
        pairs.append(("margin", line(margin_in_words(finding))))
    if finding.tolerance:
        pairs.append(("tolerance", line(in_words(finding.tolerance))))
    if finding.contributions:
        pairs.append(("made up of", contributions(finding)))
    if finding.alternatives:
        pairs.append(("other choices", alternatives(finding)))
    if finding.sensitivity is not None:
        pairs.append(("sensitivity", line(finding.sensitivity)))
    if finding.scale != "published":
        pairs.append(("scale", line(f"{finding.scale}: says nothing about the paper's own runs")))
    if finding.circular and finding.reason is not Reason.CIRCULAR_EVIDENCE:
        pairs.append(("circular", line("the reports under review are the only place that states it")))
    place = f"{finding.location.file}:{finding.location.line}:{finding.location.column}"
    tags = f" ({', '.join(finding.tags)})" if finding.tags else ""
    pairs.append(("assertion", line(Text(finding.id, "code"), " at ", Text(place, "code"), tags)))
    return tuple(pairs)


def number(printed: str, interval: tuple[str, str] | None) -> Line:
    """A number with all values that it can stand for."""
    return line(Text(printed, "strong"), stands_for(interval))


def margin_in_words(finding: Finding) -> str:
    """`misses by at least 0.033`, or what is to spare."""
    if finding.verdict is Verdict.CONTRADICTED:
        return f"misses by at least {finding.margin}"
    return (
        f"{finding.margin} to spare" if finding.verdict is Verdict.SUPPORTED else f"margin {finding.margin}"
    )


def stands_for(interval: tuple[str, str] | None) -> str:
    """The values that a printed number, or a result computed from printed ones, can stand for."""
    if interval is None:
        return ""
    return f", any value in [{interval[0]}, {interval[1]}]" if interval[0] != interval[1] else ", exactly"


def contributions(finding: Finding) -> Line:
    """The averaged gain as the sum of what its groups of targets add."""
    parts: list[Inline] = []
    for part in finding.contributions:
        sign = "" if not parts else " − " if part.points.startswith("-") else " + "
        points = part.points.lstrip("+-") if parts else part.points
        parts += [Text(f"{sign}{points}", "strong"), Text(f" {part.group}")]
    return (*parts, Text(f" = {finding.contributions[0].of} points of the average"))


def alternatives(finding: Finding) -> Line:
    """The same quantity under other defensible choices, one a line."""
    parts: list[Inline] = []
    for other in finding.alternatives:
        if parts:
            parts.append(Break())
        parts += [Text(f"{other.label}: "), Text(other.computed, "strong")]
        if other.note:
            parts.append(Text(f" ({plain_reason(other.note)})", "small"))
    return tuple(parts)


def plain_reason(text: str) -> str:
    """`text` with a leading reason code as words.

    >>> plain_reason("differs_from_print: 8.3")
    'differs from print: 8.3'
    """
    found = LEADING_CODE.match(text)
    return label(found[0]) + text[found.end() :] if found and found[0] in REASONS else text


def _statistics(statistics: dict[str, Any]) -> Facts:
    return Facts(tuple((label(str(key)), line(in_words(value))) for key, value in statistics.items()))


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
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_words(item) for item in value) + "]"
    return str(value)


def finding_link(finding: Finding, text: str) -> Link:
    """Link to the block of a finding."""
    return Link(text, "#" + anchor("finding", finding.id))
