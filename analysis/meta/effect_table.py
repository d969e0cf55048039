"""One row per effect of a synthesis: its own interval, its weight, and its value drawn to the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.meta.estimate import Estimate
from analysis.meta.pool import pool
from analysis.meta.predict import blups
from analysis.meta.wls import marginal_weights

if TYPE_CHECKING:
    import pandas as pd


def effect_table(frame: pd.DataFrame, main: Estimate, level: float) -> pd.DataFrame:
    """Return study, cluster, second, yi, vi, low, high, weight (0-1), blup, blup_low, blup_high.

    Parameters
    ----------
    frame : checked effects, as `synthesise` takes them
    main : their synthesis, whose total tau^2 weighs them
    level : of the intervals
    """
    from scipy.special import ndtri

    keep = [name for name in ("study", "cluster", "second", "yi", "vi") if name in frame]
    out = frame[keep].copy()
    half = float(ndtri((1 + level) / 2)) * np.sqrt(out["vi"])
    out["low"], out["high"] = out["yi"] - half, out["yi"] + half
    if main.k == 1:
        return out.assign(weight=1.0, blup=out["yi"], blup_low=out["low"], blup_high=out["high"])
    fit = pool(frame["yi"], frame["vi"], tau2=main.tau2, test="z", level=level)
    weight, shrunk = marginal_weights(fit.effects, fit.flat_tau2)[0], blups(fit)
    return out.assign(
        weight=weight / weight.sum(), blup=shrunk.value, blup_low=shrunk.low, blup_high=shrunk.high
    )
