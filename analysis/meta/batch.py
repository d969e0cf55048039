"""Effects of many meta-analyses as checked arrays with one leading batch axis.

Every estimator of this room works on ``(B, K)`` arrays: B meta-analyses of up to K studies, absent studies
masked. Absence is only ever declared (``mask=``), never guessed from a NaN, because a study that dropped out
silently is the commonest way to a wrong pooled effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import numbers
from analysis.errors import InputError, Problem
from analysis.meta.values import bad_values

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

RANK_TOLERANCE = 1e-10
"""Smallest ratio of singular values (columns scaled to unit norm) that counts as full rank."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Checked input; absent studies carry yi = 0, vi = 1 and a zero design row."""

    yi: Floats
    """(B, K) effects, in the unit of the metric."""
    vi: Floats
    """(B, K) sampling variances, in squared units."""
    present: Bools
    """(B, K)"""
    design: Floats | None
    """(B, K, p), or None for the intercept alone (a faster path through the same formulas)."""
    terms: tuple[str, ...]
    """Names of the p columns of the design."""
    k: Ints
    """(B,) studies present."""
    shape: tuple[int, ...]
    """Batch shape of what the caller gave: () for one meta-analysis."""

    @property
    def p(self) -> int:
        """Number of coefficients."""
        return len(self.terms)

    @property
    def has_intercept(self) -> bool:
        """Whether the first column is the constant."""
        return self.terms[:1] == ("intercept",)

    def rows(self, index: Ints) -> Effects:
        """The meta-analyses of `index`, which may repeat."""
        design = None if self.design is None else self.design[index]
        return Effects(
            self.yi[index],
            self.vi[index],
            self.present[index],
            design,
            self.terms,
            self.k[index],
            (len(index),),
        )

    def without(self, drop: Bools) -> Effects:
        """Copies of one meta-analysis (B = 1) with the studies of each row of `drop` (R, K) taken away."""
        present = self.present & ~drop
        rows = len(present)
        design = None if self.design is None else np.where(present[..., None], self.design, 0.0)
        return Effects(
            np.where(present, self.yi, 0.0),
            np.where(present, self.vi, 1.0),
            present,
            design,
            self.terms,
            present.sum(-1),
            (rows,),
        )

    def intercept_only(self) -> Effects:
        """The same effects without moderators."""
        return Effects(self.yi, self.vi, self.present, None, ("intercept",), self.k, self.shape)


def read_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    mods: ArrayLike | None = None,
    *,
    names: tuple[str, ...] | None = None,
    mask: ArrayLike | None = None,
    intercept: bool = True,
    min_df: int = 1,
) -> Effects:
    """Check effects, variances and moderators and bring them to the batch form.

    Parameters
    ----------
    yi, vi : array_like, shape (..., K)
        Effects and their sampling variances (not standard errors).
    mods : array_like, shape (..., K) or (..., K, m), optional
        Moderators; a shape without the batch axes is shared by the whole batch.
    names : tuple of str, optional
        Names of the m moderators.
    mask : array_like of bool, shape (..., K), optional
        True where a study is present. Values where it is False are ignored and may be NaN.
    intercept : bool
        Whether to add the constant column.
    min_df : int
        Least residual degrees of freedom, k - p.

    Raises
    ------
    InputError
        Non-finite effects, variances that are not positive, too few studies, moderators that are
        linearly dependent, or shapes that do not fit; all problems at once.
    """
    y, v = numbers(yi, "yi"), numbers(vi, "vi")
    if y.ndim == 0 or v.ndim == 0:
        raise InputError(Problem("yi and vi must be arrays", "give one effect per study along the last axis"))
    try:
        y, v = np.broadcast_arrays(y, v)
        given = np.ones(y.shape, bool) if mask is None else np.broadcast_to(np.asarray(mask, bool), y.shape)
    except ValueError as error:
        raise InputError(
            Problem(f"shapes do not fit: yi {y.shape}, vi {v.shape}", "give yi, vi and mask of one shape")
        ) from error
    if 0 in y.shape[:-1]:
        raise InputError(Problem(f"yi has shape {y.shape}", "give at least one meta-analysis"))
    problems = bad_values(y, v, given)
    shape, studies = y.shape[:-1], y.shape[-1]
    size = int(np.prod(shape, dtype=int))
    flat = (size, studies)
    present = np.ascontiguousarray(given).reshape(flat)
    design, terms = _design(mods, names, shape, studies, intercept, present, problems)
    k = present.sum(-1)
    short = np.flatnonzero(k < len(terms) + min_df)
    if short.size:
        least = len(terms) + min_df
        problems.append(
            Problem(
                f"{k[short[0]]} studies where {len(terms)} coefficient(s) need at least {least}"
                + (f" (row {short[0]}, {short.size} rows in all)" if size > 1 else ""),
                'pool fewer terms, or use method="CE", which needs one study per coefficient',
            )
        )
    if problems:
        raise InputError(*problems)
    if design is not None:
        _require_full_rank(design, terms, present)
    yf, vf = y.reshape(flat), v.reshape(flat)
    return Effects(np.where(present, yf, 0.0), np.where(present, vf, 1.0), present, design, terms, k, shape)


def _design(
    mods: ArrayLike | None,
    names: tuple[str, ...] | None,
    shape: tuple[int, ...],
    studies: int,
    intercept: bool,
    present: Bools,
    problems: list[Problem],
) -> tuple[Floats | None, tuple[str, ...]]:
    if mods is None:
        if not intercept:
            problems.append(Problem("no moderators and no intercept", "give mods= or leave intercept=True"))
        return None, ("intercept",)
    x = numbers(mods, "mods")
    if x.ndim == 0:
        problems.append(Problem("mods is a single number", f"give {studies} values per moderator"))
        return None, ("intercept",)
    if x.shape in ((studies,), (*shape, studies)):
        x = x[..., None]
    try:
        x = np.broadcast_to(x, (*shape, studies, x.shape[-1])).reshape(len(present), studies, -1)
    except ValueError:
        problems.append(
            Problem(f"mods has shape {x.shape}", f"give (..., {studies}) or (..., {studies}, moderators)")
        )
        return None, ("intercept",)
    if not np.isfinite(x[present]).all():
        problems.append(Problem("a moderator is NaN or infinite", "declare the study absent with mask="))
    labels = names or tuple(f"moderator{i + 1}" for i in range(x.shape[-1]))
    if len(labels) != x.shape[-1]:
        problems.append(Problem(f"{len(labels)} names for {x.shape[-1]} moderators", "name every moderator"))
    if intercept:
        x = np.concatenate([np.ones((*x.shape[:-1], 1)), x], axis=-1)
        labels = ("intercept", *labels)
    return np.where(present[..., None], x, 0.0), labels


def _require_full_rank(design: Floats, terms: tuple[str, ...], present: Bools) -> None:
    """Columns are scaled first: a moderator of size 1e-6 is small, not dependent."""
    norm = np.sqrt((design**2).sum(-2, keepdims=True))
    scaled = design / np.where(norm > 0, norm, 1.0)
    singular = np.linalg.svd(scaled, compute_uv=False)
    poor = np.flatnonzero(singular[:, -1] <= RANK_TOLERANCE * singular[:, 0])
    if poor.size:
        raise InputError(
            Problem(
                f"the moderators {', '.join(terms)} are linearly dependent"
                + (f" (row {poor[0]}, {poor.size} rows in all)" if len(design) > 1 else ""),
                "drop a moderator; a constant one repeats the intercept",
            )
        )
