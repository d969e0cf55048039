"""Properties that hold for all data: shift, scale, order and exchange of arms."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.hypothesis.permutation import permutation_test
from analysis.hypothesis.ranks import mann_whitney_test
from analysis.hypothesis.student import welch_t
from analysis.multiplicity import adjust
from analysis.seeds.bootstrap import bootstrap_difference
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.student import difference_interval

SCORES = st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=2, max_size=5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SCORES, SCORES, st.floats(-50, 50), st.sampled_from([1e-4, 1.0, 1e3]))
def test_shift_scale_and_exchange(a, b, shift, scale):
    a, b = np.array(a), np.array(b)
    assume(a.std() > 0 or b.std() > 0)
    one, other = difference_interval(a, b), difference_interval(b, a)
    tolerance = {"rtol": 1e-6, "atol": 1e-6}
    np.testing.assert_allclose([one.low, one.high], [-other.high, -other.low], **tolerance)
    moved = difference_interval(a * scale + shift * scale, b * scale)
    np.testing.assert_allclose(
        [moved.low / scale - shift, moved.high / scale - shift], [one.low, one.high], **tolerance
    )
    assert 0 < welch_t(a, b).p <= 1
    sample = bootstrap_difference(a, b, "x", rule="percentile")
    assert a.min() - b.max() - 1e-9 <= sample.low <= sample.high <= a.max() - b.min() + 1e-9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SCORES, SCORES)
def test_exact_tests_agree_about_sides(a, b):
    for test in (lambda *data: permutation_test(*data[:2], "x", *data[2:]), mann_whitney_test):
        greater, less, both = test(a, b, "greater").p, test(a, b, "less").p, test(a, b).p
        assert abs(greater - test(b, a, "less").p) < 1e-12 and greater + less >= 1 - 1e-12
        assert both >= min(greater, less) - 1e-12 and both >= test(a, b).smallest_p - 1e-12
    made = probability_of_improvement([a], [b])
    assert 0 <= made.low <= made.estimate <= made.high <= 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_values_keep_their_order(p):
    for method in ("holm", "hochberg", "benjamini-hochberg"):
        adjusted = adjust(p, method)
        order = np.argsort(p, kind="stable")
        assert (np.diff(adjusted[order]) >= -1e-15).all() and (adjusted >= np.array(p) - 1e-15).all()
