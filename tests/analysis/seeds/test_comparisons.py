"""Probability of improvement, almost stochastic order and profiles against rliable, deepsig and brute force."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.seeds.dominance import almost_stochastic_order, violation_ratio
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.profiles import performance_profile

A = np.array([[79.2, 81.5, 80.3, 78.8, 82.1], [65.1, 66.9, 64.2, 67.7, 66.0], [71.4, 70.2, 72.8, 69.9, 71.1]])
B = np.array([[78.9, 80.1, 79.4, 81.9, 77.5], [66.5, 63.2, 64.9, 65.8, 62.7], [70.0, 69.1, 71.6, 68.4, 72.0]])


def test_rliable_probability_of_improvement():
    # rliable 1.2.0: metrics.probability_of_improvement(A.T, B.T); get_interval_estimates, 20,000 reps.
    made = probability_of_improvement(A, B, "bootstrap", name="a")
    assert made.estimate == pytest.approx(0.68, rel=1e-12)
    assert (made.low, made.high) == pytest.approx((0.4666666666666666, 0.8666666666666667), abs=0.021)
    wins = [(x > y) + 0.5 * (x == y) for a, b in zip(A, B, strict=True) for x, y in product(a, b)]
    assert made.estimate == pytest.approx(np.mean(wins))


def test_guaranteed_interval_at_three_seeds():
    made = probability_of_improvement([[3, 4, 5]], [[0, 1, 2]])
    exact = stats.binomtest(3, 3).proportion_ci(0.95, "exact")
    assert (made.low, made.high) == pytest.approx((exact.low, exact.high), rel=1e-9)
    lost = probability_of_improvement([[0, 1, 2]], [[3, 4, 5]])
    assert (lost.low, lost.high) == pytest.approx((0, 1 - made.low), abs=1e-12)
    # Chernoff is never shorter than Clopper-Pearson on as many independent wins.
    half = probability_of_improvement(A, B)
    n, estimate = 15, half.estimate
    assert half.low < stats.beta.ppf(0.025, estimate * n, n - estimate * n + 1)
    # The bootstrap collapses to a point here, and that is said.
    point = probability_of_improvement([[3, 4, 5]], [[0, 1, 2]], "bootstrap", name="x")
    assert (point.low, point.high) == (1, 1) and "collapses" in point.note


def test_score_interval_solves_its_equation():
    made = probability_of_improvement(A[:1], B[:1], "score")
    for theta in (made.low, made.high):
        star = (5 + 5) / 2 - 1
        variance = (
            theta * (1 - theta) * (1 + star * (1 - theta) / (2 - theta) + star * theta / (1 + theta)) / 25
        )
        assert abs(made.estimate - theta) == pytest.approx(1.959963984540054 * np.sqrt(variance), rel=1e-6)
    guaranteed = probability_of_improvement(A[:1], B[:1])
    assert guaranteed.low < made.low < made.high < guaranteed.high


def test_ties_count_half_and_symmetry():
    assert probability_of_improvement([[1, 2]], [[1, 2]]).estimate == 0.5
    assert probability_of_improvement([[0.1 + 0.2, 1]], [[0.3, 1]]).estimate == 0.5
    one, other = probability_of_improvement(A, B), probability_of_improvement(B, A)
    assert one.estimate + other.estimate == pytest.approx(1) and one.low + other.high == pytest.approx(1)


def test_deepsig_violation_ratio_on_a_fine_grid():
    # deepsig 1.2.8: compute_violation_ratio(a, b, dt=1e-6); ours integrates the steps exactly.
    assert violation_ratio(A[0], B[0]) == 0.0
    assert violation_ratio(A[0], B[0][:4]) == pytest.approx(0.03926378299521971, rel=1e-4)
    a, b = A[0], B[0][:4]
    grid = (np.arange(20) + 0.5) / 20
    quantiles = [np.sort(x)[np.ceil(len(x) * grid).astype(int) - 1] for x in (a, b)]
    gap = quantiles[1] - quantiles[0]
    assert violation_ratio(a, b) == pytest.approx((gap[gap > 0] ** 2).sum() / (gap**2).sum(), rel=1e-12)
    assert violation_ratio(a, b) + violation_ratio(b, a) == pytest.approx(1)


def test_deepsig_bound():
    # deepsig 1.2.8: aso(a, b, num_bootstrap_iterations=20000, dt=.005, seed=1) = .5206480383858904. Grid and Monte
    # Carlo leave half a percent; ours lists all 15,876 resamples.
    made = almost_stochastic_order(A[0], B[0], "x")
    assert made.bound == pytest.approx(0.5206480383858904, abs=0.006)
    rows = np.array(list(product(range(3), repeat=3)))
    ratios = [_ratio(a, b) for a in A[1][:3][rows] for b in B[1][:3][rows]]
    small = almost_stochastic_order(A[1][:3], B[1][:3], "x")
    assert small.deviation == pytest.approx(np.std(ratios), rel=1e-9)


def _ratio(a, b):
    gap = np.sort(b) - np.sort(a)
    return (gap[gap > 0] ** 2).sum() / (gap**2).sum() if gap.any() else 0.5


def test_defect_comparisons_divide_the_error_rate():
    # deepsig: multi_aso of two models asks for confidence .95 + .05 = 1 and returns 1 for everything; ten use .955.
    assert almost_stochastic_order(A[0], B[0], "x", comparisons=1).confidence == pytest.approx(0.95)
    assert almost_stochastic_order(A[0], B[0], "x", comparisons=10).confidence == pytest.approx(0.995)
    apart = almost_stochastic_order(A[0] + 10, B[0], "x", comparisons=10)
    assert apart.bound == 0.0 and apart.separation_chance == pytest.approx(1 / 252)


def test_defect_one_observation_orders_nothing():
    # deepsig issue 16: aso([8], [5, 5, 8, 7, 8]) declares superiority from one observation.
    with pytest.raises(InputError, match="1 value"):
        almost_stochastic_order([8.0], [5.0, 5, 8, 7, 8], "x")
    with pytest.raises(InputError, match="no order"):
        violation_ratio([1.0, 2], [2.0, 1])


def test_large_samples_draw_keyed_resamples():
    draw = np.random.default_rng(0)
    a, b = draw.normal(1, 1, 20), draw.normal(0, 1, 12)
    made = almost_stochastic_order(a, b, "x")
    assert made == almost_stochastic_order(a, b, "x") and made.bound < 0.35
    assert almost_stochastic_order(b, a, "x").bound > 0.9


def test_rliable_performance_profile():
    # rliable 1.2.0: create_performance_profile({"a": A.T}, [64, 66, 70, 71.5, 80], reps=20000)
    made = performance_profile(A, [64.0, 66, 70, 71.5, 80])
    assert made.share == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2])
    assert made.low == pytest.approx(
        [1.0, 0.6666666666666666, 0.4666666666666667, 0.3333333333333333, 0.0666666666666667]
    )
    assert made.high == pytest.approx(
        [1.0, 0.9333333333333333, 0.6666666666666666, 0.5333333333333333, 0.3333333333333333]
    )


def test_profile_band_by_brute_force():
    scores = np.array([[1.0, 2, 3], [2.0, 4, 6]])
    rows = np.array(list(product(range(3), repeat=3)))
    shares = ((scores[0][rows] > 2.5).mean(1)[:, None] + (scores[1][rows] > 2.5).mean(1)).ravel() / 2
    made = performance_profile(scores, [2.5], level=0.9)
    expected = np.quantile(np.round(shares, 9), [0.05, 0.95], method="inverted_cdf")
    assert [made.low[0], made.high[0]] == pytest.approx(expected)


def test_shapes_are_refused_by_name():
    with pytest.raises(InputError, match=r"\(tasks, seeds\)"):
        probability_of_improvement(A[0], B[0])
    with pytest.raises(InputError, match="same tasks"):
        probability_of_improvement(A, B[:2])
    with pytest.raises(InputError, match=r"\(tasks, seeds\)"):
        performance_profile(A[0], [1.0])
    with pytest.raises(InputError, match="nan"):
        performance_profile([[1.0, np.nan]], [1.0])


def test_many_runs_need_no_table_of_pairs():
    draw = np.random.default_rng(0)
    a, b = draw.normal(0.5, 1, 300_000).round(2), draw.normal(0, 1, 200_000).round(2)
    made = probability_of_improvement([a], [b], "score")
    assert made.estimate == pytest.approx(stats.norm.cdf(0.5 / 2**0.5), abs=5e-3)
    u = stats.mannwhitneyu(a, b).statistic
    assert made.estimate == pytest.approx(u / (3e5 * 2e5), rel=1e-9)
    with pytest.raises(InputError, match="draws"):
        probability_of_improvement([a], [b], "bootstrap", name="x")


def test_a_share_next_to_one_still_has_an_interval():
    """One loss in fifty pairs: the bound lies beyond the last double below 1, so the interval ends at 1."""
    treated, control = np.arange(10.0) + 5, np.append(np.arange(4.0), 5.5)
    found = probability_of_improvement([treated], [control])
    assert 0.9 < found.estimate < 1
    assert found.high > 1 - 1e-12
    mirrored = probability_of_improvement([control], [treated])
    assert mirrored.low < 1e-12
    np.testing.assert_allclose(mirrored.high, 1 - found.low, rtol=1e-12)
