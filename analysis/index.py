"""Rows of a results table by the texts of some columns, found without scanning the table.

One index per set of columns, built when first asked for and kept: a study asks with few such sets however many
claims it has, so the cost is one pass per set plus one look-up per cell. Small tables use a dictionary, large
ones a sorted key, because a dictionary of a million tuples would cost more memory than the table itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from analysis.results import Results

Lookup: TypeAlias = Callable[[tuple[int, ...]], Sequence[int]]
Plan: TypeAlias = tuple[list[tuple[str, dict[str, int]]], Lookup]
DICTIONARY_ROWS = 50_000
"""Rows up to which a dictionary is built."""


class Index:
    """Look-up of rows by column texts."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.codes = {
            name: {text: code for code, text in enumerate(column.names)}
            for name, column in results.columns.items()
        }
        self._lookups: dict[tuple[str, ...], Lookup] = {}
        self._plans: dict[tuple[str, ...], Plan] = {}

    def rows(self, wanted: Mapping[str, str]) -> Sequence[int]:
        """Rows whose columns have exactly the wanted texts, in table order.

        Parameters
        ----------
        wanted
            Column name to text; an empty mapping matches every row.
        """
        if not wanted:
            return range(len(self.results))
        asked = tuple(wanted)
        plan = self._plans.get(asked)
        if plan is None:
            plan = self._plans[asked] = self._planned(asked)
        known, lookup = plan
        key = []
        for name, codes in known:
            code = codes.get(wanted[name])
            if code is None:
                return ()
            key.append(code)
        return lookup(tuple(key))

    def _planned(self, asked: tuple[str, ...]) -> Plan:
        """The columns in one order whatever the order asked for, and their look-up, built once."""
        columns = tuple(sorted(asked))
        lookup = self._lookups.get(columns)
        if lookup is None:
            build = _sorted_key if len(self.results) > DICTIONARY_ROWS else _dictionary
            lookup = self._lookups[columns] = build(self.results, columns)
        return [(name, self.codes[name]) for name in columns], lookup

    def words(self, name: str) -> Mapping[str, int]:
        """Every text that the column has."""
        return self.codes[name]


def _dictionary(results: Results, columns: tuple[str, ...]) -> Lookup:
    found: dict[tuple[int, ...], list[int]] = {}
    for row, key in enumerate(zip(*(results.columns[name].codes for name in columns), strict=True)):
        found.setdefault(key, []).append(row)
    return lambda key: found.get(key, ())


def _sorted_key(results: Results, columns: tuple[str, ...]) -> Lookup:
    """Mixed-radix key of the codes, sorted; a look-up is one binary search."""
    import numpy

    sizes = [len(results.columns[name].names) for name in columns]
    space = 1
    for size in sizes:
        space *= size
    if space >= 2**63:
        return _filtered(results, columns)
    keys = numpy.zeros(len(results), dtype=numpy.int64)
    for name, size in zip(columns, sizes, strict=True):
        keys *= size
        keys += numpy.asarray(results.columns[name].codes)
    order = numpy.argsort(keys, kind="stable").astype(numpy.int32)
    keys = keys[order]

    def lookup(key: tuple[int, ...]) -> Sequence[int]:
        number = 0
        for code, size in zip(key, sizes, strict=True):
            number = number * size + code
        first = int(keys.searchsorted(number))
        if first == len(keys) or keys[first] != number:
            return ()
        if first + 1 == len(keys) or keys[first + 1] != number:
            return (int(order[first]),)
        rows: list[int] = order[first : keys.searchsorted(number, side="right")].tolist()
        return rows

    return lookup


def _filtered(results: Results, columns: tuple[str, ...]) -> Lookup:
    """Fewer columns by key, the rest by comparison; for keys too large for one integer."""
    half = len(columns) // 2
    first = _sorted_key(results, columns[:half])
    rest = [results.columns[name].codes for name in columns[half:]]

    def lookup(key: tuple[int, ...]) -> Sequence[int]:
        return [
            row
            for row in first(key[:half])
            if all(codes[row] == code for codes, code in zip(rest, key[half:], strict=True))
        ]

    return lookup
