"""Fits against scipy, profiles against brute force, invariances, degenerate input."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from analysis.curves import (
    FAMILIES,
    asymptote,
    band,
    bootstrap_curve,
    compare_families,
    enough_doses,
    fit_curve,
    gain_between,
    parameter_interval,
    profile_interval,
)
from analysis.curves.identify import threshold
from analysis.errors import InputError

DOSES = np.repeat([0.0, 1, 2, 3, 5, 7, 9], 3)
SCORES = 60 + 8 * (1 - np.exp(-0.4 * DOSES)) + np.random.default_rng(1).normal(0, 0.5, len(DOSES))


def plain(name):
    return {
        "linear": lambda x, a, b: a + b * x,
        "logarithmic": lambda x, a, b: a + b * np.log1p(x),
        "power": lambda x, a, b, c: a + b * x**c,
        "saturating_exponential": lambda x, a, b, c: a + b * (1 - np.exp(-c * x)),
        "michaelis_menten": lambda x, a, b, c: a + b * x / (c + x),
        "hill": lambda x, a, b, c, h: a + b * x**h / (c**h + x**h),
    }[name]


@pytest.mark.parametrize(
    "name", ["linear", "logarithmic", "power", "saturating_exponential", "michaelis_menten", "hill"]
)
def test_agrees_with_scipy_started_at_the_answer(name):
    fit = fit_curve(DOSES, SCORES, name)
    values = list(fit.parameters.values())
    expected, covariance = curve_fit(
        plain(name), DOSES, SCORES, p0=values, xtol=1e-14, ftol=1e-14, gtol=1e-14
    )
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    np.testing.assert_allclose(list(fit.sd.values()), np.sqrt(np.diag(covariance)), rtol=1e-5)


@pytest.mark.parametrize("name", FAMILIES)
def test_derivatives_of_the_registry(name):
    family = FAMILIES[name]
    x = np.array([0.0, 0.5, 1, 3, 9])
    shape = np.array([[1.7, 1.3][: len(family.shapes)]])
    slopes = family.slopes(x, shape)
    for i in range(len(family.shapes)):
        step = np.zeros_like(shape)
        step[0, i] = 1e-6
        numeric = (family.columns(x, shape + step) - family.columns(x, shape - step)) / 2e-6
        np.testing.assert_allclose(slopes[..., i], numeric, atol=1e-8)


def test_weights_are_repetitions_and_standard_errors_are_absolute():
    repeated = fit_curve(np.repeat(DOSES, 2), np.repeat(SCORES, 2))
    weighted = fit_curve(DOSES, SCORES, weights=np.full(len(DOSES), 2.0))
    assert repeated.parameters == pytest.approx(weighted.parameters, rel=1e-9)
    known = fit_curve(DOSES, SCORES, se=np.full(len(DOSES), 0.5))
    twice = fit_curve(DOSES, SCORES, se=np.full(len(DOSES), 1.0))
    assert twice.sd["rise"] == pytest.approx(2 * known.sd["rise"])


@pytest.mark.parametrize(("scale", "shift", "unit"), [(1e-4, 0.0, 1.0), (1e6, -3e6, 1.0), (1.0, 0.0, 250.0)])
def test_scale_shift_and_unit_of_dose(scale, shift, unit):
    base, moved = fit_curve(DOSES, SCORES), fit_curve(DOSES * unit, SCORES * scale + shift)
    assert moved.parameters["rate"] * unit == pytest.approx(base.parameters["rate"], rel=1e-7)
    assert moved.parameters["rise"] / scale == pytest.approx(base.parameters["rise"], rel=1e-7)
    a, b = profile_interval(base, asymptote(base)), profile_interval(moved, asymptote(moved))
    assert (b.low - shift) / scale == pytest.approx(a.low, rel=1e-6)
    assert (b.high - shift) / scale == pytest.approx(a.high, rel=1e-6)


def test_order_of_points_does_not_matter():
    order = np.random.default_rng(2).permutation(len(DOSES))
    assert fit_curve(DOSES[order], SCORES[order]).parameters == pytest.approx(
        fit_curve(DOSES, SCORES).parameters
    )


def test_groups_get_starts_of_their_own():
    group = np.tile(["a", "b", "c"], 7)
    shifted = SCORES + np.tile([0.0, 5.0, -3.0], 7)
    one, two = fit_curve(DOSES, SCORES, group=group), fit_curve(DOSES, shifted, group=group)
    assert two.parameters["rate"] == pytest.approx(one.parameters["rate"], rel=1e-8)
    assert two.parameters["start[b]"] - one.parameters["start[b]"] == pytest.approx(5.0)
    assert two.df == len(DOSES) - 5


def brute_profile(quantity_of, q0):
    """Smallest rss of a + b (1 - exp(-c x)) under quantity = q0, by penalised search over c with exact algebra."""
    best = np.inf
    for c in np.geomspace(0.01, 5, 4000):
        g = 1 - np.exp(-c * DOSES)
        design = np.stack([np.ones_like(g), g], 1)
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ SCORES
        direction = quantity_of(c)
        lagrange = (q0 - direction @ beta) / (direction @ inverse @ direction)
        constrained = beta + inverse @ direction * lagrange
        best = min(best, float(((SCORES - design @ constrained) ** 2).sum()))
    return best


@pytest.mark.parametrize("what", ["asymptote", "gain"])
def test_profile_ends_sit_on_the_threshold(what):
    fit = fit_curve(DOSES, SCORES)
    quantity = asymptote(fit) if what == "asymptote" else gain_between(fit, 9, 10)

    def direction(c):
        if what == "asymptote":
            return np.array([1.0, 1.0])
        return np.array([0.0, np.exp(-9 * c) - np.exp(-10 * c)])

    interval = profile_interval(fit, quantity)
    for end in (interval.low, interval.high):
        assert brute_profile(direction, end) == pytest.approx(threshold(fit, 0.95), rel=1e-3)


def test_profile_of_a_linear_model_is_the_t_interval():
    from scipy.stats import t

    fit = fit_curve(DOSES, SCORES, "linear")
    interval = parameter_interval(fit, "rate")
    half = t.ppf(0.975, fit.df) * fit.sd["rate"]
    assert (interval.low, interval.high) == pytest.approx(
        (fit.parameters["rate"] - half, fit.parameters["rate"] + half)
    )


def test_shape_interval_against_direct_profile():
    fit = fit_curve(DOSES, SCORES)
    interval = parameter_interval(fit, "rate")
    for end in (interval.low, interval.high):
        g = 1 - np.exp(-end * DOSES)
        design = np.stack([np.ones_like(g), g], 1)
        rss = np.linalg.lstsq(design, SCORES, rcond=None)[1][0]
        assert rss == pytest.approx(threshold(fit, 0.95), rel=1e-8)


def test_straight_data_leave_the_plateau_open_and_say_why():
    rng = np.random.default_rng(5)
    y = 60 + 0.5 * DOSES + rng.normal(0, 0.3, len(DOSES))
    fit = fit_curve(DOSES, y)
    assert not fit.identified
    assert "straight" in " ".join(fit.reasons)
    assert profile_interval(fit, asymptote(fit)).high == np.inf
    assert profile_interval(fit, gain_between(fit, 9, 10)).bounded


def test_three_doses_are_flagged_and_three_points_refused():
    fit = fit_curve(np.repeat([0.0, 1, 7], 3), [1, 2, 3, 4, 5, 6, 6, 7, 8])
    assert any("not testable with 3 doses" in reason for reason in fit.reasons)
    with pytest.raises(InputError, match="pass through any points"):
        fit_curve([0, 1, 7], [67.2, 73.2, 73.6])


def test_certificate_counts_the_starts():
    fit = fit_curve(DOSES, SCORES)
    assert str(fit.certificate).startswith("60 starts, 60 to the same rss")
    broken = fit_curve(DOSES, SCORES, "broken_stick").certificate
    assert broken.same < broken.starts
    assert broken.runner_up is not None and broken.runner_up > 1


def test_enough_doses_closed_form():
    fit = fit_curve(DOSES, SCORES)
    rise, rate = fit.parameters["rise"], fit.parameters["rate"]
    interval = enough_doses(fit, 0.5)
    assert interval.estimate == pytest.approx(np.log(rise / 0.5) / rate, rel=1e-9)
    assert interval.low < interval.estimate < interval.high
    assert enough_doses(fit, 100.0).estimate == 0.0
    with pytest.raises(InputError, match="no plateau"):
        enough_doses(fit_curve(DOSES, SCORES, "linear"), 0.5)


def test_bootstrap_repeats_and_refits_are_least_squares():
    fit = fit_curve(DOSES, SCORES)
    first, again = (
        bootstrap_curve(fit, 200, key="a", unit="points"),
        bootstrap_curve(fit, 200, key="a", unit="points"),
    )
    assert np.array_equal(first.shapes, again.shapes)
    assert not np.array_equal(first.shapes, bootstrap_curve(fit, 200, key="b", unit="points").shapes)
    # a prefix of the resamples is the same whatever their number
    assert np.array_equal(bootstrap_curve(fit, 50, key="a", unit="points").shapes, first.shapes[:50])
    from analysis.resampling.indices import resample_indices

    for b in range(3):
        rows = []
        for stream in range(7):
            rows += [3 * stream + i for i in resample_indices("a", 3, range(200), stream=stream)[b]]
        alone = fit_curve(DOSES[rows], SCORES[rows])
        assert first.shapes[b, 0] == pytest.approx(alone.parameters["rate"], rel=1e-5)
        assert first.starts[b] == pytest.approx(alone.start, rel=1e-7)


def test_group_bootstrap_resamples_groups():
    group = np.tile([0, 1, 2], 7)
    fit = fit_curve(DOSES, SCORES, group=group)
    refits = bootstrap_curve(fit, 300, key="g")
    assert refits.unit == "groups"
    # three groups have 10 distinct resamples
    assert len(np.unique(np.round(refits.shapes[:, 0], 8))) == 10
    with pytest.raises(InputError, match="one group"):
        bootstrap_curve(fit_curve(DOSES, SCORES), 10, key="g", unit="groups")


def test_weights_of_evidence_and_averaged_gain():
    comparison = compare_families(DOSES, SCORES)
    assert sum(comparison.weights) == pytest.approx(1.0)
    assert comparison.best.family.name == "saturating_exponential"
    score = np.array([fit.aicc for fit in comparison.fits])
    n, k = len(DOSES), 4
    sat = comparison.fits[3]
    assert sat.aicc == pytest.approx(n * np.log(sat.rss / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1))
    assert comparison.weights == pytest.approx(
        np.exp(-(score - score.min()) / 2) / np.exp(-(score - score.min()) / 2).sum()
    )
    least = min(fit.aicc for fit in comparison.fits)
    assert {fit.family.name for fit in comparison.plausible} <= {
        fit.family.name for fit in comparison.fits if fit.aicc <= least + 7
    }
    average = comparison.average(lambda fit: gain_between(fit, 9, 10))
    share = np.array([comparison.weights[comparison.fits.index(fit)] for fit in comparison.plausible])
    gains = [fit.gain(9, 10) for fit in comparison.plausible]
    assert average.estimate == pytest.approx(share @ gains / share.sum())
    own = [profile_interval(fit, gain_between(fit, 9, 10)) for fit in comparison.plausible]
    assert (average.low, average.high) == (min(one.low for one in own), max(one.high for one in own))
    assert f"over {len(own)} plausible curves" in average.method


def test_a_small_gain_near_a_plateau_has_a_skewed_interval():
    """A sigmoid curve is nearly level beyond its bend: estimate -+ t x error covered the truth in .82 to .86."""
    x = np.repeat([0.0, 1, 2, 3, 4, 5, 7, 9], 3)
    draw, hits, longer_above = np.random.default_rng(5), 0, 0
    for _ in range(30):
        found = compare_families(x, 60 + 8 * x**3 / (27 + x**3) + draw.normal(0, 0.5, len(x)))
        made = found.average(lambda fit: gain_between(fit, 9, 10))
        hits += made.low <= 8000 / 1027 - 5832 / 756 <= made.high
        longer_above += made.high - made.estimate > made.estimate - made.low
    assert hits >= 27 and longer_above > 15


def test_a_parameter_that_says_nothing_does_not_widen_the_average():
    """Scores without a trend: a power law may bend anyhow, the straight line knows as much."""
    rng = np.random.default_rng(3)
    x = np.repeat([0.0, 1, 2, 3, 5, 9], 3)
    for _ in range(5):
        found = compare_families(x, 60 + rng.normal(0, 0.5, len(x)))
        assert "linear" in {fit.family.name for fit in found.plausible}
        made = found.average(lambda fit: gain_between(fit, 9, 10))
        assert made.high - made.low < 1.0


def test_curves_through_every_dose_mean_are_not_compared():
    found = compare_families(np.repeat([0.0, 1, 3, 9], 3), np.arange(12.0) ** 0.5)
    assert dict(found.left_out).keys() == {"hill", "broken_stick"}
    assert "4 parameters pass through any 4 dose means" in dict(found.left_out)["hill"]
    plateau = compare_families(
        np.repeat([0.0, 1, 3, 9], 3), np.repeat([60.0, 62, 66, 68], 3) + np.tile([-0.1, 0, 0.1], 4)
    )
    assert plateau.best.family.name == "plateau"  # starts at 4, between the last two doses
    assert plateau.best.parameters["knot"] == pytest.approx(4, abs=0.05)


def test_band_contains_the_curve():
    fit = fit_curve(DOSES, SCORES)
    for interval, value in zip(band(fit, [0, 4, 12]), fit.predict([0, 4, 12]), strict=True):
        assert interval.low < value < interval.high
        assert interval.estimate == pytest.approx(value)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 1, 2, 3, 4], [1, 2, np.nan, 3, 4], r"y\[2\] is nan"),
        ([0, 1, 2, np.inf, 4], [1, 2, 3, 3, 4], r"x\[3\] is inf"),
        ([0, 1, 2, 3, -4], [1, 2, 3, 3, 4], "negative"),
        ([0, 0, 0, 0, 0], [1, 2, 3, 3, 4], "every dose is 0"),
        ([0, 1, 2], [1, 2], "shape"),
        ([], [], "no points"),
        ([0, 1, "a"], [1, 2, 3], "not an array of numbers"),
    ],
)
def test_bad_points_are_named(x, y, message):
    with pytest.raises(InputError, match=message):
        fit_curve(x, y)


def test_bad_options_are_named():
    with pytest.raises(InputError, match="did you mean 'saturating_exponential'"):
        fit_curve(DOSES, SCORES, "saturated_exponential")
    with pytest.raises(InputError, match="standard error is 0"):
        fit_curve(DOSES, SCORES, se=np.zeros(len(DOSES)))
    with pytest.raises(InputError, match="both"):
        fit_curve(DOSES, SCORES, se=np.ones(len(DOSES)), weights=np.ones(len(DOSES)))


def test_equal_scores_are_a_documented_value():
    fit = fit_curve(DOSES, np.full(len(DOSES), 61.3))
    assert fit.reasons == ("all scores are equal: there is no rise to describe",)
    assert fit.coefficients[0] == pytest.approx(0.0, abs=1e-9)


def test_a_million_scores_are_as_many_points_as_doses():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 10, 1_000_000).astype(float)
    y = 60 + 8 * (1 - np.exp(-0.4 * x)) + rng.normal(0, 0.5, len(x))
    fit = fit_curve(x, y)
    assert len(fit.points.sample.x) == 10
    assert fit.parameters["rate"] == pytest.approx(0.4, abs=0.01)
    assert fit.sigma == pytest.approx(0.5, rel=0.01)
    assert fit.df == 999_997


def test_weights_and_groups_of_repeated_doses_are_kept():
    """The means per dose and group with the rest as a constant give the fit to the single scores."""
    rng = np.random.default_rng(1)
    weights, group = rng.uniform(0.5, 2, len(DOSES)), np.tile([0, 0, 1], 7)
    fit = fit_curve(DOSES, SCORES, weights=weights, group=group)
    rate = fit.parameters["rate"]
    g = 1 - np.exp(-rate * DOSES)
    design = np.stack([group == 0, group == 1, g], 1) * np.sqrt(weights)[:, None]
    beta, rss, _, _ = np.linalg.lstsq(design, SCORES * np.sqrt(weights), rcond=None)
    assert fit.rss == pytest.approx(rss[0], rel=1e-9)
    assert list(fit.starts) == pytest.approx(beta[:2], rel=1e-9)
