"""Power of the two one-sided tests: how many seeds a claim of "no gain" needs.

Phillips (1990), J. Pharmacokinet. Biopharm. 18, 137-144: the power is P(t_low > t and t_high < -t), here by exact
integration over the estimated standard deviation (its chi distribution) instead of the noncentral bivariate t.
"""

from __future__ import annotations

import numpy as np

from analysis.errors import InputError, Problem
from analysis.power.design import Design, at_least_two, deviation_ratio
from analysis.power.two_sided import MOST_SEEDS
from analysis.seeds.scores import probability


def equivalence_power(
    design: Design, margin: float, seeds: int, difference: float = 0.0, alpha: float = 0.05
) -> float:
    """Return the probability that equivalence within -+ margin is shown, the true difference being given.

    Parameters
    ----------
    margin : float
        Largest difference that counts as none; positive points.
    """
    from scipy.special import ndtr, stdtrit

    if not (0 < margin < np.inf and np.isfinite(difference)):
        seen = f"margin is {margin}, true difference {difference}"
        raise InputError(Problem(seen, "give the largest difference that counts as none, positive"))
    df = design.df(at_least_two(seeds))
    critical = float(stdtrit(df, 1 - probability(alpha, "alpha")))
    found = 0.0
    for factor, weight in zip(*design.scales(), strict=True):
        error = design.error(seeds) * float(factor)
        # Beyond this estimated deviation the interval is wider than the margins, wherever it lies.
        ratio, mass = deviation_ratio(df, margin / error / critical)
        inside = ndtr((margin - difference) / error - critical * ratio)
        found += weight * float(mass @ (inside - ndtr((-margin - difference) / error + critical * ratio)))
    return float(np.clip(found, 0.0, 1.0))


def equivalence_seeds_needed(
    design: Design, margin: float, wanted: float = 0.8, difference: float = 0.0, alpha: float = 0.05
) -> int:
    """Return the smallest number of seeds per arm and task that shows equivalence with the wanted power.

    Raises
    ------
    InputError
        Where the true difference is not inside the margin, or `MOST_SEEDS` do not suffice.
    """
    probability(wanted, "wanted power")
    if not abs(difference) < margin:
        raise InputError(
            Problem(f"a difference of {difference:g} is not within {margin:g}", "no number of seeds shows it")
        )
    high = 2
    while equivalence_power(design, margin, high, difference, alpha) < wanted:
        high *= 2
        if high > MOST_SEEDS:
            raise InputError(
                Problem(f"a margin of {margin:g} needs more than {MOST_SEEDS:,} seeds", "widen the margin")
            )
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        enough = equivalence_power(design, margin, middle, difference, alpha) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high
