"""Rows of an analysis as a table: units in the heads, the same decimals down a column, room for words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from reports.chapters.decided import in_words
from reports.document import Column, Row, Table, line
from reports.prose import minus
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
    "Q_p_holm": "p of Q (Holm)",
    "processor_seconds": "processor time",
    "wall_seconds": "clock time",
    "smallest_detectable": "detectable",
    "means": "mean of each term",
    "low": "from",
    "high": "to",
}
"""Column -> head, where its own word is not the one to print."""
MISSING: Final = "–"
JOINT: Final = re.compile(r"[ ,]|(?<=[>+/._-])")
"""Where a cell can be broken."""
WORDY: Final = 18
"""Characters of a cell from which on a column is one of words."""
PAGE: Final = 105
"""Characters that fit beside each other; a table of more is crowded."""
WIDE: Final = 8
"""Columns from which on a table of few rows is turned, so that its columns go down."""
FEW: Final = 3
"""Rows that fit beside each other in a table that is turned."""


def rows_table(rows: Rows, caption: str, leave: Iterable[str] = (), unit: str = "") -> Table:
    """The rows as a table; that of few rows with many columns is turned.

    Parameters
    ----------
    rows : sequence of mappings
        Plain data of an analysis. A column without any value is left out, and so are those in `leave`.
    caption : str
        What the rows are; what all rows share and how intervals and missing values are written is added.
    unit : str
        Of means, where it is known.
    """
    units = UNITS | ({"mean": unit} if unit else {})
    left_out = set(leave)
    names = [name for name in dict.fromkeys(str(key) for row in rows for key in row) if name not in left_out]
    names = [name for name in names if any(row.get(name) not in (None, "") for row in rows)]
    digits = _digits(row.get(name) for row in rows for name in names)
    texts = {name: _column(name, [row.get(name) for row in rows], digits) for name in names}
    notes = []
    if _is_crowded(texts) and len(rows) >= FEW:
        ends = ("low", "high")
        shared = [name for name in names if len(set(texts[name])) == 1 and not name.endswith(ends)]
        names = [name for name in names if name not in shared]
        told = "; ".join(
            f"{_short(name)} {texts.pop(name)[0]} {units.get(name, '')}".strip() for name in shared
        )
        notes += [f"In all rows: {told}."] if told else []
    if {"low", "high"} <= texts.keys():
        notes.append("From and to are the ends of the interval.")
    if any(text == MISSING for name in names for text in texts[name]):
        notes.append("A dash is a missing value.")
    caption = " ".join((caption, *notes))
    if _is_crowded(texts) and len(rows) <= FEW and len(names) > WIDE:
        return _turned(texts, len(rows), caption, units)
    numeric = {name for name in names if all(_is_number(row.get(name)) for row in rows)}
    heads = tuple(_head(name, texts, numeric, units) for name in names)
    body = tuple(Row(tuple(line(texts[name][at]) for name in names)) for at in range(len(rows)))
    return Table(heads, body, caption, compact=True)


def _is_crowded(texts: Mapping[str, Sequence[str]]) -> bool:
    """Whether the cells of a row do not fit beside each other."""
    return sum(2 + max(map(len, (*column, label(name)))) for name, column in texts.items()) > PAGE


def _head(
    name: str, texts: Mapping[str, Sequence[str]], numeric: Collection[str], units: Mapping[str, str]
) -> Column:
    """Head of a column; in a crowded table every column has a share of the page, by what it cannot break."""
    shown = Column(_short(name), "right" if name in numeric else "left", unit=units.get(name, ""))
    if not _is_crowded(texts):
        return shown
    longest = max(map(len, texts[name]))
    whole = max(len(word) for text in (shown.title, shown.unit, *texts[name]) for word in JOINT.split(text))
    if name not in numeric and longest > WORDY:
        whole = max(whole, min(longest, 2 * WORDY) // 2)
    return replace(shown, width=2 + whole)


def _turned(texts: Mapping[str, Sequence[str]], number: int, caption: str, units: Mapping[str, str]) -> Table:
    """A table whose columns go down: what the first column calls the rows stands in the head."""
    first, *others = texts
    heads = (Column(label(first), width=2), *(Column(texts[first][at], width=3) for at in range(number)))
    named = {name: Column(label(name), unit=units.get(name, "")).head for name in others}
    rows = tuple(
        Row((line(named[name]), *(line(texts[name][at]) for at in range(number)))) for name in others
    )
    return Table(heads, rows, caption, compact=True)


def _short(name: str) -> str:
    for end, word in (("_low", "from"), ("_high", "to")):
        if name.endswith(end):
            return f"{label(name.removesuffix(end))} {word}"
    return NAMES.get(name, label(name))


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _digits(values: Iterable[Any]) -> int:
    """Decimals that all numbers of a table have, so that an interval has those of its estimate."""
    largest = max(
        (abs(value) for value in values if isinstance(value, float) and isfinite(value)), default=0.0
    )
    return 3 if largest < 1 else 2 if largest < 1000 else 1


def _column(name: str, values: Sequence[Any], digits: int) -> list[str]:
    """The cells of one column: numbers with these decimals, p values with two digits of their own."""
    if not any(isinstance(value, float) for value in values):
        return [_one(value) for value in values]

    def shown(value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return minus(f"{value:.2g}" if "p" in name.split("_") else f"{value:.{digits}f}")
        return _one(value)

    return [shown(value) for value in values]


def _one(value: Any) -> str:
    """A single value; a missing one is a dash."""
    if isinstance(value, float):
        return minus(f"{value:.4g}") if isfinite(value) else MISSING
    return MISSING if value == "" else minus(in_words(value))
