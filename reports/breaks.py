"""Invisible places to break long words of the PDF: in typst a word without one runs over the edge of its column."""

from __future__ import annotations

import re
from typing import Final

LONG: Final = 24
"""Longest run of characters without a break opportunity; longer ones may break anywhere after so many."""
CHAIN: Final = 12
"""Characters of a table cell above which a chain of tasks may break at its joints."""
BREAK: Final = "\u200b"
JOINT: Final = re.compile(r"(?<=[/._:=&?-])(?=[A-Za-z0-9\[])")
LINK: Final = re.compile(r"(?<=[A-Za-z0-9][>+])(?=[A-Za-z0-9])")


def breakable(text: str) -> str:
    """`text` with places to break inside long words.

    >>> breakable("evidence/v1.csv").replace(BREAK, "|")
    'evidence/v1.csv'
    >>> breakable("a" * 50).count(BREAK)
    2
    """
    if len(text) <= LONG:
        return text
    return " ".join(_broken(word) if len(word) > LONG else word for word in text.split(" "))


def chained(text: str) -> str:
    """`text` of a table cell with places to break in chains such as `mnli>squad`.

    >>> chained("mnli>squad>hellaswag").replace(BREAK, "|"), chained("p>0.05")
    ('mnli>|squad>|hellaswag', 'p>0.05')
    """
    return LINK.sub(BREAK, text) if len(text) > CHAIN else text


def _broken(word: str) -> str:
    pieces = JOINT.split(word)
    return BREAK.join(
        BREAK.join(piece[start : start + LONG] for start in range(0, len(piece), LONG)) for piece in pieces
    )
