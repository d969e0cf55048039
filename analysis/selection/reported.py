"""By how much a lone reported maximum is inflated when k tries stood behind it and only the best was published.

The expected maximum of k independent normal values (David and Nagaraja 2003, "Order statistics", 3rd ed., section
3.2) by numerical integration: with one-run standard deviation s, the best of nine equal candidates lies 1.485 s too
high.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.errors import InputError, Problem


@cache
def expected_normal_maximum(k: int) -> float:
    """Return E(max of k independent standard normal values).

    Examples
    --------
    >>> round(expected_normal_maximum(9), 6)
    1.485013
    """
    from scipy.integrate import quad
    from scipy.special import ndtr

    if k < 1:
        raise InputError(Problem(f"the best of {k}", "give at least 1 try"))

    def tail(x: float) -> float:
        return float(1 - ndtr(x) ** k - ndtr(-x) ** k)

    return float(quad(tail, 0.0, np.inf, epsabs=1e-13, epsrel=1e-13)[0])


def best_of_correction(reported: float, deviation: float, k: int) -> float:
    """Return the reported maximum minus its expected inflation, all k candidates being truly alike.

    The largest correction: where candidates differ in truth, picking inflates less. An upper bound on how much of a
    gain could be luck, not an estimate of it; for that take `winners.winner` with all k numbers.

    Parameters
    ----------
    reported : float
        Best of k, in points.
    deviation : float
        Standard deviation between candidates that luck alone makes (of one run, or of one difference), points.
    """
    if not (np.isfinite(reported) and np.isfinite(deviation) and deviation > 0):
        seen = f"reported {reported}, standard deviation {deviation}"
        raise InputError(Problem(seen, "give finite numbers, the deviation a positive number of points"))
    return reported - deviation * expected_normal_maximum(k)
