"""Between-study variance tau^2 by twelve estimators, for many meta-analyses at once.

Moment estimators are closed forms (Viechtbauer 2005, J. Educ. Behav. Stat. 30:261, eqs. 6-16; Veroniki et al.
2016, Res. Synth. Methods 7:55). REML, ML and the generalised-Q estimators are roots: a bound that provably lies
above every root is computed, the score is scanned for sign changes between zero and that bound, and each root is
bracketed; where the likelihood has several maxima the highest wins. All estimates are truncated at zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools, Effects, Floats, Ints
from analysis.meta.likelihood import likelihood_root
from analysis.meta.roots import bracketed_newton
from analysis.meta.wls import (
    marginal_weights,
    residual_q,
    square_trace,
    trace_p,
    trace_pvp,
    trace_pvpv,
    weighted_gram,
    wls,
)

Method: TypeAlias = Literal["CE", "DL", "HE", "HS", "HSk", "SJ", "PM", "PMM", "EB", "ML", "REML", "GENQ"]
METHODS: Final[tuple[str, ...]] = get_args(Method)
"""CE is the common-effect (fixed-effect) model; GENQ needs `weights`."""


@dataclass(frozen=True, slots=True)
class Tau2:
    """Estimates per meta-analysis, (B,) each."""

    value: Floats
    se: Floats
    """Standard error from the information or the variance of the quadratic form (as metafor prints it)."""
    converged: Bools
    boundary: Bools
    """True where the estimate is zero because it was truncated or maximised there."""


def estimate_tau2(effects: Effects, method: str = "REML", weights: Floats | None = None) -> Tau2:
    """Tau^2 and its standard error.

    Parameters
    ----------
    effects : Effects
    method : str
        One of METHODS. EB (empirical Bayes, Morris 1983) is the same root as PM (Viechtbauer et al. 2015).
        PMM puts the median of the chi-square in place of its mean.
        HS is Hunter-Schmidt, HSk its small-sample version; SJ starts from ``sum((y - mean)^2) / k``.
    weights : (B, K) or (K,), optional
        Weights of the generalised Q of GENQ (DerSimonian & Kacker 2007); inverse variances give DL.
    """
    if method not in METHODS:
        raise InputError(
            Problem(f"unknown estimator {method!r} of tau^2", f"use one of {', '.join(METHODS)}")
        )
    if method == "GENQ" and weights is None:
        raise InputError(Problem("GENQ without weights", "give weights= (inverse variances are DL)"))
    size = len(effects.yi)
    zero = np.zeros(size)
    if method == "CE":
        return Tau2(zero, np.full(size, np.nan), np.ones(size, bool), np.zeros(size, bool))
    converged = np.ones(size, bool)
    if method in ("REML", "ML"):
        raw, converged = likelihood_root(effects, restricted=method == "REML")
    elif method in ("PM", "EB", "PMM"):
        raw, converged = q_root(effects, _q_target(effects, method))
    else:
        raw = _closed_form(effects, method, weights)
    value = np.maximum(raw, 0.0)
    return Tau2(value, _standard_error(effects, method, value, weights), converged, value == 0)


def q_root(effects: Effects, target: Floats) -> tuple[Floats, Bools]:
    """Tau^2 at which the generalised Q statistic equals `target` (B,); zero where Q is below it already.

    Q falls strictly with tau^2 (Viechtbauer 2007), and ``Q(t) <= RSS / (t + min v)`` bounds the root.
    """
    rss = residual_q(effects, effects.present.astype(float))
    least = np.where(effects.present, effects.vi, np.inf).min(-1)
    high = np.maximum(rss / target - least, 0.0)
    at_zero = residual_q(effects, marginal_weights(effects, np.zeros(len(rss))))
    high = np.where(at_zero > target, high, 0.0)

    def excess(t: Floats, rows: Ints) -> tuple[Floats, Floats]:
        part = effects.rows(rows)
        w = marginal_weights(part, t)
        u = w * wls(part.yi, w, part.design).resid
        return (u * u / np.where(w > 0, w, 1.0)).sum(-1) - target[rows], -(u * u).sum(-1)

    return bracketed_newton(excess, np.zeros(len(high)), high)


def _q_target(effects: Effects, method: str) -> Floats:
    df = effects.k - effects.p
    if method != "PMM":
        return df.astype(float)
    from scipy.special import chdtri

    return np.asarray(chdtri(df, 0.5))


def _closed_form(effects: Effects, method: str, weights: Floats | None) -> Floats:
    df = effects.k - effects.p
    if method == "SJ":
        start = _sj_start(effects)
        return start * residual_q(effects, marginal_weights(effects, start)) / df
    w = _moment_weights(effects, method, weights)
    fit = wls(effects.yi, w, effects.design)
    q = (w * fit.resid**2).sum(-1)
    if method == "HS":
        return np.asarray((q - effects.k) / w.sum(-1))
    if method == "HSk":
        return np.asarray((effects.k / df * q - effects.k) / w.sum(-1))
    expected = _trace_pv(w, effects.vi, fit.bread, effects.design)
    return np.asarray((q - expected) / trace_p(w, fit.bread, effects.design))


def _moment_weights(effects: Effects, method: str, weights: Floats | None) -> Floats:
    if method == "HE":
        return effects.present.astype(float)
    if method == "GENQ":
        return np.where(effects.present, np.broadcast_to(np.asarray(weights, float), effects.yi.shape), 0.0)
    return marginal_weights(effects, np.zeros(len(effects.yi)))


def _trace_pv(w: Floats, v: Floats, bread: Floats, design: Floats | None) -> Floats:
    trace = np.einsum("...ij,...ji->...", bread, weighted_gram(w * w * v, design))
    return np.asarray((w * v).sum(-1) - trace)


def _sj_start(effects: Effects) -> Floats:
    mean = effects.yi.sum(-1) / effects.k
    spread = np.where(effects.present, (effects.yi - mean[:, None]) ** 2, 0.0)
    return np.asarray(spread.sum(-1) / effects.k)


def _standard_error(effects: Effects, method: str, tau2: Floats, weights: Floats | None) -> Floats:
    df = effects.k - effects.p
    w = marginal_weights(effects, tau2)
    design = effects.design
    if method == "ML":
        return np.asarray(np.sqrt(2 / (w * w).sum(-1)))
    if method == "REML":
        return np.asarray(np.sqrt(2 / square_trace(w, wls(effects.yi, w, design).bread, design)))
    if method in ("PM", "EB", "PMM"):
        return np.asarray(np.sqrt(2 * effects.k**2 / df) / w.sum(-1))
    start = _sj_start(effects) if method == "SJ" else None
    a = marginal_weights(effects, start) if start is not None else _moment_weights(effects, method, weights)
    bread = wls(effects.yi, a, design).bread
    v = effects.vi
    spread = (
        2 * trace_pvpv(a, v, bread, design)
        + 4 * tau2 * trace_pvp(a, v, bread, design)
        + 2 * tau2**2 * square_trace(a, bread, design)
    )
    if start is not None:
        factor = start / df
    elif method in ("HS", "HSk"):
        factor = (1.0 if method == "HS" else effects.k / df) / a.sum(-1)
    else:
        factor = 1 / trace_p(a, bread, design)
    return np.asarray(factor * np.sqrt(spread))
