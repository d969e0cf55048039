"""Where one claim ends and the next begins, judged by blank lines, bullets and the ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from claims.reading.cells import Piece
from claims.reading.wraps import HYPHENS

_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:al|e\.g|i\.e|cf|vs|fig|tab|eq|sec|resp|approx|etc|no|dr|[A-Z])\.)$", re.I
)
_SENTENCE_END: Final = re.compile(r"[.!?…][\"')\]”’]*$")


def blocks(body: Sequence[Piece], marked: bool, sentences: bool = False) -> list[list[Piece]]:
    """The text pieces grouped into claims.

    A blank line parts two claims unless the text plainly runs on: it ends within a sentence and goes on in lower
    case. Before marks (`marked`) it parts them only after a finished sentence.
    """
    found: list[list[Piece]] = []
    gap = False
    for piece in body:
        if piece.kind == "blank":
            gap = True
            continue
        last = found[-1][-1].text if found else ""
        finished = ends_sentence(last)
        starts = not piece.text[:1].islower()
        if marked:
            parted = gap and finished and starts
        else:
            parted = (gap and (finished or starts)) or (sentences and finished and starts)
        if not found or piece.bullet or parted:
            found.append([])
        found[-1].append(piece)
        gap = False
    return found


def split_at_width(found: list[list[Piece]]) -> list[list[Piece]]:
    """The claims, those parted that hold two cut ones.

    A report that cuts its claims cuts them at one width, and nothing but the width then parts two cut claims that
    follow each other without a gap. The width shows where at least two open claims of 80 signs or more are equally
    long to within two signs; a longer claim is parted after a line that reaches it if the next line begins with a
    capital or digit.
    """
    lengths = sorted(_length(block) for block in found if not ends_sentence(block[-1].text))
    widths = [b for a, b in pairwise(lengths) if a >= 80 and b - a <= 2]
    if not widths:
        return found
    width = widths[-1]
    parted: list[list[Piece]] = []
    for block in found:
        parted.append([])
        for at, piece in enumerate(block):
            parted[-1].append(piece)
            more = block[at + 1].text[:1] if at + 1 < len(block) else ""
            breaks = sum(held.text[-1:] in HYPHENS for held in parted[-1] if held.text)
            if more and not more.islower() and abs(_length(parted[-1]) - width) <= 2 + breaks:
                parted.append([])
    return parted


def _length(block: Sequence[Piece]) -> int:
    """Signs of the text once its lines are joined, hyphens at line ends left out."""
    lines = [piece.text for piece in block if piece.text]
    return sum(len(text) - (text[-1] in HYPHENS) for text in lines) + sum(
        text[-1] not in HYPHENS for text in lines[:-1]
    )


def ends_sentence(text: str) -> bool:
    """Whether the text ends a sentence, and not merely in an abbreviation."""
    return bool(_SENTENCE_END.search(text[-12:])) and not _ABBREVIATION.search(text[-12:])


def runs_on(text: str, more: str) -> bool:
    """Whether `more` continues the sentence that `text` leaves open."""
    return not ends_sentence(text) and more[:1].islower()
