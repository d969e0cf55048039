"""The design of a comparison of seeds: how many arms and tasks, and the spread of one run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf, sqrt
from typing import Final, Literal

import numpy as np

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats

NODES: Final = 200
"""Nodes of the integrals over a deviation's chi distribution."""


@dataclass(frozen=True, slots=True)
class Design:
    """A comparison of mean scores over seeds, as it is planned."""

    deviation: float
    """Standard deviation of one run between seeds, per task, in points; of the paired differences for pairs."""
    arms: Literal[1, 2] = 2
    """2: two groups of unrelated seeds. 1: one group against a constant, or pairs."""
    tasks: int = 1
    """Tasks that are averaged, each with its own runs."""
    deviation_df: float = inf
    """Degrees of freedom of the deviation: finite where it comes from a few pilot seeds. Power is then averaged over
    what the true deviation may be (assurance; O'Hagan, Stevens and Campbell 2005, Pharm. Stat. 4, 187-201)."""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.deviation) and self.deviation > 0):
            raise InputError(
                Problem(f"standard deviation is {self.deviation}", "give a positive number of points")
            )
        if self.arms not in (1, 2) or self.tasks < 1 or not self.deviation_df > 0:
            raise InputError(
                Problem(
                    f"{self.arms} arms, {self.tasks} tasks, df {self.deviation_df}",
                    "give 1 or 2 arms, 1 task or more, df > 0",
                )
            )

    def error(self, seeds: int) -> float:
        """Return the standard error of the estimate with so many seeds per arm and task; points."""
        return self.deviation * sqrt(self.arms / (seeds * self.tasks))

    def df(self, seeds: int) -> float:
        """Return the degrees of freedom of its estimate: arms x tasks x (seeds - 1)."""
        return float(self.arms * self.tasks * (seeds - 1))

    def scales(self) -> tuple[Floats, Floats]:
        """Return by what factors the true deviation may differ from the given one, and their probabilities."""
        if np.isinf(self.deviation_df):
            return np.ones(1), np.ones(1)
        ratio, weight = deviation_ratio(self.deviation_df)
        return 1 / ratio, weight / weight.sum()


def deviation_ratio(df: float, most: float = inf) -> tuple[Floats, Floats]:
    """Return nodes and weights of integrals over estimated / true deviation, sqrt(chi-square / df), up to `most`.

    Gauss-Legendre on the range that holds all but 1e-14 of each tail; 200 nodes give smooth integrands to 1e-10.
    """
    from scipy.special import chdtri, gammaln

    low, high = np.sqrt(chdtri(df, 1 - 1e-14) / df), min(np.sqrt(chdtri(df, 1e-14) / df), most)
    if high <= low:
        return np.array([low]), np.zeros(1)
    node, weight = _legendre()
    at = low + (high - low) * (node + 1) / 2
    log_density = (
        np.log(2) + df / 2 * np.log(df / 2) - gammaln(df / 2) + (df - 1) * np.log(at) - df * at**2 / 2
    )
    return at, np.asarray(weight * (high - low) / 2 * np.exp(log_density))


@cache
def _legendre() -> tuple[Floats, Floats]:
    node, weight = np.polynomial.legendre.leggauss(NODES)
    return np.asarray(node), np.asarray(weight)


def at_least_two(seeds: int) -> int:
    """Return the number of seeds, or refuse fewer than two: one run has no spread."""
    if seeds < 2:
        raise InputError(
            Problem(
                f"{seeds} seed{'s' * (seeds != 1)} per arm",
                "give at least 2; one run has no spread to test by",
            )
        )
    return seeds
