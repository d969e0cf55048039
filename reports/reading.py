"""Reports as read and as audited: terminal tables, plain text and JSON, all from the same cards.

Everything that comes from a report passes through `reports.plain.visible`, so no terminal executes it, and rich gets
it as `Text`, so no markup in it is interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from claims.outcome import AuditFinding, Mention, ReportCard
from reports.plain import visible
from reports.words import count

if TYPE_CHECKING:
    from rich.console import RenderableType

    from claims.clustering import Proposal

NARROWEST, WIDEST = 40, 110
"""Columns of text; the widest also where nothing says how wide the terminal is."""
MARKS = {True: "✓", False: "×", None: "·"}
"""The reports' own verdicts; the dot stands for a missing one."""


def mentions_json(reports: Sequence[ReportCard]) -> list[dict[str, Any]]:
    """Every mention of every report, in reading order."""
    return [asdict(mention) for report in reports for mention in report.mentions]


def reports_json(reports: Sequence[ReportCard]) -> list[dict[str, Any]]:
    """What each report says of itself, without its mentions but with their number."""
    told: list[dict[str, Any]] = []
    for report in reports:
        fields = asdict(report)
        fields["mentions"] = len(report.mentions)
        fields["not_understood"] = [{"line": line, "text": text} for line, text in report.not_understood]
        told.append(fields)
    return told


def extract_json(
    study: str | None, reports: Sequence[ReportCard], proposals: Iterable[tuple[dict[str, Any], Proposal]]
) -> dict[str, Any]:
    """The one object of `verify-claims extract --json`; `proposals` are pairs of a drafted claim and its proposal."""
    return {
        "schema": "verify-claims/extract/1",
        "study": study,
        "mentions": mentions_json(reports),
        "proposals": [
            {
                "claim": draft,
                "mentions": [f"{mention.report}:{mention.line}" for mention in proposal.mentions],
                "truncated": proposal.truncated,
                "similar": [{"claim": id, "likeness": score} for id, score in proposal.similar],
            }
            for draft, proposal in proposals
        ],
        "reports": reports_json(reports),
    }


def head(report: ReportCard) -> str:
    """One line on a report: id, what was read, date, title."""
    lost = f", {count(len(report.not_understood), 'line')} not understood" if report.not_understood else ""
    about = "; ".join(filter(None, (report.date, report.title)))
    return visible(
        f"{report.id}: {count(len(report.mentions), 'mention')}{lost}" + (f" ({about})" if about else "")
    )


def mention_row(mention: Mention) -> tuple[str, str, str, str, str]:
    """Line, verdict, confidence, text and claims of a mention."""
    text = visible(mention.text) + (" […]" if mention.truncated else "")
    return (
        str(mention.line),
        MARKS[mention.verdict],
        visible(mention.confidence or "·"),
        text,
        ", ".join(mention.claims) or "(proposed)",
    )


def mentions_text(reports: Sequence[ReportCard]) -> str:
    """The mentions as plain text, one line each."""
    lines: list[str] = []
    for report in reports:
        lines.append(head(report))
        for mention in report.mentions:
            line, mark, confidence, text, claims = mention_row(mention)
            lines.append(f"  {line:>4}  {mark} {confidence:<5} {text}  -> {claims}")
        lines += [f"  {number:>4}  not understood: {visible(text)}" for number, text in report.not_understood]
        lines.append("")
    return "\n".join(lines)


def mentions_table(reports: Sequence[ReportCard]) -> Iterable[RenderableType]:
    """The mentions as rich tables, one for each report."""
    from rich.table import Table
    from rich.text import Text

    for report in reports:
        table = Table(title=Text(head(report)), title_justify="left", expand=True, pad_edge=False)
        table.add_column("line", justify="right")
        table.add_column("says", justify="center")
        table.add_column("confidence", justify="right")
        table.add_column("mention", ratio=3)
        table.add_column("claims", ratio=2)
        for mention in report.mentions:
            table.add_row(*(Text(cell) for cell in mention_row(mention)))
        for number, text in report.not_understood:
            table.add_row(str(number), "", "", Text(visible(text)), Text("not understood"))
        yield table


def audit_json(findings: Sequence[AuditFinding]) -> list[dict[str, Any]]:
    """The observations with their data."""
    from claims.audit import problematic

    return [{**asdict(finding), "problem": problematic(finding)} for finding in findings]


def audit_text(findings: Sequence[AuditFinding]) -> str:
    """The observations as plain text, as wide as the terminal: on one report under its name, then across reports."""
    from shutil import get_terminal_size
    from textwrap import wrap

    from claims.audit import problematic

    width = max(NARROWEST, min(get_terminal_size((WIDEST, 24)).columns, WIDEST))
    own = [finding for finding in findings if finding.code in PER_REPORT]
    across = [finding for finding in findings if finding.code not in PER_REPORT]
    lines: list[str] = []
    for title, group in (*_by_report(own), ("across reports", across)):
        if not group:
            continue
        lines.append(visible(title))
        for finding in group:
            mark = "!" if problematic(finding) else " "
            claim = f"{finding.claim}: " if finding.claim else ""
            text = f"{finding.code}: {claim}{visible(finding.text)}"
            lines += wrap(
                text, width, initial_indent=f"{mark} ", subsequent_indent="    ", break_on_hyphens=False
            )
        lines.append("")
    problems = sum(problematic(finding) for finding in findings)
    lines.append(f"{count(len(findings), 'observation')}, {problems} of them problems (marked !)")
    return "\n".join(lines) + "\n"


PER_REPORT = frozenset({"counts", "question_uncovered", "title_question", "not_understood"})
"""Codes of observations about one report on its own."""


def _by_report(findings: Sequence[AuditFinding]) -> list[tuple[str, list[AuditFinding]]]:
    """The observations under the report that they are about."""
    groups: dict[str, list[AuditFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.reports[0], []).append(finding)
    return list(groups.items())
