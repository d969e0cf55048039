"""Agreement of the univariate models with metafor over the full grid, published digits, and invariances."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.batch import read_effects
from analysis.meta.information import information
from analysis.meta.likelihood import log_likelihood
from analysis.meta.pool import TESTS, pool
from analysis.meta.predict import blups, predict
from analysis.meta.predict_mixture import predict_mixture
from analysis.meta.regression import contrast, omnibus, r_squared
from analysis.meta.tau2 import METHODS, estimate_tau2
from analysis.meta.tau2_interval import q_profile
from analysis.meta.welch_q import welch_q

TEST_NAMES = {"z": "z", "t": "t", "knha": "knapp_hartung", "adhoc": "knapp_hartung_floored"}
RTOL = 1e-6


def same(ours, theirs, rtol=RTOL, scale=0.0):
    """Relative agreement; `scale` allows rounding-level differences around an exact zero."""
    assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=rtol, atol=1e-9 * scale)


def fit(data, row, **kw):
    method = "CE" if row["method"] == "EE" else row["method"]
    return pool(
        data["yi"],
        data["vi"],
        data["mods"] if row["mods"] else None,
        method=method,
        test=TEST_NAMES[row["test"]],
        **kw,
    )


def test_reference_covers_every_combination(reference, sets):
    seen = {(r["set"], r["mods"], r["method"], r["test"]) for r in reference["univariate"]}
    methods = [("EE" if m == "CE" else m) for m in METHODS if m != "GENQ"]
    wanted = {
        (name, mods, method, test)
        for name, mods, method, test in itertools.product(sets, (False, True), methods, TEST_NAMES)
        if not (mods and sets[name]["mods"] is None)
    }
    assert seen == wanted
    assert set(TEST_NAMES.values()) == set(TESTS)
    assert len(seen) == 11 * 4 * 15


def test_univariate_grid_agrees_with_metafor(reference, sets):
    for row in reference["univariate"]:
        data = sets[row["set"]]
        f = fit(data, row)
        spread = float(np.std(data["yi"]))
        label = f"{row['set']} {row['method']} {row['test']} mods={row['mods']}"
        assert f.converged, label
        # metafor's Fisher scoring ends within 1e-14 var(yi); at the boundary it leaves a rounding-level positive.
        same(f.tau2, row["tau2"], scale=spread**2)
        same(f.beta, row["beta"])
        same(f.se, row["se"])
        same(f.statistic, row["stat"])
        same(f.p_value, row["p"], rtol=1e-5)  # a tail probability multiplies the error of the statistic
        same(f.ci_low, row["lb"], scale=spread)
        same(f.ci_high, row["ub"], scale=spread)
        same(f.q, row["Q"])
        same(f.q_p, row["Qp"], rtol=1e-5)
        same(100 * f.i2, row["I2"], scale=100)
        same(f.h2, row["H2"])
        if row["method"] != "EE":
            same(f.se_tau2, row["se_tau2"])
        if row["mods"]:
            q = omnibus(f)
            same(q.statistic, row["QM"])
            same(q.p_value, row["QMp"], rtol=1e-5)
        if row["mods"] and row["method"] != "EE" and row["R2"] is not None:
            share = r_squared(f)
            same(0.0 if np.isnan(share) else 100 * share, row["R2"], scale=1e4)
        fits = information(f, restricted=row["method"] == "REML")
        same(fits.log_likelihood, row["fit"][0])
        same([fits.aic, fits.bic], row["fit"][2:4])
        if np.isfinite(fits.aicc):
            same(fits.aicc, row["fit"][4])


def test_batch_gives_the_same_as_one_at_a_time(sets):
    names = ["k3", "k5", "k9", "k36", "bcg"]
    width = 36
    yi, vi = np.full((5, width), np.nan), np.full((5, width), np.nan)
    for row, name in enumerate(names):
        k = len(sets[name]["yi"])
        yi[row, :k], vi[row, :k] = sets[name]["yi"], sets[name]["vi"]
    for method in METHODS:
        weights = None if method != "GENQ" else np.where(np.isnan(vi), 1, 1 / vi)
        batch = pool(yi, vi, method=method, mask=~np.isnan(yi), weights=weights)
        for row, name in enumerate(names):
            w = None if weights is None else 1 / sets[name]["vi"]
            single = pool(sets[name]["yi"], sets[name]["vi"], method=method, weights=w)
            assert_allclose(batch.tau2[row], single.tau2, rtol=1e-11, atol=1e-14)
            assert_allclose(batch.ci_high[row], single.ci_high, rtol=1e-11)


def test_genq_with_inverse_variances_is_dersimonian_laird(sets):
    y, v = sets["k36"]["yi"], sets["k36"]["vi"]
    genq, dl = pool(y, v, method="GENQ", weights=1 / v), pool(y, v, method="DL")
    assert_allclose([genq.tau2, genq.se_tau2], [dl.tau2, dl.se_tau2], rtol=1e-12)


def test_bcg_published_digits(sets):
    """BCG vaccine trials, log risk ratio: Viechtbauer (2010), J. Stat. Softw. 36(3), pages 14-19."""
    y, v = sets["bcg"]["yi"], sets["bcg"]["vi"]
    reml = pool(y, v, test="z")
    assert (round(float(reml.tau2), 4), round(float(reml.se_tau2), 4)) == (0.3132, 0.1664)
    assert (round(float(reml.mean), 4), round(float(reml.mean_se), 4)) == (-0.7145, 0.1798)
    assert (round(100 * float(reml.i2), 2), round(float(reml.h2), 2)) == (92.22, 12.86)
    assert round(float(reml.q), 4) == 152.2330
    limits = q_profile(reml)
    assert (round(float(limits.tau2_low), 4), round(float(limits.tau2_high), 4)) == (0.1197, 1.1115)
    assert (round(100 * float(limits.i2_low), 2), round(100 * float(limits.i2_high), 2)) == (81.92, 97.68)
    mods = pool(y, v, sets["bcg"]["mods"] + [0, 1948], names=("ablat", "year"), test="z")
    assert (round(float(mods.tau2), 4), round(float(mods.se_tau2), 4)) == (0.1108, 0.0845)
    # The published 12.2043 is where metafor's default threshold stops; tightened it gives 12.2045 as well.
    assert round(float(omnibus(mods).statistic), 4) == 12.2045
    assert [round(float(b), 4) for b in mods.beta] == [-3.5454, -0.0280, 0.0019]  # printed: -3.5455
    assert round(float(mods.q), 4) == 28.3251


def test_profile_prediction_and_blups_agree_with_metafor(reference, sets):
    for name, row in reference["profile"].items():
        data = sets[name]
        f = pool(data["yi"], data["vi"], test="knapp_hartung")
        spread = float(np.std(data["yi"]))
        limits = q_profile(f)
        same([limits.tau2_low, limits.tau2_high], row["tau2"], scale=spread**2)
        same([100 * limits.i2_low, 100 * limits.i2_high], row["I2"], scale=100)
        same([limits.h2_low, limits.h2_high], row["H2"])
        told = reference["predictions"][name]
        new = predict(f, df="k-1")
        same([new.pi_low, new.pi_high], told["k1"], scale=spread)
        z = predict(pool(data["yi"], data["vi"], test="z"), df="normal")
        same([z.pi_low, z.pi_high], told["normal"], scale=spread)
        if name in reference["blups"]:
            b, r = blups(f), reference["blups"][name]
            same(b.value, r["pred"], scale=spread)
            same(b.se, r["se"])
            same(b.low, r["lb"], scale=spread)
            same(b.high, r["ub"], scale=spread)


def test_riley_prediction_interval_by_hand(sets):
    from scipy.stats import t

    f = pool(sets["k9"]["yi"], sets["k9"]["vi"], test="z")
    new = predict(f)
    half = t.ppf(0.975, 7) * np.sqrt(f.tau2 + f.mean_se**2)
    assert_allclose([new.pi_low, new.pi_high], [f.mean - half, f.mean + half], rtol=1e-12)
    two = predict(pool([1.0, 3.0], [0.1, 0.1]))
    assert np.isneginf(two.pi_low) and np.isposinf(two.pi_high)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "GENQ"])
@pytest.mark.parametrize("factor", [1e-8, 1e-4, 1e6])
def test_scaling_the_effects_scales_every_result(sets, method, factor):
    data = sets["k9"]
    one = pool(data["yi"], data["vi"], data["mods"], method=method)
    other = pool(data["yi"] * factor, data["vi"] * factor**2, data["mods"] * 1e-5, method=method)
    assert_allclose(other.tau2, one.tau2 * factor**2, rtol=1e-9, atol=1e-14 * factor**2)
    assert_allclose(other.statistic, one.statistic, rtol=1e-9)
    assert_allclose(other.i2, one.i2, rtol=1e-9, atol=1e-12)
    a, b = q_profile(one), q_profile(other)
    assert_allclose(b.tau2_high, a.tau2_high * factor**2, rtol=1e-9)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "GENQ"])
def test_shift_order_and_padding_do_not_matter(sets, method):
    y, v = sets["k9"]["yi"], sets["k9"]["vi"]
    one = pool(y, v, method=method)
    shifted = pool(y + 100, v, method=method)
    assert_allclose([shifted.tau2, shifted.mean - 100], [one.tau2, one.mean], rtol=1e-9)
    order = np.random.default_rng(1).permutation(9)
    shuffled = pool(y[order], v[order], method=method)
    assert_allclose([shuffled.tau2, shuffled.mean_se], [one.tau2, one.mean_se], rtol=1e-12)
    padded = pool(np.append(y, np.nan), np.append(v, -1), method=method, mask=np.arange(10) < 9)
    assert_allclose([padded.tau2, padded.mean_se], [one.tau2, one.mean_se], rtol=1e-12)


def test_duplicating_every_study_halves_the_common_effect_variance(sets):
    y, v = sets["k9"]["yi"], sets["k9"]["vi"]
    one, two = pool(y, v, method="CE", test="z"), pool(np.tile(y, 2), np.tile(v, 2), method="CE", test="z")
    assert_allclose(two.mean, one.mean, rtol=1e-12)
    assert_allclose(two.mean_se**2, one.mean_se**2 / 2, rtol=1e-12)


def test_equal_variances_have_closed_forms():
    """With equal v: tau2 of DL, HE, PM and REML is var(y) - v, ML divides by k; KH is the plain t interval."""
    from scipy.stats import ttest_1samp

    y, v = np.array([1.0, 4.0, 2.5, 7.0, 3.0]), np.full(5, 0.5)
    for method in ("DL", "HE", "PM", "EB", "REML", "GENQ"):
        f = pool(y, v, method=method, weights=np.ones(5), test="knapp_hartung")
        assert_allclose(f.tau2, y.var(ddof=1) - 0.5, rtol=1e-12)
        t = ttest_1samp(y, 0)
        assert_allclose([f.statistic[0], f.p_value[0]], [t.statistic, t.pvalue], rtol=1e-10)
        assert_allclose([*f.interval], [*t.confidence_interval()], rtol=1e-10)
    assert_allclose(pool(y, v, method="ML").tau2, y.var() - 0.5, rtol=1e-12)


def test_negative_moment_estimate_is_truncated():
    """statsmodels 0.15 leaves DL at -0.0399 for these effects and reports se .0051 where .0894 is right."""
    f = pool([0.1, 0.12, 0.11, 0.09, 0.1], np.full(5, 0.04), method="DL", test="z")
    assert f.tau2 == 0 and f.boundary
    assert_allclose(f.mean_se, np.sqrt(0.04 / 5), rtol=1e-12)


def test_global_maximum_of_a_likelihood_with_two_modes():
    """The REML score of these effects changes sign three times; the grid and bracket must find the higher mode."""
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(4000):
        v = 10 ** rng.uniform(-4, 2, 4)
        y = rng.normal(0, np.sqrt(v))
        effects = read_effects(y, v)
        grid = np.logspace(-6, 4, 400) * v.min()
        heights = log_likelihood(effects.rows(np.zeros(400, int)), grid, True)
        peaks = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
        if peaks.sum() < 2:
            continue
        found += 1
        best = log_likelihood(effects, estimate_tau2(effects, "REML").value, True)[0]
        assert best >= heights.max() - 1e-9
        if found == 5:
            return
    assert found


def test_all_equal_effects_give_a_documented_value():
    plain = pool([2.0, 2.0, 2.0], [0.1, 0.2, 0.3], test="knapp_hartung")
    assert plain.tau2 == 0 and plain.mean == 2.0 and plain.q < 1e-20
    floored = pool([2.0, 2.0, 2.0], [0.1, 0.2, 0.3])
    assert floored.mean_se > 0.2
    zero = pool([0.0, 0.0, 0.0], [0.1, 0.2, 0.3], test="knapp_hartung")
    assert zero.statistic[0] == 0 and zero.p_value[0] == 1


def test_one_study_is_a_common_effect_or_a_refusal():
    alone = pool([1.5], [0.25], method="CE", test="z")
    assert_allclose([alone.mean, alone.mean_se, alone.q, alone.q_p], [1.5, 0.5, 0, 1])
    with pytest.raises(InputError, match="1 studies where 1 coefficient"):
        pool([1.5], [0.25])


@pytest.mark.parametrize(
    ("yi", "vi", "kw", "message"),
    [
        ([1.0, np.nan, 2.0], [1, 1, 1], {}, "effect nan at position 1"),
        ([1.0, np.inf, 2.0], [1, 1, 1], {}, "effect inf"),
        ([1.0, 3.0, 2.0], [1, 0, 1], {}, "variance 0.0 at position 1"),
        ([1.0, 3.0, 2.0], [1, -2, 1], {}, "variance -2.0 at position 1"),
        ([1.0, 3.0, 2.0], [1, np.nan, 1], {}, "variance nan"),
        ([1.0, 3.0, 2.0], [1, 1], {}, "shapes do not fit"),
        (["a", 3.0, 2.0], [1, 1, 1], {}, "not an array of numbers"),
        ([1.0, 3.0, 2.0], [1, 1e-14, 1], {}, "factor of 1e"),
        ([1.0, 3.0, 2.0], [1e-200] * 3, {}, "change the unit"),
        ([], [], {}, "0 studies"),
        (3.0, 1.0, {}, "must be arrays"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"mods": [1, 1, 1]}, "linearly dependent"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"mods": [1, np.nan, 1]}, "moderator is NaN"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"method": "XX"}, "unknown estimator"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"test": "XX"}, "unknown test"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"tau2": -1}, "negative"),
        ([1.0, 3.0, 2.0], [1, 1, 1], {"level": 95}, "confidence level"),
    ],
)
def test_bad_input_is_one_clear_error(yi, vi, kw, message):
    with pytest.raises(InputError, match=message):
        pool(yi, vi, **kw)


def test_all_problems_are_reported_at_once():
    with pytest.raises(InputError) as caught:
        pool([np.nan, 1.0, 2.0], [1.0, 0.0, -1.0])
    assert len(caught.value.problems) == 3


def test_contrast_between_two_coefficients(sets):
    f = pool(sets["k36"]["yi"], sets["k36"]["vi"], sets["k36"]["mods"], test="z")
    c = np.array([0, 1, -1.0])
    by_hand = (c @ f.beta) ** 2 / (c @ f.vcov @ c)
    assert_allclose(contrast(f, c).statistic, by_hand, rtol=1e-12)


def test_mixture_prediction_interval(sets):
    """Against a Monte-Carlo draw of the same predictive distribution, its invariances and its refusals."""
    from scipy.stats import chi2

    y, v = sets["k9"]["yi"], sets["k9"]["vi"]
    f = pool(y, v)
    found = predict_mixture(f)
    rng = np.random.default_rng(9)
    q = chi2.isf(rng.random(40_000), 8)
    grid = np.linspace(0, 60, 6001)
    q_of = np.array([np.sum((y - np.average(y, weights=1 / (v + t))) ** 2 / (v + t)) for t in grid])
    tau2 = np.interp(-q, -q_of, grid)
    w = 1 / (v + tau2[:, None])
    mean = (w * y).sum(1) / w.sum(1)
    se2 = (w * (y - mean[:, None]) ** 2).sum(1) / 8 / w.sum(1)
    draws = mean + rng.standard_t(8, len(q)) * np.sqrt(se2) + rng.normal(size=len(q)) * np.sqrt(tau2)
    assert_allclose([found.pi_low, found.pi_high], np.quantile(draws, [0.025, 0.975]), atol=0.12)
    scaled = predict_mixture(pool(y * 1e-4 + 1, v * 1e-8))
    assert_allclose((scaled.pi_high - 1) * 1e4, found.pi_high, rtol=1e-8)
    batch = predict_mixture(pool(np.stack([y, 2 * y]), np.stack([v, 4 * v])))
    assert_allclose(batch.pi_low, [found.pi_low, 2 * found.pi_low], rtol=1e-9)
    equal = predict_mixture(pool([2.0, 2.0, 2.0], [0.1, 0.2, 0.3]))
    assert equal.pi_low <= 2 <= equal.pi_high and np.isfinite([equal.pi_low, equal.pi_high]).all()
    with pytest.raises(InputError, match="at least 3"):
        predict_mixture(pool([1.0, 2.0], [1.0, 1.0]))
    with pytest.raises(InputError, match="meta-regression"):
        predict_mixture(pool(y, v, sets["k9"]["mods"]))


def test_welch_q_is_welchs_test_of_means():
    """Against statsmodels' Welch ANOVA on raw seeds, and Cochran's Q for known variances."""
    from statsmodels.stats.oneway import anova_oneway

    rng = np.random.default_rng(12)
    groups = [rng.normal(m, s, n) for m, s, n in ((0, 1, 5), (0.5, 2, 7), (1, 0.5, 4), (0, 1, 9))]
    told = anova_oneway(groups, use_var="unequal", welch_correction=True)
    y, v = [g.mean() for g in groups], [g.var(ddof=1) / len(g) for g in groups]
    ours = welch_q(y, v, [len(g) - 1 for g in groups])
    assert_allclose(
        [ours.f, ours.df1, ours.df2, ours.p_value], [told.statistic, *told.df, told.pvalue], rtol=1e-9
    )
    assert_allclose(welch_q(y, v, np.inf).p_value, pool(y, v, method="CE").q_p, rtol=1e-12)
    with pytest.raises(InputError, match="not positive"):
        welch_q(y, v, 0)
