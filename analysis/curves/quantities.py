"""What can be read off a curve: start, coefficient, value at a dose, gain between doses, asymptote.

Each is linear in the coefficients once the shapes are fixed; `conditional` returns its value and variance there,
which is all that profile intervals, Wald errors and bootstrap values need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.curves.families import Array
from analysis.curves.fit import CurveFit
from analysis.curves.separable import project, rss
from analysis.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Quantity:
    """q = from_start x mean start + vector(shapes) . coefficients; vector maps (g, s) to (g, m)."""

    from_start: float
    vector: Callable[[Array], Array]


def _dose(dose: float) -> None:
    """Raise InputError for what is no dose."""
    if not 0 <= dose < float("inf"):
        raise InputError(Problem(f"a dose is {dose}", "doses are finite numbers of 0 or more"))


def asymptote(fit: CurveFit) -> Quantity:
    """Return the quantity "score that the curve tends to"."""
    return Quantity(1.0, fit.family.limit)


def value_at(fit: CurveFit, dose: float) -> Quantity:
    """Return the quantity "score at this dose"."""
    _dose(dose)
    return Quantity(1.0, lambda s: fit.family.columns(np.array([dose]), s)[:, 0])


def gain_between(fit: CurveFit, before: float, after: float) -> Quantity:
    """Return the quantity "rise from one dose to another", e.g. the marginal gain of the next task."""
    _dose(before)
    _dose(after)

    def rise(shape: Array) -> Array:
        both = fit.family.columns(np.array([before, after]), shape)
        return both[:, 1] - both[:, 0]

    return Quantity(0.0, rise)


def coefficient(fit: CurveFit, name: str) -> Quantity:
    """Return the quantity "this coefficient" (or the start)."""
    if name == "start":
        return Quantity(1.0, lambda s: np.zeros((len(s), len(fit.coefficients))))
    unit = np.array([float(other == name) for other in fit.family.coefficients])
    return Quantity(0.0, lambda s: np.broadcast_to(unit, (len(s), len(unit))))


def conditional(fit: CurveFit, quantity: Quantity, shapes: Array) -> tuple[Array, Array, Array]:
    """Return q, its variance factor and the residual sum of squares at each of the shapes (g, s); all (g,)."""
    sample = fit.points.sample
    columns = fit.family.columns(sample.x, shapes)
    many = sample.repeated(len(shapes))
    beta, residual, centred = project(many, columns)
    sums = rss(many, residual)
    normal = np.swapaxes(centred * sample.w[..., None], -1, -2) @ centred
    direction = quantity.vector(shapes)
    level, noise = 0.0, 0.0
    if sample.groups.shape[1] and quantity.from_start:
        mass = sample.w[0] @ sample.groups
        share = sample.groups / mass / len(mass) * sample.w[0][:, None]
        pick = share.sum(1)
        direction = direction - quantity.from_start * np.einsum("n,gnm->gm", pick, columns)
        level = quantity.from_start * float(pick @ sample.y[0])
        noise = quantity.from_start**2 * float((1 / mass).sum()) / len(mass) ** 2
    finite = np.asarray(np.isfinite(direction).all(-1))
    direction = np.where(finite[:, None], direction, 0.0)
    pseudo = np.linalg.pinv(normal, rcond=1e-13, hermitian=True)
    variance = noise + np.einsum("gm,gmk,gk->g", direction, pseudo, direction)
    return level + (direction * beta).sum(-1), np.where(finite, variance, np.inf), sums
