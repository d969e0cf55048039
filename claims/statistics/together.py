"""P values of statements about several quantities at once, and of trends: pure functions of intervals and tests.

Each returns (p_holds, p_fails): the p value of "the claim fails" and that of "the claim holds". At a nominal 5 % a
wrong `supported` and a wrong `contradicted` have at most that rate each; benchmarks/verdict_error_rates.py simulates
these very functions.

Best: larger than every other, each at the full level (intersection-union test, Berger 1982, Technometrics 24, 295);
contradicted when one other is larger, Holm over the others. No gain: every cell equivalent to 0 within the margin
(intersection-union); contradicted when one is outside, Holm over the cells. Share: partial conjunction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.statistics.compared import MARGIN, tail

if TYPE_CHECKING:
    from analysis.curves.contrasts import Concavity
    from analysis.seeds.interval import Interval


def holm(p: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p values in the order given."""
    from analysis.multiplicity import adjust

    return [float(value) for value in adjust(list(p), "holm")]


def at_least(p: Sequence[float], m: int) -> float:
    """Return the p value of "fewer than m of the n nulls are false": (n - m + 1) x the m-th smallest p value.

    Partial conjunction by Bonferroni (Benjamini & Heller 2008, Biometrics 64, 1215), valid under any dependence.
    """
    n = len(p)
    if m <= 0:
        return 0.0
    if m > n:
        return 1.0
    return min(1.0, (n - m + 1) * sorted(p)[m - 1])


def best(leads: Sequence[Interval]) -> tuple[float, float]:
    """Return the p values of "larger than every other" from the leads over each other."""
    up = [tail(lead, 0.0) for lead in leads]
    return max(up), min(holm([1 - p for p in up]))


def no_gain(gains: Sequence[Interval], margin: float, both: bool) -> tuple[float, float]:
    """Return the p values of "no cell gains (both: or loses) by more than the margin"."""
    over = [tail(gain, margin) for gain in gains]
    if not both:
        return max(1 - p for p in over), min(holm(over))
    above = [tail(gain, -margin) for gain in gains]
    inside = max(max(1 - p, q) for p, q in zip(over, above, strict=True))
    return inside, min(holm([min(1.0, 2 * min(p, 1 - q)) for p, q in zip(over, above, strict=True)]))


def share(passes: Sequence[float], low: int, high: int) -> tuple[float, float]:
    """Return the p values of "between low and high cells pass" from the one-sided p value of each cell's pass."""
    n, fails = len(passes), [1 - p for p in passes]
    p_holds = max(at_least(passes, low), at_least(fails, n - high))
    sides = 2 if low > 0 and high < n else 1
    return p_holds, min(1.0, sides * min(at_least(fails, n - low + 1), at_least(passes, high + 1)))


def trend(tests: Concavity, shape: str) -> tuple[float, float]:
    """Return the p values of a trend: diminishing, increasing, decreasing or flat (within a point over the doses)."""
    if shape == "diminishing":
        # an intersection: there is a rise, and it slows down; contradicted by either's opposite
        return max(tests.p_slowing, tests.p_rise), min(1.0, 2 * min(tests.p_speeding, 1 - tests.p_rise))
    if shape == "flat":
        return no_gain([tests.rise], MARGIN, both=True)
    up = tail(tests.rise, 0.0)
    return (up, 1 - up) if shape == "increasing" else (1 - up, up)
