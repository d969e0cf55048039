"""The report of an analysis that stands alone: the answers of a study of runs, with figures, rows and limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reports.chapters.statistics import answer_blocks
from reports.document import Document, Section


def answered(analysis: Mapping[str, Any], date: int | None = None) -> Document:
    """The document of an analysis.

    Parameters
    ----------
    analysis : mapping
        Object of `verify-claims analyse --json` for a study of runs: study, title, scale, answers, rows, figures.
    date : int, optional
        Seconds since 1970; without it the document carries no date, because the same input must give the same bytes.
    """
    facts: tuple[tuple[str, str], ...] = (
        ("study", str(analysis["study"])),
        ("scale", f"{analysis['scale']}; no answer holds beyond it"),
        ("made by", f"verify-claims {analysis.get('tool_version', '')}".strip()),
        ("command", f"verify-claims analyse {analysis['study']} --scale {analysis['scale']} --out DIR"),
    )
    if date is not None:
        facts = (*facts, ("date", datetime.fromtimestamp(date, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")))
    asked = {key: value for key, value in analysis.items() if key != "scale"}
    section = Section("Answers", "answers", tuple(answer_blocks(asked)))
    subtitle = "A question, what was fixed before the runs, and what the runs answer"
    return Document(str(analysis["title"]), subtitle, facts, (section,), date)


def files_of(analysis: Mapping[str, Any], date: int | None = None) -> dict[str, bytes]:
    """File name -> content: the report as Markdown, HTML and PDF, and the numbers of its figures."""
    from reports.html import html_of
    from reports.markdown import markdown_of
    from reports.pdf import pdf_of
    from reports.write import figure_data

    document = answered(analysis, date)
    return {
        "report.md": markdown_of(document).encode("utf-8", "replace"),
        "report.html": html_of(document).encode("utf-8", "replace"),
        "report.pdf": pdf_of(document),
        **figure_data(document),
    }
