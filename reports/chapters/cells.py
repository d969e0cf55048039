"""Cells of a finding as a table: a grid where they form one, so that a claim over 96 cells stays readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims.finding import Cell
from reports.chapters.places import Places
from reports.document import Column, Line, Row, Table, line

ACROSS = ("target", "metric")
"""Selector columns that go across; all others go down."""
GAIN = "gain_"
"""Prefix of the metric of a printed difference."""
CROWDED = 9
"""Columns of numbers from which a grid fills the page."""
WIDEST = 13
"""Columns of numbers that fit the page."""
USUAL = ("published", "all", "-", "–")
"""Values of selector columns that say nothing: a printed number, the average over languages, no such column."""
STRIDE = 3
"""Lines at one distance from which on they are drawn together."""


def cells_table(cells: Sequence[Cell], places: Places) -> Table:
    """Cells that findings used; every number links to its row in the list of evidence rows."""
    shared, keys = split_keys(cells)
    across = [key for key in keys if key in ACROSS] or keys[-1:]
    down = [key for key in keys if key not in across]
    columns = list(dict.fromkeys(_values(cell, across) for cell in cells))
    rows = list(dict.fromkeys(_values(cell, down) for cell in cells))
    sources = "; ".join(sorted({f"{cell.source}, {cell.locator}" for cell in cells}))
    gains = all(cell.selector.get("metric", "").startswith(GAIN) for cell in cells)
    what = "Cells used, as printed (gains, in points)" if gains else "Cells used, as printed"
    common = ", ".join(f"{key} {value}" for key, value in shared.items() if value not in USUAL)
    caption = f"{what}. {sources}{'; ' if common else ''}{common}. {file_lines(cells)}."
    by_place = {(_values(cell, down), _values(cell, across)): cell for cell in cells}
    is_grid = len(by_place) == len(cells) and 2 * len(by_place) >= len(rows) * len(columns)
    if is_grid and keys and len(columns) <= WIDEST and len({cell.status for cell in cells}) == 1:
        return _grid(by_place, rows, columns, down, caption, places)
    return _list(cells, keys, caption, places)


def split_keys(cells: Sequence[Cell]) -> tuple[dict[str, str], list[str]]:
    """Selector columns with one value for all cells, and the names of the others."""
    names = dict.fromkeys(key for cell in cells for key in cell.selector)
    shared, varying = {}, []
    for name in names:
        values = {cell.selector.get(name, "–") for cell in cells}
        if len(values) == 1:
            shared[name] = values.pop()
        else:
            varying.append(name)
    return shared, varying


def file_lines(cells: Iterable[Cell]) -> str:
    """Files with their lines, runs of lines drawn together: `evidence/a.csv:2-9, 12`."""
    lines: dict[str, set[int]] = {}
    for cell in cells:
        lines.setdefault(cell.file, set()).add(cell.line)
    return "; ".join(f"{file}:{', '.join(_runs(sorted(numbers)))}" for file, numbers in sorted(lines.items()))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Runs of lines at one distance: F1 and exact match stand on every other line, languages on all.

    >>> _runs([2, 3, 4, 10, 12, 14, 16, 20])
    ['2-4', '10, 12 ... 16', '20']
    """
    runs, at = [], 0
    while at < len(numbers):
        step = numbers[at + 1] - numbers[at] if at + 1 < len(numbers) else 1
        end = at
        while end + 1 < len(numbers) and numbers[end + 1] - numbers[end] == step:
            end += 1
        if step == 1 and end > at:
            runs.append(f"{numbers[at]}-{numbers[end]}")
        elif end - at >= STRIDE:
            runs.append(f"{numbers[at]}, {numbers[at + 1]} ... {numbers[end]}")
        else:
            end = at
            runs.append(str(numbers[at]))
        at = end + 1
    return runs


def _values(cell: Cell, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.selector.get(key, "–") for key in keys)


def _head(column: tuple[str, ...]) -> str:
    """Target and metric; that the metric is a gain stands in the caption."""
    return " ".join(name.removeprefix(GAIN) for name in column)


def _grid(
    by_place: dict[tuple[tuple[str, ...], tuple[str, ...]], Cell],
    rows: list[tuple[str, ...]],
    columns: list[tuple[str, ...]],
    down: list[str],
    caption: str,
    places: Places,
) -> Table:
    def number(row: tuple[str, ...], column: tuple[str, ...]) -> Line:
        cell = by_place.get((row, column))
        return line("–") if cell is None else places.value(cell)

    # crowded grids share the page by fixed shares, because typst would squeeze the names of the rows
    name_share, number_share = (9, 4) if len(columns) > CROWDED else (0, 0)
    names = (Column(", ".join(down), width=name_share),) if down else ()
    heads = (*names, *(Column(_head(column), "right", number_share) for column in columns))
    made = tuple(
        Row((*((line(" ".join(row)),) if down else ()), *(number(row, column) for column in columns)))
        for row in rows
    )
    return Table(heads, made, caption, compact=True)


def _list(cells: Sequence[Cell], keys: list[str], caption: str, places: Places) -> Table:
    rows = tuple(
        Row(
            (
                *(line(cell.selector.get(key, "–")) for key in keys),
                places.value(cell),
                line(cell.status),
                places.cell(cell),
            )
        )
        for cell in cells
    )
    heads = (
        *(Column(key) for key in keys),
        Column("printed", "right"),
        Column("status"),
        Column("row", width=1),
    )
    return Table(heads, rows, caption, compact=True)
