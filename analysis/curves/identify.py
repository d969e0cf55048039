"""Says what the points do not pin down about a fitted curve, and why.

A saturating curve has always a best fit; whether the data hold its shape is another question, which
`curve_fit` answers with an infinite covariance and most tools not at all. Here the residual sum of squares
along the shapes answers it: a shape is pinned down when it rises past the threshold of the profile interval
on both sides (Bates & Watts 1988, ch. 6).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from analysis.curves.families import Array
from analysis.seeds.scores import probability

if TYPE_CHECKING:
    from analysis.curves.fit import CurveFit


def threshold(fit: CurveFit, level: float) -> float:
    """Return the residual sum of squares below which a parameter value is inside its profile interval.

    rss (1 + F(level; 1, df) / df); with known standard errors rss + chi2(level; 1).
    """
    from scipy.stats import chi2, f

    probability(level)
    if fit.points.known:
        return fit.rss + float(chi2.ppf(level, 1))
    return fit.rss * (1 + float(f.ppf(level, 1, fit.df)) / fit.df)


def unidentified(fit: CurveFit, grid: Array, surface: Array, total: float, level: float) -> tuple[str, ...]:
    """Return the reasons why the fit is not identified; empty when it is.

    `grid` (g, s) and `surface` (g,) are the scanned shapes and their residual sums of squares.
    """
    reasons: list[str] = []
    family, points = fit.family, fit.points
    scale = float(np.abs(points.y).max())
    if total <= (1e-12 * max(scale, 1e-300)) ** 2 * max(float(points.w.sum()), 1e-300):
        return ("all scores are equal: there is no rise to describe",)
    if not family.shapes:
        return ()
    own = family.size - (0 if points.origin == "free" else 1)
    if len(points.doses) == own:
        reasons.append(
            f"{own} parameters pass through any {own} dose means: the shape is not testable with {own} doses"
        )
    limit = threshold(fit, level)
    ends = np.log(np.asarray(family.bounds(points.sample.x)))
    for i, name in enumerate(family.shapes):
        for side, text in ((0, family.at_low), (1, family.at_high)):
            edge = np.exp(ends[i, side])
            on_edge = np.isclose(np.log(grid[:, i]), ends[i, side])
            if np.isclose(fit.shape[i], edge, rtol=1e-6):
                reasons.append(f"{name} runs to its {('lower', 'upper')[side]} end {edge:.3g}: {text}")
            elif surface[on_edge].min() <= limit:
                reasons.append(
                    f"the {level:.0%} interval of {name} has no {('lower', 'upper')[side]} end: "
                    f"the data do not exclude that {text}"
                )
    return tuple(itertools.chain(reasons))
