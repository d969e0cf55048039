"""Cluster-robust variance of pooled effects, CR0 to CR2, with Satterthwaite degrees of freedom; one- and two-way.

Effects that share a root source (one paper, one checkpoint, one baseline) are not independent; a sandwich over
clusters is right whatever their correlation. CR2 (Bell & McCaffrey 2002; Tipton 2015; Pustejovsky & Tipton 2018,
eqs. 10-13) adjusts residuals so that the variance is unbiased under the working model, and the degrees of
freedom match its first two moments there. As clubSandwich `coef_test`, also for crossed working models, which it
refuses.

Two-way (Cameron, Gelbach & Miller 2011): ``V = V_a + V_b - V_ab`` of CR2 terms. Small-sample rule, because the
difference can fall below either part and the literature offers none: per coefficient the largest of V, V_a and
V_b, tested with the smaller of the two one-way Satterthwaite degrees of freedom. It errs on the wide side;
measured coverage in docs/statistics/meta-analysis.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import labels
from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats, Ints
from analysis.meta.crossed_likelihood import working_covariance
from analysis.meta.multilevel import Multilevel
from analysis.meta.pool import Pooled
from analysis.meta.values import nominal

Correction: TypeAlias = Literal["CR0", "CR1", "CR1p", "CR1S", "CR2"]
CORRECTIONS: Final[tuple[str, ...]] = get_args(Correction)
"""CR1 is G/(G-1); CR1p is G/(G-p); CR1S is Stata's G(n-1)/((G-1)(n-p))."""

NO_LEVERAGE_LEFT = 1e-10
"""Eigenvalue of I - H up to which a direction is fitted exactly, so that its residual says nothing."""
MIN_DF: Final = 4.0
"""Below this the Satterthwaite test itself is unreliable (Tipton 2015, section 4)."""


@dataclass(frozen=True, slots=True)
class Robust:
    """Coefficients with cluster-robust tests; arrays over p."""

    correction: str
    clusters: tuple[int, ...]
    """Number of clusters, one per dimension."""
    beta: Floats
    se: Floats
    statistic: Floats
    df: Floats
    p_value: Floats
    ci_low: Floats
    ci_high: Floats
    vcov: Floats
    trustworthy: NDArray[np.bool_]
    """(p,) whether df >= 4; below that read the interval as a lower bound of the uncertainty."""


class _Working(NamedTuple):
    x: Floats
    resid: Floats
    beta: Floats
    phi: Floats
    """(n, n) working covariance."""
    xw: Floats
    """(p, n) X' phi^-1"""
    bread: Floats


def robust(
    fit: Pooled | Multilevel,
    cluster: ArrayLike,
    second: ArrayLike | None = None,
    *,
    correction: Correction = "CR2",
    level: float | None = None,
) -> Robust:
    """Cluster-robust tests of a fitted model's coefficients.

    Parameters
    ----------
    fit : Pooled or Multilevel
        Its marginal covariance is the working model. For a Pooled fit of one data set only.
    cluster, second : (k,) labels
        Clusters, and a crossed second dimension (for example language beside task). Choose the highest level at
        which effects share anything.
    correction : str
        One of CORRECTIONS; two-way clustering uses the same for each of its terms.

    Raises
    ------
    InputError
        Fewer than two clusters in a dimension: nothing can then be said about the spread between clusters.
    """
    if correction not in CORRECTIONS:
        raise InputError(
            Problem(f"unknown correction {correction!r}", f"use one of {', '.join(CORRECTIONS)}")
        )
    work = _working(fit)
    codes = [_codes(labels, len(work.resid)) for labels in (cluster, second) if labels is not None]
    parts = [_sandwich(work, code, correction) for code in codes]
    vcov, df = parts[0]
    if len(codes) == 2:
        both = np.unique(codes[0] * (codes[1].max() + 1) + codes[1], return_inverse=True)[1]
        overlap = _sandwich(work, both, correction, with_df=False)[0]
        vcov = parts[0][0] + parts[1][0] - overlap
        floor = np.maximum(np.diag(parts[0][0]), np.diag(parts[1][0]))
        vcov[np.diag_indices_from(vcov)] = np.maximum(np.diag(vcov), floor)
        df = np.minimum(parts[0][1], parts[1][1])
    return _tests(work.beta, vcov, df, correction, codes, nominal(level, fit.level))


def _tests(
    beta: Floats, vcov: Floats, df: Floats, correction: str, codes: list[Ints], level: float
) -> Robust:
    from scipy.special import stdtr, stdtrit

    se = np.sqrt(np.diag(vcov))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where((se == 0) & (beta == 0), 0.0, beta / se)
    half = stdtrit(df, (1 + level) / 2) * se
    return Robust(
        correction=correction,
        clusters=tuple(int(code.max()) + 1 for code in codes),
        beta=beta,
        se=se,
        statistic=statistic,
        df=df,
        p_value=2 * stdtr(df, -np.abs(statistic)),
        ci_low=beta - half,
        ci_high=beta + half,
        vcov=vcov,
        trustworthy=df >= MIN_DF,
    )


def _codes(given: ArrayLike, n: int) -> Ints:
    levels, code = labels(given, n, "cluster")
    if len(levels) < 2:
        raise InputError(
            Problem(
                "all effects are in one cluster", "one source has no spread between sources; find another"
            )
        )
    return code


def _working(fit: Pooled | Multilevel) -> _Working:
    effects = fit.effects
    if effects.shape or not effects.present.all():
        raise InputError(Problem("robust needs one complete data set", "fit it without batch axes and masks"))
    y = effects.yi[0]
    x = np.ones((len(y), 1)) if effects.design is None else effects.design[0]
    if isinstance(fit, Multilevel):
        phi = working_covariance(fit.data, fit.sigma2 / fit.unit**2) * fit.unit**2
        xw = np.linalg.solve(phi, x).T
    else:
        variance = effects.vi[0] + float(fit.tau2)
        phi, xw = np.diag(variance), (x / variance[:, None]).T
    bread = np.linalg.inv(xw @ x)
    return _Working(x, y - x @ fit.beta, fit.beta, phi, xw, bread)


def _sandwich(work: _Working, code: Ints, correction: str, *, with_df: bool = True) -> tuple[Floats, Floats]:
    """Robust covariance (p, p) and Satterthwaite df (p,), NaN if not asked for, of one clustering."""
    n, p = work.x.shape
    groups = int(code.max()) + 1
    meat = np.zeros((p, p))
    # Column g of weights[c]: the vector that cluster g's residuals are multiplied with for coefficient c.
    weights = np.zeros((p, n, groups if with_df else 0))
    for g in range(groups):
        at = np.flatnonzero(code == g)
        score = work.xw[:, at]
        if correction == "CR2":
            score = score @ _adjustment(work, at)
        s = score @ work.resid[at]
        meat += np.outer(s, s)
        if with_df:
            weights[:, at, g] = work.bread @ score
    factor = {
        "CR0": 1.0,
        "CR1": groups / (groups - 1),
        "CR1p": groups / (groups - p) if groups > p else np.nan,
        "CR1S": groups * (n - 1) / ((groups - 1) * (n - p)),
        "CR2": 1.0,
    }[correction]
    if np.isnan(factor):
        raise InputError(Problem(f"CR1p with {groups} clusters and {p} coefficients", "use CR2"))
    df = np.full(p, np.nan)
    for c in range(p if with_df else 0):
        a = weights[c]
        projected = a.T @ work.x
        omega = a.T @ work.phi @ a - projected @ work.bread @ projected.T
        df[c] = np.trace(omega) ** 2 / (omega**2).sum()
    return factor * work.bread @ meat @ work.bread, df


def _adjustment(work: _Working, at: Ints) -> Floats:
    """CR2 matrix of one cluster: D'(D B D')^(-1/2) D with D'D = phi, B = phi - X bread X', pseudo-inverse root.

    B = D'(I - H)D, so that D B D' = G G' with G = DD'V sqrt(e) from the eigenvalues e of I - H, which have no unit.
    The root then follows from the singular values of G: eigenvalues of D B D' itself would span the square of the
    ratio of two variances, and small ones would pass for zero (in clubSandwich all do where effects are near 1e-4).
    """
    root = np.linalg.cholesky(work.phi[np.ix_(at, at)]).T
    scaled = np.linalg.solve(root.T, work.x[at])
    values, vectors = np.linalg.eigh(np.eye(len(at)) - scaled @ work.bread @ scaled.T)
    kept = values > NO_LEVERAGE_LEFT
    if not kept.any():
        return np.zeros((len(at), len(at)))
    factor = root @ root.T @ (vectors[:, kept] * np.sqrt(values[kept]))
    left, singular, _ = np.linalg.svd(factor, full_matrices=False)
    return np.asarray(root.T @ ((left / singular) @ left.T) @ root)
