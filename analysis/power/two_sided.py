"""Power of t tests over seeds by the noncentral t distribution: power, seeds needed, smallest detectable difference.

Cohen (1988), "Statistical power analysis", chapter 2; computed as statsmodels.stats.power.TTestPower and
TTestIndPower do, with two additions: an average over tasks, and an uncertain standard deviation. "Smallest
detectable" means detected with the stated power (0.8), not merely significant when seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import Alternative, checked_alternative
from analysis.power.design import Design, at_least_two
from analysis.seeds.scores import Floats, probability

MOST_SEEDS: Final = 100_000
"""Seeds beyond which "more seeds" is no answer."""


def power(
    design: Design, difference: float, seeds: int, alpha: float = 0.05, alternative: Alternative = "two-sided"
) -> float:
    """Return the probability that the t test finds a true difference at error rate alpha.

    Parameters
    ----------
    design : Design
        Arms, tasks and the spread of one run.
    difference : float
        True difference, in points; for "less" a negative one.
    seeds : int
        Per arm and task, at least 2.
    """
    from scipy.special import stdtrit

    if not np.isfinite(difference):
        raise InputError(
            Problem(f"difference is {difference}", "give the true difference to plan for, in points")
        )
    df = design.df(at_least_two(seeds))
    factors, weights = design.scales()
    shifts = difference / (design.error(seeds) * factors)
    if checked_alternative(alternative) == "less":
        shifts = -shifts
    sides = 2 if alternative == "two-sided" else 1
    critical = float(stdtrit(df, 1 - probability(alpha, "alpha") / sides))
    found = _beyond(critical, df, shifts)
    if sides == 2:
        found = found + _beyond(critical, df, -shifts)
    return float(np.clip(weights @ found, 0.0, 1.0))


def _beyond(critical: float, df: float, shifts: Floats) -> Floats:
    """Return P(noncentral t > critical); by quadrature over the chi distribution where scipy's function gives NaN."""
    from scipy.special import nctdtr

    found: Floats = 1.0 - nctdtr(df, shifts, critical)
    for place in np.flatnonzero(~np.isfinite(found)):
        found[place] = _by_quadrature(critical, df, float(shifts[place]))
    return found


def _by_quadrature(critical: float, df: float, shift: float) -> float:
    from scipy.integrate import quad
    from scipy.special import chdtri, ndtr

    def at(share: float) -> float:
        return float(ndtr(shift - critical * np.sqrt(chdtri(df, share) / df)))

    return float(quad(at, 0.0, 1.0, epsabs=1e-12, limit=200)[0])


def seeds_needed(
    design: Design,
    difference: float,
    wanted: float = 0.8,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> int:
    """Return the smallest number of seeds per arm and task whose power is at least the wanted one.

    Raises
    ------
    InputError
        For a difference of zero (no number of seeds finds it), or more than `MOST_SEEDS`.
    """
    probability(wanted, "wanted power")
    toward = {"two-sided": difference != 0, "greater": difference > 0, "less": difference < 0}
    if not (np.isfinite(difference) and toward[checked_alternative(alternative)]):
        raise InputError(
            Problem(
                f"no number of seeds finds a difference of {difference:g} ({alternative})",
                "give the difference to detect",
            )
        )
    low, high = 1, 2
    while power(design, difference, high, alpha, alternative) < wanted:
        low, high = high, high * 2
        if high > MOST_SEEDS:
            raise InputError(
                Problem(
                    f"a difference of {difference:g} needs more than {MOST_SEEDS:,} seeds",
                    "claim a coarser difference",
                )
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle)
            if power(design, difference, middle, alpha, alternative) >= wanted
            else (middle, high)
        )
    return high


def smallest_difference(
    design: Design,
    seeds: int,
    wanted: float = 0.8,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> float:
    """Return the smallest true difference (points, positive) that so many seeds find with the wanted power."""
    from scipy.optimize import brentq

    if not probability(wanted, "wanted power") > alpha:
        seen = f"wanted power {wanted} at error rate {alpha}"
        raise InputError(
            Problem(seen, "ask for more than the error rate: no difference at all gives as much")
        )
    sign = -1.0 if checked_alternative(alternative) == "less" else 1.0
    unit = design.error(at_least_two(seeds))
    high = 1.0
    while power(design, sign * high * unit, seeds, alpha, alternative) < wanted:
        high *= 2
    found = brentq(
        lambda size: power(design, sign * size * unit, seeds, alpha, alternative) - wanted,
        0.0,
        high,
        xtol=1e-12,
        rtol=1e-12,
    )
    return float(found) * unit


@dataclass(frozen=True, slots=True)
class PowerCurve:
    """Power and smallest detectable difference for several numbers of seeds."""

    difference: float
    alpha: float
    seeds: tuple[int, ...]
    power: Floats
    """Probability of finding `difference`, shape (len(seeds),)."""
    detectable: Floats
    """Smallest difference found with power 0.8, points, shape (len(seeds),)."""


def power_curve(
    design: Design,
    difference: float,
    seeds: Iterable[int] = range(2, 21),
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
) -> PowerCurve:
    """Return the power curve over numbers of seeds, for a table or a figure."""
    numbers = tuple(seeds)
    return PowerCurve(
        difference,
        alpha,
        numbers,
        np.array([power(design, difference, n, alpha, alternative) for n in numbers]),
        np.array([smallest_difference(design, n, 0.8, alpha, alternative) for n in numbers]),
    )
