"""Rows of an analysis as a table: units in the heads, the same decimals down a column, room for words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from reports.chapters.decided import in_words
from reports.document import Column, Facts, Row, Table, line
from reports.prose import minus, prose
from reports.words import label

Rows = Sequence[Mapping[str, Any]]

POINTS: Final = (
    "estimate",
    "gain",
    "change",
    "difference",
    "margin",
    "smallest_detectable",
    "spread_between_seeds",
    "pooled",
    "pooled_gain",
    "deviation",
    "next_gain",
    "tau",
    "detectable_with_3",
    "detectable_with_5",
    "detectable_with_10",
    "mean_all",
    "mean_without",
    "points_from_group",
)
UNITS: Final = dict.fromkeys(POINTS, "points") | {
    "left": "percent",
    "after_its_phase": "percent",
    "at_the_end": "percent",
    "processor_seconds": "s",
    "wall_seconds": "s",
}
"""Column -> unit, where every analysis has it in that unit; a score is in the unit of its own metric."""
NAMES: Final = {
    "p_adjusted": "adjusted p",
    "p_holm": "p (Holm)",
    "I2": "I²",
    "Q_p": "p of Q",
    "processor_seconds": "processor time",
    "wall_seconds": "clock time",
    "smallest_detectable": "detectable",
    "levels": "level of each term",
    "low": "from",
    "high": "to",
}
"""Column -> head, where its own word is not the one to print."""
PROBABILITIES: Final = frozenset(("p", "p_adjusted", "p_holm", "Q_p"))
WORDY: Final = 18
"""Characters of a cell from which on its column shares what the others leave of a crowded page."""
PAGE: Final = 105
"""Characters that fit beside each other."""
WIDE: Final = 8
"""Columns from which on a table of one row is a list of names with values."""


def rows_block(rows: Rows, caption: str, leave: Iterable[str] = ()) -> Table | Facts:
    """The rows as a table; a single row of many columns as names with values.

    Parameters
    ----------
    rows : sequence of mappings
        Plain data of an analysis. A column without any value is left out, and so are those in `leave`.
    caption : str
        What the rows are; how intervals and missing values are written is added.
    """
    left_out = set(leave)
    names = [name for name in dict.fromkeys(str(key) for row in rows for key in row) if name not in left_out]
    names = [name for name in names if any(row.get(name) not in (None, "") for row in rows)]
    if len(rows) == 1 and len(names) > WIDE:
        return Facts(tuple((_column_of(name, label).head, prose(_one(rows[0].get(name)))) for name in names))
    texts = {name: _column(name, [row.get(name) for row in rows]) for name in names}
    longest = {name: max(map(len, (label(name), *texts[name]))) for name in names}
    crowded = sum(longest.values()) + 2 * len(names) > PAGE
    heads = []
    for name in names:
        wordy = crowded and longest[name] > WORDY and not _numeric(rows, name)
        width = min(longest[name], 60) if wordy else 0
        shown = _column_of(name, _short)
        heads.append(replace(shown, align="right" if _numeric(rows, name) else "left", width=width))
    body = tuple(Row(tuple(line(texts[name][at]) for name in names)) for at in range(len(rows)))
    notes = []
    if {"low", "high"} <= set(names):
        notes.append("From and to are the ends of the interval.")
    if any(row.get(name) in (None, "") for row in rows for name in names):
        notes.append("A dash is a missing value.")
    return Table(tuple(heads), body, " ".join((caption, *notes)), compact=True)


def _short(name: str) -> str:
    for end, word in (("_low", "from"), ("_high", "to")):
        if name.endswith(end):
            return f"{label(name.removesuffix(end))} {word}"
    return NAMES.get(name, label(name))


def _column_of(name: str, words: Callable[[str], str]) -> Column:
    return Column(words(name), unit=UNITS.get(name, ""))


def _numeric(rows: Rows, name: str) -> bool:
    return all(
        isinstance(row.get(name), int | float | None) and not isinstance(row.get(name), bool) for row in rows
    )


def _column(name: str, values: Sequence[Any]) -> list[str]:
    """The cells of one column: numbers with the same decimals, p values with two digits of their own."""
    numbers = [abs(value) for value in values if isinstance(value, float) and isfinite(value)]
    if not numbers:
        return [_one(value) for value in values]
    digits = 3 if max(numbers) < 1 else 2 if max(numbers) < 1000 else 1

    def shown(value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return minus(f"{value:.2g}" if name in PROBABILITIES else f"{value:.{digits}f}")
        return _one(value)

    return [shown(value) for value in values]


def _one(value: Any) -> str:
    """A single value; a missing one is a dash."""
    if isinstance(value, float):
        return minus(f"{value:.4g}") if isfinite(value) else "–"
    return "–" if value == "" else minus(in_words(value))
