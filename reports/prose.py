"""Sentences of the engine as runs of text: what stands between backticks as code, minus signs as minus signs.

Only for sentences that this program wrote. The words of a report or of a claims file are drawn as they are.
"""

from __future__ import annotations

import re
from typing import Final

from reports.document import Text

CODE: Final = re.compile(r"`([^`\n]+)`")
MINUS: Final = re.compile(r"(?<![\w.)\]-])-(?=\.?\d)")
"""A hyphen before a number, after no word, number or bracket: `-0.5`, and not `2026-11`, `noise-1` or `2-9`."""

SQUARE: Final = re.compile(r"\^2(?!\d)")


def prose(text: str) -> tuple[Text, ...]:
    """`text` as runs.

    >>> [(run.text, run.style) for run in prose("falls by -3.5; run `plan -2`")]
    [('falls by −3.5; run ', 'plain'), ('plan -2', 'code')]
    """
    runs = []
    for at, piece in enumerate(CODE.split(text)):
        if piece:
            runs.append(Text(piece, "code") if at % 2 else Text(minus(piece)))
    return tuple(runs)


def minus(text: str) -> str:
    """`text` with a minus sign before negative numbers, which the font draws as wide as a plus, and squares raised.

    >>> minus("-2 to +1, noise-1, 2-9, 2026-11-20, I^2, 10^21")
    '−2 to +1, noise-1, 2-9, 2026-11-20, I², 10^21'
    """
    return SQUARE.sub("²", MINUS.sub("−", text))
