"""Scores with a part of several levels: the same likelihood as with V written out, and intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.mixed import fit_mixed, levels_of
from analysis.mixed.blocks import several_levels
from analysis.mixed.likelihood import evaluate
from analysis.mixed.model import read_model

TASKS = ["a", "b", "c", "d"]
ROWS = [
    ("a",),
    ("b",),
    ("a", "b"),
    ("c", "d"),
    ("a", "c"),
    ("a", "b", "c", "d"),
    (),
    ("d",),
    ("b", "d"),
    ("a", "b"),
]
SEEDS = ["0", "1"] * 5


def test_the_likelihood_is_that_of_v_written_out() -> None:
    random = np.random.default_rng(3)
    y = random.normal(size=len(ROWS))
    model = read_model(y, {"seed": SEEDS}, {"k": [len(row) for row in ROWS]}, members={"task": ROWS})
    assert model.factors == ("seed", "task") and model.levels[1] == ("a", "b", "c", "d")
    psi = np.array([0.7, 0.3, 0.4])
    z = np.array([[float(task in row) for task in TASKS] for row in ROWS])
    s = np.array([[float(one == seed) for seed in ("0", "1")] for one in SEEDS])
    v = psi[0] * np.eye(len(y)) + psi[1] * s @ s.T + psi[2] * z @ z.T
    x = np.column_stack([np.ones(len(y)), [len(row) for row in ROWS]])
    inverse = np.linalg.inv(v)
    p = inverse - inverse @ x @ np.linalg.inv(x.T @ inverse @ x) @ x.T @ inverse
    scaled = (y - model.centre) / model.scale
    expected = np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ inverse @ x)[1] + scaled @ p @ scaled
    state = evaluate(model, psi)
    assert state.deviance == pytest.approx(expected, rel=1e-12)
    assert state.blups[2:] == pytest.approx(psi[2] * z.T @ p @ scaled, rel=1e-10)
    part = model.slices[1]
    assert state.zpz[part, part] == pytest.approx(z.T @ p @ z, rel=1e-10)
    slope = np.trace(p @ z @ z.T) - scaled @ p @ z @ z.T @ p @ scaled
    assert state.gradient[2] == pytest.approx(slope, rel=1e-9)


def test_one_task_per_row_is_an_ordinary_factor() -> None:
    random = np.random.default_rng(1)
    labels = [task for task in TASKS for _ in range(6)]
    y = random.normal(size=24) + np.repeat(random.normal(0, 2, 4), 6)
    plain = fit_mixed(y, {"task": labels})
    shared = fit_mixed(y, {}, members={"task": [(label,) for label in labels]})
    assert shared.variance == pytest.approx(plain.variance, rel=1e-8)
    assert shared.level_effects("task") == pytest.approx(plain.level_effects("task"), rel=1e-7)


def test_wrong_memberships_are_told() -> None:
    with pytest.raises(InputError, match="level twice in row 1"):
        several_levels("task", [("a",), ("b", "b")], 2)
    with pytest.raises(InputError, match="3 collections"):
        several_levels("task", ["ab", "c", "d"], 3)  # a text is no collection of labels
    with pytest.raises(InputError, match="one level"):
        several_levels("task", [("a",), ()], 2)
    with pytest.raises(InputError, match="named twice"):
        read_model(np.arange(10.0), {"task": SEEDS}, members={"task": ROWS})


def test_levels_are_drawn_to_the_mean_and_cover() -> None:
    random = np.random.default_rng(7)
    labels = [task for task in "abcdefgh" for _ in range(4)]
    hit, width = [], []
    for _ in range(40):
        true = random.normal(3.0, 0.5, 8)
        y = np.repeat(true, 4) + random.normal(0, 1.0, 32)
        fit = fit_mixed(y, {"task": labels})
        found = levels_of(fit, "task", "intercept", 7)
        own = dict(zip("abcdefgh", y.reshape(8, 4).mean(1), strict=True))
        hit += [
            found.levels[t].low <= one <= found.levels[t].high
            for t, one in zip("abcdefgh", true, strict=True)
        ]
        width.append(float(found.levels["a"].high - found.levels["a"].low))
        spread = np.std(list(own.values()))
        assert np.std([float(one.estimate) for one in found.levels.values()]) < spread
        assert float(found.contrast.estimate) == pytest.approx(y.mean(), abs=1e-6)
    assert np.mean(hit) > 0.92  # 320 intervals, standard error .012
    assert np.median(width) < 2 * 2.36 / np.sqrt(4) * 1.0  # shorter than a t interval of each level alone
