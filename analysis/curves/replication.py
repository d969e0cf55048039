"""Contrasts of dose means with the standard error that the design allows, or the reason why there is none.

A contrast is a weighted sum of the mean scores at the doses. Its error comes, in this order, from: seeds that
were run at every dose (the contrast per seed, t with seeds - 1 degrees of freedom), independent runs per dose
(Welch-Satterthwaite), or standard errors given with the scores (also borrowed ones). One run per dose without a
standard error has no error: nothing can be tested, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.curves.families import Array
from analysis.curves.points import Points
from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from analysis.seeds.student import satterthwaite, t_interval


@dataclass(frozen=True)
class DoseMeans:
    """Mean score at each dose with what is needed for contrasts.

    Attributes
    ----------
    doses, means, variances : (k,), variances are those of the means
    df : (k,) degrees of freedom of each variance (inf where known)
    blocks : (seeds, k) scores where every seed was run once at every dose, else None
    unit : what was replicated
    """

    doses: Array
    means: Array
    variances: Array
    df: Array
    blocks: Array | None
    unit: str
    runs: int

    def contrast(self, weights: Array, level: float = 0.95) -> Interval:
        """Return the contrast sum(weights x mean at dose) with its t interval; weights (k,)."""
        if self.blocks is not None:
            per_seed = self.blocks @ weights
            n = len(per_seed)
            error = float(per_seed.std(ddof=1) / np.sqrt(n))
            floor = 1e-12 * float(np.abs(weights) @ np.abs(self.means))
            if error <= floor:
                raise InputError(
                    Problem(
                        f"all {n} seeds give the same contrast: there is no spread to test against",
                        "check that the seeds are different runs",
                    )
                )
            return t_interval(per_seed.mean(), error, n - 1.0, level, "t over seeds", self.unit, n)
        parts = weights**2 * self.variances
        used = weights != 0
        error = float(np.sqrt(parts[used].sum()))
        if error == 0:
            raise InputError(
                Problem(
                    "the runs at each dose are all equal: there is no spread to test against",
                    "check the runs",
                )
            )
        df = np.inf if np.isinf(self.df[used]).all() else float(satterthwaite(parts[used], self.df[used]))
        name = "z, standard errors given" if np.isinf(df) else "Welch-Satterthwaite over doses"
        return t_interval(weights @ self.means, error, df, level, name, self.unit, self.runs)


def dose_means(points: Points, seed: NDArray[Any] | None = None) -> DoseMeans | str:
    """Return the dose means with their errors, or the reason why contrasts cannot be tested.

    `seed` (n,) names the run of each point; equal names at several doses are the same seed carried on.
    """
    doses = points.doses
    rows = [np.flatnonzero((points.x == dose) & (points.w > 0)) for dose in doses]
    counts = np.array([len(row) for row in rows])
    means = np.array([np.average(points.y[row], weights=points.w[row]) for row in rows])
    if points.known:
        variances = np.array([1 / points.w[row].sum() for row in rows])
        return DoseMeans(
            doses, means, variances, np.full(len(doses), np.inf), None, "stated errors", int(counts.min())
        )
    if seed is not None:
        names = list(dict.fromkeys(str(s) for s in seed))
        table = np.full((len(names), len(doses)), np.nan)
        repeated, position = False, {name: i for i, name in enumerate(names)}
        for i, name in enumerate(str(s) for s in seed):
            place = (position[name], int(np.searchsorted(doses, points.x[i])))
            repeated |= bool(np.isfinite(table[place]))
            table[place] = points.y[i]
        complete = np.isfinite(table).all(1)
        if not repeated and complete.sum() >= 2 and complete.all():
            zeros = np.zeros(len(doses))
            return DoseMeans(doses, means, zeros, zeros, table, "seeds run at every dose", len(names))
    if (counts < 2).any():
        lone = ", ".join(f"{dose:g}" for dose in doses[counts < 2][:6])
        return f"one run at dose {lone} and no standard error: there is no spread to test against"
    variances = np.array([points.y[row].var(ddof=1) / len(row) for row in rows])
    return DoseMeans(doses, means, variances, counts - 1.0, None, "runs within doses", int(counts.min()))
