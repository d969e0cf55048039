"""The checked points of a dose-response question: doses, scores, weights, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import LARGEST, in_order, numbers
from analysis.curves.families import Array, Family
from analysis.curves.separable import Sample
from analysis.errors import InputError, Problem


@dataclass(frozen=True)
class Points:
    """Doses x (n,), scores y (n,), weights w (n,), group index (n,); `known` when w are 1/se^2."""

    x: Array
    y: Array
    w: Array
    group: NDArray[np.intp]
    group_names: tuple[str, ...]
    known: bool
    origin: str

    @property
    def n(self) -> int:
        """Number of points with a positive weight."""
        return int((self.w > 0).sum())

    @cached_property
    def doses(self) -> Array:
        """Distinct doses with a positive weight, ascending."""
        return np.unique(self.x[self.w > 0])

    def _member(self, group: NDArray[np.intp]) -> Array:
        """Return the membership (n, groups), without columns where the start is held at 0."""
        if self.origin == "zero":
            return np.zeros((len(group), 0))
        return np.asarray(np.eye(len(self.group_names))[group])

    @cached_property
    def scores(self) -> Sample:
        """Every score as a point of its own, as resampling needs them."""
        return Sample(self.x, self.y[None], self.w[None], self._member(self.group))

    @cached_property
    def sample(self) -> Sample:
        """One point per dose and group: its weighted mean; the rest is a constant of every residual sum of squares.

        A million scores at nine doses are nine points.
        """
        _, place = np.unique(np.stack([self.x, self.group.astype(float)]), axis=1, return_inverse=True)
        place = place.ravel()
        mass = np.bincount(place, self.w).astype(float)
        kept = mass > 0
        first = np.zeros(len(mass), dtype=np.intp)
        first[place[::-1]] = np.arange(len(place))[::-1]
        shift = float(np.average(self.y, weights=self.w))
        mean = np.bincount(place, self.w * (self.y - shift))[kept] / mass[kept]
        whole = np.zeros(len(mass))
        whole[kept] = mean
        within = float(self.w @ ((self.y - shift) - whole[place]) ** 2)
        rows = first[kept]
        return Sample(
            self.x[rows],
            np.asarray(mean + shift, dtype=float)[None],
            mass[kept].astype(float)[None],
            self._member(self.group[rows]),
            within,
        )

    def lacking(self, family: Family) -> str | None:
        """Return why these points cannot carry the family, or None."""
        free = (
            (len(self.group_names) if self.origin == "free" else 0)
            + len(family.coefficients)
            + len(family.shapes)
        )
        own = (1 if self.origin == "free" else 0) + len(family.coefficients) + len(family.shapes)
        if len(self.doses) < own:
            return f"{len(self.doses)} distinct doses cannot carry {own} parameters"
        if self.n <= free:
            return f"{self.n} points leave nothing over {free} parameters: the curve would pass through any points"
        return None

    def require(self, family: Family) -> None:
        """Raise InputError where the points cannot carry the family."""
        reason = self.lacking(family)
        if reason:
            raise InputError(
                Problem(f"{family.name}: {reason}", "measure more doses or seeds, or ask a simpler family")
            )


def _numbers(name: str, values: ArrayLike, n: int | None) -> Array:
    """Return a finite float vector, or raise with the first position that is not one."""
    array = numbers(values, name)
    if array.ndim != 1 or (n is not None and len(array) != n):
        raise InputError(
            Problem(
                f"{name} has shape {array.shape}",
                f"give one value per point{f' ({n})' if n is not None else ''}",
            )
        )
    bad = np.flatnonzero(~np.isfinite(array))
    if len(bad):
        raise InputError(
            Problem(
                f"{name}[{bad[0]}] is {array[bad[0]]}",
                "leave the point out, or give its value: missing is not 0",
            )
        )
    return array


def read_points(
    x: ArrayLike,
    y: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    se: ArrayLike | None = None,
    group: Sequence[object] | NDArray[Any] | None = None,
    origin: str = "free",
) -> Points:
    """Return checked points; InputError names what is wrong and where. Parameters as in `fit_curve`."""
    doses = _numbers("x", x, None)
    scores = _numbers("y", y, len(doses))
    if not len(doses):
        raise InputError(Problem("there are no points", "give at least one dose and score"))
    if (doses < 0).any():
        raise InputError(Problem(f"a dose is negative ({doses.min():g})", "count doses from 0"))
    if not (doses > 0).any():
        raise InputError(Problem("every dose is 0", "give at least one point with a positive dose"))
    if origin not in ("free", "zero"):
        raise InputError(Problem(f"origin is {origin!r}", "write 'free' or 'zero'"))
    if weights is not None and se is not None:
        raise InputError(Problem("both weights and se are given", "give one of them"))
    known = se is not None
    if se is not None:
        errors = _numbers("se", se, len(doses))
        if (errors <= 1 / LARGEST).any():
            raise InputError(
                Problem(f"a standard error is {errors.min():g}", "standard errors must be above 0")
            )
        w = errors**-2
    elif weights is not None:
        w = _numbers("weights", weights, len(doses))
        if (w < 0).any() or not (w > 0).any():
            raise InputError(Problem(f"a weight is {w.min():g}", "weights must be 0 or above, some above"))
    else:
        w = np.ones(len(doses))
    if group is None:
        names: tuple[str, ...] = ("all",)
        index = np.zeros(len(doses), dtype=np.intp)
    else:
        names, index = in_order(np.asarray(group, dtype=object), len(doses), "group")
        empty = [name for i, name in enumerate(names) if not (w[index == i] > 0).any()]
        if empty:
            raise InputError(Problem(f"group {empty[0]!r} has only weight 0", "leave it out"))
    return Points(doses, scores, w, index, names, known, origin)
