"""The model y = X beta + sum of Z_j u_j + e, reduced to cross-products.

Each random factor j adds independent level effects with variance psi_j; factors may be crossed or nested, and an
interaction is a factor of its own ("task:language"). Everything below needs only W'W for W = [Z X y], whose size
is the number of levels, so a million rows cost one pass. Correlated random slopes are left out on purpose: nine
tasks do not hold a covariance; an independent slope is a factor with a multiplier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import in_order, numbers
from analysis.errors import InputError, Problem

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Cross-products of a mixed model.

    Attributes
    ----------
    n : rows; terms : fixed effects; factors : random factors; levels : labels of each
    slices : columns of each factor within Z
    products : (q + p + 1, q + p + 1) cross-products of [Z X (y - centre) / scale]
    """

    n: int
    terms: tuple[str, ...]
    factors: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    slices: tuple[slice, ...]
    products: Array
    scale: float
    centre: float

    @property
    def q(self) -> int:
        """Number of random levels."""
        return self.slices[-1].stop if self.slices else 0

    @property
    def p(self) -> int:
        """Number of fixed effects."""
        return len(self.terms)


def _labels(
    name: str, values: Sequence[object] | NDArray[Any], n: int
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    names, index = in_order(np.asarray(values, dtype=object), n, f"factor {name!r}")
    if len(names) < 2:
        raise InputError(
            Problem(f"factor {name!r} has one level", "a variance needs at least 2 levels; leave it out")
        )
    if len(names) == n:
        raise InputError(
            Problem(
                f"factor {name!r} has a level per score", "it is the residual: leave it out, or replicate it"
            )
        )
    return index, names


def read_model(
    y: ArrayLike,
    random: Mapping[str, Sequence[object] | NDArray[Any]],
    fixed: Mapping[str, ArrayLike] | None = None,
    multiply: Mapping[str, ArrayLike] | None = None,
) -> Model:
    """Return the checked model.

    Parameters
    ----------
    y : (n,) scores
    random : factor -> (n,) labels
    fixed : name -> (n,) column, beside the intercept
    multiply : factor -> (n,) number that the level effect is multiplied by (an independent random slope)
    """
    scores = numbers(y, "scores")
    if scores.ndim != 1 or len(scores) < 3:
        raise InputError(
            Problem(f"scores of shape {scores.shape}", "give one number per row, at least 3 rows")
        )
    bad = np.flatnonzero(~np.isfinite(scores))
    if len(bad):
        raise InputError(
            Problem(f"score {bad[0]} is {scores[bad[0]]}", "leave the row out: missing is not 0")
        )
    if not random:
        raise InputError(Problem("no random factor", "name at least one, for example the task"))
    n = len(scores)
    scale = float(scores.std())
    if scale <= 1e-13 * max(float(np.abs(scores).max()), 1e-300):
        raise InputError(Problem("all scores are equal", "there is no variance to divide up"))
    blocks: list[tuple[NDArray[np.intp], Array]] = []
    names: list[tuple[str, ...]] = []
    slices: list[slice] = []
    first = 0
    for factor, values in random.items():
        index, levels = _labels(factor, values, n)
        size = (
            np.ones(n)
            if not multiply or factor not in multiply
            else numbers(multiply[factor], f"multiplier of {factor!r}")
        )
        if size.shape != (n,) or not np.isfinite(size).all():
            raise InputError(
                Problem(f"the multiplier of {factor!r} is not {n} finite numbers", "give one per score")
            )
        for other, (known, weight) in zip(random, blocks, strict=False):
            if np.array_equal(index, known) and np.array_equal(size, weight):
                raise InputError(
                    Problem(f"factors {other!r} and {factor!r} group the rows alike", "keep one of them")
                )
        blocks.append((index, size))
        names.append(levels)
        slices.append(slice(first, first + len(levels)))
        first += len(levels)
    columns = [np.ones(n)]
    for name, column in (fixed or {}).items():
        values = numbers(column, f"column {name!r}")
        if values.shape != (n,) or not np.isfinite(values).all():
            raise InputError(
                Problem(f"column {name!r} is not {n} finite numbers", "give one number per score")
            )
        columns.append(values)
    design = np.stack(columns, 1)
    if np.linalg.matrix_rank(design / np.linalg.norm(design, axis=0)) < design.shape[1]:
        raise InputError(Problem("the fixed columns depend on each other", "leave one out"))
    if n <= design.shape[1] + len(slices):
        raise InputError(
            Problem(f"{n} scores for {design.shape[1]} effects and {len(slices) + 1} variances", "add runs")
        )
    centre = float(scores.mean())  # taken out: a large common level would cost the variances their digits
    products = _products(blocks, slices, np.column_stack([design, (scores - centre) / scale]))
    terms = ("intercept", *(fixed or {}))
    return Model(
        n,
        terms,
        tuple(random),
        tuple(names),
        tuple(slices),
        products,
        scale,
        centre,
    )


def _products(blocks: list[tuple[NDArray[np.intp], Array]], slices: list[slice], dense: Array) -> Array:
    """Return the cross-products of [Z dense] by counting: Z itself, rows x levels, is never made."""
    q = slices[-1].stop
    out = np.zeros((q + dense.shape[1],) * 2)
    out[q:, q:] = dense.T @ dense
    for a, ((rows, weight), part) in enumerate(zip(blocks, slices, strict=True)):
        size = part.stop - part.start
        for j, column in enumerate(dense.T):
            out[part, q + j] = np.bincount(rows, weight * column, size)
        out[q:, part] = out[part, q:].T
        for (others, factor), other in zip(blocks[a:], slices[a:], strict=True):
            width = other.stop - other.start
            table = np.bincount(rows * width + others, weight * factor, size * width).reshape(size, width)
            out[part, other], out[other, part] = table, table.T
    return out
