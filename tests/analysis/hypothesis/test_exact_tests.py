"""t, rank and permutation tests against scipy, R and published tables; what three seeds cannot show."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.hypothesis.outcome import minimum_n, smallest_p
from analysis.hypothesis.permutation import permutation_test, sign_flip_test, stratified_permutation_test
from analysis.hypothesis.ranks import mann_whitney_test, sign_test, wilcoxon_test
from analysis.hypothesis.student import (
    one_sample_t,
    paired_t,
    t_probability,
    task_average_t,
    test_of,
    welch_t,
)
from analysis.seeds.student import borrowed_interval, mean_interval

Y = np.array([84.1, 82.7, 85.0, 83.3, 84.6, 83.9, 82.2, 85.4, 84.4, 83.0, 80.5, 84.9])
X = np.array([81.9, 82.5, 80.7, 83.1, 82.0, 81.1, 82.8, 80.2, 83.4, 81.5])
D = np.array([1.1, -0.4, 2.3, 0.9, -1.7, 3.1, 0.2, 1.4, 2.6])
SIDES = ["two-sided", "greater", "less"]


@pytest.mark.parametrize("side", SIDES)
def test_t_tests_equal_scipy(side):
    assert welch_t(Y, X, side).p == pytest.approx(
        stats.ttest_ind(Y, X, equal_var=False, alternative=side).pvalue, rel=1e-9
    )
    assert paired_t(Y[:10], X, side).p == pytest.approx(
        stats.ttest_rel(Y[:10], X, alternative=side).pvalue, rel=1e-9
    )
    assert one_sample_t(Y, 83, side).p == pytest.approx(
        stats.ttest_1samp(Y, 83, alternative=side).pvalue, rel=1e-9
    )
    assert t_probability(-1.3, np.inf, side) == pytest.approx(
        {"two-sided": 2, "less": 1}.get(side, 0) * stats.norm.cdf(-1.3) or stats.norm.sf(-1.3)
    )


def test_r_t_tests():
    # R 4.2.2: t.test(y, x)$p.value; t.test(y[1:10], x, paired = TRUE)$p.value
    assert welch_t(Y, X).p == pytest.approx(0.00336430804549373, rel=1e-9)
    assert paired_t(Y[:10], X).p == pytest.approx(0.00916743145959899, rel=1e-9)


def test_a_test_agrees_with_its_interval():
    made = mean_interval(Y, 0.95)
    assert test_of(made, made.low).p == pytest.approx(0.05, rel=1e-9)
    # The published XNLI gain of 0.7 against a borrowed run sd of 0.36: not significant.
    assert test_of(borrowed_interval(0.7, 0.36)).p == pytest.approx(
        2 * stats.norm.sf(0.7 / 0.36 / 2**0.5), rel=1e-9
    )
    tasks = np.random.default_rng(0).normal(0, 1, (2, 9, 3))
    assert task_average_t(tasks[0], tasks[1], alternative="greater").p == pytest.approx(
        1 - task_average_t(*tasks, alternative="less").p
    )


@pytest.mark.parametrize("side", SIDES)
def test_rank_tests_without_ties_equal_scipy(side):
    theirs = stats.mannwhitneyu(Y, X, alternative=side, method="exact").pvalue
    assert mann_whitney_test(Y, X, side).p == pytest.approx(theirs, rel=1e-9)
    assert wilcoxon_test(D, side).p == pytest.approx(
        stats.wilcoxon(D, alternative=side, method="exact").pvalue, rel=1e-9
    )
    assert sign_test(D, side).p == pytest.approx(stats.binomtest(7, 9, alternative=side).pvalue, rel=1e-9)


def test_r_rank_tests():
    # R 4.2.2: wilcox.test(y, x, exact = TRUE); (d, exact = TRUE), (..., alternative = "less"); binom.test(7, 9)
    assert mann_whitney_test(Y, X).p == pytest.approx(0.00564451028847314, rel=1e-9)
    assert mann_whitney_test(Y, X, "greater").p == pytest.approx(0.00282225514423657, rel=1e-9)
    assert wilcoxon_test(D).p == pytest.approx(0.09765625, rel=1e-12)
    assert wilcoxon_test(D, "less").p == pytest.approx(0.962890625, rel=1e-12)
    assert sign_test(D).p == pytest.approx(0.1796875, rel=1e-12)


def test_depression_scores_of_hollander_and_wolfe():
    # Hollander and Wolfe (1973), pages 29 f.; R's example(wilcox.test): V = 40, p = 0.01953 one-sided.
    first = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    second = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    made = wilcoxon_test(first - second, "greater")
    assert made.statistic == 40 and made.p == pytest.approx(0.01953125)


def test_ties_are_exact_by_brute_force():
    a, b = np.array([80.1, 80.2, 80.2, 80.5]), np.array([80.0, 80.1, 80.2])
    pooled = np.concatenate([a, b])
    ranks = stats.rankdata(pooled)
    sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(7), 4)])
    expected = (sums >= ranks[:4].sum() - 1e-9).mean()
    assert mann_whitney_test(a, b, "greater").p == pytest.approx(expected)
    ties = np.array([0.1, 0.1, -0.1, 0.3, 0.0, 0.1 + 1e-16])
    signs = np.array(np.meshgrid(*[[0, 1]] * 5)).reshape(5, -1).T
    rank = stats.rankdata([0.1, 0.1, 0.1, 0.3, 0.1])
    assert wilcoxon_test(ties, "greater").p == pytest.approx(
        (signs @ rank >= rank[[0, 1, 3, 4]].sum()).mean()
    )
    assert wilcoxon_test(ties).n == (5,)


@pytest.mark.parametrize("side", SIDES)
def test_permutation_equals_scipy(side):
    def difference(x, y, axis):
        return x.mean(axis) - y.mean(axis)

    theirs = stats.permutation_test(
        (Y[:5], X[:4]), difference, alternative=side, vectorized=True, n_resamples=np.inf
    )
    ours = permutation_test(Y[:5], X[:4], "x", side)
    assert ours.statistic == pytest.approx(theirs.statistic)
    if (
        side != "two-sided"
    ):  # scipy doubles the smaller side; ours counts |difference|, as R's coin and Fisher do
        assert ours.p == pytest.approx(theirs.pvalue)
    paired = stats.permutation_test(
        (D,), np.mean, permutation_type="samples", alternative=side, n_resamples=np.inf
    )
    assert sign_flip_test(D, "x", side).p == pytest.approx(paired.pvalue)


def test_two_sided_permutation_by_brute_force():
    pooled, observed = np.concatenate([Y[:5], X[:4]]), Y[:5].mean() - X[:4].mean()
    every = [pooled[list(c)].mean() - np.delete(pooled, list(c)).mean() for c in combinations(range(9), 5)]
    assert permutation_test(Y[:5], X[:4], "x").p == pytest.approx(
        np.mean(np.abs(every) >= abs(observed) - 1e-9)
    )
    batch = permutation_test(np.stack([Y[:5], Y[5:10]]), np.stack([X[:4], X[4:8]]), "x")
    assert batch.p[0] == permutation_test(Y[:5], X[:4], "x").p


def test_monte_carlo_is_keyed_and_never_zero():
    draw = np.random.default_rng(0)
    a, b = draw.normal(0, 1, 40), draw.normal(3, 1, 40)
    made = permutation_test(a, b, "claim")
    assert made.p == 1 / 10_000 == made.smallest_p
    near = permutation_test(a, b - 2.7, "claim")
    assert near == permutation_test(a, b - 2.7, "claim")
    assert near.p == pytest.approx(welch_t(a, b - 2.7).p, abs=0.015)
    flips = sign_flip_test(a + 0.2, "claim")
    assert flips.p == pytest.approx(one_sample_t(a + 0.2).p, abs=0.015)
    tasks = draw.normal(0, 1, (2, 9, 5))
    within = stratified_permutation_test(*tasks, "claim", resamples=4_999)
    assert within.p == pytest.approx(task_average_t(*tasks).p, abs=0.05)
    assert within.p == stratified_permutation_test(*tasks, "claim", resamples=4_999).p


def test_three_seeds_say_aloud_what_they_cannot_show():
    made = permutation_test([84, 85, 86], [80, 81, 82], "x")
    assert made.p == pytest.approx(0.1) == made.smallest_p
    assert not made.reaches(0.05)
    assert made.limit == "no p value can reach 0.05 with n = 3 and n = 3 here: the smallest is 0.1"
    assert wilcoxon_test([1.0, 2, 3, 4, 5]).p == 0.0625 == smallest_p("wilcoxon", 5)
    assert (minimum_n("permutation"), minimum_n("sign-flip"), minimum_n("wilcoxon", 0.05, "greater")) == (
        4,
        6,
        5,
    )
    assert welch_t([84, 85, 86], [80, 81, 82]).limit == ""


def test_one_run_each_gives_p_of_one():
    assert permutation_test([84.0], [80.0], "x").p == 1.0


def test_refusals():
    for broken, words in (
        (lambda: wilcoxon_test([0.0, 0.0]), "all differences are zero"),
        (lambda: sign_test([0.0, 0.0]), "all differences are zero"),
        (lambda: welch_t(Y, X, "bigger"), "two-sided, greater, less"),
        (lambda: permutation_test([1.0, np.nan], [1.0, 2.0], "x"), "nan"),
        (lambda: mann_whitney_test(np.arange(3000.0), X), "scipy.stats"),
        (lambda: smallest_p("mann-whitney", 3), "give m"),
        (lambda: smallest_p("logrank", 3), "unknown test"),
        (lambda: stratified_permutation_test(Y, X, "x"), r"\(tasks, seeds\)"),
    ):
        with pytest.raises(InputError, match=words):
            broken()


def test_many_values_are_refused_or_answered_at_once():
    many = np.random.default_rng(0).normal(0, 1, 1_000_000)
    assert welch_t(many[:500_000], many[500_000:]).p > 0.001
    with pytest.raises(InputError, match="t interval"):
        permutation_test(many, many + 1, "x")
    with pytest.raises(InputError, match="t interval"):
        sign_flip_test(many, "x")
    wide = np.random.default_rng(1).normal(0, 1, (2, 40, 25))
    assert stratified_permutation_test(*wide, "x", resamples=99).smallest_p == 0.01
    assert smallest_p("sign", 5000) == 0.0 == smallest_p("permutation", 5000, 5000)


def test_a_difference_that_is_rounding_is_a_zero():
    """0.1 + 0.2 - 0.3 is 5.6e-17 in binary: not a win."""
    assert sign_test([0.1 + 0.2 - 0.3, 1.0, 2.0, -1.0]).n == (3,)
