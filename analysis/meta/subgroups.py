"""Subgroup analysis: a pooled effect per group and a test that the groups differ.

The test of a difference is the only evidence for one: "significant in A, not in B" is not. With a tau^2 of their
own per group, Q between groups is chi-square on groups - 1 (Borenstein & Higgins 2013); with a common tau^2 it
is the omnibus test of a meta-regression on the groups, which small groups need and which honours the test of
the fit (F under Knapp-Hartung).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import labels
from analysis.errors import InputError, Problem
from analysis.meta.batch import Effects, read_effects
from analysis.meta.pool import Pooled, Test, pool_effects
from analysis.meta.regression import omnibus
from analysis.meta.tau2 import Method


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Row i of `fits` is the group `labels[i]`."""

    labels: tuple[str, ...]
    fits: Pooled
    tau2: Literal["separate", "common"]
    statistic: float
    """Q between groups (separate), or the omnibus chi-square or F (common)."""
    df1: int
    df2: float
    p_value: float


def subgroups(
    yi: ArrayLike,
    vi: ArrayLike,
    groups: ArrayLike,
    *,
    tau2: Literal["separate", "common"] = "common",
    method: Method = "REML",
    test: Test = "knapp_hartung_floored",
    level: float = 0.95,
) -> Subgroups:
    """Pool per group and test the difference.

    Raises
    ------
    InputError
        One group only, or with ``tau2="separate"`` a group of one study (its heterogeneity is unknown).
    """
    from scipy.special import chdtrc

    effects = read_effects(yi, vi)
    if effects.shape:
        raise InputError(Problem(f"effects of shape {np.shape(yi)}", "give one data set at a time"))
    found, code = labels(groups, effects.yi.shape[1], "groups")
    names = tuple(map(str, found))
    if len(names) < 2:
        raise InputError(Problem("one subgroup", "give at least two, or use pool"))
    member = code == np.arange(len(names))[:, None]
    parts = effects.without(~member)
    if tau2 == "separate":
        small = np.flatnonzero(parts.k < 2)
        if small.size:
            raise InputError(
                Problem(f"subgroup {names[small[0]]!r} has one study", 'use tau2="common" or merge groups')
            )
        fits = pool_effects(parts, method=method, test=test, level=level)
        w = 1 / fits.se[:, 0] ** 2
        mean = (w * fits.beta[:, 0]).sum() / w.sum()
        q = float((w * (fits.beta[:, 0] - mean) ** 2).sum())
        df = len(names) - 1
        return Subgroups(names, fits, tau2, q, df, np.inf, float(chdtrc(df, q)))
    dummies = member.T.astype(float)
    together = _regress(effects, dummies, names)
    cells = pool_effects(together, method=method, test=test, level=level)
    contrast_design = np.column_stack([np.ones(len(code)), dummies[:, 1:]])
    joint = omnibus(
        pool_effects(
            _regress(effects, contrast_design, ("intercept", *names[1:])),
            method=method,
            test=test,
            level=level,
        )
    )
    return Subgroups(
        names,
        cells,
        tau2,
        float(joint.statistic),
        joint.df1,
        float(joint.df2),
        float(joint.p_value),
    )


def _regress(effects: Effects, design: np.ndarray, terms: tuple[str, ...]) -> Effects:
    k = effects.k
    if (k - len(terms) < 1).any():
        raise InputError(
            Problem(f"{k[0]} effects in {len(terms)} subgroups", "every group has one effect: merge")
        )
    return Effects(effects.yi, effects.vi, effects.present, design[None], terms, k, effects.shape)
