"""The curve families: score = start + sum over columns of coefficient x column(dose; shape).

Every family is linear in all parameters but at most two *shapes*, which are positive. That is what makes the
fits global (the shapes are scanned, the rest is solved), fast in batches, and profile intervals of derived
quantities closed forms: an asymptote or a gain is linear in the coefficients once the shapes are fixed.
Golub & Pereyra (1973, SIAM J. Numer. Anal. 10, 413) give the projection that this rests on.

A dose is a number of intermediate tasks or any other non-negative amount; dose 0 is the untreated model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Floating-point array; each docstring gives its shape."""


@dataclass(frozen=True, slots=True)
class Family:
    """One curve family with what fitting, extrapolating and explaining it needs.

    Attributes
    ----------
    columns : (x (n,), shape (b, s)) -> (b, n, m), the columns that multiply the coefficients
    slopes : (x (n,), shape (b, s)) -> (b, n, m, s), their derivatives with respect to the shapes
    limit : (b, s) -> (b, m), the columns as the dose grows without bound; inf where they grow too
    bounds : x (n,) -> (low, high) per shape: outside, the curve cannot be told from a simpler one on these doses
    grid : points per shape of the scan that starts the fit
    """

    name: str
    formula: str
    coefficients: tuple[str, ...]
    shapes: tuple[str, ...]
    columns: Callable[[Array, Array], Array]
    slopes: Callable[[Array, Array], Array]
    limit: Callable[[Array], Array]
    bounds: Callable[[Array], tuple[tuple[float, float], ...]]
    grid: tuple[int, ...] = ()
    at_low: str = "the curve is straight over the doses seen"
    at_high: str = "the curve has levelled off before the first dose"

    @property
    def size(self) -> int:
        """Number of parameters with the start, without the residual variance."""
        return 1 + len(self.coefficients) + len(self.shapes)


def _ends(x: Array) -> tuple[float, float]:
    """Return the smallest positive and the largest dose."""
    positive = x[x > 0]
    return float(positive.min()), float(positive.max())


def _none(x: Array) -> tuple[tuple[float, float], ...]:
    return ()


def _flat(x: Array, shape: Array) -> Array:
    """Return the empty derivative of a family without shapes, (b, n, 1, 0)."""
    return np.zeros((len(shape), len(x), 1, 0))


def _one(value: Array) -> Array:
    """Return a (b, n) column as (b, n, 1)."""
    return value[..., None]


def _endless(shape: Array) -> Array:
    return np.full((len(shape), 1), np.inf)


def _unit(shape: Array) -> Array:
    return np.ones((len(shape), 1))


def _log(x: Array) -> Array:
    """Return log(x) with 0 where x is 0: every use multiplies it by a factor that is 0 there."""
    return np.log(np.where(x > 0, x, 1.0))


def _hill(x: Array, shape: Array) -> Array:
    half, power = shape[:, :1], shape[:, 1:]
    ratio = np.where(x > 0, np.exp(np.clip(power * (_log(x) - np.log(half)), -700, 700)), 0.0)
    return _one(ratio / (1 + ratio))


def _hill_slopes(x: Array, shape: Array) -> Array:
    half, power = shape[:, :1], shape[:, 1:]
    share = _hill(x, shape)[..., 0]
    bend = share * (1 - share)
    by_half = -bend * power / half
    by_power = bend * (_log(x) - np.log(half)) * (x > 0)
    return np.stack([by_half, by_power], -1)[:, :, None, :]


def _shifted(x: Array, shape: Array) -> Array:
    return _one(-np.expm1(-shape[:, 1:] * np.log1p(x / shape[:, :1])))


def _shifted_slopes(x: Array, shape: Array) -> Array:
    scale, power = shape[:, :1], shape[:, 1:]
    left = np.exp(-power * np.log1p(x / scale))
    by_scale = -power * left / (1 + x / scale) * x / scale**2
    return np.stack([by_scale, left * np.log1p(x / scale)], -1)[:, :, None, :]


def _broken(x: Array, shape: Array) -> Array:
    return np.stack([np.broadcast_to(x, (len(shape), len(x))), np.maximum(x - shape, 0)], -1)


def _broken_slopes(x: Array, shape: Array) -> Array:
    past = -(x > shape).astype(float)
    return np.stack([np.zeros_like(past), past], -1)[..., None]


def _knots(x: Array) -> tuple[tuple[float, float], ...]:
    """Return the range of a knot: with fewer than two doses on a side, that side's slope is anybody's guess."""
    doses = np.unique(x)
    inner = doses[1:-1] if len(doses) > 2 else doses
    return ((max(float(inner[0]), 1e-12), max(float(inner[-1]), 1e-12)),)


def _plateaus(x: Array) -> tuple[tuple[float, float], ...]:
    """Return the range of the start of a plateau: one dose on it is enough, because it has no slope to learn."""
    ((low, _),) = _knots(x)
    return ((low, max(_ends(x)[1], low)),)


def _scales(x: Array) -> tuple[float, float]:
    low, high = _ends(x)
    return low / 1e3, high * 1e3


FAMILIES: Final[dict[str, Family]] = {
    family.name: family
    for family in (
        Family(
            "linear", "start + rate k", ("rate",), (),
            lambda x, s: _one(np.broadcast_to(x, (len(s), len(x)))), _flat, _endless, _none,
        ),
        Family(
            "logarithmic", "start + rise ln(1 + k)", ("rise",), (),
            lambda x, s: _one(np.broadcast_to(np.log1p(x), (len(s), len(x)))), _flat, _endless, _none,
        ),
        Family(
            "power", "start + rise k^power", ("rise",), ("power",),
            lambda x, s: _one(np.where(x > 0, np.exp(s * _log(x)), 0.0)),
            lambda x, s: np.where(x > 0, np.exp(s * _log(x)) * _log(x), 0.0)[..., None, None],
            _endless, lambda x: ((0.02, 8.0),), (60,),
            at_low="the curve has levelled off before the first dose",
            at_high="the curve bends upwards without bound",
        ),
        Family(
            "saturating_exponential", "start + rise (1 - exp(-rate k))", ("rise",), ("rate",),
            lambda x, s: _one(-np.expm1(-s * x)),
            lambda x, s: (x * np.exp(-s * x))[..., None, None],
            _unit, lambda x: ((1e-3 / _ends(x)[1], 20 / _ends(x)[0]),), (60,),
        ),
        Family(
            "michaelis_menten", "start + rise k / (half + k)", ("rise",), ("half",),
            lambda x, s: _one(x / (s + x)),
            lambda x, s: (-x / (s + x) ** 2)[..., None, None],
            _unit, lambda x: (_scales(x),), (60,),
            at_low="the curve has levelled off before the first dose",
            at_high="the curve is straight over the doses seen",
        ),
        Family(
            "hill", "start + rise k^power / (half^power + k^power)", ("rise",), ("half", "power"),
            _hill, _hill_slopes, _unit, lambda x: (_scales(x), (0.1, 20.0)), (15, 8),
            at_low="a shape sits at its lower end", at_high="a shape sits at its upper end",
        ),
        Family(
            "shifted_power", "start + rise (1 - (1 + k/scale)^-power)", ("rise",), ("scale", "power"),
            _shifted, _shifted_slopes, _unit, lambda x: (_scales(x), (0.05, 50.0)), (15, 8),
            at_low="a shape sits at its lower end", at_high="a shape sits at its upper end",
        ),
        Family(
            "plateau", "start + rate min(k, knot)", ("rate",), ("knot",),
            lambda x, s: _one(np.minimum(x, s)),
            lambda x, s: (x > s).astype(float)[..., None, None],
            lambda s: s.copy(), _plateaus, (60,),
            at_low="the plateau starts at the first dose or before", at_high="the last dose is not on a plateau",
        ),
        Family(
            "broken_stick", "start + rate k + change max(k - knot, 0)", ("rate", "change"), ("knot",),
            _broken, _broken_slopes, lambda s: np.full((len(s), 2), np.inf), _knots, (60,),
            at_low="the knot sits at the first inner dose", at_high="the knot sits at the last inner dose",
        ),
    )
}  # fmt: skip
"""Name -> family. `linear` and `broken_stick` (with a negative rate) are the straight alternatives."""

SATURATING: Final = ("saturating_exponential", "michaelis_menten", "hill", "shifted_power", "plateau")
"""Families with a finite asymptote."""

DEFAULT: Final = (
    "linear", "logarithmic", "power", "saturating_exponential", "michaelis_menten", "plateau", "hill", "broken_stick",
)  # fmt: skip
"""What a comparison tries unless told otherwise; those with four parameters take part from five doses on."""
