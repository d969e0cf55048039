"""The results table: one row, one score, published or measured.

It is the only shape in which numbers travel between floors. A published score keeps the string that was
printed, because "8.70" and "8.7" stand for different intervals; a measured score has no such string.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas

Status: TypeAlias = Literal["seen", "derived", "measured", "recalled"]
Scale: TypeAlias = Literal["published", "miniature", "small", "paper"]

COLUMNS: Final[dict[str, str]] = {
    "source": "root document with version, e.g. arXiv:2005.13013v1; a run of ours: run:<study>",
    "locator": "where in the source: table and part, or the stage key of a run",
    "scale": "published, miniature, small or paper",
    "split": "train, dev or test (as the source defines it)",
    "model": "model id, e.g. xlm-roberta-large",
    "intermediate": "intermediate task(s): none, squad, mnli, ... or a set joined by '+'",
    "variant": "what else differs: plain, mlm, translated, own-baseline, published-baseline, ...",
    "target": "target task; `average` for a published average, a group name for a published group average",
    "language": "language code; `all` for a published average over languages; `-` where languages do not apply",
    "metric": "acc, f1, em, score (a published average), gain_<metric>, rows, languages, ...",
    "seed": "integer seed of the run; empty for published values",
    "n": "number of test examples behind the score; empty where the source does not say",
    "value": "the number as binary float (for statistics); empty is missing, never 0.0",
    "printed": "the number as it was printed, a string; empty for a run",
    "status": "seen (read in the source), derived, measured (ours) or recalled (never evidence)",
}
"""Column names in file order, each with its meaning."""

REQUIRED: Final = ("source", "target", "metric", "status")
"""Columns that a file must have; the others default to empty."""

STATUSES: Final = ("seen", "derived", "measured", "recalled")
SCALES: Final = ("published", "miniature", "small", "paper")
NUMBERS: Final = ("value", "n", "seed")
WHOLE: Final = ("n", "seed")
LARGE: Final = 4_000_000
"""Bytes from which a file is read by pyarrow instead of the csv module; below, the import would cost more."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, dictionary-encoded: `names[codes[row]]` is the text of the row."""

    codes: Sequence[int]
    """A list for small files, a NumPy int32 array for large ones."""
    names: list[str]


Table: TypeAlias = tuple[str, dict[str, Column], Sequence[int] | None]
"""One file as read: its name, its columns, and the line of each row (None where row k stands in line k + 2)."""


@dataclass(frozen=True)
class Results:
    """A results table in memory: every column dictionary-encoded, every row with its file and line.

    Dictionary encoding keeps a million rows under 100 MB, and makes validation and look-up work on the distinct
    texts only. Nothing is converted to binary floats: `value` stays the text of the file.
    """

    columns: dict[str, Column]
    files: tuple[str, ...]
    starts: tuple[int, ...]
    """First row of each file; its line is `lines[0]` or 2, because line 1 is the header."""
    lines: Sequence[Sequence[int] | None]
    """Per file, the line of each row; None where row k stands in line k + 2."""

    def __len__(self) -> int:
        return len(self.columns["source"].codes)

    def text(self, name: str, row: int) -> str:
        """Text of one cell of the table; empty where the file has none."""
        column = self.columns[name]
        return column.names[column.codes[row]]

    def row(self, row: int) -> dict[str, str]:
        """One row as texts, in file order of the columns."""
        return {name: column.names[column.codes[row]] for name, column in self.columns.items()}

    def place(self, row: int) -> tuple[str, int]:
        """File and line where a row stands."""
        part = bisect_right(self.starts, row) - 1
        known = self.lines[part]
        offset = row - self.starts[part]
        return self.files[part], (offset + 2 if known is None else int(known[offset]))

    def frame(self) -> pandas.DataFrame:
        """The table for statistics: `value`, `n` and `seed` as numbers, the rest as categories."""
        import pandas

        frame = pandas.DataFrame(
            {
                name: pandas.Categorical.from_codes(list(column.codes), categories=pandas.Index(column.names))
                for name, column in self.columns.items()
            }
        )
        for name in NUMBERS:
            frame[name] = pandas.to_numeric(frame[name].astype(object).replace("", None))
        return frame


def read_results(*paths: Path, base: Path | None = None, more: Sequence[Table] = ()) -> Results:
    """Results table of CSV, TSV and Parquet files.

    Parameters
    ----------
    paths
        Files with the columns of `COLUMNS`; those of `REQUIRED` must be there, the others default to empty.
    base
        Folder that file names are shown relative to.
    more
        Tables that were read by other means, put under the files.

    Raises
    ------
    InputError
        Every problem of every file: an unknown or missing column (with the nearest name), a non-number in
        `value`, `n` or `seed`, an unknown status or scale, a `value` that could not have been printed as
        `printed`; each with file, line and column.
    """
    tables = []
    problems: list[Problem] = []
    for path in paths:
        shown = str(path.relative_to(base)) if base is not None and path.is_relative_to(base) else str(path)
        try:
            tables.append((shown, *_read_one(path, shown)))
        except InputError as error:
            problems.extend(error.problems)
        except OSError as error:
            problems.append(Problem(f"cannot read it: {error.strerror}", "check its permissions", shown))
    if problems:
        raise InputError(*problems)
    return _join([*tables, *more])


def _read_one(path: Path, shown: str) -> tuple[dict[str, Column], Sequence[int] | None]:
    from analysis.results_text import read_text

    if not path.is_file():
        raise InputError(Problem("there is no such file", "check the path", shown))
    if path.suffix == ".parquet" or path.stat().st_size > LARGE:
        from analysis.results_arrow import read_arrow

        columns = read_arrow(path, shown)
        if columns is not None:
            return columns, None
    return read_text(path, shown)


def _join(tables: Sequence[Table]) -> Results:
    """Tables one under another; their dictionaries are merged."""
    if len(tables) == 1:
        shown, columns, lines = tables[0]
        return Results(columns, (shown,), (0,), (lines,))
    merged: dict[str, Column] = {}
    for name in COLUMNS:
        names: dict[str, int] = {}
        codes: list[int] = []
        for _, columns, _ in tables:
            column = columns[name]
            renamed = [names.setdefault(text, len(names)) for text in column.names]
            codes.extend(map(renamed.__getitem__, column.codes))
        merged[name] = Column(codes, list(names))
    starts, total = [], 0
    for _, columns, _ in tables:
        starts.append(total)
        total += len(columns["source"].codes)
    return Results(merged, tuple(t[0] for t in tables), tuple(starts), tuple(t[2] for t in tables))
