"""Leave-one-out, cumulative, influence and subgroups: metafor values and identities."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.influence import influence
from analysis.meta.pool import pool
from analysis.meta.sensitivity import cumulative, leave_one_out
from analysis.meta.subgroups import subgroups

FIELDS = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cook_d": "cook.d",
    "cov_r": "cov.r",
    "tau2_deleted": "tau2.del",
    "q_deleted": "QE.del",
    "hat": "hat",
}


def test_leave_one_out_and_cumulative_agree_with_metafor(reference, sets):
    for name, told in reference["loo"].items():
        data = sets[name]
        spread = float(np.var(data["yi"]))
        one = leave_one_out(pool(data["yi"], data["vi"], test="knapp_hartung")).fits
        assert_allclose(one.beta[:, 0], told["estimate"], rtol=1e-6)
        assert_allclose(one.se[:, 0], told["se"], rtol=1e-6)
        assert_allclose(one.tau2, told["tau2"], rtol=1e-6, atol=1e-9 * spread)
        assert_allclose(one.q, told["Q"], rtol=1e-9)
        grown = cumulative(pool(data["yi"], data["vi"], method="DL", test="z")).fits
        assert_allclose(grown.beta[:, 0], reference["cumulative"][name]["estimate"], rtol=1e-9)
        assert_allclose(grown.se[:, 0], reference["cumulative"][name]["se"], rtol=1e-9)


def test_influence_agrees_with_metafor(reference, sets):
    for row in reference["influence"]:
        data = sets[row["set"]]
        f = pool(data["yi"], data["vi"], data["mods"] if row["mods"] else None, test="z")
        ours = influence(f)
        spread = float(np.var(data["yi"]))
        for mine, theirs in FIELDS.items():
            atol = 1e-9 * spread if mine == "tau2_deleted" else 0
            assert_allclose(getattr(ours, mine), row[theirs], rtol=1e-6, atol=atol)
        assert_allclose(100 * ours.weight, row["weight"], rtol=1e-6)
        assert_allclose(ours.dfbetas.T, row["dfbs"], rtol=1e-6)
    seen = {(row["set"], row["mods"]) for row in reference["influence"]}
    assert seen == {(s, m) for s in sets if s != "k3" for m in (False, True) if not (s == "k5" and m)}


def test_a_planted_outlier_is_flagged(sets):
    y, v = sets["k9alike"]["yi"].copy(), sets["k9alike"]["vi"]
    y[4] += 12
    flagged = influence(pool(y, v, test="z")).flagged()
    assert flagged[4] and flagged.sum() == 1


def test_study_that_alone_identifies_a_coefficient_is_nan():
    x = [0, 0, 0, 0, 1.0]
    found = influence(pool([1.0, 2.0, 1.5, 0.7, 3.0], np.full(5, 0.2), x))
    assert not found.estimable[4] and np.isnan(found.cook_d[4]) and np.isfinite(found.cook_d[:4]).all()


def test_leaving_out_a_source_drops_all_its_effects(sets):
    y, v = sets["k9"]["yi"], sets["k9"]["vi"]
    source = np.array(["a", "a", "b", "b", "b", "c", "c", "d", "d"])
    groups = leave_one_out(pool(y, v), by=source)
    assert groups.labels == ("a", "b", "c", "d")
    by_hand = pool(y[source != "b"], v[source != "b"])
    assert_allclose(groups.fits.beta[1, 0], by_hand.mean, rtol=1e-12)
    assert groups.spread[0] == groups.fits.beta.min()


def test_cumulative_follows_the_given_order(sets):
    y, v = sets["k9"]["yi"], sets["k9"]["vi"]
    year = np.array([5, 3, 9, 1, 2, 8, 7, 4, 6])
    first = np.argsort(year)[:4]
    grown = cumulative(pool(y, v), year)
    assert grown.labels[2] == "4"
    assert_allclose(grown.fits.beta[2, 0], pool(y[first], v[first]).mean, rtol=1e-12)
    assert_allclose(grown.fits.beta[-1, 0], pool(y, v).mean, rtol=1e-12)


def test_subgroups_separate_by_hand(sets):
    y, v = sets["k36"]["yi"], sets["k36"]["vi"]
    group = np.repeat(["a", "b", "c"], 12)
    found = subgroups(y, v, group, tau2="separate", test="z")
    parts = [pool(y[group == g], v[group == g], test="z") for g in "abc"]
    assert_allclose(found.fits.beta[:, 0], [p.mean for p in parts], rtol=1e-12)
    w = np.array([1 / p.mean_se**2 for p in parts])
    m = np.array([p.mean for p in parts])
    assert_allclose(found.statistic, (w * (m - (w * m).sum() / w.sum()) ** 2).sum(), rtol=1e-10)
    assert found.df1 == 2 and 0 < found.p_value < 1


def test_subgroups_common_is_the_two_group_regression(sets):
    y, v = sets["k36"]["yi"], sets["k36"]["vi"]
    group = np.where(np.arange(36) % 3 == 0, "x", "y")
    found = subgroups(y, v, group, test="knapp_hartung")
    slope = pool(y, v, (group == "y").astype(float), test="knapp_hartung")
    assert_allclose(found.statistic, slope.statistic[1] ** 2, rtol=1e-9)
    assert_allclose(found.p_value, slope.p_value[1], rtol=1e-9)
    assert_allclose(found.fits.beta[1] - found.fits.beta[0], slope.beta[1], rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: leave_one_out(f, by=["a"] * 3), "cannot be left out"),
        (lambda f: leave_one_out(f, by=["a"]), "give 3 labels"),
        (lambda f: cumulative(f, [1]), "give 3 labels"),
        (lambda f: subgroups([1.0, 2, 3], [1, 1, 1], ["a"] * 3), "one subgroup"),
        (lambda f: subgroups([1.0, 2, 3], [1, 1, 1], ["a", "a", "b"], tau2="separate"), "one study"),
        (lambda f: influence(pool([1.0, 2.0], [1, 1])), "none can be left out"),
        (lambda f: influence(pool(np.ones((2, 3)), np.ones((2, 3)))), "batch"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call(pool([1.0, 2.0, 4.0], [1.0, 1.0, 1.0]))


def test_studies_that_agree_exactly_are_no_silent_nan():
    """metafor prints NA; the change of the mean in standard deviations of zero is infinite, and said so."""
    found = influence(pool([1.0, 1, 1, 2], [0.01, 0.07, 0.01, 3.9], test="knapp_hartung"))
    assert np.isinf(found.dffits[3])
    assert np.isfinite(found.dffits[:3]).all()
    with pytest.raises(InputError, match="floored"):
        influence(pool([1.0, 1, 1, 1], [1, 2, 3, 4], test="knapp_hartung"))


def test_rstudent_under_knapp_hartung_agrees_with_metafor():
    """influence(rma(yi, vi, method="DL", test="knha"))$inf$rstudent, metafor 3.8-1."""
    y, v = [0.3, 0.1, -0.2, 0.5, 1.7, 0.2], [0.1, 0.03, 0.2, 0.06, 0.5, 0.04]
    found = influence(pool(y, v, method="DL", test="knapp_hartung"))
    assert_allclose(
        found.rstudent,
        [0.0623170022281, -0.64110100283, -0.908275098344, 0.757238145111, 2.52790057754, -0.244722499237],
        rtol=1e-8,
    )
