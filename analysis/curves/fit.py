"""One fitted curve: parameters, standard deviations, the certificate of the optimum, and what is not identified.

No starting values are asked of the user: the shapes are scanned, the best places are refined, and the
certificate says how many starts ended at the same residual sum of squares. A fit that the data cannot pin
down is returned with `identified = False` and the reason, never with a confident number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.curves.choice import get_family
from analysis.curves.families import Array, Family
from analysis.curves.identify import unidentified
from analysis.curves.points import Points, read_points
from analysis.curves.separable import Sample, lattice, project, refine, scan

SAME = 1e-8
"""Two starts ended at the same optimum when their residual sums of squares agree to this relative size."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """How sure it is that the optimum is the global one: "60 starts, 58 to the same rss"."""

    starts: int
    same: int
    converged: int
    runner_up: float | None
    """Smallest other residual sum of squares that a start ended at, over the best one; None where there is none."""

    def __str__(self) -> str:
        other = "" if self.runner_up is None else f", next optimum {self.runner_up:.4g} times the rss"
        return f"{self.starts} starts, {self.same} to the same rss{other}"


@dataclass(frozen=True)
class CurveFit:
    """A least-squares fit of one family.

    Attributes
    ----------
    shape : (s,); coefficients : (m,); starts : (r,), one per group (empty when held at 0)
    rss : weighted residual sum of squares; df : residual degrees of freedom
    sigma : residual standard deviation (1 where standard errors were given)
    identified, reasons : whether the doses pin the curve down, and if not, why not
    """

    family: Family
    points: Points
    shape: Array
    coefficients: Array
    starts: Array
    rss: float
    df: int
    certificate: Certificate
    reasons: tuple[str, ...]

    @property
    def identified(self) -> bool:
        """Whether every parameter is pinned down by the data."""
        return not self.reasons

    @property
    def size(self) -> int:
        """Number of fitted parameters, without the residual variance."""
        return len(self.shape) + len(self.coefficients) + len(self.starts)

    @property
    def sigma(self) -> float:
        """Residual standard deviation; 1 where the scores came with standard errors."""
        return 1.0 if self.points.known else float(np.sqrt(self.rss / self.df))

    @property
    def start(self) -> float:
        """Mean start over the groups; 0 where it is held there."""
        return float(self.starts.mean()) if len(self.starts) else 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Parameter names in the order of `covariance`: starts, coefficients, shapes."""
        if len(self.starts) > 1:
            starts = tuple(f"start[{name}]" for name in self.points.group_names)
        else:
            starts = ("start",) * len(self.starts)
        return starts + self.family.coefficients + self.family.shapes

    @property
    def parameters(self) -> dict[str, float]:
        """Name -> estimate."""
        values = np.concatenate([self.starts, self.coefficients, self.shape])
        return dict(zip(self.names, values.tolist(), strict=True))

    @cached_property
    def covariance(self) -> Array:
        """Covariance of the parameters (p, p) from the Jacobian at the optimum; inf where it is singular."""
        sample = self.points.sample
        columns = self.family.columns(sample.x, self.shape[None])[0]
        slopes = np.einsum("nms,m->ns", self.family.slopes(sample.x, self.shape[None])[0], self.coefficients)
        jacobian = np.concatenate([sample.groups, columns, slopes], axis=1) * np.sqrt(sample.w[0])[:, None]
        norm = np.linalg.norm(jacobian, axis=0)
        if (norm == 0).any():
            return np.full((self.size, self.size), np.inf)
        triangle = np.linalg.qr(jacobian / norm, mode="r")
        if np.abs(np.diag(triangle)).min() < 1e-13:
            return np.full((self.size, self.size), np.inf)
        inverse = np.linalg.inv(triangle) / norm[:, None]
        return np.asarray(inverse @ inverse.T * self.sigma**2)

    @property
    def sd(self) -> dict[str, float]:
        """Name -> standard deviation (Wald); profile intervals are the better statement in small samples."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))

    @property
    def aicc(self) -> float:
        """Small-sample AIC with the residual variance counted as a parameter; inf where n is too small for it."""
        n, count = self.points.n, self.size + (0 if self.points.known else 1)
        if n - count - 1 <= 0:
            return float("inf")
        fit = self.rss if self.points.known else n * float(np.log(self.rss / n)) if self.rss > 0 else -np.inf
        return fit + 2 * count + 2 * count * (count + 1) / (n - count - 1)

    def predict(self, x: ArrayLike) -> Array:
        """Return the curve at doses x (k,), at the mean start of the groups."""
        doses = np.atleast_1d(np.asarray(x, dtype=float))
        return np.asarray(self.start + self.family.columns(doses, self.shape[None])[0] @ self.coefficients)

    @property
    def asymptote(self) -> float:
        """Score that the curve tends to; inf or -inf where it does not level off."""
        limit = self.family.limit(self.shape[None])[0]
        if np.isinf(limit).any():
            tail = self.predict([1e6 * self.points.x.max(), 1e7 * self.points.x.max()])
            return float(np.sign(tail[1] - tail[0]) * np.inf) if tail[1] != tail[0] else float(tail[1])
        return float(self.start + limit @ self.coefficients)

    def gain(self, before: float, after: float) -> float:
        """Return the rise of the curve between two doses, in points."""
        low, high = self.predict([before, after])
        return float(high - low)

    def summary(self) -> dict[str, Any]:
        """Return the fit as plain data for JSON."""
        return {
            "family": self.family.name,
            "formula": self.family.formula,
            "parameters": self.parameters,
            "rss": self.rss,
            "df": self.df,
            "sigma": self.sigma,
            "aicc": self.aicc if np.isfinite(self.aicc) else None,
            "asymptote": self.asymptote if np.isfinite(self.asymptote) else None,
            "identified": self.identified,
            "reasons": list(self.reasons),
            "certificate": str(self.certificate),
        }


def fit_curve(
    x: ArrayLike,
    y: ArrayLike,
    family: str | Family = "saturating_exponential",
    *,
    weights: ArrayLike | None = None,
    se: ArrayLike | None = None,
    group: Sequence[object] | NDArray[Any] | None = None,
    origin: str = "free",
    start: dict[str, float] | None = None,
    level: float = 0.95,
) -> CurveFit:
    """Return the least-squares fit of one family.

    Parameters
    ----------
    x, y : (n,) doses (0 or more) and scores
    weights : (n,) relative weights, inverse variances up to a factor
    se : (n,) standard errors of the scores, taken as known; excludes `weights`
    group : (n,) seed or subset of each point; each gets a start of its own, and is a unit of resampling
    origin : "free", or "zero" when the score at dose 0 is known to be 0
    start : shapes to look around, for families outside the registry and comparisons with other software;
        without it the shapes are scanned over the family's bounds
    level : level at which the shapes must be bounded by the data for the fit to count as identified

    Raises
    ------
    InputError : not a number, a negative dose, or not more points than parameters
    """
    chosen = get_family(family)
    points = read_points(x, y, weights=weights, se=se, group=group, origin=origin)
    points.require(chosen)
    return fit_points(points, chosen, start=start, level=level)


def fit_points(
    points: Points, family: Family, *, start: dict[str, float] | None = None, level: float = 0.95
) -> CurveFit:
    """Return the fit of checked points; see `fit_curve`."""
    sample = points.sample
    grid = lattice(family, sample.x)
    with np.errstate(over="ignore", invalid="ignore"):  # far corners of a user's own family may overflow
        surface = scan(sample, family, grid)[0]
    begin = grid if start is None else _around(np.array([start[name] for name in family.shapes]))
    shapes, sums, converged = refine(sample.repeated(len(begin)), family, begin)
    least = float(sums.min())
    total = float(_total(sample))
    near = np.abs(sums - least) <= SAME * least + 1e-14 * total
    best = int(np.flatnonzero(near)[np.argmin(sums[near])]) if start is None else int(np.argmax(near))
    others = sums[~near & np.isfinite(sums)]
    runner = float(others.min() / least) if len(others) and least > 0 else None
    certificate = Certificate(len(sums), int(near.sum()), int(converged.sum()), runner)
    shape = shapes[best]
    beta, _, _ = project(sample, family.columns(sample.x, shape[None]))
    columns = family.columns(sample.x, shape[None])[0]
    rest = sample.y[0] - columns @ beta[0]
    mass = sample.w[0] @ sample.groups
    starts = (sample.w[0] * rest) @ sample.groups / mass if sample.groups.shape[1] else np.zeros(0)
    residual = rest - sample.groups @ starts
    value = float(sample.w[0] @ residual**2) + sample.within
    df = points.n - sample.groups.shape[1] - len(family.coefficients) - len(family.shapes)
    fit = CurveFit(family, points, shape, beta[0], starts, value, df, certificate, ())
    reasons = unidentified(fit, grid, surface, total, level)
    return CurveFit(family, points, shape, beta[0], starts, value, df, certificate, reasons)


def _around(shape: Array, starts: int = 40, decades: float = 0.75) -> Array:
    """Return starts (starts, s): the given shapes (s,) first, then an even spread over decades around them.

    The spread is the additive recurrence with the generalised golden ratio (Roberts 2018, "The unreasonable
    effectiveness of quasirandom sequences"): no random numbers, the same on every machine.
    """
    size = len(shape)
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (size + 1))
    steps = ratio ** -np.arange(1, size + 1)
    spread = np.modf(np.arange(starts)[:, None] * steps + 0.5)[0] - 0.5
    return np.asarray(shape * 10.0 ** (2 * decades * spread))


def _total(sample: Sample) -> float:
    """Return the weighted sum of squares about the group means."""
    return float(sample.w[0] @ sample.centre(sample.y)[0] ** 2) + sample.within
