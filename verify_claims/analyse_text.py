"""An analysis as text: answers first, each with what the evidence cannot say."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

NARROWEST, WIDEST, UNKNOWN = 40, 108, 108
"""Columns of the text; the last where nothing says how wide the terminal is."""


def render(found: Mapping[str, Any]) -> str:
    """Return the answers for a terminal, as wide as it is."""
    width = max(NARROWEST, min(shutil.get_terminal_size((UNKNOWN, 24)).columns, WIDEST))
    return "\n".join((*_lines(found, width), "Rows and figures: --json, or --out DIR.")) + "\n"


def _lines(found: Mapping[str, Any], width: int) -> Iterator[str]:
    for answer in found["answers"]:
        yield from _wrap(answer["question"], width, "")
        for sentence in answer.get("sentences") or [answer["answer"]]:
            yield from _wrap(sentence, width, "  ")
        for limit in answer["cannot_say"]:
            yield from _wrap(limit, width, "  - ")
        yield ""


def _wrap(text: str, width: int, indent: str) -> list[str]:
    """Lines of a sentence; what follows the first is indented by two more, so that sentences are told apart."""
    from reports.plain import visible

    return textwrap.wrap(
        visible(text),
        width,
        initial_indent=indent,
        subsequent_indent=" " * (max(len(indent), 2) + 2 if indent == "  " else len(indent)),
        break_on_hyphens=False,
    )
