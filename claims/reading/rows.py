"""Rows of a claim table: the section cut into tables, the pieces of a table put together, wraps undone.

Every line of the section ends up in a row, as structure (header, rule, blank), or as not understood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from claims.reading.cells import Piece, header_names, is_table_header, pieces_of
from claims.reading.document import Line
from claims.reading.shapes import Open, assemble
from claims.reading.wraps import unwrap


@dataclass(slots=True)
class Row:
    """One claim as the table states it."""

    line: int
    text: str
    raw: str
    """All its lines as they stand in the file."""
    verdict: bool | None
    confidence: str | None
    lines: tuple[int, ...]


def rows_of(
    lines: Sequence[Line], words: Counter[str]
) -> tuple[tuple[Row, ...], tuple[tuple[int, str], ...]]:
    """(rows, lines not understood) of a claims section; `words` is the document's vocabulary."""
    rows: list[Row] = []
    lost: list[tuple[int, str]] = []
    for table in _tables(lines):
        pieces, columns = pieces_of(table)
        start = next((at for at, piece in enumerate(pieces) if piece.kind == "header"), 0)
        before = [piece for piece in pieces[:start] if piece.kind in ("text", "marks", "row")]
        body = [piece for piece in pieces[start:] if piece.kind not in ("rule", "header")]
        done, left = assemble(body, columns)
        lost += [(piece.line.number, cell) for piece in body for cell in piece.odd]
        lost += [(piece.line.number, piece.line.text.strip()) for piece in (*before, *left)]
        rows += [_row(item, words) for item in done]
    return tuple(rows), tuple(sorted(lost))


def _tables(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The section cut before each header that names other columns than the header before it."""
    cuts: list[int] = [0]
    columns: list[str] = []
    for at, line in enumerate(lines):
        if is_table_header(line.text):
            names = header_names(line.text)
            if columns and names != columns:
                cuts.append(at)
            columns = names
    return [lines[a:b] for a, b in zip(cuts, [*cuts[1:], len(lines)], strict=True)]


def _row(item: Open, words: Counter[str]) -> Row:
    """The finished row: its lines joined, its wraps undone."""
    lines = {piece.line.number: piece.line.text for piece in sorted((*item.pieces, *item.marks), key=_number)}
    text = unwrap([piece.text for piece in item.pieces], words)
    raw = "\n".join(lines.values()).strip()
    return Row(item.pieces[0].line.number, text, raw, item.verdict, item.confidence, tuple(lines))


def _number(piece: Piece) -> int:
    return piece.line.number
