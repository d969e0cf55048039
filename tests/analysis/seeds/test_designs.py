"""Hierarchical and crossed resampling: the unit of replication decides the standard error."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.seeds.hierarchical import hierarchical_interval, shared_checkpoint_interval


def runs_with_shared_luck(seeds=6):
    draw = np.random.default_rng(5)
    return 70 + draw.normal(0, 1, (4, 1, seeds)) + draw.normal(0, 0.3, (4, 15, seeds))


def test_languages_of_one_run_share_its_luck():
    scores = runs_with_shared_luck()
    shared = hierarchical_interval(scores, "x")
    run_means = scores.mean(axis=1)
    exact = np.sqrt((run_means.var(axis=1) / 6).sum()) / 4
    assert shared.standard_error == pytest.approx(exact, rel=0.03)
    # Languages x seeds as independent runs would cover .42 of nominal .95: an error three to four times too small.
    separate = hierarchical_interval(scores, "x", runs="separate")
    assert separate.standard_error == pytest.approx(np.sqrt((scores.var(axis=2) / 6).sum()) / 60, rel=0.03)
    assert shared.standard_error > 3 * separate.standard_error


def test_levels_above_add_their_variance():
    scores = runs_with_shared_luck() + np.array([0.0, 3, -3, 6])[:, None, None]
    fixed = hierarchical_interval(scores, "x", ("seed",))
    tasks = hierarchical_interval(scores, "x", ("task", "seed"))
    between = scores.mean(axis=(1, 2)).var() / 4
    assert tasks.standard_error == pytest.approx(np.sqrt(between + fixed.standard_error**2), rel=0.05)
    assert tasks.n == 4 and fixed.n == 6 and "prefer t" in tasks.note
    only_tasks = hierarchical_interval(scores, "x", ("task",))
    assert only_tasks.standard_error == pytest.approx(np.sqrt(between), rel=0.03)
    languages = hierarchical_interval(scores, "x", ("language",))
    within = scores.mean(axis=2).var(axis=1).sum() / 15 / 16
    assert languages.standard_error == pytest.approx(np.sqrt(within), rel=0.03)


def test_shared_checkpoints_are_the_replication():
    draw = np.random.default_rng(2)
    scores = 70 + draw.normal(0, 1, (8, 1, 1)) + draw.normal(0, 0.5, (8, 9, 3))
    made = shared_checkpoint_interval(scores, "x")
    between = scores.mean(axis=(1, 2)).var() / 8
    within = scores.var(axis=2).sum() / 3 / (8 * 9) ** 2
    assert made.standard_error == pytest.approx(np.sqrt(between + within), rel=0.03)
    gain = shared_checkpoint_interval(scores + 1, "x", scores)
    assert gain.estimate == pytest.approx(1) and gain.standard_error == pytest.approx(
        made.standard_error * 2**0.5, rel=0.03
    )
    assert gain == shared_checkpoint_interval(scores + 1, "x", scores)


def test_refusals():
    scores = runs_with_shared_luck()
    for broken in (
        lambda: hierarchical_interval(scores[0], "x"),
        lambda: hierarchical_interval(scores, "x", ("run",)),
        lambda: hierarchical_interval(scores, "x", ()),
        lambda: hierarchical_interval(scores, "x", runs="independent"),
    ):
        with pytest.raises(InputError, match="task, language, seed"):
            broken()
    with pytest.raises(InputError, match="no spread"):
        hierarchical_interval(np.full((2, 3, 4), 71.3), "x")
    with pytest.raises(InputError, match="one checkpoint is one replication"):
        shared_checkpoint_interval(scores[:1], "x")
