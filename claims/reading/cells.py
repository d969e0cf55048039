"""What each line of a claim table is: header, rule, row, marks alone, text alone, or blank.

One language for all layouts. Pipe rows, tab rows and rows whose marks stand at the line end all become the same
pieces; columns are found by the header's words where there is one, and by what the cells hold otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claims.reading.document import Line
from claims.reading.marks import bare, confidence_of, split_tail, verdict_of
from claims.reading.wraps import squeezed

COLUMNS: Final = {
    **dict.fromkeys(
        ("claim", "claims", "statement", "extracted claim", "finding", "text", "assertion"), "claim"
    ),
    **dict.fromkeys(
        (
            "verified",
            "verified?",
            "verdict",
            "verification",
            "status",
            "supported",
            "supported?",
            "result",
            "✓",
            "check",
        ),
        "verdict",
    ),
    **dict.fromkeys(
        ("confidence", "conf", "conf.", "score", "certainty", "probability", "confidence score"), "confidence"
    ),
}
"""Header word -> what the column holds; any other column is kept out of the mention."""

_RULE: Final = re.compile(r"[\s|:+=_\-–—─━┼│]{3,}")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_BULLET: Final = re.compile(r"\s{0,8}(?:[-*•‣◦]|\d{1,3}[.)]|\(\d{1,3}\)|\[\d{1,3}\])\s+(?=\S)")
_BREAK: Final = re.compile(r"<br\s{0,3}/?>", re.I)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the claims section, understood on its own."""

    line: Line
    kind: str
    """blank, rule, header, row (text and cells), marks (cells without text) or text."""
    text: str = ""
    verdict: bool | None = None
    confidence: str | None = None
    bullet: bool = False
    odd: tuple[str, ...] = ()
    """Cells of the verdict or confidence column that say neither."""


def pieces_of(lines: Sequence[Line]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """(pieces, columns): each line understood, and the table's columns from left to right (empty: no header)."""
    columns = header_columns(lines)
    return tuple(_piece(line, columns) for line in lines), columns


def header_columns(lines: Sequence[Line]) -> tuple[str, ...]:
    """Columns that the first header names; a header may be spread over several lines, one word on each."""
    found: list[str] = []
    for line in lines:
        if not line.text.strip() or _RULE.fullmatch(line.text):
            continue
        names = header_names(line.text)
        if _complete(names):
            return tuple(names)
        if _complete(found):
            break
        found = [*found, *names] if names and not set(found) & set(names) else names
    return tuple(found) if _complete(found) else ()


def _complete(names: Sequence[str]) -> bool:
    """Whether the columns make a claim table: one of claims, and at least one of marks."""
    return names.count("claim") == 1 and ("verdict" in names or "confidence" in names)


def is_table_header(text: str) -> bool:
    """Whether the one line names a claim column and a verdict or confidence column."""
    return _complete(header_names(text))


def split_cells(text: str) -> list[str] | None:
    r"""Cells of a pipe or tab row, outer pipes dropped; None for a line without cells.

    Examples
    --------
    >>> split_cells(r"| a \| b | ✓ | 0.3 |")
    ['a | b', '✓', '0.3']
    """
    stripped = text.strip()
    pipes = len(_PIPE.findall(text)) if "|" in text else 0
    if pipes and (stripped.startswith("|") or pipes >= 2):
        inner = stripped.removeprefix("|")
        cells = _PIPE.split(inner)
        if len(cells) > 1 and not cells[-1].strip():
            cells.pop()
        return [clean(cell) for cell in cells]
    if "\t" in text.rstrip(" \n") and (
        text.strip("\t ").count("\t") or text.rstrip(" ").endswith("\t") or text[:1] == "\t"
    ):
        return [clean(cell) for cell in text.split("\t")]
    return None


def clean(cell: str) -> str:
    """The cell's words: escapes undone, emphasis around the whole cell dropped, blanks squeezed."""
    text = squeezed(_BREAK.sub(" ", cell)).replace("\\|", "|").replace("\\_", "_").replace("\\*", "*")
    for mark in ("**", "__", "*", "_", "`"):
        inner = text[len(mark) : -len(mark)]
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark) and mark not in inner:
            return inner.strip()
    return text


def header_names(text: str) -> list[str]:
    """Columns that a line made of column names only spells; empty for any other line."""
    if len(text) > 200:
        return []
    cells = split_cells(text)
    if cells is not None:
        kinds = [COLUMNS.get(bare(cell).lower(), "other") for cell in cells]
        known = [kind for kind in kinds if kind != "other"]
        return (
            kinds if len(set(known)) == len(known) and known and ("claim" in known or len(known) > 1) else []
        )
    words = bare(text).lower().split()
    kinds = [COLUMNS.get(word, "") for word in words]
    return kinds if words and len(words) <= 6 and all(kinds) and bare(text)[:1].isupper() else []


def _piece(line: Line, columns: tuple[str, ...]) -> Piece:
    """The line as a piece of a table with these columns."""
    text = line.text
    if not text.strip():
        return Piece(line, "blank")
    if _RULE.fullmatch(text):
        return Piece(line, "rule")
    if columns and header_names(text):
        return Piece(line, "header")
    cells = split_cells(text)
    if cells is not None and len(cells) > 1:
        return _from_cells(line, cells, columns)
    if cells is not None:
        return Piece(line, "text", cells[0])
    bullet = _BULLET.match(text)
    content = text[bullet.end() :] if bullet else text
    tail = split_tail(content, not columns or "confidence" in columns)
    if tail is not None:
        words, verdict, confidence = tail
        found = verdict_of(verdict), confidence_of(confidence)
        return Piece(line, "row" if words.strip() else "marks", clean(words), *found, bullet is not None)
    word, number = verdict_of(content), confidence_of(content)
    if columns and word is not None and not bare(content).isdigit():
        return Piece(line, "marks", "", word)
    if "confidence" in columns and number is not None and ("." in number or "%" in number):
        return Piece(line, "marks", "", None, number)
    return Piece(line, "text", clean(content), bullet=bullet is not None)


def _from_cells(line: Line, cells: list[str], columns: tuple[str, ...]) -> Piece:
    """A row of cells, by the header's columns where the numbers agree, by content otherwise."""
    surplus = len(cells) - len(columns)
    if columns and surplus > 0:
        at = columns.index("claim")  # an unescaped pipe or a stray tab stands in the claim
        cells = [
            *cells[:at],
            " | ".join(filter(None, cells[at : at + surplus + 1])),
            *cells[at + surplus + 1 :],
        ]
        if not _marks_fit(cells, columns):
            return _by_content(line, cells)
    elif not columns or surplus < 0:
        return _by_content(line, cells)
    text, verdict, confidence, odd = "", None, None, list[str]()
    for kind, cell in zip(columns, cells, strict=True):
        if kind == "claim":
            text = cell
        elif kind == "verdict":
            verdict = verdict_of(cell)
            odd += [cell] if bare(cell) and verdict is None else []
        elif kind == "confidence":
            confidence = confidence_of(cell)
            odd += [cell] if bare(cell) and confidence is None else []
    if odd and (verdict_of(text) is not None or confidence_of(text) is not None):
        return _by_content(line, cells)  # the header does not fit this row
    if text:
        return Piece(line, "row", text, verdict, confidence, odd=tuple(odd))
    if verdict is None and confidence is None:
        return Piece(line, "text", " ".join(filter(None, cells))) if any(cells) else Piece(line, "blank")
    return Piece(line, "marks", "", verdict, confidence, odd=tuple(odd))


def _marks_fit(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether at least one mark stands in the column of its kind."""
    return any(
        (kind == "verdict" and verdict_of(cell) is not None)
        or (kind == "confidence" and confidence_of(cell) is not None)
        for kind, cell in zip(columns, cells, strict=True)
    )


def _by_content(line: Line, cells: list[str]) -> Piece:
    """A row of cells of unknown columns: the last verdict, the last confidence, and the rest as text."""
    verdict: bool | None = None
    confidence: str | None = None
    rest: list[str] = []
    for cell in reversed(cells):
        if (
            confidence is None
            and (number := confidence_of(cell)) is not None
            and ("." in number or "%" in number)
        ):
            confidence = number
        elif verdict is None and (word := verdict_of(cell)) is not None:
            verdict = word
        elif cell:
            rest.insert(0, cell)
    if verdict is None and confidence is None:
        return Piece(line, "text", " ".join(rest)) if rest else Piece(line, "blank")
    return Piece(line, "row" if rest else "marks", " ".join(rest), verdict, confidence)
