"""Families side by side: AICc, Akaike weights, and predictions averaged over the families.

Which curve is right is as uncertain as its parameters; an interval from the winner alone ignores that. The
averaged prediction is Burnham & Anderson's (2002, eq. 2.16 for AICc with the variance counted as a parameter, 4.1 for
the average); its interval has the weighted tail areas of Turek & Fletcher (2012), Comput. Stat. Data Anal. 56,
2809-2815, because the unconditional standard error (eq. 4.9) covered .88 of nominal .95 where the truth saturates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.curves.choice import get_family
from analysis.curves.families import DEFAULT, Family
from analysis.curves.fit import CurveFit, fit_points
from analysis.curves.points import Points, read_points
from analysis.curves.profile import CurveInterval
from analysis.curves.quantities import Quantity, conditional
from analysis.errors import InputError, Problem


@dataclass(frozen=True)
class Comparison:
    """Fits in the order asked for, with Akaike weights; families that the points cannot carry are listed apart."""

    points: Points
    fits: tuple[CurveFit, ...]
    weights: tuple[float, ...]
    left_out: tuple[tuple[str, str], ...]
    """(family, why it could not be fitted)."""

    @property
    def best(self) -> CurveFit:
        """The family with the largest weight."""
        return self.fits[int(np.argmax(self.weights))]

    def average(self, read: Callable[[CurveFit], Quantity], level: float = 0.95) -> CurveInterval:
        """Return a quantity averaged over the families, with an interval of averaged tail areas.

        `read` gives the quantity of a fit, e.g. ``lambda fit: gain_between(fit, 9, 10)``. Each family has t of its
        own residual degrees of freedom. Where one with a weight above 0.01 has no finite value (the asymptote of a
        straight line) the estimate is NaN, the interval endless, and the method says why.

        Coverage of the gain of the next dose at nominal .95 (7 doses, 3 runs each, 80 data sets): .94 and .98 where
        the truth saturates.
        """
        values, errors = [], []
        for fit in self.fits:
            value, error = wald(fit, read(fit))
            values.append(value)
            errors.append(error)
        weights, estimates, se = np.array(self.weights), np.array(values), np.array(errors)
        counts = weights > 0.01
        if not np.isfinite(estimates[counts]).all():
            return CurveInterval(
                float("nan"), -np.inf, np.inf, level, "model average: some family has no such value"
            )
        if not np.isfinite(se[counts]).all():
            return CurveInterval(
                float(weights[counts] @ estimates[counts] / weights[counts].sum()), -np.inf, np.inf, level,
                "model average: some family is not identified",
            )  # fmt: skip
        usable = np.isfinite(estimates) & np.isfinite(se)
        share = weights[usable] / weights[usable].sum()
        freedom = np.array([np.inf if self.points.known else fit.df for fit in self.fits])[usable]
        low, high = _tail_areas(estimates[usable], se[usable], freedom, share, level)
        mean = float(share @ estimates[usable])
        return CurveInterval(mean, low, high, level, "model average, averaged tail areas")

    def summary(self) -> list[dict[str, Any]]:
        """Return one row per family as plain data, heaviest first."""
        rows = [
            fit.summary() | {"weight": weight} for fit, weight in zip(self.fits, self.weights, strict=True)
        ]
        return sorted(rows, key=lambda row: -row["weight"]) + [
            {"family": name, "left_out": reason} for name, reason in self.left_out
        ]


def _tail_areas(
    estimates: NDArray[np.float64],
    se: NDArray[np.float64],
    df: NDArray[np.float64],
    share: NDArray[np.float64],
    level: float,
) -> tuple[float, float]:
    """Return the two values at which the families' tail areas, weighted, are (1 - level) / 2 each."""
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    normal, finite_df = np.isinf(df), np.where(np.isinf(df), 1.0, df)

    def below(value: float) -> float:
        gap = value - estimates
        z = np.where(se > 0, gap / np.where(se > 0, se, 1.0), np.copysign(np.inf, gap))
        return float(share @ np.where(normal, ndtr(z), stdtr(finite_df, z)))

    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        own = estimates + np.where(normal, ndtri(tail), stdtrit(finite_df, tail)) * se
        least, most = float(own.min()), float(own.max())
        if below(least) >= tail or below(most) <= tail:  # the families agree to rounding
            ends.append(least if tail < 0.5 else most)
        else:
            ends.append(
                float(brentq(lambda x, at=tail: below(x) - at, least, most, xtol=1e-12 * (most - least)))
            )
    return ends[0], ends[1]


def wald(fit: CurveFit, quantity: Quantity) -> tuple[float, float]:
    """Return a quantity and its standard error by the delta method; inf where the fit is singular."""
    value = float(conditional(fit, quantity, fit.shape[None])[0][0])
    if not np.isfinite(quantity.vector(fit.shape[None])).all():
        return float("inf"), float("inf")
    groups, coefs = len(fit.starts), len(fit.coefficients)
    gradient = np.zeros(fit.size)
    if groups:
        gradient[:groups] = quantity.from_start / groups
    gradient[groups : groups + coefs] = quantity.vector(fit.shape[None])[0]
    for i in range(len(fit.shape)):
        step = 1e-5 * fit.shape[i]
        ends = np.repeat(fit.shape[None], 2, 0)
        ends[:, i] += [-step, step]
        low, high = quantity.vector(ends) @ fit.coefficients
        gradient[groups + coefs + i] = (high - low) / (2 * step)
    if not np.isfinite(fit.covariance).all():
        return value, float("inf")
    return value, float(np.sqrt(max(float(gradient @ fit.covariance @ gradient), 0.0)))


def compare_families(
    x: ArrayLike,
    y: ArrayLike,
    families: Sequence[str | Family] = DEFAULT,
    *,
    weights: ArrayLike | None = None,
    se: ArrayLike | None = None,
    group: Sequence[object] | NDArray[Any] | None = None,
    origin: str = "free",
) -> Comparison:
    """Return the families fitted to the same points, with their Akaike weights.

    Raises
    ------
    InputError : no family can be fitted with an AICc (it needs two points more than parameters with the variance)
    """
    points = read_points(x, y, weights=weights, se=se, group=group, origin=origin)
    return compare_points(points, families)


def compare_points(points: Points, families: Sequence[str | Family] = DEFAULT) -> Comparison:
    """Return the comparison on checked points; see `compare_families`."""
    fits: list[CurveFit] = []
    left_out: list[tuple[str, str]] = []
    for item in families:
        family = get_family(item)
        reason = points.lacking(family)
        if reason is None:
            fit = fit_points(points, family)
            if fit.aicc == np.inf:
                reason = (
                    f"{points.n} points are too few for an AICc with {fit.size} parameters and a variance"
                )
            else:
                fits.append(fit)
        if reason is not None:
            left_out.append((family.name, reason))
    if not fits:
        raise InputError(
            Problem(
                f"no curve can be compared on {points.n} points at {len(points.doses)} doses: {left_out[0][1]}",
                "measure more doses or seeds",
            )
        )
    score = np.array([fit.aicc for fit in fits])
    raw = np.isneginf(score).astype(float) if np.isneginf(score).any() else np.exp(-(score - score.min()) / 2)
    return Comparison(points, tuple(fits), tuple((raw / raw.sum()).tolist()), tuple(left_out))
