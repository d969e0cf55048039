"""Families side by side: AICc, Akaike weights, and what the plausible ones say together.

Which curve is right is as uncertain as its parameters; an interval from the winner alone ignores that. A family is
plausible up to 7 AICc above the best (Burnham & Anderson 2002, 2.6: beyond, "considerably less support"). Estimates
are averaged with Akaike weights (4.1); the interval is the envelope of the plausible families' own intervals. An
interval that averages too (their eq. 4.9; averaged tail areas, Turek & Fletcher 2012) trusts the winner's weight, and
covers little where the truth is near the curves without being one of them. What the envelope covers is in
docs/statistics/coverage_intervals.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.curves.choice import get_family
from analysis.curves.families import DEFAULT, Family
from analysis.curves.fit import CurveFit, fit_points
from analysis.curves.points import Points, read_points
from analysis.curves.profile import CurveInterval, profile_interval
from analysis.curves.quantities import Quantity
from analysis.errors import InputError, Problem
from analysis.seeds.scores import probability

PLAUSIBLE: Final = 7.0
"""AICc above the best up to which a family has a say."""


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

    @property
    def plausible(self) -> tuple[CurveFit, ...]:
        """Fits within `PLAUSIBLE` of the best AICc that add something.

        A fit whose shape the data leave open, while a curve with fewer parameters does no worse, is that curve with
        an uninformative parameter (Arnold 2010, J. Wildlife Management 74, 1175), and its standard error is noise.
        """
        limit = self.best.aicc + PLAUSIBLE
        near = [fit for fit in self.fits if fit.aicc <= limit or fit is self.best]
        return tuple(
            fit
            for fit in near
            if fit.identified or not any(o.size < fit.size and o.aicc <= fit.aicc for o in near)
        )

    def average(self, read: Callable[[CurveFit], Quantity], level: float = 0.95) -> CurveInterval:
        """Return a quantity averaged over the plausible families, with the envelope of their profile intervals.

        `read` gives the quantity of a fit, e.g. ``lambda fit: gain_between(fit, 9, 10)``. Where a plausible family
        has no finite value (the asymptote of a straight line) the estimate is NaN, the interval endless, and the
        method says why; where the data leave one open, so is the envelope. Not estimate -+ t x error: near a plateau
        a gain is a skewed function of the shapes, and its error shrinks with its estimate.

        Coverage at nominal .95 (docs/statistics/coverage_intervals.md): an envelope promises at least the level, and
        mostly covers more, if one of the curves is near the truth. What no curve of the list can do, as a decline
        after a rise, is covered rarely beyond the doses; with four doses hardly any bend can be told from another.
        """
        probability(level)
        fits = self.plausible
        found = [profile_interval(fit, read(fit), level) for fit in fits]
        values = np.array([one.estimate for one in found])
        if not np.isfinite(values).all():
            why = "average over curves: some family has no such value"
            return CurveInterval(float("nan"), -np.inf, np.inf, level, why)
        estimate = float(self._weights(fits) @ values)
        if not self.points.known and min(fit.rss for fit in fits) <= self._rounding:
            why = "average over curves: no spread about the curve, so no interval; check that the runs differ"
            return CurveInterval(estimate, -np.inf, np.inf, level, why)
        method = f"average over {len(fits)} plausible curves, envelope of their profile intervals"
        return CurveInterval(
            estimate, min(one.low for one in found), max(one.high for one in found), level, method
        )

    @property
    def _rounding(self) -> float:
        """Residual sum of squares that rounding alone leaves."""
        return float(self.points.n * (1e-12 * np.abs(self.points.y).max()) ** 2)

    def _weights(self, fits: Sequence[CurveFit]) -> NDArray[np.float64]:
        """Return the Akaike weights of some of the fits, summing to 1."""
        known = dict(zip((fit.family.name for fit in self.fits), self.weights, strict=True))
        raw = np.array([known[fit.family.name] for fit in fits])
        return np.asarray(raw / raw.sum())

    def summary(self) -> list[dict[str, Any]]:
        """Return one row per family as plain data, heaviest first."""
        rows = [
            fit.summary() | {"weight": weight} for fit, weight in zip(self.fits, self.weights, strict=True)
        ]
        return sorted(rows, key=lambda row: -row["weight"]) + [
            {"family": name, "left_out": reason} for name, reason in self.left_out
        ]


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
    if not families:
        raise InputError(Problem("no families to compare", f"name some of {', '.join(DEFAULT)}"))
    points = read_points(x, y, weights=weights, se=se, group=group, origin=origin)
    return compare_points(points, families)


def compare_points(points: Points, families: Sequence[str | Family] = DEFAULT) -> Comparison:
    """Return the comparison on checked points; see `compare_families`."""
    fits: list[CurveFit] = []
    left_out: list[tuple[str, str]] = []
    for item in families:
        family = get_family(item)
        reason = points.lacking(family)
        parameters = family.size - (0 if points.origin == "free" else 1)
        if reason is None and family.shapes and len(points.doses) == parameters:
            reason = f"{parameters} parameters pass through any {parameters} dose means"
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
