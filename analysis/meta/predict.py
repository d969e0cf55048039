"""Prediction: where the true effect of a new study lies, and the shrunken effects of the studies at hand.

The interval is ``mean +- quantile * sqrt(tau2 + se^2)`` (Higgins, Thompson & Spiegelhalter 2009, eq. 12). The
literature uses three reference distributions under two names, so the choice is named by its degrees of freedom:

- `k-2`: t with k - p - 1; Higgins et al. (2009), Riley, Higgins & Deeks (2011). The default: tau^2 is estimated.
- `k-1`: t with k - p; Veroniki et al. (2019); what metafor prints for a fit with Knapp-Hartung.
- `normal`: takes tau^2 as known; what metafor prints for a fit with test "z". Too narrow for few studies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats
from analysis.meta.pool import Pooled
from analysis.meta.values import nominal
from analysis.meta.wls import marginal_weights, wls

PredictionDf: TypeAlias = Literal["k-2", "k-1", "normal"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted mean with its confidence interval and the prediction interval of a new true effect."""

    mean: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    pi_low: Floats
    pi_high: Floats
    df: Floats
    """Degrees of freedom of the prediction interval; infinity for normal."""


@dataclass(frozen=True, slots=True)
class Blups:
    """Best linear unbiased predictions of each study's true effect, (..., K); NaN for absent studies."""

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    shrinkage: Floats
    """v / (tau2 + v): 1 pulls the study all the way to the mean."""


def predict(
    fit: Pooled, at: ArrayLike | None = None, *, df: PredictionDf = "k-2", level: float | None = None
) -> Prediction:
    """Mean, confidence interval and prediction interval of a new study.

    Parameters
    ----------
    fit : Pooled
    at : array_like, shape (p,) or (..., p), optional
        Design row (intercept included) of the new study; needed with moderators.
    df : {"k-2", "k-1", "normal"}
        Reference distribution, see the module. With k = 2 studies "k-2" has no degrees of freedom left and the
        interval is infinite: two studies say nothing about a third.
    level : float, optional
        Default: that of the fit.
    """
    from scipy.special import ndtri, stdtrit

    effects = fit.effects
    p = effects.p
    if at is None and effects.design is not None:
        raise InputError(
            Problem("a prediction from a meta-regression needs the moderators of the new study", "give at=")
        )
    x = np.ones(1) if at is None else np.asarray(at, dtype=float)
    if x.shape[-1] != p:
        raise InputError(
            Problem(f"at has {x.shape[-1]} values for {p} coefficients", f"give {effects.terms}")
        )
    upper = (1 + nominal(level, fit.level)) / 2
    mean = (fit.beta * x).sum(-1)
    variance = np.einsum("...i,...ij,...j->...", x, fit.vcov, x)
    residual = np.asarray(fit.k - p, dtype=float)
    if df == "normal":
        new_df = np.full_like(residual, np.inf)
        quantile = np.full_like(residual, ndtri(upper))
    elif df in ("k-2", "k-1"):
        new_df = residual - (1 if df == "k-2" else 0)
        quantile = np.where(new_df > 0, stdtrit(np.maximum(new_df, 1), upper), np.inf)
    else:
        raise InputError(Problem(f"unknown choice df={df!r}", 'use "k-2", "k-1" or "normal"'))
    own = np.where(np.isinf(fit.df), ndtri(upper), stdtrit(np.where(np.isinf(fit.df), 1.0, fit.df), upper))
    se = np.sqrt(variance)
    half = quantile * np.sqrt(fit.tau2 + variance)
    return Prediction(mean, se, mean - own * se, mean + own * se, mean - half, mean + half, new_df)


def blups(fit: Pooled, level: float | None = None) -> Blups:
    """Empirical-Bayes estimates of the studies' true effects (Raudenbush & Bryk 1985, eqs. 10-12).

    ``x_i beta + (1 - s_i)(y_i - x_i beta)``, variance ``(1 - s_i) v_i + s_i^2 x_i V x_i'`` with
    ``s_i = v_i / (tau2 + v_i)``; quantiles as in the test of the fit. metafor `blup()`.
    """
    from scipy.special import ndtri, stdtrit

    effects = fit.effects
    tau2 = fit.flat_tau2
    size, p = len(tau2), effects.p
    shrink = effects.vi / (tau2[:, None] + effects.vi)
    beta, vcov = np.reshape(fit.beta, (size, p)), np.reshape(fit.vcov, (size, p, p))
    x = np.ones((*effects.yi.shape, 1)) if effects.design is None else effects.design
    fitted = (x @ beta[..., None])[..., 0]
    spread = np.einsum("bki,bij,bkj->bk", x, vcov, x)
    value = fitted + (1 - shrink) * (effects.yi - fitted)
    se = np.sqrt((1 - shrink) * effects.vi + shrink**2 * spread)
    upper = (1 + nominal(level, fit.level)) / 2
    df = np.reshape(fit.df, (size, 1))
    quantile = np.where(np.isinf(df), ndtri(upper), stdtrit(np.where(np.isinf(df), 1.0, df), upper))

    def back(values: Floats) -> Floats:
        shown = np.where(effects.present, values, np.nan)
        return np.asarray(shown.reshape((*effects.shape, effects.yi.shape[-1])))

    return Blups(
        back(value), back(se), back(value - quantile * se), back(value + quantile * se), back(shrink)
    )


def hat_values(fit: Pooled) -> Floats:
    """Diagonal of X (X'WX)^-1 X'W, (B, K): how much each study pulls its own fitted value."""
    effects = fit.effects
    w = marginal_weights(effects, fit.flat_tau2)
    bread = wls(effects.yi, w, effects.design).bread
    if effects.design is None:
        return np.asarray(w * bread[:, 0])
    return np.asarray(w * np.einsum("bki,bij,bkj->bk", effects.design, bread, effects.design))
