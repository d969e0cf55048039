"""A fixed effect, and with it each level of a factor, with intervals that do not take the factor's variance as known.

At a given variance g of the factor the error of prediction of l'beta + u_j has the variance (Henderson 1975, "Best
linear unbiased estimation and prediction under a selection model")

    l'Phi l  +  g - g^2 (Z'PZ)_jj  -  2 g (Z'V^-1 X)_j Phi l .

Nine levels say little about g, and with g estimated as 0 every level would be the mean with no doubt left: intervals
at the estimate are too short. So they are averaged over the standard deviation sqrt(g), weighted by
its restricted likelihood under a uniform prior (Gelman 2006, "Prior distributions for variance parameters in
hierarchical models", section 7); the other variances are at their best for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.mixed.fit import MixedFit, optimise
from analysis.mixed.inference import weights_of
from analysis.mixed.model import Array
from analysis.seeds.interval import Interval

POINTS: Final = 16
"""Standard deviations that are averaged over."""
FALLEN: Final = 10.0
"""Deviance above its minimum beyond which a standard deviation has no weight."""


@dataclass(frozen=True)
class Levels:
    """A fixed contrast, and the sum of it and each level."""

    contrast: Interval
    levels: dict[str, Interval]


def levels_of(
    fit: MixedFit, factor: str, contrast: str | Mapping[str, float], df: float, *, level: float = 0.95
) -> Levels:
    """Return a fixed contrast, and it with each level of a factor, shrunken to it.

    Parameters
    ----------
    factor : a random factor whose effects are not multiplied
    contrast : fixed effect, or {name: weight}
    df : degrees of freedom of the t distributions that are averaged, for the scale

    Raises
    ------
    InputError
        For an unknown factor or fixed effect.

    Notes
    -----
    Intervals are right on average over the levels, not for the best of them: the largest of several shrunken
    estimates is still a choice.
    """
    names = list(fit.level_effects(factor))
    weights = weights_of(fit, contrast)
    fits = _around(fit, 1 + fit.model.factors.index(factor))
    deviance = np.array([one.state.deviance for one in fits])
    share = np.exp((deviance.min() - deviance) / 2)
    told = [_given(one, factor, weights) for one in fits]
    means, errors = (np.stack([one[i] for one in told]) for i in (0, 1))
    made = [
        _averaged(means[:, i], errors[:, i], share / share.sum(), df, level, factor, len(names))
        for i in range(len(names) + 1)
    ]
    return Levels(made[0], dict(zip(names, made[1:], strict=True)))


def _around(fit: MixedFit, position: int) -> list[MixedFit]:
    """Fits at standard deviations of a factor from 0 to where the likelihood has gone."""
    top = max(2 * float(fit.psi[position]) ** 0.5, 0.25 * float(fit.psi[0]) ** 0.5)
    for _ in range(8):
        if optimise(fit.model, {position: top**2}).state.deviance > fit.state.deviance + FALLEN:
            break
        top *= 1.6
    return [optimise(fit.model, {position: sd**2}) for sd in np.linspace(0, top, POINTS).tolist()]


def _given(fit: MixedFit, factor: str, weights: Array) -> tuple[Array, Array]:
    """(estimates, errors) of the contrast and of its sums with every level, at the variances of a fit."""
    j = fit.model.factors.index(factor)
    state, part = fit.state, fit.model.slices[j]
    g = float(fit.psi[1 + j])
    own = g - g**2 * np.diag(state.zpz[part, part])
    common = float(weights @ state.phi @ weights)
    joint = -2 * g * (state.zvx[part] @ (state.phi @ weights))
    variance = np.concatenate([[common], np.maximum(own + common + joint, 0.0)])
    effects = np.concatenate([[0.0], state.blups[part] * fit.model.scale])
    return fit.estimate(weights) + effects, np.sqrt(variance) * fit.model.scale


def _averaged(
    means: Array, errors: Array, share: Array, df: float, level: float, unit: str, n: int
) -> Interval:
    """Mean and quantiles of a mixture of t distributions."""
    from scipy.optimize import brentq
    from scipy.special import stdtr, stdtrit

    def below(value: float, wanted: float) -> float:
        return float(share @ stdtr(df, (value - means) / errors)) - wanted

    estimate = float(share @ means)
    error = float(np.sqrt(share @ (errors**2 + (means - estimate) ** 2)))
    tail = (1 - level) / 2
    reach = float(stdtrit(df, 1 - tail / 100))
    low, high = float((means - reach * errors).min()), float((means + reach * errors).max())
    ends = [
        float(brentq(below, low, high, args=(one,), xtol=1e-9 * (high - low))) for one in (tail, 1 - tail)
    ]
    method = "REML, averaged over the deviation between levels"
    return Interval(estimate, ends[0], ends[1], level, method, unit, n, error, df)
