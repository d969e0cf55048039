"""The columns of Z of one random factor, as what cross-products need: one level per row, or several.

With one level per row (a task, a language) Z is counted and never made. A row may also belong to several levels at
once: a model that was trained on three tasks has a part of each (multiple membership; Browne, Goldstein and Rasbash
2001, "Multiple membership multiple classification models"). There the columns are kept: few levels, 0 or 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import in_order
from analysis.errors import InputError, Problem

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """One factor.

    Attributes
    ----------
    levels : labels, in order of appearance
    index : (n,) level of each row, or None where rows belong to several
    weight : (n,) what the level effect is multiplied by, or (n, levels) columns where rows belong to several
    """

    levels: tuple[str, ...]
    index: NDArray[np.intp] | None
    weight: Array

    def times(self, column: Array) -> Array:
        """Z'v, (levels,)."""
        if self.index is None:
            return np.asarray(column @ self.weight)
        return np.asarray(np.bincount(self.index, self.weight * column, len(self.levels)), dtype=float)

    def cross(self, other: Block) -> Array:
        """Z'Z of two factors, (levels, levels of the other)."""
        if self.index is None:
            return np.stack([other.times(column) for column in self.weight.T])
        if other.index is None:
            return other.cross(self).T
        size, width = len(self.levels), len(other.levels)
        weight = self.weight * other.weight
        table = np.bincount(self.index * width + other.index, weight, size * width)
        return np.asarray(table, dtype=float).reshape(size, width)

    def alike(self, other: Block) -> bool:
        """Whether two factors have the same columns."""
        one, two = self.index, other.index
        if one is None or two is None:
            return one is None and two is None and np.array_equal(self.weight, other.weight)
        return np.array_equal(one, two) and np.array_equal(self.weight, other.weight)


def one_level(name: str, values: Sequence[object] | NDArray[Any], n: int, weight: Array | None) -> Block:
    """Block of a factor with one label per row.

    Raises
    ------
    InputError
        One level only, or a level per row.
    """
    levels, index = in_order(np.asarray(values, dtype=object), n, f"factor {name!r}")
    _several(name, levels)
    if len(levels) == n:
        raise InputError(
            Problem(
                f"factor {name!r} has a level per score", "it is the residual: leave it out, or replicate it"
            )
        )
    return Block(levels, index, np.ones(n) if weight is None else weight)


def several_levels(name: str, values: Sequence[Collection[str]], n: int) -> Block:
    """Block of a factor of which each row has any number of levels, each counting 1.

    Raises
    ------
    InputError
        Not one collection per row, a level twice in a row, or one level only.
    """
    if len(values) != n or any(isinstance(row, str) for row in values):
        raise InputError(
            Problem(f"factor {name!r} does not have {n} collections of labels", "give one per score")
        )
    levels = tuple(dict.fromkeys(label for row in values for label in row))
    _several(name, levels)
    at = {label: place for place, label in enumerate(levels)}
    columns = np.zeros((n, len(levels)))
    for number, row in enumerate(values):
        for label in row:
            columns[number, at[label]] += 1
    if columns.max() > 1:
        twice = int(columns.max(1).argmax())
        raise InputError(Problem(f"factor {name!r} has a level twice in row {twice}", "name each level once"))
    return Block(levels, None, columns)


def _several(name: str, levels: Sequence[str]) -> None:
    if len(levels) < 2:
        raise InputError(
            Problem(f"factor {name!r} has one level", "a variance needs at least 2 levels; leave it out")
        )


def products(blocks: Sequence[Block], slices: Sequence[slice], dense: Array) -> Array:
    """Cross-products of [Z dense], (q + d, q + d), by counting: Z itself, rows x levels, is never made."""
    q = slices[-1].stop
    out = np.zeros((q + dense.shape[1],) * 2)
    out[q:, q:] = dense.T @ dense
    for a, (block, part) in enumerate(zip(blocks, slices, strict=True)):
        for j, column in enumerate(dense.T):
            out[part, q + j] = block.times(column)
        out[q:, part] = out[part, q:].T
        for other, there in zip(blocks[a:], slices[a:], strict=True):
            table = block.cross(other)
            out[part, there], out[there, part] = table, table.T
    return out
