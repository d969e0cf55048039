"""Pooled effects under the common-effect and random-effects models, for many meta-analyses in one call.

``y_i = x_i' beta + u_i + e_i``, ``u_i ~ N(0, tau2)``, ``e_i ~ N(0, v_i)``. With moderators it is meta-regression.
The test is named by what it does: `z` takes tau^2 as known; `t` uses k - p degrees of freedom;
`knapp_hartung` also rescales the variance by the weighted residual mean square (Hartung & Knapp 2001; Knapp &
Hartung 2003, eq. 5); `knapp_hartung_floored` never lets that factor shrink the variance below the model's
(Rover, Knapp & Friede 2015), which plain Knapp-Hartung does when the effects happen to agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools, Effects, Floats, Ints, read_effects
from analysis.meta.tau2 import Method, estimate_tau2
from analysis.meta.values import nominal
from analysis.meta.wls import marginal_weights, residual_q, trace_p, wls

Test: TypeAlias = Literal["z", "t", "knapp_hartung", "knapp_hartung_floored"]
TESTS: Final[tuple[str, ...]] = get_args(Test)


@dataclass(frozen=True, slots=True)
class Pooled:
    """Result of `pool`. `...` is the batch shape of the input, () for one meta-analysis."""

    effects: Effects
    method: str
    test: str
    level: float
    beta: Floats
    """(..., p) coefficients; without moderators the pooled effect."""
    se: Floats
    """(..., p)"""
    statistic: Floats
    """(..., p) beta / se: z or t."""
    p_value: Floats
    """(..., p) two-sided."""
    ci_low: Floats
    ci_high: Floats
    vcov: Floats
    """(..., p, p)"""
    df: Floats
    """(...) degrees of freedom of the t distribution; infinity for z."""
    tau2: Floats
    """(...) between-study variance (residual, with moderators)."""
    se_tau2: Floats
    converged: Bools
    boundary: Bools
    """Whether tau2 is zero by truncation."""
    k: Ints
    q: Floats
    """(...) Cochran's Q (QE with moderators)."""
    q_df: Ints
    q_p: Floats
    i2: Floats
    """(...) share of total variation that is between studies, 0-1 (metafor prints percent)."""
    h2: Floats
    """(...) total over sampling variation, >= 1."""
    scale: Floats
    """(...) Knapp-Hartung factor that multiplied the variance; 1 for z and t."""

    @property
    def mean(self) -> Floats:
        """The first coefficient: the pooled effect when there are no moderators."""
        return np.asarray(self.beta[..., 0])[()]

    @property
    def mean_se(self) -> Floats:
        """Standard error of `mean`."""
        return np.asarray(self.se[..., 0])[()]

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """Confidence interval of `mean`."""
        return np.asarray(self.ci_low[..., 0])[()], np.asarray(self.ci_high[..., 0])[()]

    @property
    def flat_tau2(self) -> Floats:
        """Tau^2 with a single batch axis, (B,)."""
        return np.reshape(self.tau2, -1)

    @property
    def flat_scale(self) -> Floats:
        """Knapp-Hartung factor with a single batch axis, (B,)."""
        return np.reshape(self.scale, -1)


def pool(
    yi: ArrayLike,
    vi: ArrayLike,
    mods: ArrayLike | None = None,
    *,
    method: Method = "REML",
    test: Test = "knapp_hartung_floored",
    level: float = 0.95,
    tau2: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    names: tuple[str, ...] | None = None,
    mask: ArrayLike | None = None,
    intercept: bool = True,
) -> Pooled:
    """Pool effects, or regress them on moderators.

    Parameters
    ----------
    yi, vi : array_like, shape (..., K)
        Effects and sampling variances. Leading axes are independent meta-analyses.
    mods, names, mask, intercept
        See `analysis.meta.batch.read_effects`.
    method : str
        Estimator of tau^2; "CE" is the common-effect model.
    test : str
        How the standard error and its reference distribution are formed. The default is the choice that kept
        its nominal coverage over all simulated designs (docs/statistics/meta-analysis.md).
    level : float
        Confidence level.
    tau2 : array_like, shape (...), optional
        Take tau^2 as known.
    weights : array_like, shape (..., K), optional
        For ``method="GENQ"``.

    Raises
    ------
    InputError
        See `read_effects`; k - p must be at least 1, or 0 for ``method="CE"`` with ``test="z"``.

    Examples
    --------
    >>> fit = pool([1.2, 0.4, 2.0], [0.04, 0.09, 0.05], method="DL", test="z")
    >>> print(f"{fit.mean:.3f} [{fit.interval[0]:.3f}, {fit.interval[1]:.3f}]")
    1.219 [0.390, 2.048]
    """
    min_df = 0 if method == "CE" and test == "z" else 1
    effects = read_effects(yi, vi, mods, names=names, mask=mask, intercept=intercept, min_df=min_df)
    return pool_effects(effects, method=method, test=test, level=level, tau2=tau2, weights=weights)


def pool_effects(
    effects: Effects,
    *,
    method: str = "REML",
    test: str = "knapp_hartung_floored",
    level: float = 0.95,
    tau2: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Pooled:
    """As `pool`, for effects that were checked before."""
    from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

    if test not in TESTS:
        raise InputError(Problem(f"unknown test {test!r}", f"use one of {', '.join(TESTS)}"))
    nominal(level, level)
    size = len(effects.yi)
    if tau2 is None:
        estimate = estimate_tau2(effects, method, None if weights is None else np.asarray(weights, float))
        known, se_tau2 = estimate.value, estimate.se
        converged, boundary = estimate.converged, estimate.boundary
    else:
        known = np.broadcast_to(np.asarray(tau2, float), effects.shape).reshape(size)
        if not (np.isfinite(known) & (known >= 0)).all():
            raise InputError(Problem("tau2 given is negative or not finite", "give variances, at least 0"))
        se_tau2, converged, boundary = np.full(size, np.nan), np.ones(size, bool), np.zeros(size, bool)
    w = marginal_weights(effects, known)
    fit = wls(effects.yi, w, effects.design)
    df = effects.k - effects.p
    scale = np.ones(size)
    if test.startswith("knapp_hartung"):
        scale = (w * fit.resid**2).sum(-1) / df
        if test == "knapp_hartung_floored":
            scale = np.maximum(scale, 1.0)
    vcov = fit.bread * scale[:, None, None]
    se = np.sqrt(np.einsum("bii->bi", vcov))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where((se == 0) & (fit.beta == 0), 0.0, fit.beta / se)
    upper = (1 + level) / 2
    if test == "z":
        t_df, quantile = np.full(size, np.inf), np.full(size, ndtri(upper))
        p_value = 2 * ndtr(-np.abs(statistic))
    else:
        t_df, quantile = df.astype(float), np.asarray(stdtrit(df.astype(float), upper))
        p_value = 2 * stdtr(t_df[:, None], -np.abs(statistic))
    half = quantile[:, None] * se
    q, vt = heterogeneity(effects)
    shape = effects.shape

    def back(values: np.ndarray) -> np.ndarray:
        return values.reshape((*shape, *values.shape[1:]))[()]

    return Pooled(
        effects=effects,
        method=method,
        test=test,
        level=level,
        beta=back(fit.beta),
        se=back(se),
        statistic=back(statistic),
        p_value=back(p_value),
        ci_low=back(fit.beta - half),
        ci_high=back(fit.beta + half),
        vcov=back(vcov),
        df=back(t_df),
        tau2=back(known),
        se_tau2=back(se_tau2),
        converged=back(converged),
        boundary=back(boundary),
        k=back(effects.k),
        q=back(q),
        q_df=back(df),
        q_p=back(np.where(df > 0, chdtrc(np.maximum(df, 1), q), 1.0)),
        i2=back(_share(effects, method, known, vt, q)),
        h2=back(_ratio(effects, method, known, vt, q)),
        scale=back(scale),
    )


def heterogeneity(effects: Effects) -> tuple[Floats, Floats]:
    """Cochran's Q and the typical sampling variance (k - p) / tr P (Higgins & Thompson 2002, eq. 9), (B,)."""
    w = marginal_weights(effects, np.zeros(len(effects.yi)))
    trace = trace_p(w, wls(effects.yi, w, effects.design).bread, effects.design)
    df = effects.k - effects.p
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = np.where(df > 0, df / trace, np.nan)
    return residual_q(effects, w), typical


def _share(effects: Effects, method: str, tau2: Floats, typical: Floats, q: Floats) -> Floats:
    """I^2. Under the common-effect model it is the Q-based max(0, (Q - df) / Q)."""
    df = effects.k - effects.p
    if method == "CE":
        return np.where(q > df, (q - df) / np.where(q > 0, q, 1.0), 0.0)
    return np.asarray(tau2 / (tau2 + typical))


def _ratio(effects: Effects, method: str, tau2: Floats, typical: Floats, q: Floats) -> Floats:
    if method == "CE":
        df = effects.k - effects.p
        return np.where(df > 0, q / np.maximum(df, 1), 1.0)
    return np.asarray(1 + tau2 / typical)
