"""A CSV or TSV file as columns of the results table, with every problem at its file, line and column.

This is the exact reader: it knows where each field stands. The reader for large files asks it for the positions
as soon as it finds anything odd.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS, REQUIRED, WHOLE, Column
from analysis.results_rules import EMPTY_ROW, row_faults, whole

SHOWN: Final = 50
"""Problems shown per file; the rest is counted, because a wrong delimiter breaks every line."""
FIELD: Final = 100_000
"""Characters of the longest field; a longer one is no number and no name."""
BYTES: Final = 8_000_000_000
"""A larger file is refused before it is read."""


class _Lines:
    """Lines of a file, remembering the last one so that a field can be located in it."""

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.number = 0
        self.raw = ""

    def __iter__(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as stream:
            for self.number, self.raw in enumerate(stream, start=1):
                if not self.raw.isascii():
                    self._refuse_other_encodings()
                if "\0" in self.raw:
                    self._refuse("a NUL byte: this is no text file", self.raw.index("\0") + 1)
                yield self.raw

    def _refuse_other_encodings(self) -> None:
        for column, letter in enumerate(self.raw, start=1):
            if "\udc80" <= letter <= "\udcff":
                self._refuse(f"byte 0x{ord(letter) - 0xDC00:02x} is not UTF-8", column)

    def _refuse(self, what: str, column: int) -> None:
        raise InputError(Problem(what, "save the table as UTF-8 CSV", self.shown, self.number, column))


def read_text(path: Path, shown: str) -> tuple[dict[str, Column], Sequence[int] | None]:
    """Columns of a CSV or TSV file, and the line of each row (None where row k stands in line k + 2)."""
    if path.stat().st_size > BYTES:
        raise InputError(Problem(f"{path.stat().st_size:,} bytes are too many", "split the file", shown))
    delimiter = "\t" if path.suffix in (".tsv", ".tab") else ","
    lines = _Lines(path, shown)
    csv.field_size_limit(FIELD)
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    places: dict[str, int] = {}
    try:
        places = header_places(next(reader, []), shown, lines.raw, delimiter)
        checked = [(name, at) for name, at in places.items() if name in EMPTY_ROW]
        for row in reader:
            if not row:
                continue
            if len(row) != len(places):
                what = f"{len(row)} fields where the header has {len(places)}"
                problems.append(
                    Problem(what, "quote a field that contains the delimiter", shown, lines.number)
                )
                continue
            faults = row_faults(EMPTY_ROW | {name: row[at] for name, at in checked})
            for name, what, remedy in faults:
                column = field_column(lines.raw, places[name], delimiter) if name in places else None
                problems.append(Problem(what, remedy, shown, lines.number, column))
            rows.append(row)
            numbers.append(lines.number)
    except csv.Error as error:
        problems.append(
            Problem(f"not a table: {error}", "check the quotes of this line", shown, lines.number)
        )
    if problems:
        rest = len(problems) - SHOWN
        more = [Problem(f"{rest:,} more problems of this file are not shown", "", shown)] if rest > 0 else []
        raise InputError(*problems[:SHOWN], *more)
    regular = all(number == at for at, number in enumerate(numbers, start=2))
    return encode(rows, places), None if regular else numbers


def header_places(header: Sequence[str], shown: str, raw: str = "", delimiter: str = ",") -> dict[str, int]:
    """Column name -> position; every unknown, double or missing column is a problem with the nearest name."""
    if not header:
        remedy = f"write a line of column names ({', '.join(REQUIRED)}, ...) and one line per score"
        raise InputError(Problem("the first line is empty", remedy, shown, 1))
    other = _other_delimiter(header)
    if other is not None:
        said = {",": "commas", "\t": "tabs", ";": "semicolons"}
        remedy = f"separate them by {said[delimiter]}" + (
            "; numbers have a decimal point" if other == ";" else ""
        )
        raise InputError(Problem(f"the fields are separated by {said[other]}", remedy, shown, 1))
    problems = []
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        column = field_column(raw, at, delimiter)
        if name not in COLUMNS:
            near = get_close_matches(name.strip().lower(), COLUMNS, n=1, cutoff=0.5)
            remedy = f"write {near[0]!r}" if near else f"the columns are {', '.join(COLUMNS)}"
            problems.append(Problem(f"unknown column {name[:60]!r}", remedy, shown, 1, column))
        elif name in places:
            problems.append(Problem(f"column {name!r} stands twice", "remove one", shown, 1, column))
        else:
            places[name] = at
    if not problems:
        problems = [
            Problem(f"column {name!r} is missing", f"add it: {COLUMNS[name]}", shown, 1)
            for name in REQUIRED
            if name not in places
        ]
    if problems:
        raise InputError(*problems)
    return places


def _other_delimiter(header: Sequence[str]) -> str | None:
    """The character that separates the column names, where it is not the one that the file was read with."""
    if len(header) > 1:
        return None
    return next((one for one in ";\t," if set(header[0].split(one)) & set(COLUMNS) - set(header)), None)


def field_column(raw: str, index: int, delimiter: str) -> int:
    """Character column, from 1, where field `index` of a line begins.

    Examples
    --------
    >>> field_column('a,"b,c",d', 2, ",")
    9
    """
    quoted = False
    for at, letter in enumerate(raw):
        if index == 0:
            return at + 1
        if letter == '"':
            quoted = not quoted
        elif letter == delimiter and not quoted:
            index -= 1
    return len(raw.rstrip("\r\n")) + 1


def encode(rows: Sequence[Sequence[str]], places: Mapping[str, int]) -> dict[str, Column]:
    """Rows as dictionary-encoded columns; a column that the file lacks is empty throughout."""
    columns = {}
    for name in COLUMNS:
        if name in places:
            at = places[name]
            names: dict[str, int] = {}
            if name in WHOLE:
                codes = [names.setdefault(whole(row[at]), len(names)) for row in rows]
            else:
                codes = [names.setdefault(row[at], len(names)) for row in rows]
            columns[name] = Column(codes, list(names))
        else:
            columns[name] = Column([0] * len(rows), [""])
    return columns
