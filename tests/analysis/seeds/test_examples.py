"""Errors of the test set and of clustered examples against statsmodels, clubSandwich and brute force."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import InputError
from analysis.seeds.clustered import clustered_interval
from analysis.seeds.examples import (
    f1_error,
    f1_interval,
    seeds_and_examples_interval,
    seeds_by_examples_interval,
    wilson_interval,
)

Y = [84.1, 82.7, 85.0, 83.3, 84.6, 83.9, 82.2, 85.4, 84.4, 83.0, 80.5, 84.9]
GROUP = [1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 5, 5]


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (812, 1000), (1, 1)])
def test_wilson_equals_statsmodels(hits, n):
    made = wilson_interval(hits / n, n)
    assert (made.low, made.high) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)


def test_wilson_of_newcombe_1998():
    # Newcombe (1998), Stat. Med. 17, 857-872, table I, method 3: 81/263 and 15/148.
    made = wilson_interval([81 / 263, 15 / 148], [263, 148])
    assert made.low == pytest.approx([0.2553, 0.0624], abs=5e-5)
    assert made.high == pytest.approx([0.3662, 0.1605], abs=5e-5)


def test_f1_delta_equals_the_multinomial_gradient():
    counts, n = np.array([40.0, 10, 20, 100]), 170
    share = counts / n
    total = 2 * share[0] + share[1] + share[2]
    gradient = np.array([2 * (share[1] + share[2]), -2 * share[0], -2 * share[0], 0]) / total**2
    variance = (gradient**2 @ share - (gradient @ share) ** 2) / n
    f1, error = f1_error(40, 10, 20)
    assert (f1, error) == pytest.approx((80 / 110, np.sqrt(variance)), rel=1e-12)
    made = f1_interval(40, 10, 20, 100, "x")
    assert (made.low, made.high) == pytest.approx((f1 - 1.96 * error, f1 + 1.96 * error), abs=0.015)
    assert made == f1_interval(40, 10, 20, 100, "x")
    draws = np.random.default_rng(0).multinomial(n, share, 100_000)
    brute = np.quantile(2 * draws[:, 0] / (2 * draws[:, 0] + draws[:, 1] + draws[:, 2]), [0.025, 0.975])
    assert (made.low, made.high) == pytest.approx(tuple(brute), abs=0.004)


def test_seeds_and_examples_add():
    seeds, error = [80.0, 81.0, 79.5], 1.2
    made = seeds_and_examples_interval(seeds, error)
    assert made.standard_error == pytest.approx(np.sqrt(np.var(seeds, ddof=1) / 3 + 1.44))
    only_seeds = seeds_and_examples_interval(seeds, 0.0)
    assert only_seeds.df == pytest.approx(2) and made.df > 50


def test_seeds_by_examples_recovers_both_variances():
    draw = np.random.default_rng(4)
    errors = []
    for _ in range(300):
        scores = draw.normal(0, 0.5, (6, 1)) + draw.normal(0, 2, (1, 60)) + draw.normal(0, 1, (6, 60))
        errors.append(seeds_by_examples_interval(scores).standard_error ** 2)
    assert np.mean(errors) == pytest.approx(0.25 / 6 + 4 / 60 + 1 / 360, rel=0.06)


def test_club_sandwich():
    # R 4.2.2, clubSandwich 0.5.8: vcovCR(lm(y ~ 1), cluster = g, type), coef_test(..., test = "Satterthwaite")
    for correction, error in (
        ("CR0", 0.215129877510148),
        ("CR1", 0.240522515051947),
        ("CR2", 0.242820737941411),
    ):
        assert clustered_interval(Y, GROUP, correction).standard_error == pytest.approx(error, rel=1e-12)
    assert clustered_interval(Y, GROUP).df == pytest.approx(3.28685258964143, rel=1e-12)
    assert clustered_interval(Y[::-1], GROUP[::-1]).standard_error == pytest.approx(
        0.242820737941411, rel=1e-12
    )


def test_statsmodels_clusters_and_singletons():
    fit = sm.OLS(Y, np.ones(12)).fit(cov_type="cluster", cov_kwds={"groups": np.array(GROUP)})
    assert clustered_interval(Y, GROUP, "CR1").standard_error == pytest.approx(fit.bse[0], rel=1e-10)
    alone = clustered_interval(Y, range(12))
    assert alone.standard_error == pytest.approx(
        np.std(Y, ddof=1) / np.sqrt(12)
    ) and alone.df == pytest.approx(11)


def test_refusals():
    for broken, words in (
        (lambda: wilson_interval(84.2, 100), "divide points by 100"),
        (lambda: wilson_interval(np.nan, 100), "accuracy"),
        (lambda: f1_error(0, 0, 0), "not all 0"),
        (lambda: clustered_interval(Y, ["a"] * 12), "at least 2 clusters"),
        (lambda: clustered_interval(Y, GROUP[:3]), "one per row"),
        (lambda: clustered_interval([1.0, 1, 1, 1], [1, 1, 2, 2]), "no spread"),
        (lambda: clustered_interval(Y, GROUP, "CR9"), "CR0, CR1 or CR2"),
        (lambda: seeds_by_examples_interval(np.ones((3, 4))), "no spread"),
        (lambda: seeds_and_examples_interval([1.0, 2.0], -1.0), "0 or more"),
    ):
        with pytest.raises(InputError, match=words):
            broken()


def test_a_million_clustered_examples():
    draw = np.random.default_rng(0)
    cluster = np.repeat(np.arange(100_000), 10)
    made = clustered_interval(draw.normal(0, 1, 1_000_000) + draw.normal(0, 1, 100_000)[cluster], cluster)
    assert made.standard_error == pytest.approx(np.sqrt((1 + 0.1) / 100_000), rel=0.02)
    assert made.df == pytest.approx(99_999, rel=1e-6)


def test_what_an_interval_over_seeds_and_examples_covers():
    """From every answer .95; from scores alone .95 where runs agree on what is hard, too wide where they do not."""
    draw = np.random.default_rng(2)
    seeds, examples = 5, 200
    rates = {}
    for agree in (True, False):
        hits, width = np.zeros(2), np.zeros(2)
        for _ in range(300):
            hard = draw.beta(0.2, 0.1, examples) if agree else np.full(examples, 2 / 3)
            answers = (
                draw.random((seeds, examples)) < np.clip(hard + draw.normal(0, 0.02, (seeds, 1)), 0, 1)
            ) * 100.0
            means = answers.mean(1)
            error = np.sqrt(np.mean(means) * (100 - np.mean(means)) / examples)
            made = (seeds_by_examples_interval(answers), seeds_and_examples_interval(means, error))
            hits += [one.low <= 200 / 3 <= one.high for one in made]
            width += [one.high - one.low for one in made]
        rates[agree] = (*hits / 300, width[1] / width[0])
    assert 0.91 <= rates[True][0] <= 0.985 and 0.91 <= rates[True][1] <= 0.99 and rates[True][2] < 1.2
    assert rates[False][0] >= 0.91 and rates[False][1] > 0.99 and 1.5 < rates[False][2] < np.sqrt(6)
