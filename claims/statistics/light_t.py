"""Student's t without NumPy, so that `verify-claims check` on published numbers starts at once.

For whole degrees of freedom the distribution is a finite trigonometric series (Abramowitz & Stegun 1964, 26.7.3 and
26.7.4); the quantile is its bisection. Everything that is tested over seeds uses `analysis`, which loads SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, cos, erf, inf, isfinite, pi, sin, sqrt


def two_sided(t: float, df: float) -> float:
    """Return the two-sided p value of a t statistic; df is whole, or infinite for the normal distribution.

    Examples
    --------
    >>> round(two_sided(2.0639, 24), 5)
    0.05
    """
    if not isfinite(df):
        return 1 - erf(abs(t) / sqrt(2))
    n = int(df)
    angle = atan(abs(t) / sqrt(n))
    term, total = (cos(angle), cos(angle)) if n % 2 else (1.0, 1.0)
    for k in range(3 if n % 2 else 2, n - 1, 2):
        term *= cos(angle) ** 2 * (k - 1) / k
        total += term
    if n == 1:
        return 1 - 2 * angle / pi
    inside = 2 / pi * (angle + sin(angle) * total) if n % 2 else sin(angle) * total
    return max(0.0, 1 - inside)


def reach(df: float, level: float = 0.95) -> float:
    """Return the t quantile of a two-sided interval, by bisection."""
    low, high = 0.0, 1.0
    while two_sided(high, df) > 1 - level and high < inf:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, df) > 1 - level else (low, middle)
    return high


def holm(p: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p values in the order given."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    out, worst = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(p) - rank) * p[i]))
        out[i] = worst
    return out
