"""Which lines of a claim table make one claim, and which marks belong to it.

Five shapes occur. A line is a whole row, or marks stand on a row's first line and the text runs on below (`beside`:
pipe and tab tables, text with its layout kept). A claim takes several lines and its marks follow it (`after`: a PDF
read cell by cell), precede it (`before`), or stand around it, the verdict on its first line and the confidence below
(`around`: a PDF read from top to bottom). Or the columns of marks are lost, and only blank lines, sentence ends
and bullets part the claims (`bare`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from claims.reading.blocks import blocks, ends_sentence, runs_on, split_at_width
from claims.reading.cells import Piece


@dataclass(slots=True)
class Open:
    """A row that is being put together."""

    pieces: list[Piece] = field(default_factory=list)
    """What has text."""
    verdict: bool | None = None
    confidence: str | None = None
    marks: list[Piece] = field(default_factory=list)
    """What has marks only."""

    def marked(self) -> bool:
        """Whether it has a verdict or a confidence."""
        return self.verdict is not None or self.confidence is not None


def assemble(body: Sequence[Piece], columns: Sequence[str]) -> tuple[list[Open], list[Piece]]:
    """(rows, pieces left over) of a table without its header and rules."""
    return _ASSEMBLE[shape_of(body, columns)](body, bool(columns))


def shape_of(body: Sequence[Piece], columns: Sequence[str]) -> str:
    """How claims and marks stand to each other: `bare`, `before`, `around`, `after` or `beside`."""
    content = [piece for piece in body if piece.kind != "blank"]
    kinds = {piece.kind for piece in content}
    if not kinds & {"row", "marks"}:
        return "bare"
    if (
        "marks" in kinds
        and content[0].kind == "marks"
        and columns
        and columns[0] in ("verdict", "confidence")
    ):
        return "before"
    if {"verdict", "confidence"} <= set(columns) and _encloses(content):
        return "around"
    if "marks" in kinds or (content[0].kind == "text" and content[0].line.text[:1] != "\t"):
        return "after"
    return "beside"


def _encloses(content: Sequence[Piece]) -> bool:
    """Whether, in most rows with text after their verdict, that text is followed by the confidence alone."""
    enclosing = others = 0
    state = ""
    for piece in content:
        if piece.kind == "row" and piece.verdict is not None and piece.confidence is None:
            state = "verdict"
        elif piece.kind == "text" and state:
            state = "text"
        elif piece.kind == "marks" and piece.verdict is None and state == "text":
            enclosing, state = enclosing + 1, ""
        elif _has_marks(piece):
            others, state = others + (state == "text"), ""
    return enclosing > others


def _around(body: Sequence[Piece], _: bool) -> tuple[list[Open], list[Piece]]:
    """The confidence closes a row; its verdict stands on its first line, or alone anywhere before."""
    done: list[Open] = []
    held = Open()
    for piece in body:
        again = piece.verdict is not None and held.verdict is not None
        if again and held.pieces:
            done.append(held)
            held = Open()
        if piece.kind in ("row", "text"):
            held.pieces.append(piece)
        if piece.kind == "marks":
            held.marks.append(piece)
        held.verdict = held.verdict if piece.verdict is None else piece.verdict
        if piece.confidence is not None:
            held.confidence = piece.confidence
            if held.pieces:
                done.append(held)
                held = Open()
    left = [*held.pieces, *held.marks]
    if held.pieces and held.marked():
        done.append(held)
        left = []
    return done, left


def _beside(body: Sequence[Piece], _: bool) -> tuple[list[Open], list[Piece]]:
    """Each row has its marks on its first line; text that runs on below belongs to it."""
    done: list[Open] = []
    left: list[Piece] = []
    touching = False
    for piece in body:
        if piece.kind == "row":
            if touching and not _has_marks(piece) and runs_on(done[-1].pieces[-1].text, piece.text):
                done[-1].pieces.append(piece)
            else:
                done.append(Open([piece], piece.verdict, piece.confidence))
            touching = True
        elif piece.kind == "text":
            if touching and not piece.bullet and not ends_sentence(done[-1].pieces[-1].text):
                done[-1].pieces.append(piece)
            elif piece.bullet and done and done[-1].pieces[0].bullet:
                done.append(Open([piece]))
                touching = True
            else:
                left.append(piece)
                touching = False
        else:
            touching = False
    return done, left


def _after(body: Sequence[Piece], _: bool) -> tuple[list[Open], list[Piece]]:
    """Marks close the row whose text came before them."""
    done: list[Open] = []
    pending: list[Piece] = []
    left: list[Piece] = []
    for piece in body:
        if piece.kind in ("text", "blank"):
            pending.append(piece)
            continue
        pending = _given_back(done, pending)
        has_text = any(held.kind == "text" for held in pending)
        if piece.kind == "row" and not _has_marks(piece) and not has_text:
            done.append(Open([piece]))
        elif piece.kind == "row" or has_text:
            parts = blocks([*pending, piece] if piece.kind == "row" else pending, True)
            done += [Open(block) for block in parts[:-1]]
            marks = [] if piece.kind == "row" else [piece]
            done.append(Open(parts[-1], piece.verdict, piece.confidence, marks))
        elif not _complete(done, piece):
            left.append(piece)
        pending = []
    for block in blocks(_given_back(done, pending, last=True), True):
        if block[0].bullet:
            done.append(Open(block))  # an item of a list is a claim even where its marks are missing
        else:
            left += block
    return done, left


def _given_back(done: list[Open], pending: list[Piece], last: bool = False) -> list[Piece]:
    """`pending` without the lines that continue the row before, beyond a page or column break.

    There the marks stand with the first part of the row, and the rest of its text follows them without a gap, with a
    gap behind it; the row's text was left open.
    """
    at = next((n for n, piece in enumerate(pending) if piece.kind == "blank"), len(pending))
    another = last or any(piece.kind == "text" for piece in pending[at:])
    if not done or not at or not another or ends_sentence(done[-1].pieces[-1].text):
        return pending
    done[-1].pieces += pending[:at]
    return pending[at:]


def _before(body: Sequence[Piece], _: bool) -> tuple[list[Open], list[Piece]]:
    """Marks open the row whose text comes after them."""
    done: list[Open] = []
    left: list[Piece] = []
    for piece in body:
        if piece.kind == "marks":
            if not (done and not done[-1].pieces and _complete(done, piece)):
                done.append(Open([], piece.verdict, piece.confidence, [piece]))
        elif piece.kind == "row":
            done.append(Open([piece], piece.verdict, piece.confidence))
        elif piece.kind == "text":
            if done:
                done[-1].pieces.append(piece)
            else:
                left.append(piece)
    left += [piece for item in done if not item.pieces for piece in item.marks]
    return [item for item in done if item.pieces], left


def _bare(body: Sequence[Piece], has_header: bool) -> tuple[list[Open], list[Piece]]:
    """The marks are lost: blank lines, bullets and, in a table, sentence ends at a line end part the rows."""
    return [Open(block) for block in split_at_width(blocks(body, False, sentences=has_header))], []


_ASSEMBLE: Final = {"beside": _beside, "after": _after, "around": _around, "before": _before, "bare": _bare}


def _complete(done: list[Open], piece: Piece) -> bool:
    """Whether the marks fill what the last row still lacks; if so, they are given to it."""
    last = done[-1] if done else None
    if last is None or (piece.verdict is not None and last.verdict is not None):
        return False
    if (piece.confidence is not None and last.confidence is not None) or not last.marked():
        return False
    last.verdict = piece.verdict if piece.verdict is not None else last.verdict
    last.confidence = piece.confidence if piece.confidence is not None else last.confidence
    last.marks.append(piece)
    return True


def _has_marks(piece: Piece) -> bool:
    return piece.verdict is not None or piece.confidence is not None
