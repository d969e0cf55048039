"""Answers as plain data: each number recomputed another way, each limit said."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats

from analysis.answers.detect import detectable
from analysis.answers.doses import Dose, answer_doses
from analysis.answers.noise import Gain, beyond_noise
from analysis.answers.part import Part, merged, plain
from analysis.answers.pooled import Effect, pooled_effects
from analysis.answers.spread import heterogeneity
from analysis.answers.table import dose_of
from analysis.answers.without import with_and_without
from analysis.errors import InputError


def test_plain_data_has_no_nan_and_few_digits():
    assert plain({"a": float("nan"), "b": np.float64(1 / 3), "c": [np.inf, 2, True, None, "x"]}) == {
        "a": None, "b": 0.33333, "c": [None, 2, True, None, "x"],
    }  # fmt: skip


def test_merged_is_json_with_answers_rows_and_figures():
    part = Part("p", "q?", "a.", ("l",), ({"x": 1.0},), ({"kind": "trend"},))
    found = merged([part], study="s")
    assert json.loads(json.dumps(found))["answers"][0] == {
        "id": "p", "question": "q?", "answer": "a.", "cannot_say": ["l"],
    }  # fmt: skip
    assert found["p"] == [{"x": 1.0}] and found["figures"][0]["kind"] == "trend"


def test_sentences_are_the_answer_or_there_are_none():
    part = Part("p", "q?", "One. Two.", sentences=("One.", "Two."))
    assert merged([part])["answers"][0]["sentences"] == ["One.", "Two."]
    with pytest.raises(ValueError, match="are not its answer"):
        Part("p", "q?", "One. Three.", sentences=("One.", "Two."))


def test_noise_is_the_t_test_with_a_borrowed_deviation():
    gains = [Gain("a", "x", 2.0, 0.5, 10, "s"), Gain("b", "x", 0.1, 0.5, 10, "s"), Gain("c", "y", 1.0)]
    part = beyond_noise("n", "q", gains)
    p = 2 * stats.t.sf(2.0 / (0.5 * np.sqrt(2)), 10)
    assert part.rows[0]["p"] == pytest.approx(p)
    assert part.rows[0]["p_holm"] == pytest.approx(2 * p)
    assert part.rows[0]["exceeds_noise"] == "up" and part.rows[1]["exceeds_noise"] == "no"
    assert any("No deviation is stated for y" in text for text in part.limits)
    with pytest.raises(InputError, match="no gain has a standard deviation"):
        beyond_noise("n", "q", gains[2:])
    with pytest.raises(InputError, match="no gain of z on x"):
        beyond_noise("n", "q", gains, highlight=("z", "x"))


def test_without_splits_the_mean_exactly():
    gains = [Gain("s", t, v) for t, v in (("a", 1.0), ("b", 2.0), ("c", 3.0), ("r", 30.0))]
    row = with_and_without("w", "q", gains, ["r"], "R").rows[0]
    assert row["mean_all"] == pytest.approx(9.0)
    assert row["points_from_group"] == pytest.approx(7.5)
    assert row["mean_without"] == pytest.approx(2.0)
    assert (row["low"], row["high"]) == pytest.approx(stats.t.interval(0.95, 2, 2.0, 1 / np.sqrt(3)))


def test_spread_needs_three_targets_with_deviations():
    gains = [Gain("s", t, v, 0.5) for t, v in (("a", 1.0), ("b", 5.0), ("c", -3.0))]
    row = heterogeneity("h", "q", gains).rows[0]
    assert row["Q"] == pytest.approx(sum((v - 1.0) ** 2 for v in (1.0, 5.0, -3.0)) / 0.5)
    with pytest.raises(InputError, match="lacks deviations or targets"):
        heterogeneity("h", "q", gains[:2])


def test_spread_is_corrected_for_the_number_of_settings():
    """Welch's F where deviations have degrees of freedom; both tests after Holm; the mixture interval."""
    from analysis.meta import pool, predict_mixture, welch_q

    rng = np.random.default_rng(4)
    gains = [
        Gain(f"s{i}", f"t{j}", float(shift + rng.normal(0, 0.7)), 0.5, 8)
        for i, shift in enumerate((0.0, 0.0, -3.0, 0.6))
        for j in range(6)
    ]
    part = heterogeneity("h", "q", gains)
    fits = [pool([g.points for g in gains if g.setting == f"s{i}"], np.full(6, 0.5)) for i in range(4)]
    raw = np.array([float(fit.p_value[0]) for fit in fits])
    order = np.argsort(raw)
    holm = np.minimum(1, np.maximum.accumulate((4 - np.arange(4)) * raw[order]))
    assert [part.rows[i]["p_holm"] for i in order] == pytest.approx(holm)
    for row, fit in zip(part.rows, fits, strict=True):
        yi = fit.effects.yi[0]
        assert row["Q_p"] == pytest.approx(float(welch_q(yi, np.full(6, 0.5), np.full(6, 8.0)).p_value))
        assert row["new_target_high"] == pytest.approx(float(predict_mixture(fit).pi_high))
    assert "differs from 0 in 1 of 4 settings (s2 -" in part.answer and "Holm over 4" in part.answer


def test_three_doses_of_single_runs_are_undecided():
    part = answer_doses("d", "q", {"one": [Dose("a", 0, 0.0), Dose("b", 1, 6.0), Dose("c", 7, 6.4)]})
    assert part.rows[0]["verdict"] == "undecided"
    assert any("not testable below 4 doses" in text for text in part.limits)
    assert part.figures[0]["method"] == "no curve: fewer than four doses"


def test_doses_over_seeds_get_a_curve_and_a_band():
    rng = np.random.default_rng(0)
    doses = [
        Dose(f"{k}", k, 5 * (1 - np.exp(-0.7 * k)) + rng.normal(0, 0.2), run=str(seed))
        for k in (0, 1, 2, 3, 5, 8)
        for seed in range(4)
    ]
    part = answer_doses("d", "q", {"one": doses})
    assert part.rows[0]["verdict"] == "diminishing"
    figure = part.figures[0]
    assert len(figure["grid"]) == len(figure["fit"]) == len(figure["low"]) == 41
    assert all(
        low <= fit <= high
        for low, fit, high in zip(figure["low"], figure["fit"], figure["high"], strict=True)
    )


def test_pooled_effects_agree_with_the_random_effects_model():
    from analysis.meta import pool

    rng = np.random.default_rng(1)
    effects = [
        Effect(f"g{i % 2}", f"s{i % 4}", f"t{i // 4}", float(rng.normal(1, 1)), 0.2 + 0.1 * (i % 3))
        for i in range(24)
    ]
    part = pooled_effects("e", "q", effects)
    fit = pool([e.estimate for e in effects], [e.variance for e in effects])
    assert part.rows[0]["pooled"] == pytest.approx(float(fit.mean))
    assert part.rows[0]["method"] == "two-way CR2"
    p = [row["p"] for row in part.rows[1:]]
    assert part.rows[1]["p_holm"] >= part.rows[1]["p"] and min(
        r["p_holm"] for r in part.rows[1:]
    ) == pytest.approx(min(1, len(p) * min(p)))
    assert f"after Holm over the {len(p)} groups and targets" in part.answer
    with pytest.raises(InputError, match="2 effects"):
        pooled_effects("e", "q", effects[:2])


def test_a_band_that_the_data_leave_open_is_not_drawn_closed():
    """Scores that rise straight say nothing about a plateau, so the band of a saturating curve has no end."""
    doses = [Dose("a", k, 60 + 2.0 * k + (-1) ** i * 0.5, run=str(i)) for k in (0, 1, 2, 3) for i in range(3)]
    figure = answer_doses("d", "q", {"one": doses}, measure="score").figures[0]
    assert figure["doses"][0]["seed"] == 0
    assert (figure["low"] == []) == ("no band" in figure["method"])
    assert all(low < high for low, high in zip(figure["low"], figure["high"], strict=True))


def test_detectable_agrees_with_statsmodels():
    from statsmodels.stats.power import TTestIndPower

    part = detectable("p", "q", {"x": 0.6}, differences=[1.0], seeds=(3, 5))
    solve = TTestIndPower().solve_power
    assert part.rows[0]["detectable_with_5"] == pytest.approx(
        0.6 * solve(nobs1=5, alpha=0.05, power=0.8), rel=1e-5
    )
    assert part.rows[0]["seeds_for_1"] == int(np.ceil(solve(effect_size=1 / 0.6, alpha=0.05, power=0.8)))


def test_doses_are_counted_from_names():
    assert [dose_of(name) for name in ("none", "squad", "squad+mnli+qqp")] == [0, 1, 3]
