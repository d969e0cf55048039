"""Best of k, winners, shrinkage and lone maxima against enumeration, published values and simulation."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.selection.best_of import expected_best, tries_curve
from analysis.selection.reported import best_of_correction, expected_normal_maximum
from analysis.selection.shrinkage import shrunken
from analysis.selection.winners import winner, winner_on_other_data

TRIES = np.random.default_rng(0).normal(80, 1, 9)


@pytest.mark.parametrize("k", range(1, 10))
def test_expected_best_is_the_mean_over_all_subsets(k):
    every = [max(chosen) for chosen in combinations(TRIES, k)]
    assert expected_best(TRIES, k) == pytest.approx(np.mean(every), rel=1e-12)


def test_expected_best_is_unbiased_where_the_plug_in_is_not():
    # Tang et al. (2020): the estimator of Dodge et al. (2019) is biased downwards.
    draws = np.random.default_rng(1).normal(0, 1, (20_000, 5))
    truth = expected_normal_maximum(4)
    ours = np.mean(expected_best(draws, 4))
    grid = np.arange(6) / 5
    plug_in = np.mean(np.sort(draws, axis=1) @ np.diff(grid**4))
    assert ours == pytest.approx(truth, abs=0.02) and plug_in < truth - 0.1
    assert expected_best(np.arange(5000.0), 2500) == pytest.approx(
        2500 * 5001 / 2501 - 1
    )  # large n without overflow


def test_tries_curve_covers_the_median_exactly():
    draws = np.random.default_rng(2).normal(0, 1, (1500, 10))
    truth = stats.norm.ppf(0.5 ** (1 / np.arange(1, 11)))
    hits = np.mean([(c.low <= truth) & (truth <= c.high) for c in map(tries_curve, draws)], axis=0)
    assert (hits >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 1500)).all()
    made = tries_curve(TRIES)
    assert (np.diff(made.expected) > 0).all() and made.high[-1] == np.inf
    # The median of nine values: x_(2) to x_(8) covers .961 (binomial), the usual sign-test interval.
    ordered = np.sort(TRIES)
    assert (made.low[0], made.high[0]) == (ordered[1], ordered[7])
    # The median of the best of k is the 0.5**(1/k) quantile of one: of nine values the 5th, 7th (.707) and 9th.
    assert list(made.median[[0, 1, 8]]) == list(ordered[[4, 6, 8]])


@pytest.mark.parametrize(
    ("k", "value"), [(2, 0.5641895835), (3, 0.8462843753), (5, 1.1629644736), (9, 1.4850131622)]
)
def test_expected_normal_maximum(k, value):
    # Teichroew (1956), Ann. Math. Stat. 27, 410-426, table I
    assert expected_normal_maximum(k) == pytest.approx(value, abs=1e-10)
    assert best_of_correction(8.2, 0.5, k) == pytest.approx(8.2 - 0.5 * value)


def test_winner_without_competition_is_left_alone():
    made = winner([10.0, 0.0], [1.0, 1.0], "conditional")
    assert made.estimate == pytest.approx(10, abs=1e-6)
    assert (made.low, made.high) == pytest.approx((10 - 1.959963984540054, 10 + 1.959963984540054), abs=1e-5)


def test_winner_of_two_by_hand():
    # X = (1, 0), independent unit variances: truncated at 0 from below; median-unbiased where P(X > 1 | X > 0) = 1/2.
    made = winner([1.0, 0.0], [1.0, 1.0], "conditional")
    assert stats.norm.sf(1 - made.estimate) / stats.norm.sf(-made.estimate) == pytest.approx(0.5)
    for end, p in ((made.low, 0.025), (made.high, 0.975)):
        assert stats.norm.sf(1 - end) / stats.norm.sf(-end) == pytest.approx(p, rel=1e-6)
    assert made.inflation > 0


def test_multiple_inference():
    # multiple-inference 1.2.0, scipy 1.11, numpy 1.26: RankCondition(x, S).fit() and .conf_int(), row of the winner.
    made = winner([0.3, 1.2, 0.9, -0.5], 0.3 + 0.4 * np.eye(4), "conditional")
    assert (made.estimate, made.low, made.high) == pytest.approx(
        (0.56429493, -3.8422912, 2.7588928), abs=1e-7
    )
    two = winner([1.0, 0.0], np.eye(2), "conditional")
    assert (two.estimate, two.low, two.high) == pytest.approx((0.68627552, -2.93257269, 2.93267239), abs=2e-7)
    # .fit(beta=.005) simulates the projection step; ours takes Sidak's bound, so the lower ends differ a little.
    hybrid = winner([0.3, 1.2, 0.9, -0.5], 0.3 + 0.4 * np.eye(4), "hybrid")
    assert (hybrid.estimate, hybrid.high) == pytest.approx((0.56725154, 2.7982532), abs=1e-3)
    assert hybrid.low == pytest.approx(-1.5999753, abs=0.15)


def test_invariances():
    gains, covariance = np.array([0.3, 1.2, 0.9, -0.5]), 0.3 + 0.4 * np.eye(4)
    made = winner(gains, covariance)
    shifted, scaled = winner(gains + 7, covariance), winner(gains * 1e-4, covariance * 1e-8)
    assert (shifted.estimate - 7, shifted.low - 7, shifted.high - 7) == pytest.approx(
        (made.estimate, made.low, made.high)
    )
    assert (scaled.estimate * 1e4, scaled.low * 1e4) == pytest.approx((made.estimate, made.low), rel=1e-6)
    assert winner(gains[::-1], covariance).estimate == pytest.approx(made.estimate)
    assert made.index == 1 and made.low < made.estimate < made.high


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_coverage_of_the_best_of_nine(correlation):
    draw = np.random.default_rng(3)
    covariance = correlation + (1 - correlation) * np.eye(9)
    estimates = draw.multivariate_normal(np.zeros(9), covariance, 600)
    made = [winner(row, covariance) for row in estimates]
    covered = np.mean([one.low <= 0 <= one.high for one in made])
    above = np.mean([one.estimate > 0 for one in made])
    error = np.sqrt(0.25 / 600)
    assert covered >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 600) and abs(above - 0.5) < 4 * error
    # Uncorrected: always too high by 1.485 standard deviations of what differs between candidates.
    assert np.mean([one.reported for one in made]) == pytest.approx(
        1.485 * np.sqrt(1 - correlation), abs=0.12
    )
    assert np.mean([abs(one.reported) <= 1.96 for one in made]) < 0.92


def test_other_data_need_no_correction():
    made = winner_on_other_data(3, 2.0, 0.5, np.inf, 9)
    assert made.estimate == made.reported == 2.0 and made.low == pytest.approx(2 - 0.5 * 1.959963984540054)


def test_shrinkage():
    values, variances = np.array([8.2, 1.0, 0.5, -0.3, 0.9, 0.2]), np.full(6, 0.25)
    made = shrunken(values, variances)
    between = np.var(values, ddof=1) - 0.25
    assert made.tau2 == pytest.approx(between, rel=1e-9)
    kept = 1 - (3 / 5) * 0.25 / (0.25 + between)
    assert made.estimate == pytest.approx(values.mean() + kept * (values - values.mean()), rel=1e-9)
    alike = shrunken(np.array([0.1, 0.0, -0.1, 0.05]), np.ones(4))
    assert alike.tau2 == 0 and np.ptp(alike.estimate) < 0.2
    draw = np.random.default_rng(1)
    truth = draw.normal(0, 1, (800, 9))
    seen = truth + draw.normal(0, 1, (800, 9))
    fits = [shrunken(row, np.ones(9)) for row in seen]
    best = [int(np.argmax(row)) for row in seen]
    bias = np.mean([fit.estimate[j] - t[j] for fit, j, t in zip(fits, best, truth, strict=True)])
    raw = np.mean([row[j] - t[j] for row, j, t in zip(seen, best, truth, strict=True)])
    assert abs(bias) < 0.25 * raw
    assert np.mean([(f.low <= t) & (t <= f.high) for f, t in zip(fits, truth, strict=True)]) > 0.94


def test_refusals():
    for broken, words in (
        (lambda: expected_best(TRIES, 10), "more tries must be run"),
        (lambda: expected_best([], 1), "0 values"),
        (lambda: winner([1.0, 1.0], [1.0, 1.0]), "tie for the best"),
        (lambda: winner([1.0], [1.0]), "at least 2"),
        (lambda: winner([1.0, 2.0], [1.0, 0.0]), "not positive"),
        (lambda: winner([1.0, 2.0], np.ones((3, 3))), "symmetric"),
        (lambda: winner([1.0, np.nan], [1.0, 1.0]), "nan"),
        (lambda: shrunken([1.0, 2, 3], [1.0, 1, 1]), "at least 4"),
        (lambda: best_of_correction(1.0, -1.0, 3), "positive number"),
        (lambda: expected_normal_maximum(0), "at least 1"),
    ):
        with pytest.raises(InputError, match=words):
            broken()
