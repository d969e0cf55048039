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
    Bullets,
    Column,
    Facts,
    Inline,
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

LEADING_CODE: Final = re.compile("[a-z_]+")
REASONS: Final = frozenset(map(str, Reason))
MARGINS: Final = {Verdict.CONTRADICTED: "misses by at least", Verdict.SUPPORTED: "to spare"}
"""What a margin is a margin of."""
LISTED: Final = 12
"""Alike needs that are listed; the JSON file has all."""
SEVERAL: Final = 3
"""Needs from which on their common words are said once."""


def finding_section(finding: Finding, places: Places) -> Section:
    """The block of one assertion."""
    reason = line(
        Badge("verdict", finding.verdict),
        " ",
        Badge("level", finding.level),
        " ",
        Text(label(finding.reason), "strong"),
        f": {finding.detail}",
    )
    blocks: list[Block] = [Paragraph(reason), Facts(_facts(finding))]
    if finding.cells:
        blocks.append(cells_table(finding, places))
    if finding.statistics:
        blocks.append(_statistics(finding.statistics))
    if finding.needs:
        blocks.append(Paragraph(line(Text("What would settle it:", "strong")), keep=True))
        blocks.append(Bullets(condensed(finding.needs)))
    title = f"{finding.kind}: {finding.reading}"
    return Section(title, anchor("finding", finding.id), tuple(blocks), listed=False)


def _facts(finding: Finding) -> tuple[tuple[str, Line], ...]:
    pairs: list[tuple[str, Line]] = []
    if finding.claimed is not None:
        pairs.append(("claimed", line(Text(finding.claimed, "strong"), stands_for(finding.claimed_interval))))
    if finding.computed is not None:
        pairs.append(("found", line(Text(finding.computed, "strong"), stands_for(finding.computed_interval))))
    if finding.margin is not None:
        pairs.append((MARGINS.get(finding.verdict, "margin"), line(finding.margin)))
    if finding.contributions:
        pairs.append(("made up of", _contributions(finding)))
    if finding.alternatives:
        pairs.append(("other choices", _alternatives(finding)))
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


def condensed(needs: tuple[str, ...]) -> tuple[Line, ...]:
    """What would settle it, with what all needs share said once.

    >>> [run.text for run in condensed(("the cell a, b of s", "the cell a, c of s", "the cell a, d of s"))[0]]
    ['the cell a, … of s, for each of: ', 'b; c; d']
    """
    if len(needs) < SEVERAL:
        return tuple(line(need) for need in needs)
    if " ".join(needs[-1].split(" ")[:2]) != " ".join(needs[0].split(" ")[:2]):
        return (*condensed(needs[:-1]), line(needs[-1]))
    words = [need.split(" ") for need in needs]
    shortest = min(map(len, words))
    start = next((n for n in range(shortest) if len({w[n] for w in words}) > 1), shortest)
    end = next((n for n in range(shortest - start) if len({w[-1 - n] for w in words}) > 1), shortest - start)
    if start + end < shortest / 2 or start + end == shortest:
        return tuple(line(need) for need in needs)
    differ = [" ".join(w[start : len(w) - end]).rstrip(",") for w in words]
    more = f"; and {len(differ) - LISTED} more like these" if len(differ) > LISTED + SEVERAL else ""
    parts = "; ".join(differ[:LISTED] if more else differ) + more
    head, tail = " ".join(words[0][:start]), " ".join(words[0][len(words[0]) - end :] if end else ())
    return (line(f"{head} …{' ' + tail if tail else ''}, for each of: ", Text(parts, "small")),)


def _contributions(finding: Finding) -> Line:
    """The averaged gain as the sum of what its groups of targets add."""
    parts: list[Inline] = []
    for part in finding.contributions:
        sign = "" if not parts else " − " if part.points.startswith("-") else " + "
        points = part.points.lstrip("+-") if parts else part.points
        parts += [Text(f"{sign}{points}", "strong"), Text(f" {part.group}")]
    return (*parts, Text(f" = {finding.contributions[0].of} points of the average"))


def _alternatives(finding: Finding) -> Line:
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
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_words(item) for item in value) + "]"
    return str(value)


def finding_link(finding: Finding, text: str) -> Link:
    """Link to the block of a finding."""
    return Link(text, "#" + anchor("finding", finding.id))
