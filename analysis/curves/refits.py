"""Bootstrap of a fitted curve: every refit in one batch, intervals for anything read off the curve.

1,000 refits of a saturating exponential take milliseconds, because the shapes of all resamples are scanned and
refined together (`separable`). Each refit scans anew: starting all of them from one optimum, as is common,
makes intervals too short. The resampled unit is the group (seed, subset) where groups are given, else the
point within its dose; resamples are keyed by name, so they repeat on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.curves.families import Array
from analysis.curves.fit import CurveFit
from analysis.curves.profile import CurveInterval
from analysis.curves.quantities import Quantity, conditional
from analysis.curves.separable import Sample, project, refine, rss
from analysis.errors import InputError, Problem
from analysis.resampling.indices import resample_indices
from analysis.seeds.scores import probability

GRID = 24
"""Shapes scanned per refit and per shape; the optimum's own is added."""


@dataclass(frozen=True)
class Refits:
    """Refitted parameters, one row per resample.

    Attributes
    ----------
    shapes (b, s), coefficients (b, m), starts (b,) the mean start; unit : what was resampled
    at_end : share of refits with a shape at the end of its range, a sign that the shape is not identified
    """

    fit: CurveFit
    shapes: Array
    coefficients: Array
    starts: Array
    unit: str
    at_end: float

    def values(self, quantity: Quantity) -> Array:
        """Return the quantity of every refit, (b,)."""
        with np.errstate(invalid="ignore"):
            along = quantity.vector(self.shapes) * self.coefficients
        return np.asarray(quantity.from_start * self.starts + along.sum(-1))

    def interval(self, quantity: Quantity, level: float = 0.95) -> CurveInterval:
        """Return the percentile interval of a quantity.

        With few groups or points it is too short (table in docs/statistics/diminishing-returns.md); the profile
        interval is the default for that reason.
        """
        probability(level)
        values = np.sort(self.values(quantity))
        estimate = float(conditional(self.fit, quantity, self.fit.shape[None])[0][0])
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], method="closest_observation")
        return CurveInterval(
            estimate, float(low), float(high), level, f"percentile bootstrap over {self.unit}"
        )


def bootstrap_curve(fit: CurveFit, resamples: int = 1000, *, key: str, unit: str | None = None) -> Refits:
    """Return refits to resampled data.

    Parameters
    ----------
    key : name of the claim or question; the resamples are a function of it alone
    unit : "groups" (default with two or more groups), "residuals" (default otherwise; doses stay fixed, residuals
        are inflated by their leverage), or "points" (within each dose: makes no assumption of equal variance, and
        covers .85 at 3 points per dose where .95 is promised)

    Raises
    ------
    InputError : no resamples, groups asked for and fewer than two given, points with one at every dose
    """
    if resamples < 1:
        raise InputError(
            Problem(f"{resamples} resamples were asked for", "ask for at least 1, as a rule 1,000")
        )
    points = fit.points
    several = len(points.group_names) > 1
    if unit is None:
        unit = "groups" if several else "residuals"
    if unit == "groups" and not several:
        raise InputError(Problem("there is one group", "name the seed or subset of each point in `group`"))
    if unit not in ("groups", "points", "residuals"):
        raise InputError(Problem(f"unit is {unit!r}", "write 'groups', 'points' or 'residuals'"))
    sample = points.scores
    if unit == "groups":
        drawn = resample_indices(key, len(points.group_names), range(resamples))
        counts = np.stack([(drawn == g).sum(1) for g in range(len(points.group_names))], 1)
        again = Sample(sample.x, sample.y, sample.w * counts[:, points.group], sample.groups)
    elif unit == "points":
        if all((points.x == dose).sum() == 1 for dose in points.doses):
            raise InputError(Problem("every dose has one point", "resample 'residuals' instead"))
        weight = np.zeros((resamples, len(points.x)))
        for stream, dose in enumerate(points.doses):
            rows = np.flatnonzero(points.x == dose)
            drawn = resample_indices(key, len(rows), range(resamples), stream=stream)
            weight[:, rows] = np.stack([(drawn == i).sum(1) for i in range(len(rows))], 1)
        again = Sample(sample.x, sample.y, sample.w * weight, sample.groups)
    else:
        again = Sample(sample.x, _residual_scores(fit, key, resamples), sample.w, sample.groups)
    return refit(fit, again, unit)


def _residual_scores(fit: CurveFit, key: str, resamples: int) -> Array:
    """Return scores (b, n) with resampled residuals, each over sqrt(1 - leverage) (Davison & Hinkley 1997, 6.9)."""
    sample = fit.points.scores
    columns = fit.family.columns(sample.x, fit.shape[None])[0]
    slopes = np.einsum("nms,m->ns", fit.family.slopes(sample.x, fit.shape[None])[0], fit.coefficients)
    root = np.sqrt(sample.w[0])
    basis = np.linalg.qr(np.concatenate([sample.groups, columns, slopes], 1) * root[:, None])[0]
    curve = columns @ fit.coefficients + sample.groups @ fit.starts
    raw = (sample.y[0] - curve) * root
    scaled = raw / np.sqrt(np.maximum(1 - (basis**2).sum(1), 1e-3))
    scaled = scaled - scaled.mean()
    drawn = resample_indices(key, len(raw), range(resamples))
    return np.asarray(curve + scaled[drawn] / np.where(root > 0, root, np.inf))


def refit(fit: CurveFit, sample: Sample, unit: str) -> Refits:
    """Return the fits of many data sets that share the doses of `fit`."""
    family = fit.family
    many = max(len(sample.y), len(sample.w))
    sample = Sample(sample.x, np.broadcast_to(sample.y, (many, len(sample.x))), sample.w, sample.groups)
    begin = np.repeat(fit.shape[None], many, 0)
    if family.shapes:
        limits = np.log(np.asarray(family.bounds(sample.x)))
        ticks = [np.linspace(low, high, GRID if len(limits) == 1 else GRID // 2) for low, high in limits]
        grid = np.exp(np.stack([axis.ravel() for axis in np.meshgrid(*ticks, indexing="ij")], -1))
        best = rss(sample, project(sample, family.columns(sample.x, fit.shape[None]))[1])
        columns = family.columns(sample.x, grid)
        for i in range(len(grid)):
            sums = rss(sample, project(sample, columns[i : i + 1])[1])
            better = sums < best
            begin[better], best = grid[i], np.minimum(sums, best)
    shapes, _, _ = refine(sample, family, begin, iterations=40, tolerance=1e-7)
    columns = family.columns(sample.x, shapes)
    beta, _, _ = project(sample, columns)
    rest = sample.y - np.einsum("bnm,bm->bn", columns, beta)
    starts = np.zeros(many)
    if sample.groups.shape[1]:
        mass = sample.w @ sample.groups
        level = (sample.w * rest) @ sample.groups / np.maximum(mass, 1e-300)
        draws = mass / (fit.points.w @ sample.groups)
        starts = (draws * level).sum(1) / draws.sum(1)
    at_end = 0.0
    if family.shapes:
        ends = np.asarray(family.bounds(sample.x))
        at_end = float(np.isclose(shapes[..., None], ends, rtol=1e-5).any((-1, -2)).mean())
    return Refits(fit, shapes, beta, starts, unit, at_end)
