"""The consistency sweep: published averages recomputed from the cells that are printed beside them."""

from __future__ import annotations

from collections import Counter

from claims.finding import Verdict
from claims.outcome import Outcome, SweepRow
from reports.chapters.cells import file_lines
from reports.chapters.claims import WORST_FIRST
from reports.document import Badge, Block, Break, Column, Paragraph, Row, Section, Table, Text, line
from reports.words import count, label


def sweep(outcome: Outcome) -> Section:
    """Counts by reason, then every average, the ones that fail first."""
    if not outcome.sweep:
        body = Paragraph(line("No published average was recomputed."))
        return Section("Published averages", "sweep", (body,))
    reasons = Counter(row.finding.reason for row in outcome.sweep)
    words = ", ".join(f"{number} {label(reason)}" for reason, number in reasons.most_common())
    blocks: tuple[Block, ...] = (
        Paragraph(
            line(
                f"{count(len(outcome.sweep), 'published average')} were recomputed from printed cells: {words}."
            )
        ),
        _table(outcome.sweep),
    )
    return Section("Published averages", "sweep", blocks, new_page=True)


def _table(rows: tuple[SweepRow, ...]) -> Table:
    ordered = sorted(rows, key=lambda row: WORST_FIRST.index(row.finding.verdict))
    heads = (
        Column("Average, with its source and the rows it was recomputed from", width=1),
        Column("Printed", "right"),
        Column("Found", "right"),
        Column("Verdict and reason"),
    )
    caption = (
        "Published averages against the mean of their printed cells; rounding of the cells is propagated."
    )
    return Table(heads, tuple(_row(row) for row in ordered), caption, sortable=True, compact=True)


def _row(row: SweepRow) -> Row:
    finding = row.finding
    by = (
        f" by at least {finding.margin}" if finding.margin and finding.verdict is Verdict.CONTRADICTED else ""
    )
    edges = finding.computed_interval
    within = line(Break(), Text(f"[{edges[0]}, {edges[1]}]", "small")) if edges else ()
    place = f"{row.source}, {row.locator}; {file_lines(finding.cells) or 'no rows'}"
    return Row(
        (
            line(row.what, Break(), Text(place, "small")),
            line(Text(row.printed, "strong")),
            line(finding.computed or "–", *within),
            line(Badge("verdict", finding.verdict), Break(), Text(f"{label(finding.reason)}{by}", "small")),
        )
    )
