"""Inference on a mixed fit: effects with small-sample degrees of freedom, prediction for a new task or language.

Satterthwaite: df = 2 f^2 / (g' A g) for f the variance of the contrast, g its gradient in the variances and A
twice the inverse of the observed information (lmerTest; Fai & Cornelius 1996). Kenward & Roger (1997, Biometrics
53, 983): the covariance is enlarged for the estimated variances (eq. 3 with R_ij = 0, because V is linear in
them) and, for one contrast, the scale is 1 and df = 2 / A_1 with the expected information. Variances at 0 carry
no uncertainty in either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.errors import InputError, Problem
from analysis.mixed.fit import MixedFit, optimise
from analysis.mixed.model import Array
from analysis.seeds.interval import Interval
from analysis.seeds.student import t_interval

Rule = Literal["satterthwaite", "kenward-roger"]


@dataclass(frozen=True, slots=True)
class Effect:
    """A contrast of fixed effects with its test against 0."""

    interval: Interval
    t: float
    p: float


def _counted(fit: MixedFit, rule: Rule) -> np.ndarray:
    """Return positions of the variances whose uncertainty counts.

    Kenward-Roger: all, as pbkrtest, because the expected information exists at 0 too, and a variance estimated as 0
    may be larger. Satterthwaite: those above 0, where the likelihood has a slope.
    """
    return np.arange(len(fit.psi)) if rule == "kenward-roger" else np.flatnonzero(fit.psi > 0)


def _information_inverse(fit: MixedFit, rule: Rule) -> Array:
    """Return the covariance of the variances that count, (m, m), in scaled units."""
    at = _counted(fit, rule)
    table = fit.state.observed if rule == "satterthwaite" else fit.state.expected
    return np.asarray(2 * np.linalg.inv(table[np.ix_(at, at)]))


def effect(
    fit: MixedFit, contrast: str | Mapping[str, float], *, rule: Rule = "kenward-roger", level: float = 0.95
) -> Effect:
    """Return a fixed effect (by name) or a contrast {name: weight} with its interval and two-sided p value."""
    from scipy.special import stdtr

    weights = weights_of(fit, contrast)
    phi, at = fit.state.phi, _counted(fit, rule)
    cover = _information_inverse(fit, rule)
    pulls = fit.state.pull[at]
    variance = float(weights @ phi @ weights)
    gradient = np.array([weights @ phi @ pull @ phi @ weights for pull in pulls])
    df = 2 * variance**2 / float(gradient @ cover @ gradient)
    if rule == "kenward-roger":
        inner = np.zeros_like(phi)
        for a, i in enumerate(at):
            for b, j in enumerate(at):
                inner += cover[a, b] * (fit.state.cross[i, j] - pulls[a] @ phi @ pulls[b])
        variance += 2 * float(weights @ phi @ ((inner + inner.T) / 2) @ phi @ weights)
    estimate = fit.estimate(weights)
    error = float(np.sqrt(variance)) * fit.model.scale
    name = "REML, Kenward-Roger" if rule == "kenward-roger" else "REML, Satterthwaite"
    made = t_interval(estimate, error, df, level, name, _unit(fit), min(len(one) for one in fit.model.levels))
    t = estimate / error
    return Effect(made, t, float(2 * stdtr(df, -abs(t))))


def weights_of(fit: MixedFit, contrast: str | Mapping[str, float]) -> Array:
    """Return the weights of a contrast, (p,); raises `InputError` for an unknown fixed effect."""
    wanted = {contrast: 1.0} if isinstance(contrast, str) else dict(contrast)
    unknown = [name for name in wanted if name not in fit.model.terms]
    if unknown:
        raise InputError(
            Problem(
                f"there is no fixed effect {unknown[0]!r}", f"fixed effects are: {', '.join(fit.model.terms)}"
            )
        )
    return np.array([float(wanted.get(name, 0.0)) for name in fit.model.terms])


def _unit(fit: MixedFit) -> str:
    return " x ".join(fit.model.factors)


def predict_new(
    fit: MixedFit,
    new: Sequence[str],
    contrast: str | Mapping[str, float] = "intercept",
    *,
    averaged: Mapping[str, int] | None = None,
    level: float = 0.95,
) -> Interval:
    """Return where the true mean of a new task, or of a new language, should fall.

    Parameters
    ----------
    new : factors whose level will be a new one, e.g. ``["task", "task:language"]``: their variances add
    averaged : factor (or "residual") -> number of its new levels that the new mean averages over, e.g.
        ``{"task:language": 15}``; factors not named count once; "residual" is left out unless named
    """
    averaged = dict(averaged or {})
    known = (*fit.model.factors, "residual")
    for name in (*new, *averaged):
        if name not in known:
            raise InputError(Problem(f"there is no factor {name!r}", f"factors are: {', '.join(known)}"))
    weights = weights_of(fit, contrast)
    share = np.zeros(len(fit.psi))
    for name in dict.fromkeys((*new, *averaged)):
        share[0 if name == "residual" else 1 + fit.model.factors.index(name)] = 1 / averaged.get(name, 1)
    phi, at = fit.state.phi, _counted(fit, "satterthwaite")
    variance = float(weights @ phi @ weights + share @ fit.psi)
    pulls = fit.state.pull[at]
    gradient = np.array([weights @ phi @ pull @ phi @ weights for pull in pulls]) + share[at]
    cover = _information_inverse(fit, "satterthwaite")
    df = max(2 * variance**2 / float(gradient @ cover @ gradient), 1.0)
    estimate = fit.estimate(weights)
    note = (
        "" if not fit.boundary else f"variance 0 for {', '.join(fit.boundary)}: the interval may be too short"
    )
    return t_interval(
        estimate, np.sqrt(variance) * fit.model.scale, df, level,
        f"prediction for a new {' and '.join(new)}, Satterthwaite", _unit(fit),
        min(len(one) for one in fit.model.levels), note,
    )  # fmt: skip


def variance_interval(fit: MixedFit, factor: str, level: float = 0.95) -> tuple[float, float]:
    """Return the profile interval of a variance (restricted likelihood); its lower end may be 0."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    position = 0 if factor == "residual" else 1 + fit.model.factors.index(factor)
    limit = fit.state.deviance + float(chi2.ppf(level, 1))

    def above(value: float) -> float:
        return optimise(fit.model, {position: value}).state.deviance - limit

    here = float(fit.psi[position])
    low = 0.0
    if here > 0 and (position == 0 or above(0.0) > 0):
        low = float(
            np.exp(brentq(lambda u: above(float(np.exp(u))), np.log(here * 1e-8), np.log(here), xtol=1e-9))
        )
    top = max(here, 1e-3 * float(fit.psi[0]))
    while above(top) < 0:
        top *= 4
    high = float(brentq(above, max(here, 0.0), top, xtol=1e-10 * top))
    return low * fit.model.scale**2, high * fit.model.scale**2
