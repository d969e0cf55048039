"""Omnibus test of moderators, share of heterogeneity they explain, and linear contrasts of a meta-regression.

QM tests all coefficients but the intercept: chi-square for test "z", F with (m, k - p) otherwise (Knapp &
Hartung 2003). R^2 compares the residual tau^2 with that of the model without moderators by the same estimator
(Raudenbush 1994); it is truncated at zero and undefined where there is no heterogeneity to explain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats
from analysis.meta.pool import Pooled, pool_effects
from analysis.meta.wls import solve_spd


@dataclass(frozen=True, slots=True)
class Omnibus:
    """Joint test of several coefficients; batch shape."""

    statistic: Floats
    """Chi-square for test "z", else F."""
    df1: int
    df2: Floats
    """Infinity for the chi-square."""
    p_value: Floats


def omnibus(fit: Pooled, terms: tuple[str, ...] | None = None) -> Omnibus:
    """Test that the coefficients `terms` (default: all but the intercept) are zero."""
    chosen = terms or tuple(term for term in fit.effects.terms if term != "intercept") or fit.effects.terms
    unknown = [term for term in chosen if term not in fit.effects.terms]
    if unknown:
        raise InputError(Problem(f"no coefficient {unknown[0]!r}", f"use {', '.join(fit.effects.terms)}"))
    index = np.array([fit.effects.terms.index(term) for term in chosen])
    return contrast(fit, np.eye(fit.effects.p)[index])


def contrast(fit: Pooled, rows: ArrayLike) -> Omnibus:
    """Test that the linear combinations `rows` (m, p) of the coefficients are all zero."""
    from scipy.special import chdtrc, fdtrc

    matrix = np.atleast_2d(np.asarray(rows, dtype=float))
    if matrix.shape[-1] != fit.effects.p or np.linalg.matrix_rank(matrix) < len(matrix):
        raise InputError(
            Problem(f"contrast of shape {matrix.shape}", f"give independent rows of {fit.effects.p} values")
        )
    value = fit.beta @ matrix.T
    wald = (value * solve_spd(matrix @ fit.vcov @ matrix.T, value)).sum(-1)
    m = len(matrix)
    if fit.test == "z":
        return Omnibus(wald, m, np.full_like(wald, np.inf)[()], np.asarray(chdtrc(m, wald)))
    return Omnibus(wald / m, m, fit.df, np.asarray(fdtrc(m, fit.df, wald / m)))


def r_squared(fit: Pooled) -> Floats:
    """Share of tau^2 that the moderators explain, 0-1; NaN where tau^2 without moderators is zero.

    With few studies it is very imprecise (Lopez-Lopez et al. 2014): read it with k in view.
    """
    if not fit.effects.has_intercept:
        raise InputError(Problem("R^2 of a model without intercept", "fit with intercept=True"))
    base = pool_effects(fit.effects.intercept_only(), method=fit.method, test="z").tau2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.maximum((base - fit.tau2) / base, 0.0)
    return np.asarray(np.where(base > 0, share, np.nan))[()]
