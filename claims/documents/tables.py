"""Tables of a document as grids of printed cells, and a table as rows of the results table.

Works on visible text, so booktabs rules, bold, colours and multicolumn heads are gone before it starts: a line
with tabs is a table row. What is left of a cell is its number; `±` and what follows it, footnote signs and a unit in
percent are recognised, and anything else in a cell is an error rather than a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from analysis.printed import is_printed_number
from analysis.results import COLUMNS
from claims.adapters.rows import Row, WrongOption, options_mapping, refuse_options
from claims.documents.reader import read_document
from claims.documents.visible import Visible
from claims.finding import Location

EMPTY: Final = frozenset({"", "-", "–", "—", "−", "n/a", "N/A", "NA", "na"})
"""Cells that say that there is no number; they yield no row, never 0."""

NOISE: Final = re.compile(r"\^\(?[\w,]{1,3}\)?$|[\u2020\u2021*§¶^_†‡]+|\((?:\d+|[a-z])\)$|\s+")
FOOTNOTE: Final = re.compile(r"(?:\^?\(?[\u2020\u2021*§¶†‡]+\)?|\^\(?\w\)?)$")
UNCERTAINTY: Final = re.compile(r"\s*(?:±|\+/-|\(±).*$")


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells as printed, and where each row begins."""

    rows: tuple[tuple[str, ...], ...]
    locations: tuple[Location, ...]


def tables(seen: Visible) -> tuple[Table, ...]:
    r"""All tables of a document in order; a table is a run of lines with cells, ended by prose or a form feed.

    Examples
    --------
    >>> from claims.documents.latex import read_latex
    >>> head = r"\begin{tabular}{lr} & \multicolumn{2}{c}{QA} \\ \midrule "
    >>> tables(read_latex("a.tex", head + r"SQuAD & \textbf{8.3} & 7.4\% \\ \end{tabular}"))[0].rows
    (('', 'QA', ''), ('SQuAD', '8.3', '7.4%'))
    """
    found: list[Table] = []
    rows: list[tuple[str, ...]] = []
    locations: list[Location] = []
    position = 0
    for line in re.split(r"[\n\f]", seen.text):
        if "\t" in line:
            cells = [" ".join(cell.split()) for cell in line.split("\t")]
            rows.append(tuple(cells))
            locations.append(seen.location(position + len(line) - len(line.lstrip())))
        elif rows and (line.strip() or seen.text[position - 1 : position] == "\f"):
            found.append(Table(tuple(rows), tuple(locations)))
            rows, locations = [], []
        position += len(line) + 1
    if rows:
        found.append(Table(tuple(rows), tuple(locations)))
    return tuple(found)


def number_of(cell: str) -> str | None:
    """The printed number of a cell, or None where the cell says that there is none.

    Raises
    ------
    ValueError
        The cell holds something else.

    Examples
    --------
    >>> number_of("8.3 ± 0.2"), number_of("1,104,934"), number_of("42 %"), number_of("–"), number_of("8.3*")
    ('8.3', '1,104,934', '42%', None, '8.3')
    """
    bare = NOISE.sub("", UNCERTAINTY.sub("", cell))
    if bare in EMPTY:
        return None
    if not is_printed_number(bare):
        raise ValueError(f"the cell {cell!r} is no printed number")
    return bare


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of one table of a document: the adapter `table`.

    Options: `find`, words that the table must contain (needed where there are several tables); `rows` and `columns`,
    the columns of the results table that the first cell of a row and the head of a column fill; `head`, the number
    of head lines (default 1; the last one counts, empty heads repeat the one before); `names`, a mapping from
    printed names to ids; `pair`, the two metrics of a cell such as `76.1/60.0`.
    """
    refuse_options(path, options, ("find", "rows", "columns", "head", "names", "pair"))
    rows_column, columns_column = _column(path, options, "rows"), _column(path, options, "columns")
    names = {str(key): str(value) for key, value in options_mapping(path, options, "names").items()}
    pair, count = _checked(path, options)
    table = _choose(path, options.get("find"))
    if count >= len(table.rows):
        what = f"the option `head` is {count}, the table has {len(table.rows)} lines"
        raise InputError(Problem(what, "count the lines above the first score", str(path)))
    heads = _filled(table.rows[count - 1])
    for number, (cells, location) in enumerate(zip(table.rows[count:], table.locations[count:], strict=True)):
        for head, cell in zip(heads[1:], cells[1:], strict=False):
            parts = cell.split("/") if pair and cell not in EMPTY else [cell]
            metrics = pair if pair and len(parts) == 2 else [None]
            for metric, part in zip(metrics, parts, strict=False):
                try:
                    printed = number_of(part)
                except ValueError:
                    what = f"the cell {cell!r} is no printed number"
                    remedy = "write the number, or leave it empty"
                    if number == 0:
                        remedy += f"; if its line belongs to the head of the table, write head: {count + 1}"
                    raise InputError(Problem(what, remedy, str(path), location.line)) from None
                if printed is not None and cells[0] and head:
                    row: Row = {
                        "locator": f"{location.file}:{location.line}, {cells[0]} / {head}",
                        rows_column: _named(cells[0], names),
                        columns_column: _named(head, names),
                        "printed": printed,
                    }
                    if metric is not None:
                        row["metric"] = str(metric)
                    yield row


def _checked(path: Path, options: Mapping[str, Any]) -> tuple[list[str] | None, int]:
    """The options `pair` and `head`; `WrongOption` for every option of another kind."""
    pair, head, find = options.get("pair"), options.get("head", 1), options.get("find")
    faults = []
    if pair is not None and not (isinstance(pair, list) and len(pair) == 2):
        faults.append(("pair", pair, "write the two metrics, pair: [f1, em]"))
    if isinstance(head, bool) or not isinstance(head, int) or head < 1:
        faults.append(("head", head, "write the number of head lines, head: 1"))
    if find is not None and not isinstance(find, str):
        faults.append(("find", find, "write words of the table, in quotes"))
    if faults:
        told = ((name, f"the option `{name}` is {str(seen)[:60]!r}", remedy) for name, seen, remedy in faults)
        raise WrongOption(path, *told)
    return pair, head


def _named(label: str, names: Mapping[str, str]) -> str:
    """The word for a label: by the label itself, or by the label without footnote signs."""
    bare = FOOTNOTE.sub("", label).strip()
    return names.get(label, names.get(bare, label))


def _filled(heads: tuple[str, ...]) -> tuple[str, ...]:
    filled = list(heads)
    for index in range(2, len(filled)):
        filled[index] = filled[index] or filled[index - 1]
    return tuple(filled)


def _column(path: Path, options: Mapping[str, Any], name: str) -> str:
    column = options.get(name)
    if not isinstance(column, str) or column not in COLUMNS:
        what = f"the option `{name}` is {column!r}, which is no column"
        raise WrongOption(path, (name, what, f"one of {', '.join(COLUMNS)}"))
    return str(column)


def _choose(path: Path, find: str | None) -> Table:
    every = tables(read_document(path))
    if not every:
        raise InputError(Problem("the document has no table", "name the file that has it", str(path)))
    hits = [table for table in every if find is None or find in " ".join(" ".join(row) for row in table.rows)]
    if len(hits) == 1:
        return hits[0]
    what = (
        f"{len(hits)} of {len(every)} tables contain {find!r}"
        if find
        else f"the document has {len(every)} tables"
    )
    lines = ", ".join(str(table.locations[0].line) for table in every[:8])
    raise InputError(
        Problem(what, f"set `find` to words of one table (they begin at lines {lines})", str(path))
    )
