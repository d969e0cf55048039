"""The smallest dose whose curve comes within a margin of the plateau, with its profile interval.

Given the shapes, "dose k is within the margin" fixes the coefficient: |rise| (limit - column(k)) = margin. The
interval is therefore again a union over shapes of closed-form pieces; see `profile`.
"""

from __future__ import annotations

import numpy as np

from analysis.curves.families import SATURATING, Array
from analysis.curves.fit import CurveFit
from analysis.curves.identify import threshold
from analysis.curves.profile import CurveInterval, shapes_around
from analysis.curves.quantities import coefficient, conditional
from analysis.errors import InputError, Problem

FAR = 1e3
"""A dose beyond this many times the largest one seen is reported as open (inf): nothing there was observed."""


def enough_doses(fit: CurveFit, margin: float, level: float = 0.95) -> CurveInterval:
    """Return the dose from which on all further doses together bring at most `margin` points, with its interval.

    The upper end is inf where the data allow a curve that is still that far from its plateau. Number of whole
    tasks: the ceiling of each entry.

    Raises
    ------
    InputError : a margin that is not positive, or a family without a plateau
    """
    if not margin > 0:
        raise InputError(Problem(f"the margin is {margin}", "give a margin above 0, in points"))
    name = fit.family.name.split("(")[0]
    if name not in SATURATING:
        raise InputError(
            Problem(f"{name} has no plateau", f"ask one of: {', '.join(SATURATING)}; or use gain_between")
        )
    estimate = float(_reach(fit, fit.shape[None], np.abs(fit.coefficients), margin)[0])
    shapes = shapes_around(fit)
    slope, variance, sums = conditional(fit, coefficient(fit, fit.family.coefficients[0]), shapes)
    limit = threshold(fit, level)
    inside = sums <= limit
    half = np.sqrt((limit - sums[inside]) * variance[inside])
    size = np.abs(slope[inside])
    low = float(_reach(fit, shapes[inside], np.maximum(size - half, 0.0), margin).min())
    high = float(_reach(fit, shapes[inside], size + half, margin).max())
    return CurveInterval(estimate, min(low, estimate), max(high, estimate), level)


def _reach(fit: CurveFit, shapes: Array, rise: Array, margin: float) -> Array:
    """Return the dose (g,) at which a curve with this rise (g,) is `margin` below its limit; 0 where it starts so.

    Bisection: every column of a saturating family rises with the dose.
    """
    limit = fit.family.limit(shapes)[:, 0]
    far = float(fit.points.x.max()) * FAR

    def missing(dose: Array) -> Array:
        """Return how far below the limit each curve is at its own dose, (g,)."""
        return rise * (limit - _at(fit, dose, shapes))

    low, high = np.zeros(len(shapes)), np.full(len(shapes), far)
    there, never = missing(low) <= margin, missing(high) > margin
    for _ in range(64):
        middle = (low + high) / 2
        short = missing(middle) > margin
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(there, 0.0, np.where(never, np.inf, high))


def _at(fit: CurveFit, dose: Array, shapes: Array, rows: int = 256) -> Array:
    """Return the column of each curve at its own dose, (g,): the diagonal of blocks, so that memory stays small."""
    parts = []
    for first in range(0, len(dose), rows):
        block = slice(first, first + rows)
        parts.append(np.diagonal(fit.family.columns(dose[block], shapes[block])[..., 0]))
    return np.concatenate(parts)
