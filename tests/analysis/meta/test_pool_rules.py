"""Pooling without a reference: what must hold of every pooled mean, corners with a known answer, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.batch import read_effects
from analysis.meta.likelihood import log_likelihood
from analysis.meta.pool import pool
from analysis.meta.tau2 import METHODS, estimate_tau2
from analysis.meta.tau2_interval import q_profile


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
