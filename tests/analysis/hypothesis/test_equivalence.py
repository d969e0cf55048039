"""Two one-sided tests against statsmodels; an interval inside the margin is the same statement."""

import numpy as np
import pytest
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

from analysis.errors import InputError
from analysis.hypothesis.equivalence import equivalence_test, non_inferiority_test
from analysis.seeds.student import borrowed_interval, difference_interval, paired_interval

Y = np.array([84.1, 82.7, 85.0, 83.3, 84.6, 83.9, 82.2, 85.4, 84.4, 83.0])
X = Y + np.array([0.2, -0.1, 0.3, 0.0, -0.2, 0.1, 0.15, -0.3, 0.05, 0.1])


def test_statsmodels():
    p, low, high = ttost_ind(Y, X, -0.8, 1.1, usevar="unequal")
    made = equivalence_test(difference_interval(Y, X), -0.8, 1.1)
    assert (made.p, made.p_low, made.p_high) == pytest.approx((p, low[1], high[1]), rel=1e-9)
    p, _, _ = ttost_paired(Y, X, -0.2, 0.2)
    assert equivalence_test(paired_interval(Y, X), -0.2, 0.2).p == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("margin", [0.05, 0.15, 0.16, 0.17, 0.18, 0.3])
def test_p_and_interval_say_the_same(margin):
    made = equivalence_test(paired_interval(Y, X), -margin, margin)
    inside = made.interval.low > -margin and made.interval.high < margin
    assert made.equivalent == inside and made.interval.level == pytest.approx(0.9)


def test_different_equivalent_and_neither():
    assert equivalence_test(borrowed_interval(8.2, 0.36), -1, 1).different
    assert equivalence_test(borrowed_interval(0.0, 0.36), -1, 1).equivalent
    unclear = equivalence_test(borrowed_interval(0.7, 0.36), -1, 1)
    assert not unclear.equivalent and not unclear.different
    replicated = equivalence_test(borrowed_interval(8.0, 0.1), -1, 1, reference=8.2)
    assert replicated.equivalent and replicated.interval.estimate == pytest.approx(-0.2)


def test_non_inferiority_is_one_sided():
    gain = borrowed_interval(8.2, 0.36)
    made = non_inferiority_test(gain, 0.5)
    assert made.equivalent and made.p_high == 0.0
    assert made.p == pytest.approx(equivalence_test(gain, -0.5, 1e9).p_low)
    assert not non_inferiority_test(borrowed_interval(-0.4, 0.36), 0.5).equivalent


def test_refusals():
    with pytest.raises(InputError, match="below the upper"):
        equivalence_test(borrowed_interval(0.0, 0.36), 1, -1)
    with pytest.raises(InputError, match="positive number"):
        non_inferiority_test(borrowed_interval(0.0, 0.36), -1)


def test_no_spread_tests_nothing():
    from analysis.hypothesis.student import test_of as tested
    from analysis.seeds.student import t_interval

    exact = t_interval(0.3, 0.0, 4, 0.95, "t", "seeds", 3)
    for broken in (lambda: equivalence_test(exact, -1, 1), lambda: tested(exact)):
        with pytest.raises(InputError, match="no spread"):
            broken()
    with pytest.raises(InputError, match="finite reference"):
        tested(borrowed_interval(0.7, 0.36), np.nan)
