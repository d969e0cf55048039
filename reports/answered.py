"""The report of an analysis that stands alone, of a study of runs or of a table: answers, figures, rows, limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reports.chapters.asked import OPENED, asked, scale_in_words
from reports.chapters.statistics import answer_blocks
from reports.document import Document, Section


def answered(analysis: Mapping[str, Any], date: int | None = None) -> Document:
    """The document of an analysis.

    Parameters
    ----------
    analysis : mapping
        Object of `verify-claims analyse --json`: study with title and scale, or table; answers, rows, figures.
    date : int, optional
        Seconds since 1970; without it the document carries no date, because the same input must give the same bytes.
    """
    facts = [("made by", f"verify-claims {analysis.get('tool_version', '')}".strip())]
    if "scale" in analysis:
        name, scale = str(analysis["study"]), str(analysis["scale"])
        facts = [("study", name), ("scale", scale_in_words(scale)), *facts]
        facts.append(("command", f"verify-claims analyse {name} --scale {scale} --out DIR"))
        title, subtitle = (
            str(analysis["title"]),
            "A question, what was registered and when, and what the runs answer",
        )
    else:
        title = str(analysis.get("title") or analysis.get("table") or analysis.get("study"))
        facts = [("table", title), *facts, ("command", f"verify-claims analyse {title} --out DIR")]
        subtitle = "What the scores of a table say, and what they cannot"
    if date is not None:
        facts.append(("date", datetime.fromtimestamp(date, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")))
    sections = (asked(analysis), Section("Answers", "answers", tuple(answer_blocks(analysis, opened=OPENED))))
    return Document(title, subtitle, tuple(facts), sections, date)


def files_of(analysis: Mapping[str, Any], date: int | None = None) -> dict[str, bytes]:
    """File name -> content: the analysis as JSON, its report as Markdown, HTML and PDF, data of its figures."""
    from reports.html import html_of
    from reports.markdown import markdown_of
    from reports.pdf import pdf_of
    from reports.write import figure_data

    document = answered(analysis, date)
    return {
        "analysis.json": analysis_text(analysis),
        "report.md": markdown_of(document).encode("utf-8", "replace"),
        "report.html": html_of(document).encode("utf-8", "replace"),
        "report.pdf": pdf_of(document),
        **figure_data(document),
    }


def analysis_text(analysis: Mapping[str, Any]) -> bytes:
    """The analysis as JSON text."""
    return (json.dumps(analysis, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
