"""What a cell says: a verdict (tick or cross), a confidence, or neither.

Reports print the verdict as a glyph or as a word. A glyph counts anywhere; a word ("yes", "false") only where
it fills a cell, because it is also ordinary English. A confidence is kept as it was printed.
"""

from __future__ import annotations

import re
from typing import Final

TICKS: Final = "✓✔✅☑🗸"
CROSSES: Final = "×✗✘❌☒✖✕❎⨯"
_YES: Final = frozenset(
    {"yes", "y", "true", "verified", "supported", "confirmed", "pass", "passed", "[x]", "tick", "1"}
)
_NO: Final = frozenset(
    {"no", "n", "false", "x", "unverified", "not verified", "unsupported", "not supported", "refuted", "fail"}
    | {"failed", "[ ]", "cross", "0"}
)
_DECORATION: Final = re.compile(r"[\s*_`\ufe0e\ufe0f\u200b\u200d]+")
_CONFIDENCE: Final = re.compile(r"(?:0?\.\d{1,12}|[01](?:\.\d{1,12})?|\d{1,3}(?:\.\d{1,12})?\s?%)")
_TAIL: Final = re.compile(
    rf"(?:^|\s)(?P<verdict>[*_`]{{0,3}}[{TICKS}{CROSSES}][\ufe0e\ufe0f]?[*_`]{{0,3}})"
    r"(?:\s+(?P<confidence>[*_`]{0,3}[\d.]{1,14}\s?%?[*_`]{0,3}))?\s*$"
)
_SPREAD_TAIL: Final = re.compile(
    r"(?:^|\s{2,})(?P<confidence>0?\.\d{1,12}|1\.0{1,12}|\d{1,3}(?:\.\d{1,12})?%)\s*$"
)


def bare(cell: str) -> str:
    """The cell without Markdown emphasis, code marks, variation selectors and outer blanks."""
    return _DECORATION.sub(" ", cell).strip()


def verdict_of(cell: str) -> bool | None:
    """True for a tick, False for a cross, None where the cell says neither.

    Examples
    --------
    >>> [verdict_of(cell) for cell in ("✓", "**×**", "❌", "yes", "FALSE", "", "partly")]
    [True, False, False, True, False, None, None]
    """
    text = bare(cell)
    if not text or len(text) > 24:
        return None
    ticks = any(glyph in text for glyph in TICKS)
    crosses = any(glyph in text for glyph in CROSSES)
    if ticks != crosses:
        rest = text.strip(TICKS + CROSSES + " ").lower()
        return ticks if rest in ("", *(_YES if ticks else _NO)) else None
    word = text.lower().rstrip(".")
    return True if word in _YES else False if word in _NO else None


def confidence_of(cell: str) -> str | None:
    """The confidence as printed, a number from 0 to 1 or a percentage, or None.

    Examples
    --------
    >>> [confidence_of(cell) for cell in ("0.27", " **.5** ", "27 %", "8.2", "high")]
    ['0.27', '.5', '27 %', None, None]
    """
    text = bare(cell)
    if len(text) > 20 or _CONFIDENCE.fullmatch(text) is None:
        return None
    return text if confidence_value(text) is not None else None


def confidence_value(printed: str | None) -> float | None:
    """The printed confidence as a share from 0 to 1; None where it is missing or outside."""
    if printed is None:
        return None
    percent = printed.rstrip().endswith("%")
    try:
        value = float(printed.replace("%", "")) / (100 if percent else 1)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def split_tail(line: str, with_confidence: bool) -> tuple[str, str, str] | None:
    """(text, verdict cell, confidence cell) of a line that ends in marks; None where it does not.

    `with_confidence`: whether the table has a confidence column, so that a number set off by two blanks is one.

    Examples
    --------
    >>> split_tail("It improves by 8.7 points. ✓ 0.25", True)
    ('It improves by 8.7 points.', '✓', '0.25')
    """
    # Marks are a few signs at the end: searching only there keeps a long line linear.
    head, tail = line[:-48], line[-48:]
    match = _TAIL.search(tail)
    if match and (match["confidence"] is None or confidence_of(match["confidence"])):
        return (head + tail[: match.start()]).rstrip(), match["verdict"], match["confidence"] or ""
    match = _SPREAD_TAIL.search(tail) if with_confidence else None
    if match:
        return (head + tail[: match.start()]).rstrip(), "", match["confidence"]
    return None
