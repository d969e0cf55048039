"""Power against statsmodels, R and simulation; sentences carry the numbers of the functions."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower, TTestPower

from analysis.errors import InputError
from analysis.power.design import Design
from analysis.power.equivalence import equivalence_power, equivalence_seeds_needed
from analysis.power.sentences import detectable_sentence, needed_sentence
from analysis.power.two_sided import power, power_curve, seeds_needed, smallest_difference

TWO, ONE = Design(0.6), Design(0.6, arms=1)


@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 40])
@pytest.mark.parametrize(("side", "theirs"), [("two-sided", "two-sided"), ("greater", "larger")])
def test_statsmodels(seeds, side, theirs):
    for design, peer in ((TWO, TTestIndPower()), (ONE, TTestPower())):
        # statsmodels 0.15 returns nan for some powers near 1; 0.7 points keep clear of them.
        expected = peer.power(0.7 / 0.6, seeds, 0.05, alternative=theirs)
        assert power(design, 0.7, seeds, alternative=side) == pytest.approx(expected, rel=1e-6)


def test_r_power_t_test():
    # R 4.2.2: power.t.test(n = 5, delta = 1, sd = .6, strict = TRUE); type = "paired"
    assert power(TWO, 1.0, 5) == pytest.approx(0.637850114621085, rel=1e-9)
    assert power(ONE, 1.0, 5) == pytest.approx(0.793220235053219, rel=1e-9)


def test_cohen_1988():
    # Cohen (1988), table 2.4.1: d = .50, alpha .05 two-sided, power .80 needs 64 per group; d = .80 needs 26.
    assert seeds_needed(Design(1.0), 0.5) == 64
    assert seeds_needed(Design(1.0), 0.8) == 26


def test_inverses():
    for seeds in (2, 3, 7):
        size = smallest_difference(TWO, seeds)
        assert power(TWO, size, seeds) == pytest.approx(0.8, abs=1e-9)
        assert seeds_needed(TWO, size * 1.0001) == seeds
    assert smallest_difference(TWO, 5, alternative="less") == pytest.approx(
        smallest_difference(TWO, 5, alternative="greater")
    )
    needed = seeds_needed(TWO, 0.3)
    assert power(TWO, 0.3, needed) >= 0.8 > power(TWO, 0.3, needed - 1)
    assert power(TWO, -1.0, 5, alternative="less") == pytest.approx(power(TWO, 1.0, 5, alternative="greater"))
    assert power(TWO, 1e6, 3) == 1.0 and power(TWO, 0.0, 3) == pytest.approx(0.05)


def test_simulation_with_tasks():
    draw = np.random.default_rng(0)
    from analysis.hypothesis.student import task_average_t

    runs = draw.normal(0, 0.6, (2, 4000, 9, 3))
    p = task_average_t(runs[0] + 0.5, runs[1]).p
    # Satterthwaite estimates the degrees of freedom that the plan knows, hence slightly below.
    assert np.mean(p <= 0.05) == pytest.approx(power(Design(0.6, tasks=9), 0.5, 3), abs=0.03)


def test_an_uncertain_deviation_costs_power():
    known, guessed = power(TWO, 1.0, 5), power(Design(0.6, deviation_df=4), 1.0, 5)
    assert guessed < known
    draw = np.random.default_rng(1)
    true_deviation = 0.6 * np.sqrt(4 / draw.chisquare(4, 4000))
    brute = np.mean([power(Design(float(d)), 1.0, 5) for d in true_deviation])
    assert guessed == pytest.approx(brute, abs=0.01)


def test_curve():
    made = power_curve(TWO, 1.0, range(2, 9))
    assert (np.diff(made.power) > 0).all() and (np.diff(made.detectable) < 0).all()
    assert made.seeds[int(np.argmax(made.power >= 0.8))] == seeds_needed(TWO, 1.0) == 7


def test_equivalence_power_by_simulation():
    draw = np.random.default_rng(2)
    from scipy import stats

    a, b = draw.normal(0, 0.6, (2, 20_000, 5))
    gap, error = a.mean(1) - b.mean(1), np.sqrt((a.var(1, ddof=1) + b.var(1, ddof=1)) / 5)
    brute = np.mean(np.abs(gap) + stats.t.ppf(0.95, 8) * error < 1.0)
    assert equivalence_power(TWO, 1.0, 5) == pytest.approx(brute, abs=0.01)
    needed = equivalence_seeds_needed(TWO, 1.0)
    assert equivalence_power(TWO, 1.0, needed) >= 0.8 > equivalence_power(TWO, 1.0, needed - 1)


def test_equivalence_power_of_phillips_type():
    # With a known deviation (many degrees of freedom) the power is 2 Phi(m / se - z) - 1.
    from scipy.stats import norm

    made = equivalence_power(Design(1.0, tasks=100), 0.1, 50)
    assert made == pytest.approx(2 * norm.cdf(0.1 / np.sqrt(2 / 5000) - norm.ppf(0.95)) - 1, abs=1e-3)


def test_sentences():
    assert detectable_sentence(TWO, 3).startswith(
        f"with 3 seeds the smallest detectable difference is {smallest_difference(TWO, 3):.2g}"
    )
    assert needed_sentence(TWO, 1.0).startswith("needs 7 seeds to tell 1 points from 0")
    assert needed_sentence(TWO, 0.0).startswith("no practical number")


def test_refusals():
    for broken, words in (
        (lambda: Design(0.0), "positive number of points"),
        (lambda: Design(np.nan), "positive number of points"),
        (lambda: power(TWO, 1.0, 1), "at least 2"),
        (lambda: seeds_needed(TWO, 0.0), "no number of seeds"),
        (lambda: seeds_needed(TWO, -1.0, alternative="greater"), "no number of seeds"),
        (lambda: seeds_needed(TWO, 1e-9), "more than 100,000"),
        (lambda: equivalence_power(TWO, -1, 3), "positive"),
        (lambda: equivalence_seeds_needed(TWO, 1.0, difference=2.0), "not within"),
    ):
        with pytest.raises(InputError, match=words):
            broken()


@pytest.mark.parametrize("seeds", [2, 3, 20, 1000, 20_000])
@pytest.mark.parametrize("difference", [0.0, 0.01, 1.0, 5.0, 50.0, 1e4])
def test_no_corner_is_silently_wrong(seeds, difference):
    # scipy 1.17's noncentral t gives NaN in corners, e.g. df 2 with shift 8.3 (2 seeds, 5 points, sd .6): power .968.
    from scipy import stats

    for design in (TWO, ONE, Design(0.6, tasks=9)):
        df, shift = design.df(seeds), difference / design.error(seeds)
        critical = stats.t.ppf(0.975, df)
        scale = np.sqrt(stats.chi2.ppf((np.arange(4000) + 0.5) / 4000, df) / df)
        expected = np.mean(
            stats.norm.sf(critical * scale - shift) + stats.norm.cdf(-critical * scale - shift)
        )
        assert power(design, difference, seeds) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize(
    ("margin", "seeds", "difference", "df", "wanted"),
    [
        (1.0, 5, 0.0, np.inf, 0.06870321485837534),
        (1.0, 20, 0.2, np.inf, 0.7806949342290057),
        (1.0, 10, 0.0, 4.0, 0.34316683006051824),
    ],
)
def test_equivalence_power_is_its_integral(margin, seeds, difference, df, wanted):
    """By scipy.integrate.quad (relative 1e-12) over the density of the estimated deviation, and the true one's."""
    found = equivalence_power(Design(1.0, 2, 1, df), margin, seeds, difference)
    assert found == pytest.approx(wanted, rel=1e-9)


def test_power_with_a_deviation_from_a_pilot_is_its_integral():
    """scipy: quad over u of the noncentral t at deviation sqrt(4 / chi2.ppf(u, 4))."""
    assert power(Design(1.0, 2, 1, 4.0), 2.0, 5) == pytest.approx(0.6743665664207282, rel=1e-9)


def test_less_power_than_the_error_rate_is_no_question():
    with pytest.raises(InputError, match="more than the error rate"):
        smallest_difference(Design(1.0), 5, wanted=0.03)
