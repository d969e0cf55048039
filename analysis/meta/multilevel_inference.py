"""Intervals around a multilevel model: profile likelihood of each component, prediction, level effects.

The profile interval holds all values of one component for which the maximal likelihood over the others falls
by less than half the chi-square(1) quantile: it respects the bound at zero, where a Wald interval does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.ascent import maximise
from analysis.meta.batch import Floats
from analysis.meta.crossed_likelihood import Inverse
from analysis.meta.multilevel import Multilevel
from analysis.meta.values import nominal


@dataclass(frozen=True, slots=True)
class ComponentInterval:
    """Limits of one variance component."""

    component: str
    low: float
    high: float
    kind: str


@dataclass(frozen=True, slots=True)
class LevelEffects:
    """BLUPs of the levels of one factor, as deviations from the fitted mean."""

    component: str
    value: Floats
    """(q,) in the order of the sorted labels."""
    se: Floats
    """(q,) standard deviation of the prediction error, variances taken as known."""


def profile_interval(fit: Multilevel, component: str, level: float | None = None) -> ComponentInterval:
    """Profile-likelihood interval (restricted likelihood for a REML fit); the upper end may be infinite."""
    from scipy.optimize import brentq
    from scipy.special import chdtri

    j = _position(fit, component)
    restricted = fit.method == "REML"
    s = fit.sigma2 / fit.unit**2
    best = maximise(fit.data, restricted, start=s.copy())[0].value
    allowed = float(chdtri(1, 1 - nominal(level, fit.level))) / 2

    def drop(value: float) -> float:
        start = s.copy()
        start[j] = value
        return maximise(fit.data, restricted, {j: value}, start)[0].value - best + allowed

    low = 0.0 if s[j] == 0 or drop(0.0) >= 0 else float(brentq(drop, 0.0, s[j], rtol=1e-10, xtol=1e-14))
    high = max(2 * float(s[j]), 0.1)
    while drop(high) > 0:
        high *= 4
        if high > 1e8:
            return ComponentInterval(component, low * fit.unit**2, np.inf, "profile")
    high = float(brentq(drop, s[j], high, rtol=1e-10, xtol=1e-14))
    return ComponentInterval(component, low * fit.unit**2, high * fit.unit**2, "profile")


def wald_interval(fit: Multilevel, component: str, level: float | None = None) -> ComponentInterval:
    """Estimate -+ z * se cut at zero: quick, and poor near zero or with few levels; infinite at the boundary."""
    from scipy.special import ndtri

    j = _position(fit, component)
    half = float(ndtri((1 + nominal(level, fit.level)) / 2) * fit.se_sigma2[j])
    if np.isnan(half):
        return ComponentInterval(component, 0.0, np.inf, "wald")
    value = float(fit.sigma2[j])
    return ComponentInterval(component, max(value - half, 0.0), value + half, "wald")


def predict_new(
    fit: Multilevel, at: ArrayLike | None = None, *, level: float | None = None
) -> tuple[float, float, float]:
    """Mean and prediction interval of a true effect of which every level is new (new study, new task ...).

    Normal quantiles for test "z" (as metafor); for "t" with the levels of the smallest factor less one plus the
    coefficients: tau^2 is known no better than the factor with the fewest levels allows.
    """
    from scipy.special import ndtri, stdtrit

    p = len(fit.beta)
    if at is None and fit.effects.design is not None:
        raise InputError(Problem("a prediction from a meta-regression needs moderators", "give at="))
    x = np.ones(1) if at is None else np.asarray(at, dtype=float)
    mean = float(x @ fit.beta)
    spread = float(np.sqrt(x @ fit.vcov @ x + fit.total))
    upper = (1 + nominal(level, fit.level)) / 2
    df = min(fit.groups) - p - 1
    quantile = float(ndtri(upper)) if fit.test == "z" else float(stdtrit(df, upper)) if df > 0 else np.inf
    return mean, mean - quantile * spread, mean + quantile * spread


def level_effects(fit: Multilevel, component: str) -> LevelEffects:
    """BLUPs of one factor's levels: ``s Z'Py``, with prediction-error variance ``s - s^2 diag(Z'PZ)``."""
    j = _position(fit, component)
    data, s = fit.data, fit.sigma2 / fit.unit**2
    inverse = Inverse(data, s)
    if j == data.unit:
        z = np.eye(len(data.y))
    else:
        code = data.codes[j - (data.unit is not None and data.unit < j)]
        z = (code[:, None] == np.arange(fit.groups[j])).astype(float)
    py = inverse.times((data.y - data.x @ (fit.beta / fit.unit))[:, None])[:, 0]
    mz, mx = inverse.times(z), inverse.times(data.x)
    bread = fit.vcov / fit.unit**2
    cross = z.T @ mx
    inner = (z * mz).sum(0) - np.einsum("qi,ij,qj->q", cross, bread, cross)
    variance = np.maximum(s[j] - s[j] ** 2 * inner, 0.0)
    return LevelEffects(component, s[j] * (z.T @ py) * fit.unit, np.sqrt(variance) * fit.unit)


def _position(fit: Multilevel, component: str) -> int:
    if component not in fit.components:
        raise InputError(Problem(f"no component {component!r}", f"use one of {', '.join(fit.components)}"))
    return fit.components.index(component)
