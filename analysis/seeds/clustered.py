"""Standard error of a mean whose examples come in clusters (questions on one passage, examples of one language).

Liang and Zeger (1986) CR0; CR1 with G / (G - 1); CR2 of Bell and McCaffrey (2002), Survey Methodology 28, 169-181,
with Satterthwaite degrees of freedom (Pustejovsky and Tipton 2018, JBES 36, 672-683, equations 8-10), here in
closed form for an intercept alone. Independent-looking errors over clustered examples are too small by sqrt(1 + (m
- 1) icc).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import labels
from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from analysis.seeds.scores import finite
from analysis.seeds.student import t_interval


def clustered_interval(
    scores: ArrayLike,
    cluster: ArrayLike,
    correction: Literal["CR0", "CR1", "CR2"] = "CR2",
    level: float = 0.95,
) -> Interval:
    """Return the interval of the mean over examples, whole clusters being the replication.

    CR0 and CR1 take t with G - 1 degrees of freedom; CR2 Satterthwaite's, as if examples were independent.

    Parameters
    ----------
    scores : array of shape (examples,)
        Score of each example, any unit.
    cluster : array of shape (examples,)
        What each belongs to: passage, document, language. At least 2 different ones.

    Raises
    ------
    InputError
        For one cluster only (nothing replicates it), lengths that differ, or clusters without any spread.
    """
    values = finite(scores, "scores", 2)
    if values.ndim != 1:
        raise InputError(Problem(f"scores has shape {values.shape}", "give one score per example"))
    names, inverse = labels(cluster, len(values), "cluster")
    groups, n = len(names), len(values)
    if groups < 2:
        raise InputError(
            Problem(f"all examples belong to the cluster {str(names[0])!r}", "at least 2 clusters are needed")
        )
    size = np.bincount(inverse).astype(float)
    residual = np.bincount(inverse, weights=values - values.mean())
    squares = residual**2 / n**2
    df = groups - 1.0
    if correction == "CR2":
        share = size / n
        squares = squares / (1 - share)
        # Quadratic form p_gh = a_g'a_h: n_g / N**2 on the diagonal, -c_g c_h n_g n_h / N**3 elsewhere; its trace is
        # 1 / N, and the sum of its squares needs no matrix.
        adjusted = size**2 / (1 - share) / n**3
        df = float(1 / n**2 / ((size**2).sum() / n**4 + adjusted.sum() ** 2 - (adjusted**2).sum()))
    elif correction == "CR1":
        squares = squares * groups / (groups - 1)
    elif correction != "CR0":
        raise InputError(Problem(f"unknown correction {correction!r}", "write CR0, CR1 or CR2"))
    variance = float(squares.sum())
    if variance <= (1e-12 * float(np.abs(values).max())) ** 2:
        raise InputError(Problem("all clusters have the same mean", "no interval follows from no spread"))
    method = f"{correction}, t with {'Satterthwaite' if correction == 'CR2' else 'G - 1'} df"
    return t_interval(values.mean(), np.sqrt(variance), df, level, method, "clusters", groups)
