"""Funnel tests, trim and fill, PET-PEESE and the selection model: metafor values, recovery, scale, refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.funnel import funnel_test, pet_peese
from analysis.meta.pool import pool
from analysis.meta.rank_test import rank_test
from analysis.meta.selection import selection_model
from analysis.meta.trim_fill import trim_and_fill

PREDICTORS = {"sei": "se", "vi": "variance"}
MODELS = {"rma": "random", "lm": "multiplicative"}


def test_egger_agrees_with_metafor(reference, sets):
    for row in reference["egger"]:
        data = sets[row["set"]]
        ours = funnel_test(
            data["yi"], data["vi"], predictor=PREDICTORS[row["predictor"]], model=MODELS[row["model"]]
        )
        for mine, theirs in (("statistic", "zval"), ("p_value", "pval"), ("limit", "est")):
            assert_allclose(getattr(ours, mine), row[theirs], rtol=1e-6)
        assert_allclose([ours.limit_low, ours.limit_high], [row["lb"], row["ub"]], rtol=1e-6)
    names = set(sets) - {"k3", "k9tiny"}
    assert {(r["set"], r["model"], r["predictor"]) for r in reference["egger"]} == set(
        itertools.product(names, MODELS, PREDICTORS)
    )


def test_tiny_effects_are_as_good_as_any(sets):
    """metafor 3.8-1 refuses k9tiny (effects near 1e-4) with "not of full rank"; scaling shows what is right."""
    tiny = sets["k9tiny"]
    for predictor in ("se", "variance"):
        small = funnel_test(tiny["yi"], tiny["vi"], predictor=predictor)
        large = funnel_test(tiny["yi"] * 1e4, tiny["vi"] * 1e8, predictor=predictor)
        assert_allclose(small.statistic, large.statistic, rtol=1e-9)
        assert_allclose(small.limit * 1e4, large.limit, rtol=1e-9)


def test_rank_test_agrees_with_metafor(reference, sets):
    for name, told in reference["begg"].items():
        ours = rank_test(sets[name]["yi"], sets[name]["vi"])
        assert_allclose([ours.tau, ours.p_value], [told["tau"], told["p"]], rtol=1e-9)
    three = rank_test([1.0, 2.0, 5.0], [0.1, 0.2, 0.3])
    assert_allclose(three.smallest_p, 1 / 3)


def test_trim_and_fill_agrees_with_metafor(reference, sets):
    rows = [row for row in reference["trim"] if row["estimator"] in ("L0", "R0")]
    for row in rows:
        data = sets[row["set"]]
        ours = trim_and_fill(
            data["yi"], data["vi"], estimator=row["estimator"], side=row["side"], method="DL", test="z"
        )
        assert ours.missing == row["k0"] and ours.settled
        assert_allclose(ours.se_missing, row["se_k0"], rtol=1e-9)
        assert_allclose(
            [ours.filled.mean, ours.filled.mean_se, ours.filled.tau2],
            [row["estimate"], row["se"], row["tau2"]],
            rtol=1e-9,
            atol=1e-14,
        )
        if row["p_k0"] is not None:
            assert_allclose(ours.p_missing, row["p_k0"], rtol=1e-12)
    assert {(r["set"], r["side"], r["estimator"]) for r in rows} == set(
        itertools.product(set(sets) - {"k3"}, ("left", "right"), ("L0", "R0"))
    )
    assert any(row["k0"] > 1 for row in rows)


def funnel_with_a_hole(seed):
    """300 studies of a true effect of 0.3, seen if significant and otherwise one time in twenty."""
    rng = np.random.default_rng(seed)
    v = 10 ** rng.uniform(np.log10(0.02), 0, 300)
    y = rng.normal(0.3, np.sqrt(v + 0.01))
    seen = (y / np.sqrt(v) > 1.96) | (rng.random(300) < 0.05)
    return y[seen], v[seen]


def test_a_funnel_with_a_hole_is_noticed_by_all():
    found = []
    for seed in range(10):
        y, v = funnel_with_a_hole(seed)
        filled, selected = trim_and_fill(y, v), selection_model(y, v)
        assert filled.side_estimated and filled.side == "left" and filled.missing > 0
        assert filled.filled.mean < pool(y, v).mean
        assert selected.delta[1] < 1 and abs(selected.estimate - 0.3) < abs(selected.uncorrected - 0.3)
        found.append((funnel_test(y, v).p_value < 0.05, rank_test(y, v).p_value < 0.05))
    assert (np.sum(found, axis=0) >= 6).all()


def test_a_mirrored_funnel_is_filled_on_the_other_side():
    y, v = funnel_with_a_hole(0)
    one, mirrored = trim_and_fill(y, v), trim_and_fill(-y, v)
    assert mirrored.side == "right" and mirrored.missing == one.missing
    assert_allclose(mirrored.filled.mean, -one.filled.mean, rtol=1e-9)
    assert_allclose(
        selection_model(-y, v, direction="less").estimate, -selection_model(y, v).estimate, rtol=1e-6
    )


def test_pet_peese_takes_peese_only_where_pet_finds_an_effect():
    y, v = np.random.default_rng(6).normal(0, 1, (2, 20)), np.random.default_rng(5).uniform(0.5, 2, (2, 20))
    y[1] += 8
    both = pet_peese(y, v)
    assert both.used_peese.tolist() == [False, True]
    assert_allclose(both.estimate, [both.pet.limit[0], both.peese.limit[1]])


def test_selection_model_agrees_with_metafor(reference, sets):
    compared = 0
    for row in reference["steps"]:
        data = sets[row["set"]]
        if max(row["delta"]) > 99:  # no effect in the first interval: metafor stops at its bound of 100
            with pytest.raises(InputError, match="no effect has a one-sided p"):
                selection_model(data["yi"], data["vi"], steps=tuple(row["steps"]), direction=row["side"])
            continue
        ours = selection_model(data["yi"], data["vi"], steps=tuple(row["steps"]), direction=row["side"])
        assert ours.converged
        assert ours.log_likelihood >= row["loglik"] - 1e-10
        # metafor's optimisers stop where the likelihood is flat to 1e-15, so its estimates carry some 4e-7.
        assert_allclose(
            [ours.estimate, ours.se, ours.tau2], [row["estimate"], row["se"], row["tau2"]], rtol=1e-6
        )
        assert_allclose(ours.delta, row["delta"], rtol=1e-6)
        assert_allclose([ours.statistic, ours.p_value], [row["lrt"], row["lrt_p"]], rtol=1e-7)
        compared += 1
    assert compared == 8 and len(reference["steps"]) == 12


@pytest.mark.parametrize("factor", [1e-4, 1e6])
def test_selection_model_is_scale_invariant(sets, factor):
    """metafor 3.8-1 does not move the mean from its start for effects near 1e6, in either direction."""
    y, v = sets["k36"]["yi"], sets["k36"]["vi"]
    one, other = selection_model(y, v), selection_model(y * factor, v * factor**2)
    assert_allclose(other.delta, one.delta, rtol=1e-6)
    assert_allclose([other.estimate / factor, other.tau2 / factor**2], [one.estimate, one.tau2], rtol=1e-6)
    assert_allclose(other.statistic, one.statistic, rtol=1e-6)
    assert_allclose(other.log_likelihood, one.log_likelihood - 36 * np.log(factor), rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda y, v: funnel_test(y, np.ones(4)), "one standard error"),
        (lambda y, v: funnel_test(y[:2], v[:2]), "2 studies"),
        (lambda y, v: rank_test(y, np.ones(4)), "one standard error"),
        (lambda y, v: rank_test(y[:2], v[:2]), "at least 3"),
        (lambda y, v: trim_and_fill(y[:2], v[:2]), "at least 3"),
        (lambda y, v: trim_and_fill(y, v, side="up"), "left"),
        (lambda y, v: selection_model(y, v, steps=(0.5, 0.1)), "ascending"),
        (lambda y, v: selection_model(y, v, direction="up"), "direction"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call(np.array([1.0, 2.0, 4.0, 3.0]), np.array([0.1, 0.2, 0.3, 0.5]))
