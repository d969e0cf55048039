"""An analysis as text: answers first, then what the evidence cannot say, then the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEAD = ("schema", "tool_version", "study", "title", "table", "inputs", "answers", "figures")


def render(found: Mapping[str, Any]) -> str:
    """Return the answers for a terminal."""
    import textwrap

    lines: list[str] = []
    for answer in found["answers"]:
        lines += [
            answer["question"],
            *textwrap.wrap(answer["answer"], 108, initial_indent="  ", subsequent_indent="  "),
        ]
        for limit in answer["cannot_say"]:
            lines += textwrap.wrap(limit, 108, initial_indent="  - ", subsequent_indent="    ")
        lines.append("")
    lines.append("Rows and figures: --json, or --out DIR.")
    return "\n".join(lines) + "\n"


def markdown(found: Mapping[str, Any]) -> str:
    """Return the analysis as Markdown."""
    lines = [f"# Analysis: {_safe(str(found.get('title') or found.get('table') or found.get('study')))}", ""]
    for answer in found["answers"]:
        lines += [f"## {_safe(answer['question'])}", "", _safe(answer["answer"]), ""]
        if answer["cannot_say"]:
            lines += ["What it cannot say:", "", *(f"- {_safe(limit)}" for limit in answer["cannot_say"]), ""]
        rows = found.get(answer["id"])
        if rows:
            lines += [*_table(rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = [
        "| " + " | ".join(_safe(name.replace("_", " ")) for name in names) + " |",
        "|" + "---|" * len(names),
    ]
    return out + ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in rows]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else _safe(str(value))


def _safe(text: str) -> str:
    """Return the text with Markdown's and HTML's own characters made inert."""
    for character in "\\`*_[]<>|#":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())
