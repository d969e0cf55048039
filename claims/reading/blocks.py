"""Where one claim ends and the next begins, judged by blank lines, bullets and the ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from claims.reading.cells import Piece

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


def ends_sentence(text: str) -> bool:
    """Whether the text ends a sentence, and not merely in an abbreviation."""
    return bool(_SENTENCE_END.search(text[-12:])) and not _ABBREVIATION.search(text[-12:])


def runs_on(text: str, more: str) -> bool:
    """Whether `more` continues the sentence that `text` leaves open."""
    return not ends_sentence(text) and more[:1].islower()
