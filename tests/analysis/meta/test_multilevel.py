"""Three-level and crossed models against metafor rma.mv, robust variances against clubSandwich, and identities."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.crossed_likelihood import evaluate, working_covariance
from analysis.meta.multilevel import multilevel
from analysis.meta.multilevel_inference import level_effects, predict_new, profile_interval, wald_interval
from analysis.meta.pool import pool
from analysis.meta.robust import CORRECTIONS, robust


def groups_of(item):
    groups = {name: np.asarray(item["data"][name]) for name in item["factors"]}
    if "school" in groups:  # metafor's district/school: schools are numbered anew in every district
        groups["school"] = np.array(list(map("{}/{}".format, groups["district"], groups["school"])))
    return groups


def fitted(reference, row, **kw):
    item = reference["mv"][row["set"]]
    mods = np.asarray(item["data"]["x"], float) if row["mods"] else None
    return multilevel(
        item["data"]["yi"],
        item["data"]["vi"],
        groups_of(item),
        mods,
        method=row.get("method", "REML"),
        test="z",
        effect_level=False,
        **kw,
    )


def test_reference_covers_every_combination(reference):
    seen = {(r["set"], r["method"], r["mods"]) for r in reference["multilevel"]}
    assert seen == set(itertools.product(reference["mv"], ("REML", "ML"), (False, True)))
    kinds = set(CORRECTIONS) - {"CR1S"}  # clubSandwich's CR1S is Stata's factor; tested by hand below
    assert {(r["set"], r["mods"], r["type"]) for r in reference["robust_uni"]} == set(
        itertools.product(reference["clusters"], (False, True), kinds)
    )
    assert {(r["mods"], r["type"]) for r in reference["robust_mv"]} == set(
        itertools.product((False, True), kinds)
    )


def test_multilevel_grid_agrees_with_metafor(reference):
    for row in reference["multilevel"]:
        f = fitted(reference, row)
        assert f.converged and f.starts_agreeing == f.starts
        assert_allclose(f.sigma2, row["sigma2"], rtol=1e-6)
        assert_allclose(f.beta, row["beta"], rtol=1e-6)
        assert_allclose(f.se, row["se"], rtol=1e-6)
        assert_allclose(f.q, row["QE"], rtol=1e-9)
        # Ours is never the lower likelihood.
        assert f.log_likelihood >= row["loglik"] - 1e-10
        assert_allclose(f.log_likelihood, row["loglik"], rtol=1e-10)


def test_profile_and_prediction_intervals_agree_with_metafor(reference):
    checked = 0
    for row in reference["multilevel"]:
        if "profile" not in row:
            continue
        f = fitted(reference, row)
        assert_allclose(predict_new(f)[1:], row["pi"], rtol=1e-6)
        for component, limits in zip(f.components, row["profile"], strict=True):
            ours = profile_interval(f, component)
            for mine, theirs in zip((ours.low, ours.high), limits, strict=True):
                if (
                    theirs is not None
                ):  # metafor gives NA for two ends of the school data ("convergence problems")
                    assert_allclose(mine, theirs, rtol=1e-6, atol=1e-9)
                    checked += 1
    assert checked == 12


def test_konstantopoulos_published_digits(reference):
    """Konstantopoulos (2011), Res. Synth. Methods 2:61, table 4: three-level model by ML and REML, 56 schools."""
    f = fitted(reference, {"set": "konstantopoulos", "mods": False})
    assert [round(float(s), 4) for s in f.sigma2] == [0.0651, 0.0327]
    assert (round(f.mean, 4), round(float(f.se[0]), 4)) == (0.1847, 0.0846)
    assert round(f.q, 4) == 578.8640


def test_a_random_effect_of_every_effect_is_the_ordinary_model(sets):
    y, v = sets["k36"]["yi"], sets["k36"]["vi"]
    one, two = pool(y, v, test="z"), multilevel(y, v, {}, test="z")
    assert_allclose([two.sigma2[0], two.mean, two.se[0]], [one.tau2, one.mean, one.mean_se], rtol=1e-9)
    assert_allclose(two.i2[0], one.i2, rtol=1e-9)


def test_block_algebra_equals_dense_algebra(reference):
    f = fitted(reference, {"set": "crossed", "mods": True})
    data, s = f.data, f.sigma2 / f.unit**2
    m = working_covariance(data, s)
    inverse = np.linalg.inv(m)
    bread = np.linalg.inv(data.x.T @ inverse @ data.x)
    p = inverse - inverse @ data.x @ bread @ data.x.T @ inverse
    step = [
        data.codes[0][:, None] == data.codes[0],
        data.codes[1][:, None] == data.codes[1],
        np.eye(len(data.y)),
    ]
    here = evaluate(data, s * [1.3, 0.4, 2.0], True)
    m2 = working_covariance(data, s * [1.3, 0.4, 2.0])
    i2 = np.linalg.inv(m2)
    p2 = i2 - i2 @ data.x @ np.linalg.inv(data.x.T @ i2 @ data.x) @ data.x.T @ i2
    py = p2 @ data.y
    for j, z in enumerate(step):
        assert_allclose(here.score[j], 0.5 * (py @ z @ py - np.trace(p2 @ z)), rtol=1e-9)
        for i, other in enumerate(step):
            assert_allclose(here.information[j, i], 0.5 * py @ z @ p2 @ other @ py, rtol=1e-9)
    assert abs(data.y @ p @ step[2] @ p @ data.y - np.trace(p)) < 1e-8 * np.trace(
        p
    )  # the score vanishes at the estimate


@pytest.mark.parametrize("factor", [1e-5, 1e6])
def test_scale_shift_and_order_do_not_matter(reference, factor):
    item = reference["mv"]["crossed"]
    y, v, groups = np.array(item["data"]["yi"]), np.array(item["data"]["vi"]), groups_of(item)
    one = multilevel(y, v, groups)
    order = np.random.default_rng(3).permutation(len(y))
    other = multilevel(
        factor * y[order] + 50 * factor, factor**2 * v[order], {k: g[order] for k, g in groups.items()}
    )
    assert_allclose(other.sigma2, one.sigma2 * factor**2, rtol=1e-7)
    assert_allclose(other.mean / factor - 50, one.mean, rtol=1e-8)
    assert_allclose(other.i2, one.i2, rtol=1e-7)


def test_level_effects_are_the_conditional_means(reference):
    f = fitted(reference, {"set": "crossed", "mods": False})
    m = working_covariance(f.data, f.sigma2 / f.unit**2) * f.unit**2
    task = np.asarray(reference["mv"]["crossed"]["data"]["task"])
    z = (task[:, None] == np.unique(task)).astype(float)
    y = np.asarray(reference["mv"]["crossed"]["data"]["yi"])
    by_hand = f.sigma2[0] * z.T @ np.linalg.solve(m, y - f.mean)
    found = level_effects(f, "task")
    assert_allclose(found.value, by_hand, rtol=1e-8)
    assert (found.se > 0).all() and (found.se < np.sqrt(f.sigma2[0]) * 1.2).all()
    assert level_effects(f, "id").value.shape == y.shape


def test_component_at_the_boundary_has_no_standard_error():
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(10), 3)
    y = rng.normal(0, 1, 30)
    y -= np.repeat(y.reshape(10, 3).mean(1), 3)  # clusters agree exactly: their variance is zero
    f = multilevel(y, np.full(30, 0.01), {"cluster": cluster})
    assert f.sigma2[0] == 0 and np.isnan(f.se_sigma2[0]) and f.sigma2[1] > 0
    assert profile_interval(f, "cluster").low == 0 < profile_interval(f, "cluster").high
    wald = wald_interval(f, "effect")
    assert wald.low < f.sigma2[1] < wald.high
    assert wald_interval(f, "cluster").high == np.inf


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"a": [1, 1, 1, 1]}, "one level"),
        ({"a": [1, 1, 2, 2], "b": ["x", "x", "y", "y"]}, "group alike"),
        ({"a": [1, 2, 3]}, "give 4 labels"),
    ],
)
def test_factors_that_cannot_be_told_apart_are_refused(groups, message):
    with pytest.raises(InputError, match=message):
        multilevel([1.0, 2.0, 3.0, 5.0], np.ones(4), groups)
    with pytest.raises(InputError, match="no grouping factor"):
        multilevel([1.0, 2.0, 3.0, 5.0], np.ones(4), {}, effect_level=False)


def test_robust_agrees_with_clubsandwich(reference, sets):
    for row in reference["robust_uni"]:
        data = sets[row["set"]]
        f = pool(data["yi"], data["vi"], data["mods"] if row["mods"] else None, test="z")
        ours = robust(f, reference["clusters"][row["set"]], correction=row["type"])
        assert_allclose(ours.se, row["se"], rtol=1e-8)
        assert_allclose(ours.df, row["df"], rtol=1e-8)
        assert_allclose(ours.p_value, row["p"], rtol=1e-7)
    for row in reference["robust_mv"]:
        f = fitted(reference, row)
        ours = robust(f, reference["mv"][row["set"]]["data"]["district"], correction=row["type"])
        assert_allclose(ours.se, row["se"], rtol=1e-6)
        assert_allclose(ours.df, row["df"], rtol=1e-6)


def test_degrees_of_freedom_by_levels_are_those_of_metafor(reference):
    """rma.mv(yi, vi, mods, random = ~ 1 | district/school, test = "t", dfs = "contain"), metafor 3.8-1."""
    item = reference["mv"]["konstantopoulos"]
    y, v, groups = item["data"]["yi"], item["data"]["vi"], groups_of(item)
    mean = multilevel(y, v, groups, effect_level=False)
    assert mean.test == "t_levels"
    assert mean.df.tolist() == [10]
    assert_allclose(mean.p_value, [0.05383354118], rtol=1e-5)
    by_year = multilevel(y, v, groups, item["data"]["x"], effect_level=False)
    assert by_year.df.tolist() == [9, 54]
    assert_allclose(by_year.p_value[1], 0.5758033577, rtol=1e-5)
    district = np.unique(groups["district"], return_inverse=True)[1] % 3
    assert multilevel(y, v, groups, district.astype(float), effect_level=False).df.tolist() == [9, 9]


def test_a_mean_over_few_sources_covers():
    """Six sources of four effects; n - p degrees of freedom cover .91 (150 data sets: standard error .018)."""
    rng = np.random.default_rng(31)
    source, inside, short = np.repeat(range(6), 4), 0, 0
    for _ in range(150):
        v = rng.uniform(0.2, 1, 24)
        y = rng.normal(0, 1, 6)[source] + rng.normal(0, 0.7, 24) + rng.normal(0, np.sqrt(v))
        made = multilevel(y, v, {"source": source})
        inside += made.ci_low[0] < 0 < made.ci_high[0]
        short += abs(made.beta[0]) < 2.0687 * made.se[0]
    assert inside / 150 > 0.95 - 3 * 0.018
    assert short < inside
