"""Max-t by brute force and against Holm; Dunnett against the published example."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.hypothesis.many_claims import dunnett_tests, max_t
from analysis.hypothesis.permutation import sign_flip_test
from analysis.multiplicity import adjust

DRAW = np.random.default_rng(8)
CLAIMS = DRAW.normal(0, 1, (4, 9)) + DRAW.normal(0, 1, 9) + np.array([0.2, 1.5, 0.8, 0.0])[:, None]


def test_by_brute_force():
    signs = np.array(list(product([1.0, -1.0], repeat=9)))
    flipped = CLAIMS[:, None, :] * signs
    t = np.abs(flipped.mean(axis=2) / (flipped.std(axis=2, ddof=1) / 3))
    observed = np.abs(stats.ttest_1samp(CLAIMS, 0, axis=1).statistic)
    order = np.argsort(-observed)
    p, running = np.empty(4), 0.0
    for place, claim in enumerate(order):
        running = max(running, (t[order[place:]].max(axis=0) >= observed[claim] - 1e-9).mean())
        p[claim] = running
    made = max_t(CLAIMS, "suite")
    assert made.p == pytest.approx(p) and np.abs(made.statistic) == pytest.approx(observed)


def test_not_weaker_than_holm_and_order_free():
    made = max_t(CLAIMS, "suite")
    holm = adjust([sign_flip_test(row, "x").p for row in CLAIMS])
    assert (made.p <= holm + 0.02).all() and made.p.mean() < holm.mean()
    order = [2, 0, 3, 1]
    assert max_t(CLAIMS[order], "suite").p == pytest.approx(made.p[order])
    assert max_t(CLAIMS * 1e-6, "suite").p == pytest.approx(made.p)


def test_three_runs_cannot_show_anything():
    made = max_t(CLAIMS[:, :3], "suite")
    assert made.smallest_p == 0.25 and "no adjusted p value can reach 0.05 with n = 3" in made.note


def test_bootstrap_is_keyed_and_close_with_many_runs():
    many = np.random.default_rng(2).normal(0, 1, (3, 60)) + np.array([0.0, 0.35, 0.6])[:, None]
    made = max_t(many, "suite", by="bootstrap")
    assert np.array_equal(made.p, max_t(many, "suite", by="bootstrap").p)
    assert made.p == pytest.approx(max_t(many, "suite").p, abs=0.02)


def test_dunnett_1955():
    # Dunnett (1955), table 1: blood counts, two drugs against a control; scipy's documentation gives .62004, .00589.
    control = [7.40, 8.50, 7.20, 8.24, 9.84, 8.32]
    drugs = [[9.76, 8.80, 7.68, 9.36], [12.80, 9.68, 12.16, 9.20, 10.55]]
    made = dunnett_tests(drugs, control, "blood")
    assert made.p == pytest.approx([0.62004, 0.00589], abs=2e-4)
    assert np.array_equal(made.p, dunnett_tests(drugs, control, "blood").p)


def test_refusals():
    for broken, words in (
        (lambda: max_t(CLAIMS[0], "x"), r"\(claims, runs\)"),
        (lambda: max_t(CLAIMS, "x", by="jackknife"), "sign flips or bootstrap"),
        (lambda: max_t(np.ones((2, 5)), "x"), "all 5 values"),
        (lambda: dunnett_tests([], [1.0, 2], "x"), "at least one arm"),
        (lambda: dunnett_tests([[1.0, 1]], [2.0, 2], "x"), "no spread"),
    ):
        with pytest.raises(InputError, match=words):
            broken()
