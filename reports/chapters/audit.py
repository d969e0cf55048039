"""Audit of the reports: what they say of themselves, how their verdicts relate to confidence and to ours."""

from __future__ import annotations

from typing import Final

from claims.outcome import AuditFinding, Outcome, ReportCard
from reports.chapters.places import claim_link
from reports.document import (
    Block,
    Bullets,
    Column,
    Facts,
    Figure,
    Inline,
    Line,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.figures.confidence import Confidence
from reports.words import count

TITLES: Final[dict[str, tuple[str, str]]] = {
    "independence": ("Independence", "Many mentions of one source are one witness."),
    "threshold": (
        "Verdict against confidence",
        "Whether the ticks are more than a cut-off on the reports' own confidence.",
    ),
    "opposite_verdicts": ("Opposite verdicts", "The same claim, ticked in one place and crossed in another."),
    "false_tick": (
        "Ticked, but contradicted here",
        "Claims that a report marks as verified and the evidence excludes.",
    ),
    "false_cross": (
        "Crossed, but supported here",
        "Claims that a report marks as not verified and the evidence bears out.",
    ),
    "question_uncovered": (
        "Questions without claims",
        "Research questions that no claim of the same report addresses.",
    ),
    "title_question": (
        "Titles against questions",
        "Titles that promise something else than the question asks.",
    ),
    "circular": ("Circular evidence", "Numbers that only the reports under review state."),
    "counts": ("Counts", "Numbers that a report states about itself, against the rows that it has."),
    "not_understood": (
        "Lines not understood",
        "Lines of a claims section that no rule of the reader covers.",
    ),
}
"""Audit code -> heading and what it looks for, in the order of the report."""


def audit(outcome: Outcome, compact: bool) -> Section:
    """The chapter; says so where there is nothing to audit."""
    if not outcome.reports and not outcome.audit:
        return Section(
            "Audit of the reports", "audit", (Paragraph(line("No report was read.")),), new_page=True
        )
    blocks: list[Block] = [_overview(outcome.reports)]
    drawing = None if compact else Confidence.of(outcome)
    if drawing is not None:
        caption = "Each mark is one mention: confidence and verdict of its report, and what was found here."
        blocks.append(Figure(drawing, caption))
    codes = list(dict.fromkeys([*TITLES, *(finding.code for finding in outcome.audit)]))
    for code in codes:
        found = [finding for finding in outcome.audit if finding.code == code]
        blocks.append(_code(code, found, len(outcome.reports)))
    blocks += [_card(report, relative(report.file, outcome)) for report in outcome.reports]
    return Section("Audit of the reports", "audit", tuple(blocks), new_page=True)


def _overview(reports: tuple[ReportCard, ...]) -> Table:
    rows = []
    for report in reports:
        ticks = [mention.verdict for mention in report.mentions]
        rows.append(
            Row(
                (
                    line(Text(report.id, "code")),
                    line(report.date or "–"),
                    line(str(len(ticks))),
                    line(str(ticks.count(True))),
                    line(str(ticks.count(False))),
                    line(str(ticks.count(None))),
                    line(", ".join(f"{key} {value}" for key, value in report.counts.items()) or "–"),
                )
            )
        )
    heads = (
        Column("Report", width=3),
        Column("Date", width=2),
        Column("Mentions", "right"),
        Column("✓", "right"),
        Column("✗", "right"),
        Column("none", "right"),
        Column("Counts that it states", width=5),
    )
    return Table(
        heads, tuple(rows), "Reports read, with the verdicts that they give themselves.", compact=True
    )


def _code(code: str, found: list[AuditFinding], reports: int) -> Section:
    title, purpose = TITLES.get(code, (code.replace("_", " ").capitalize(), ""))
    if not found:
        body: Block = Paragraph(line("Nothing was found."))
    else:
        body = Bullets(tuple(_item(finding, reports) for finding in found))
    blocks: tuple[Block, ...] = (
        (Paragraph(line(Text(purpose, "emph")), keep=True), body) if purpose else (body,)
    )
    return Section(title, f"audit-{code}", blocks, listed=False)


def _item(finding: AuditFinding, reports: int) -> Line:
    parts: list[Inline | str] = [finding.text]
    if finding.claim:
        parts += [" (", claim_link(finding.claim), ")"]
    if finding.reports:
        every = len(finding.reports) == reports > 1
        parts += [" — ", Text("all reports" if every else ", ".join(finding.reports), "small")]
    return line(*parts)


def relative(file: str, outcome: Outcome) -> str:
    """Path of a file as the inputs name it, else its bare name: a report must not depend on where a study lies."""
    whole = "/" + file.replace("\\", "/")
    return next((name for name in outcome.inputs if whole.endswith("/" + name)), whole.rpartition("/")[2])


def _card(report: ReportCard, file: str) -> Section:
    pairs = [
        ("title", line(report.title or "not found")),
        ("question", line(report.question or "not found")),
        (
            "abstract",
            line("not found" if report.abstract is None else "cut" if report.abstract_truncated else "whole"),
        ),
        ("references", line(count(len(report.references), "entry", "entries"))),
        ("file", line(Text(file, "code"))),
        ("SHA-256", line(Text(report.sha256, "code"))),
    ]
    blocks: list[Block] = [Facts(tuple(pairs))]
    if report.not_understood:
        rows = tuple(
            Row((line(str(number)), line(Text(text, "code")))) for number, text in report.not_understood
        )
        heads = (Column("line", "right"), Column("text", width=1))
        blocks.append(
            Table(heads, rows, "Lines of the claims section that were not understood.", compact=True)
        )
    return Section(report.id, f"report-{report.id}", tuple(blocks), listed=False)
