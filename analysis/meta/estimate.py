"""The pooled effect of a table under the kind of dependence its effects have.

Working models: independent effects, `pool`; effects in clusters, a random effect for the cluster beside that of
the effect (three levels), tested by CR2; two crossed clusterings, both random effects and the two-way variance.
Total tau^2 (all components) drives the prediction interval of an effect from a new source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from analysis.meta.multilevel import EFFECT, multilevel
from analysis.meta.multilevel_inference import predict_new
from analysis.meta.pool import pool
from analysis.meta.predict import predict
from analysis.meta.predict_mixture import predict_mixture
from analysis.meta.robust import robust
from analysis.meta.tau2_interval import q_profile
from analysis.meta.welch_q import welch_q

if TYPE_CHECKING:
    import pandas as pd

MIN_LEAVE_OUT = 3


class Dependence(StrEnum):
    """How the effects of a table hang together."""

    SINGLE = "single"
    """One effect: nothing to pool."""
    NONE = "none"
    """Every effect has its own root source."""
    ONE_SOURCE = "one_source"
    """All effects share one root source; treated as independent given it."""
    CLUSTERED = "clustered"
    """Several sources, some with several effects."""
    TWO_WAY = "two_way"
    """Crossed clusterings, such as task and language."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Pooled effect with its uncertainty and heterogeneity. NaN only where a field says so."""

    model: str
    """What was fitted, in words."""
    k: int
    clusters: int
    """Independent sources."""
    estimate: float
    se: float
    low: float
    high: float
    df: float
    """Degrees of freedom of the interval; infinity for a single effect."""
    p_value: float
    tau2: float
    """Total between-effect variance; NaN for a single effect."""
    components: tuple[tuple[str, float], ...]
    """Variance by level, for dependent effects; else one entry."""
    tau2_low: float
    tau2_high: float
    """Q-profile limits; NaN for dependent effects (use `profile_interval` per component)."""
    q: float
    q_df: int
    q_p: float
    """P of Q as chi-square; of Welch's F where the table has the degrees of freedom of its variances."""
    i2: float
    """Share of total variation between effects, 0-1; NaN for a single effect."""
    i2_low: float
    i2_high: float
    prediction_low: float
    prediction_high: float
    """Where the true effect of a new source lies; infinite with too few to say, NaN for a single effect."""


def dependence_of(frame: pd.DataFrame) -> Dependence:
    """What the columns cluster and second say; crossed clusterings need at least two levels each."""
    if len(frame) == 1:
        return Dependence.SINGLE
    if (
        "second" in frame
        and frame["second"].nunique() > 1
        and "cluster" in frame
        and frame["cluster"].nunique() > 1
    ):
        return Dependence.TWO_WAY
    if "cluster" not in frame or not frame["cluster"].duplicated().any():
        return Dependence.NONE
    return Dependence.ONE_SOURCE if frame["cluster"].nunique() == 1 else Dependence.CLUSTERED


def estimate(frame: pd.DataFrame, dependence: Dependence, level: float, *, brief: bool = False) -> Estimate:
    """Fit the model of `dependence` to columns yi, vi, cluster, second; `brief` skips the Q-profile."""
    if dependence is Dependence.SINGLE:
        return _single(frame, level)
    if dependence in (Dependence.NONE, Dependence.ONE_SOURCE):
        return _independent(frame, dependence, level, brief)
    return _dependent(frame, dependence, level)


def _single(frame: pd.DataFrame, level: float) -> Estimate:
    fit = pool(frame["yi"], frame["vi"], method="CE", test="z", level=level)
    none = float("nan")
    return Estimate(
        model="one effect, normal interval",
        k=1,
        clusters=1,
        estimate=float(fit.mean),
        se=float(fit.mean_se),
        low=float(fit.interval[0]),
        high=float(fit.interval[1]),
        df=float("inf"),
        p_value=float(fit.p_value[0]),
        tau2=none,
        components=(),
        tau2_low=none,
        tau2_high=none,
        q=0.0,
        q_df=0,
        q_p=1.0,
        i2=none,
        i2_low=none,
        i2_high=none,
        prediction_low=none,
        prediction_high=none,
    )


def _independent(frame: pd.DataFrame, dependence: Dependence, level: float, brief: bool) -> Estimate:
    fit = pool(frame["yi"], frame["vi"], level=level)
    limits = None if brief else q_profile(fit)
    new = predict(fit, level=level) if brief or fit.k < 3 else predict_mixture(fit, level=level)
    none = float("nan")
    return Estimate(
        model="random effects (REML, floored Knapp-Hartung)",
        k=int(fit.k),
        clusters=1 if dependence is Dependence.ONE_SOURCE else int(fit.k),
        estimate=float(fit.mean),
        se=float(fit.mean_se),
        low=float(fit.interval[0]),
        high=float(fit.interval[1]),
        df=float(fit.df),
        p_value=float(fit.p_value[0]),
        tau2=float(fit.tau2),
        components=((EFFECT, float(fit.tau2)),),
        tau2_low=float(limits.tau2_low) if limits else none,
        tau2_high=float(limits.tau2_high) if limits else none,
        q=float(fit.q),
        q_df=int(fit.q_df),
        q_p=_heterogeneity_p(frame, float(fit.q_p)),
        i2=float(fit.i2),
        i2_low=float(limits.i2_low) if limits else none,
        i2_high=float(limits.i2_high) if limits else none,
        prediction_low=float(new.pi_low),
        prediction_high=float(new.pi_high),
    )


def _heterogeneity_p(frame: pd.DataFrame, chi_square: float) -> float:
    return float(welch_q(frame["yi"], frame["vi"], frame["df"]).p_value) if "df" in frame else chi_square


def _dependent(frame: pd.DataFrame, dependence: Dependence, level: float) -> Estimate:
    two_way = dependence is Dependence.TWO_WAY
    names = ["cluster", "second"] if two_way else ["cluster"]
    groups = {name: frame[name].astype(str).to_numpy() for name in names}
    fit = multilevel(frame["yi"], frame["vi"], groups, test="t", level=level)
    tested = robust(fit, groups["cluster"], groups.get("second"), level=level)
    _, low, high = predict_new(fit, level=level)
    none = float("nan")
    return Estimate(
        model=(
            "crossed random effects (REML), two-way cluster-robust (CR2, Satterthwaite)"
            if two_way
            else "three-level random effects (REML), cluster-robust (CR2, Satterthwaite)"
        ),
        k=len(frame),
        clusters=tested.clusters[0],
        estimate=fit.mean,
        se=float(tested.se[0]),
        low=float(tested.ci_low[0]),
        high=float(tested.ci_high[0]),
        df=float(tested.df[0]),
        p_value=float(tested.p_value[0]),
        tau2=fit.total,
        components=tuple(zip(fit.components, map(float, fit.sigma2), strict=True)),
        tau2_low=none,
        tau2_high=none,
        q=fit.q,
        q_df=fit.q_df,
        q_p=_heterogeneity_p(frame, fit.q_p),
        i2=float(np.sum(fit.i2)),
        i2_low=none,
        i2_high=none,
        prediction_low=low,
        prediction_high=high,
    )
