"""What is wrong with effects, sampling variances or a level: one problem per kind, with the first place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError, Problem

MAX_RATIO = 1e9
MAX_VARIANCE = 1e100
"""Largest ratio of two variances of one data set, and largest variance (and inverse), that are worked on."""


def bad_values(y: NDArray[np.float64], v: NDArray[np.float64], given: NDArray[np.bool_]) -> list[Problem]:
    """Every problem of the present values: not finite, not positive, or out of the range of double precision."""
    problems = []
    checks = (
        (~np.isfinite(y), y, "effect", "remove the study, or declare it absent with mask="),
        (~np.isfinite(v), v, "sampling variance", "remove the study, or declare it absent with mask="),
        (v < 0, v, "sampling variance", "give variances (standard errors squared), which are positive"),
        (
            v == 0,
            v,
            "sampling variance",
            "nothing is measured without error: give the pooled variance of the seeds, or that of rounding",
        ),
    )
    for bad, values, what, remedy in checks:
        hits = np.argwhere(bad & given)
        if len(hits):
            where = tuple(int(i) for i in hits[0])
            place = where[0] if len(where) == 1 else where
            more = f" and {len(hits) - 1} more" if len(hits) > 1 else ""
            problems.append(Problem(f"{what} {values[where]} at position {place}{more}", remedy))
    if not problems and given.any():
        problems += _bad_range(v, given)
    return problems


def _bad_range(v: NDArray[np.float64], given: NDArray[np.bool_]) -> list[Problem]:
    """Double precision has no digits left for weights that differ so much, or so far from one."""
    low, high = np.where(given, v, np.inf).min(-1), np.where(given, v, 0.0).max(-1)
    if (high > MAX_RATIO * low).any():
        return [
            Problem(
                f"sampling variances differ by a factor of {np.max(high / low):.1g}",
                f"more than {MAX_RATIO:g} cannot be weighted: one of them is in another unit",
            )
        ]
    if (low < 1 / MAX_VARIANCE).any() or (high > MAX_VARIANCE).any():
        return [
            Problem(f"a sampling variance of {v[given].min():.1g} or {v[given].max():.1g}", "change the unit")
        ]
    return []


def nominal(asked: float | None, of_fit: float) -> float:
    """Level of an interval: the one asked for, else that of the fit.

    Raises
    ------
    InputError
        Unless it lies between 0 and 1; 95 is met often enough to be named.
    """
    level = of_fit if asked is None else asked
    if not 0 < level < 1:
        raise InputError(Problem(f"confidence level {level}", "give a number between 0 and 1, such as 0.95"))
    return float(level)
