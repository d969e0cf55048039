"""Profile-likelihood intervals: shapes, coefficients, the asymptote, gains, the curve itself, the dose near the top.

Once the shapes are fixed, such a quantity q is linear in the coefficients, so the smallest residual sum of
squares under q = q0 is known in closed form:

    rss(q0 | shape) = rss(shape) + (q0 - q(shape))^2 / v(shape)

with v the variance factor of q at these shapes. The profile interval is then the union over shapes of
q(shape) +- sqrt((T - rss(shape)) v(shape)), T the threshold of the F test (Bates & Watts 1988, 6.1.2). Nothing
iterates over q0, nothing fails to converge, and an interval that the data leave open comes out as infinite.
lmfit and MASS profile parameters only; asymptote, gain and dose near the plateau are what a claim is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.curves.choice import hold
from analysis.curves.families import Array
from analysis.curves.fit import CurveFit
from analysis.curves.identify import threshold
from analysis.curves.quantities import Quantity, coefficient, conditional, value_at
from analysis.curves.separable import lattice, refine
from analysis.errors import InputError, Problem
from analysis.seeds.scores import probability


@dataclass(frozen=True, slots=True)
class CurveInterval:
    """An estimate with its interval; an end at inf is one that the data leave open."""

    estimate: float
    low: float
    high: float
    level: float
    method: str = "profile likelihood"

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    def __str__(self) -> str:
        return f"{self.estimate:.4g} [{self.low:.4g}, {self.high:.4g}]"


def shapes_around(fit: CurveFit) -> Array:
    """Return shapes (g, s) dense where the data put them and sparse out to the family's bounds."""
    family, x = fit.family, fit.points.x
    if not family.shapes:
        return np.zeros((1, 0))
    size = len(family.shapes)
    limits = np.log(np.asarray(family.bounds(x)))
    centre = np.log(fit.shape)
    tail = fit.covariance[-size:, -size:] / np.outer(fit.shape, fit.shape)
    near = np.zeros((0, size))
    if np.isfinite(tail).all():
        value, vector = np.linalg.eigh(tail)
        root = vector * np.sqrt(np.maximum(value, 0))
        ticks = np.linspace(-8, 8, 321 if size == 1 else 41)
        ticks = np.sign(ticks) * np.abs(ticks) ** 1.5 / 8**0.5
        near = (
            centre + np.stack([a.ravel() for a in np.meshgrid(*[ticks] * size, indexing="ij")], -1) @ root.T
        )
    far = np.linspace(limits[:, 0], limits[:, 1], 401) if size == 1 else np.log(lattice(family, x))
    return np.asarray(np.exp(np.clip(np.concatenate([centre[None], near, far]), limits[:, 0], limits[:, 1])))


def profile_interval(fit: CurveFit, quantity: Quantity, level: float = 0.95) -> CurveInterval:
    """Return the profile interval of a quantity; an open end is infinite."""
    shapes = shapes_around(fit)
    limit = threshold(fit, level)
    estimate = float(conditional(fit, quantity, fit.shape[None])[0][0])
    if not np.isfinite(fit.family.limit(fit.shape[None])).all() and np.isinf(
        conditional(fit, quantity, fit.shape[None])[1][0]
    ):
        return CurveInterval(fit.asymptote, -np.inf, np.inf, level)

    def reach(side: float) -> Callable[[Array], Array]:
        """Return side x the end of the interval given the shapes; -inf where the shapes themselves are outside."""

        def height(shape: Array) -> Array:
            q, variance, sums = conditional(fit, quantity, shape)
            half = np.sqrt(np.maximum(limit - sums, 0) * variance)
            return np.asarray(np.where(sums <= limit, side * q + half, -np.inf))

        return height

    low, high = -_outermost(fit, shapes, reach(-1.0)), _outermost(fit, shapes, reach(1.0))
    return CurveInterval(estimate, min(low, estimate), max(high, estimate), level)


def _outermost(fit: CurveFit, shapes: Array, height: Callable[[Array], Array]) -> float:
    """Return the largest height over the shapes; inf where it still climbs towards the end of their range.

    Still climbing: at the end of the range it is more than 5 % of the spread of the scores above the height a
    factor 3 away from that end.
    """
    heights = height(shapes)
    top = int(np.argmax(heights))
    if not len(fit.shape):
        return float(heights[top])
    from scipy.optimize import minimize

    limits = np.log(np.asarray(fit.family.bounds(fit.points.x)))
    u = np.log(shapes)

    def cost(v: Array) -> float:
        value = float(height(np.exp(np.clip(v, limits[:, 0], limits[:, 1]))[None])[0])
        return -value if np.isfinite(value) else 1e300

    spread = np.maximum(np.abs(u - u[top]), 1e-12)
    radius = np.sort(spread.max(-1))[min(3, len(u) - 1)]
    simplex = u[top] + np.concatenate([np.zeros((1, u.shape[1])), np.eye(u.shape[1]) * max(radius, 1e-9)])
    found = minimize(
        cost, u[top], method="Nelder-Mead",
        options={"initial_simplex": simplex, "xatol": 1e-10, "fatol": 1e-12, "maxiter": 200 * u.shape[1]},
    )  # fmt: skip
    best, place = max(
        (float(heights[top]), u[top]), (-float(found.fun), np.clip(found.x, *limits.T)), key=lambda t: t[0]
    )
    for i, end in np.argwhere(np.isclose(place[:, None], limits, atol=1e-6)):
        inside = _inside(fit, height, place, int(i), -np.log(3.0) if end else np.log(3.0))
        if best - inside > 5e-2 * (float(np.ptp(fit.points.y)) or 1.0):
            return float("inf")
    return best


def _inside(fit: CurveFit, height: Callable[[Array], Array], place: Array, index: int, move: float) -> float:
    """Return the height a little inside the range of one shape, the other shapes refitted there.

    Where that lies outside the interval, the local slope is carried that far instead.
    """
    held = float(np.exp(place[index] + move))
    others = np.delete(np.exp(place), index)[None]
    if others.size:
        rest = hold(fit.family, **{fit.family.shapes[index]: held})
        others = refine(fit.points.sample, rest, others)[0]
    value = float(height(np.insert(others, index, held, axis=1))[0])
    if np.isfinite(value):
        return value
    if others.size:
        return float("inf")
    near = place + move / 50
    return float(height(np.exp(place)[None])[0]) - 50 * float(
        height(np.exp(place)[None])[0] - height(np.exp(near)[None])[0]
    )


def parameter_interval(fit: CurveFit, name: str, level: float = 0.95) -> CurveInterval:
    """Return the profile interval of a parameter by name: start, a coefficient or a shape."""
    probability(level)
    if name in fit.family.coefficients or (name == "start" and len(fit.starts)):
        return profile_interval(fit, coefficient(fit, name), level)
    if name not in fit.family.shapes:
        raise InputError(
            Problem(
                f"{fit.family.name} has no parameter {name!r}", f"its parameters are: {', '.join(fit.names)}"
            )
        )
    return _shape_interval(fit, fit.family.shapes.index(name), level)


def _shape_interval(fit: CurveFit, index: int, level: float) -> CurveInterval:
    """Return the interval of one shape: where its profile crosses the threshold, found by bisection."""
    limit = threshold(fit, level)
    sample = fit.points.sample
    name = fit.family.shapes[index]
    limits = np.log(np.asarray(fit.family.bounds(sample.x)))[index]
    others = np.delete(fit.shape, index)

    def lowest(u: float) -> float:
        rest = hold(fit.family, **{name: float(np.exp(u))})
        begin = np.concatenate([others[None], lattice(rest, sample.x)]) if len(others) else np.zeros((1, 0))
        return float(refine(sample.repeated(len(begin)), rest, begin)[1].min())

    ends = []
    for side in (0, 1):
        inside, outside = float(np.log(fit.shape[index])), float(limits[side])
        step = max(fit.sd[name] / fit.shape[index], 1e-6) if np.isfinite(fit.sd[name]) else 0.1
        while lowest(limits[side]) > limit and abs(outside - inside) > 1e-12:
            trial = inside + (1 if side else -1) * step
            if (side and trial >= limits[1]) or (not side and trial <= limits[0]):
                break
            if lowest(trial) > limit:
                outside = trial
                break
            inside, step = trial, step * 1.6
        if lowest(outside) <= limit:
            ends.append(np.inf if side else 0.0)
            continue
        for _ in range(48):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if lowest(middle) <= limit else (inside, middle)
        ends.append(float(np.exp(outside)))
    return CurveInterval(float(fit.shape[index]), ends[0], ends[1], level)


def band(fit: CurveFit, x: ArrayLike, level: float = 0.95) -> list[CurveInterval]:
    """Return the pointwise profile band of the curve at doses x."""
    return [profile_interval(fit, value_at(fit, float(dose)), level) for dose in np.atleast_1d(x)]
