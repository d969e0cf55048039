"""Tests of concavity that assume no curve.

Three statements, from weak to strong, each a contrast of dose means:

* the score rises: last dose against first;
* the rise slows down: the marginal gain of the later doses is below that of the earlier ones (one contrast,
  fixed before the data are seen: the dose range is split at the dose nearest its middle);
* concave at every inner dose: every change of slope is negative. All of them must be significant, each at the
  full level (intersection-union test, Berger 1982, Technometrics 24, 295): its size is at most alpha without
  correction. Taking the most convincing triple and testing only that, as learning-curve studies do, is not a test.

Doses may be unequally spaced: slopes are per unit of dose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.curves.families import Array
from analysis.curves.replication import DoseMeans
from analysis.errors import InputError, Problem
from analysis.hypothesis.student import test_of
from analysis.seeds.interval import Interval


@dataclass(frozen=True)
class Concavity:
    """What the dose means say about rise and slowing, without a curve.

    Attributes
    ----------
    rise : last minus first dose, in points
    early, late : marginal gain per unit of dose before and after `split`
    slowing : late minus early; negative when returns diminish
    p_slowing, p_speeding : one-sided p values of "not slowing" and "not speeding up"
    bends : change of slope at each inner dose; p_concave : the intersection-union p value of "not concave everywhere"
    """

    rise: Interval
    p_rise: float
    early: Interval
    late: Interval
    split: float
    slowing: Interval
    p_slowing: float
    p_speeding: float
    bends: tuple[Interval, ...]
    p_bends: tuple[float, ...]

    @property
    def p_concave(self) -> float:
        """The largest p value over the inner doses."""
        return max(self.p_bends)


def slope_weights(doses: Array, first: int, last: int) -> Array:
    """Return the contrast (k,) of the least-squares slope over doses[first..last]."""
    weights = np.zeros(len(doses))
    part = doses[first : last + 1]
    centred = part - part.mean()
    weights[first : last + 1] = centred / (centred @ centred)
    return weights


def split_of(doses: Array) -> int:
    """Return the position of the inner dose nearest to the middle of the range; ties go to the smaller dose."""
    inner = np.arange(1, len(doses) - 1)
    return int(inner[np.argmin(np.abs(doses[inner] - (doses[0] + doses[-1]) / 2))])


def concavity_test(means: DoseMeans, level: float = 0.95) -> Concavity:
    """Return the tests; InputError with fewer than three doses, because two points have no bend."""
    doses = means.doses
    k = len(doses)
    if k < 3:
        raise InputError(Problem(f"{k} doses have no bend", "measure at least 3 doses"))
    ends = np.zeros(k)
    ends[[0, -1]] = [-1, 1]
    rise = means.contrast(ends, level)
    middle = split_of(doses)
    before, after = slope_weights(doses, 0, middle), slope_weights(doses, middle, k - 1)
    slowing = means.contrast(after - before, level)
    bends = []
    for j in range(1, k - 1):
        bends.append(means.contrast(slope_weights(doses, j, j + 1) - slope_weights(doses, j - 1, j), level))
    return Concavity(
        rise,
        float(test_of(rise, 0.0, "greater").p),
        means.contrast(before, level),
        means.contrast(after, level),
        float(doses[middle]),
        slowing,
        float(test_of(slowing, 0.0, "less").p),
        float(test_of(slowing, 0.0, "greater").p),
        tuple(bends),
        tuple(float(test_of(bend, 0.0, "less").p) for bend in bends),
    )
