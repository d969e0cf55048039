"""Concavity without a curve, and the verdict in one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.curves import concave_fit, diminishing_returns, isotonic_fit
from analysis.curves.concave import shape_test
from analysis.curves.contrasts import concavity_test, split_of
from analysis.curves.points import read_points
from analysis.curves.replication import dose_means
from analysis.errors import InputError

LEVELS = np.array([0.0, 1, 2, 4, 7, 9])


def draw(rng, mean, seeds=3, sd=0.5, common=0.0):
    """Return x, y, seed for seeds run at every dose."""
    x = np.tile(LEVELS, seeds)
    y = np.tile(mean(LEVELS), seeds) + rng.normal(0, sd, len(x))
    y = y + np.repeat(rng.normal(0, common, seeds), len(LEVELS)) if common else y
    return x, y, np.repeat(np.arange(seeds), len(LEVELS))


def test_contrast_over_seeds_is_the_one_sample_t():
    x, y, seed = draw(np.random.default_rng(0), np.sqrt, seeds=4)
    result = concavity_test(dose_means(read_points(x, y), seed))
    table = y.reshape(4, -1)
    bend = (table[:, 2] - table[:, 1]) - (table[:, 1] - table[:, 0])
    expected = stats.ttest_1samp(bend, 0, alternative="less")
    assert result.p_bends[0] == pytest.approx(expected.pvalue)
    unequal = (table[:, 3] - table[:, 2]) / 2 - (table[:, 2] - table[:, 1])
    assert result.bends[1].estimate == pytest.approx(unequal.mean())
    assert result.p_concave == max(result.p_bends)


def test_contrast_of_independent_runs_is_welch():
    x, y, _ = draw(np.random.default_rng(3), np.sqrt, seeds=4)
    result = concavity_test(dose_means(read_points(x, y)))
    first, last = y[x == 0], y[x == 9]
    expected = stats.ttest_ind(last, first, equal_var=False, alternative="greater")
    assert result.p_rise == pytest.approx(expected.pvalue)


def test_split_is_fixed_by_the_doses():
    assert split_of(np.array([0.0, 1, 7])) == 1
    assert split_of(LEVELS) == 3


@pytest.mark.parametrize("rising", [False, True])
def test_concave_fit_against_quadratic_programming(rising):
    from scipy.optimize import minimize

    rng = np.random.default_rng(4)
    for _ in range(5):
        means, weights = rng.normal(0, 1, 6), rng.uniform(0.5, 2, 6)
        fitted = concave_fit(LEVELS, means, weights, rising=rising)
        slopes = np.diff(fitted) / np.diff(LEVELS)
        assert (np.diff(slopes) <= 1e-9).all()
        assert not rising or (slopes >= -1e-9).all()
        constraints = [{"type": "ineq", "fun": lambda f: -np.diff(np.diff(f) / np.diff(LEVELS))}]
        if rising:
            constraints.append({"type": "ineq", "fun": np.diff})
        direct = minimize(
            lambda f, m=means, w=weights: (w * (m - f) ** 2).sum(), np.full(6, means.mean()),
            constraints=constraints, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
        )  # fmt: skip
        assert (weights * (means - fitted) ** 2).sum() <= direct.fun + 1e-7


def test_isotonic_fit_pools_violators():
    assert isotonic_fit(np.array([1.0, 3, 2, 4]), np.ones(4)) == pytest.approx([1, 2.5, 2.5, 4])


def test_shape_test_knows_concave_from_convex():
    rng = np.random.default_rng(6)
    x, y, seed = draw(rng, lambda k: 8 * (1 - np.exp(-k)), seeds=5)
    concave = shape_test(dose_means(read_points(x, y), seed), key="a", draws=499)
    assert concave.p_curved < 0.01 < 0.2 < concave.p_not_concave
    x, y, seed = draw(rng, lambda k: 0.15 * k**2, seeds=5)
    convex = shape_test(dose_means(read_points(x, y), seed), key="a", draws=499)
    assert convex.p_not_concave < 0.01 < 0.2 < convex.p_curved


def test_error_rates_under_a_straight_line():
    """Nominal 5 %: wrong `diminishing` and wrong `not diminishing` together; intersection-union at most 5 %."""
    rng = np.random.default_rng(8)
    wrong, everywhere, shaped = 0, 0, 0
    runs = 600
    for i in range(runs):
        x, y, seed = draw(rng, lambda k: 0.5 * k, seeds=5, common=1.0)
        means = dose_means(read_points(x, y), seed)
        result = concavity_test(means)
        wrong += result.slowing.excludes(0.0)
        everywhere += result.p_concave <= 0.05
        shaped += i < 100 and shape_test(means, key=f"r{i}", draws=199).p_curved <= 0.05
    assert wrong / runs == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / runs))
    assert everywhere / runs <= 0.05
    assert shaped / 100 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_verdicts():
    rng = np.random.default_rng(9)
    x, y, seed = draw(rng, lambda k: 60 + 8 * (1 - np.exp(-0.6 * k)), seeds=5)
    down = diminishing_returns(x, y, seed=seed, margin=0.5)
    assert down.verdict == "diminishing"
    assert down.sentence.startswith("Diminishing: the gain per task is")
    assert down.next_gain is not None and 0 <= down.next_gain.estimate < 0.5
    assert down.enough is not None and down.enough.low < down.enough.estimate < down.enough.high
    assert (down.enough.estimate > 9) == any("beyond the doses" in text for text in down.open)
    x, y, seed = draw(rng, lambda k: 60 + 0.15 * k**2, seeds=5)
    assert diminishing_returns(x, y, seed=seed).verdict == "not diminishing"
    x, y, seed = draw(rng, lambda k: 60 + 0.1 * k, seeds=3)
    flat = diminishing_returns(x, y, seed=seed)
    assert flat.verdict == "undecided"
    assert "18 points at 6 doses" in flat.sentence


def test_falling_scores_are_not_diminishing_returns():
    x, y, seed = draw(np.random.default_rng(10), lambda k: 60 - 0.15 * k**2, seeds=5)
    result = diminishing_returns(x, y, seed=seed)
    assert result.verdict == "undecided"
    assert "no rise" in result.sentence


def test_three_published_points_are_not_testable():
    result = diminishing_returns([0, 1, 7], [67.2, 73.2, 73.6])
    assert result.verdict == "undecided"
    assert result.comparison is None
    assert any("not testable below 4 doses" in text for text in result.open)
    assert any("no spread" in text for text in result.open)


def test_a_curve_through_four_doses_is_called_an_assumption():
    doses, scores = [0, 1, 3, 6, 9], [60.0, 64.1, 66.6, 67.4, 67.7]
    for count, said in ((4, True), (5, False)):
        result = diminishing_returns(doses[:count], scores[:count], se=[0.3] * count)
        assert any("the curve is an assumption" in text for text in result.open) is said


def test_three_points_with_errors_have_a_bend_but_no_curve():
    result = diminishing_returns([0, 1, 7], [67.2, 73.2, 73.6], se=[0.4] * 3)
    assert result.concavity is not None
    expected = (0.4 / 6) - 6.0
    assert result.concavity.slowing.estimate == pytest.approx(expected)
    assert result.comparison is None


def test_copies_of_one_run_are_not_seeds():
    x = np.tile(LEVELS, 3)
    result = diminishing_returns(x, np.sqrt(x), seed=np.repeat([0, 1, 2], 6))
    assert result.verdict == "undecided"
    assert any("no spread" in text for text in result.open)


def test_two_doses_have_no_bend():
    with pytest.raises(InputError, match="no bend"):
        concavity_test(dose_means(read_points([0, 0, 1, 1], [1.0, 2, 3, 4])))
    assert diminishing_returns([0, 0, 1, 1], [1.0, 2, 3, 4]).verdict == "undecided"
