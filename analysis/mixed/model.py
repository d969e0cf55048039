"""The model y = X beta + sum of Z_j u_j + e, reduced to cross-products.

Each random factor j adds independent level effects with variance psi_j; factors may be crossed or nested, and an
interaction is a factor of its own ("task:language"). Everything below needs only W'W for W = [Z X y], whose size
is the number of levels, so a million rows cost one pass. Correlated random slopes are left out on purpose: nine
tasks do not hold a covariance; an independent slope is a factor with a multiplier.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import numbers
from analysis.errors import InputError, Problem
from analysis.mixed.blocks import Array, Block, one_level, products, several_levels

__all__ = ["Array", "Model", "read_model"]


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


def read_model(
    y: ArrayLike,
    random: Mapping[str, Sequence[object] | NDArray[Any]],
    fixed: Mapping[str, ArrayLike] | None = None,
    multiply: Mapping[str, ArrayLike] | None = None,
    members: Mapping[str, Sequence[Collection[str]]] | None = None,
) -> Model:
    """Return the checked model.

    Parameters
    ----------
    y : (n,) scores
    random : factor -> (n,) labels
    fixed : name -> (n,) column, beside the intercept
    multiply : factor -> (n,) number that the level effect is multiplied by (an independent random slope)
    members : factor -> (n,) collections of labels, where a score has a part of several levels (the tasks that one
        model was trained on); their effects add up
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
    if not random and not members:
        raise InputError(Problem("no random factor", "name at least one, for example the task"))
    n = len(scores)
    scale = float(scores.std())
    if scale <= 1e-13 * max(float(np.abs(scores).max()), 1e-300):
        raise InputError(Problem("all scores are equal", "there is no variance to divide up"))
    blocks: dict[str, Block] = {}
    multiplied = multiply or {}
    for factor, labels in random.items():
        size = numbers(multiplied[factor], f"multiplier of {factor!r}") if factor in multiplied else None
        if size is not None and (size.shape != (n,) or not np.isfinite(size).all()):
            raise InputError(
                Problem(f"the multiplier of {factor!r} is not {n} finite numbers", "give one per score")
            )
        blocks[factor] = one_level(factor, labels, n, size)
    for factor, rows in (members or {}).items():
        if factor in blocks:
            raise InputError(Problem(f"factor {factor!r} is named twice", "rename one"))
        blocks[factor] = several_levels(factor, rows, n)
    named = list(blocks.items())
    for number, (factor, block) in enumerate(named):
        for other, known in named[:number]:
            if block.alike(known):
                raise InputError(
                    Problem(f"factors {other!r} and {factor!r} group the rows alike", "keep one of them")
                )
    ends = np.cumsum([len(block.levels) for block in blocks.values()]).tolist()
    slices = tuple(
        slice(end - len(block.levels), end) for end, block in zip(ends, blocks.values(), strict=True)
    )
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
    table = products(list(blocks.values()), slices, np.column_stack([design, (scores - centre) / scale]))
    terms = ("intercept", *(fixed or {}))
    return Model(
        n,
        terms,
        tuple(blocks),
        tuple(block.levels for block in blocks.values()),
        slices,
        table,
        scale,
        centre,
    )
