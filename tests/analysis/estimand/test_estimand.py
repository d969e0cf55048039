"""From scores with named axes to an estimand, or a refusal with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.coverage.choose import default_interval
from analysis.errors import InputError
from analysis.estimand import Estimand, Refusal, gain_estimand, mean_estimand, named_scores, scores_of
from analysis.seeds import difference_interval, guarded

RNG = np.random.default_rng(0)
TREATED = RNG.normal(70, 0.6, (4, 3, 5))
CONTROL = RNG.normal(69, 0.6, (4, 3, 5))
AXES = ("task", "language", "seed")


def test_gain_is_welch_over_tasks_with_languages_averaged_first():
    made = gain_estimand(named_scores(TREATED, AXES), named_scores(CONTROL, AXES))
    assert isinstance(made, Estimand)
    a, b = TREATED.mean(1), CONTROL.mean(1)
    variance = (a.var(-1, ddof=1) + b.var(-1, ddof=1)) / 5
    assert made.estimate == pytest.approx((a.mean(-1) - b.mean(-1)).mean())
    assert made.standard_error == pytest.approx(np.sqrt(variance.sum()) / 4)
    assert made.axes == {"task": 4, "language": 3, "seed": 5}
    assert made.coverage is not None and made.coverage > 0.93
    assert "simulated" in made.choice


def test_single_task_gain_is_the_welch_interval():
    made = gain_estimand(named_scores(TREATED[0, 0], ("seed",)), named_scores(CONTROL[0, 0], ("seed",)))
    expected = stats.ttest_ind(TREATED[0, 0], CONTROL[0, 0], equal_var=False).confidence_interval(0.95)
    assert isinstance(made, Estimand)
    assert (made.interval.low, made.interval.high) == pytest.approx((expected.low, expected.high))


def test_shared_runs_are_the_unit_across_tasks():
    table = RNG.normal(70, 0.5, (6, 4))
    made = mean_estimand(named_scores(table, ("run", "task")), unit="run")
    assert isinstance(made, Estimand)
    assert made.standard_error == pytest.approx(table.mean(1).std(ddof=1) / np.sqrt(6))
    assert made.unit == "runs shared by all tasks"


def test_languages_as_runs_are_refused_with_the_measured_coverage():
    made = gain_estimand(named_scores(TREATED, AXES), named_scores(CONTROL, AXES), unit=("language", "seed"))
    assert isinstance(made, Refusal)
    assert made.reason == "languages_are_not_runs"
    assert made.measured["coverage"] == pytest.approx(0.42, abs=0.03)
    assert "0.4" in made.text


def test_unnamed_arrays_are_refused():
    with pytest.raises(InputError, match="without axis names"):
        named_scores(TREATED, None)
    with pytest.raises(InputError, match="one name per axis"):
        named_scores(TREATED, ("task", "seed"))
    with pytest.raises(InputError, match="one name per axis"):
        named_scores(TREATED, ("task", "fold", "seed"))


def test_one_seed_is_refused_unless_a_deviation_is_stated():
    one, two = named_scores([[80.8]], ("task", "seed")), named_scores([[80.1]], ("task", "seed"))
    made = gain_estimand(one, two)
    assert isinstance(made, Refusal)
    assert (made.reason, made.estimate) == ("one_seed", pytest.approx(0.7))
    borrowed = gain_estimand(one, two, deviation=0.36, deviation_df=24, source="arXiv:2310.10532")
    assert isinstance(borrowed, Estimand)
    assert borrowed.standard_error == pytest.approx(0.36 * np.sqrt(2))
    assert borrowed.borrowed == "arXiv:2310.10532"
    assert borrowed.interval.low < 0 < borrowed.interval.high


def test_tasks_like_these_spreads_over_tasks():
    made = gain_estimand(
        named_scores(TREATED, AXES), named_scores(CONTROL, AXES), population="tasks like these"
    )
    assert isinstance(made, Estimand)
    assert made.unit == "tasks"
    fixed = gain_estimand(named_scores(TREATED, AXES), named_scores(CONTROL, AXES))
    assert isinstance(fixed, Estimand)
    assert made.interval.half_width != fixed.interval.half_width
    few = gain_estimand(
        named_scores(TREATED[:2], AXES), named_scores(CONTROL[:2], AXES), population="tasks like these"
    )
    assert isinstance(few, Refusal) and few.reason == "too_few_tasks"


def test_one_run_of_each_task_gives_the_t_interval_over_task_effects():
    one, other = TREATED[..., :1], CONTROL[..., :1]
    made = gain_estimand(named_scores(one, AXES), named_scores(other, AXES), population="tasks like these")
    assert isinstance(made, Estimand) and made.interval.method == "t over task effects"
    expected = stats.ttest_1samp((one - other).mean(axis=(1, 2)), 0).confidence_interval()
    assert (made.interval.low, made.interval.high) == pytest.approx((expected.low, expected.high))


def test_copies_of_a_run_have_no_spread():
    flat = named_scores(np.full((2, 3), 70.0), ("task", "seed"))
    made = gain_estimand(flat, flat)
    assert isinstance(made, Refusal) and made.reason == "no_spread"


def test_pairs_need_the_same_seeds():
    made = gain_estimand(named_scores(TREATED, AXES), named_scores(CONTROL[..., :4], AXES), paired=True)
    assert isinstance(made, Refusal) and made.reason == "seeds_do_not_pair"
    paired = gain_estimand(named_scores(TREATED, AXES), named_scores(CONTROL, AXES), paired=True)
    difference = (TREATED - CONTROL).mean(1)
    assert isinstance(paired, Estimand)
    assert paired.standard_error == pytest.approx(np.sqrt((difference.var(-1, ddof=1) / 5).sum()) / 4)


def frame(**changes):
    rows = [
        {
            "target": t,
            "language": lang,
            "seed": s,
            "metric": "acc",
            "split": "dev",
            "model": "m",
            "value": 70 + s + i,
        }
        for t in ("xnli", "pawsx")
        for i, lang in enumerate(("en", "de"))
        for s in (1, 2, 3)
    ]
    return pd.DataFrame(rows).assign(**changes)


def test_results_table_selection():
    scores = scores_of(frame(), {"target": "xnli"})
    assert scores.sizes == {"task": 1, "language": 2, "seed": 3}
    with pytest.raises(InputError, match="no column 'targte'"):
        scores_of(frame(), {"targte": "xnli"})
    with pytest.raises(InputError, match="no row matches"):
        scores_of(frame(), {"target": "mlqa"})
    mixed = frame()
    mixed.loc[0, "metric"] = "f1"
    with pytest.raises(InputError, match="mixes metrics"):
        scores_of(mixed)
    missing = frame()
    missing.loc[3, "value"] = None
    with pytest.raises(InputError, match="not 0"):
        scores_of(missing)


def test_a_language_that_one_seed_lacks_is_named():
    with pytest.raises(InputError, match="'de' is missing in some runs of xnli"):
        scores_of(frame().drop(index=3)).average_languages()
    with pytest.raises(InputError, match="two scores"):
        scores_of(pd.concat([frame(), frame().head(1)])).average_languages()


def test_default_interval_comes_from_the_table():
    fixed = default_interval("these tasks", 3, 9)
    assert fixed.method == "Welch-Satterthwaite over tasks"
    assert fixed.coverage is not None and fixed.coverage > 0.935
    assert default_interval("tasks like these", 3, 9).coverage > 0.935


def test_published_rows_do_not_pass_for_runs():
    """A row without a seed beside rows with one would count as one more run."""
    row = {
        "target": "xnli",
        "language": "all",
        "metric": "accuracy",
        "split": "test",
        "model": "m",
        "scale": "small",
    }
    frame = pd.DataFrame([row | {"seed": seed, "value": 80.0 + i} for i, seed in enumerate(["1", "2", None])])
    with pytest.raises(InputError, match="1 of 3 selected rows have no seed"):
        scores_of(frame)
    with pytest.raises(InputError, match="holds no score"):
        named_scores([], ("seed",))


def test_two_runs_against_more_keep_the_level():
    """Satterthwaite's degrees of freedom cover .87 to .93 of .95 here (docs/statistics/seeds.md tells them)."""
    draw = np.random.default_rng(0)
    for deviation, other, expected in ((1.0, 6, 0.927), (3.0, 6, 0.890), (1.0, 20, 0.880)):
        few, many = draw.normal(0, deviation, (20_000, 2)), draw.normal(0, 1, (20_000, other))
        welch = difference_interval(few, many)
        made = guarded(welch, (2, other))
        assert np.mean((welch.low <= 0) & (welch.high >= 0)) == pytest.approx(expected, abs=0.01)
        assert np.mean((made.low <= 0) & (made.high >= 0)) >= 0.95
    found = gain_estimand(named_scores(few[0], ("seed",)), named_scores(many[0], ("seed",)))
    assert isinstance(found, Estimand) and found.interval.df == 1.0
    three = difference_interval(draw.normal(0, 1, (20_000, 3)), many)
    assert np.mean((three.low <= 0) & (three.high >= 0)) == pytest.approx(0.926, abs=0.01)
    assert guarded(three, (3, 20)) is three
    equal = difference_interval(few, few[::-1])
    assert guarded(equal, (2, 2)) is equal
