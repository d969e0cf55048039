"""Questions asked of any results table: the unit is the seed, nothing counts twice, sentences say what was tested."""

from __future__ import annotations

import numpy as np
import pandas
import pytest
from scipy import stats

from analysis.answers.components import variance_components
from analysis.answers.runs import counted, parts, seed_means, task_scores
from analysis.answers.seeds import over_seeds
from analysis.answers.table import answer_table, deviations_of, gains_of
from analysis.errors import InputError
from analysis.mixed import effect, fit_mixed
from analysis.results import COLUMNS
from analysis.seeds import shared_run_interval, task_average_difference

TARGETS = ("xnli", "pawsx", "ner", "pos")


def table(
    settings: dict[str, float], seeds: int = 4, targets: tuple[str, ...] = TARGETS, key: int = 0, **same: str
) -> pandas.DataFrame:
    """Scores around 70 with a gain per setting; luck of a seed is shared by the targets of a setting."""
    draw = np.random.default_rng(key)
    rows = []
    for setting, gain in settings.items():
        for seed in range(seeds):
            shared = draw.normal(0, 0.5)
            for target in targets:
                own = {
                    "intermediate": setting,
                    "target": target,
                    "seed": seed,
                    "metric": "acc",
                    "language": "-",
                }
                value = 70 + gain + shared + draw.normal(0, 0.3)
                rows.append(own | {"value": value, "status": "measured", "split": "dev"} | same)
    return pandas.DataFrame(rows, columns=list(COLUMNS))


def said(found: dict, id: str) -> tuple[str, str]:
    (answer,) = (one for one in found["answers"] if one["id"] == id)
    return answer["answer"], " ".join(answer["cannot_say"])


def test_a_mean_over_targets_whose_runs_share_seeds_is_taken_per_seed():
    frame = table({"none": 0.0, "a": 1.0})
    part = over_seeds("s", "q", frame)
    row = next(row for row in part.rows if row["target"] == "mean of 4")
    means = frame.groupby(["intermediate", "seed"])["value"].mean()
    welch = stats.ttest_ind(means["a"], means["none"], equal_var=False)
    assert row["p"] == pytest.approx(welch.pvalue)
    assert (row["low"], row["high"]) == pytest.approx(tuple(welch.confidence_interval()))
    assert row["unit"] == "runs shared by all tasks" and row["seeds"] == 4


def test_with_other_seeds_per_target_the_seeds_within_targets_are_the_unit():
    frame = table({"none": 0.0, "a": 1.0})
    moved = frame["target"] == "ner"
    frame.loc[moved, "seed"] = frame.loc[moved, "seed"] + 10
    row = next(row for row in over_seeds("s", "q", frame).rows if row["target"] == "mean of 4")
    assert row["unit"] == "seeds within tasks"


def test_shared_luck_is_covered_where_targets_are_not_taken_as_independent():
    """Nominal .95, luck of a checkpoint .5, of a run .3: docs/statistics/analyse.md tells both numbers."""
    draw = np.random.default_rng(0)
    hits = np.zeros(2)
    for _ in range(3000):
        arms = [draw.normal(0, 0.5, (1, 4)) + draw.normal(0, 0.3, (4, 4)) for _ in range(2)]
        apart = task_average_difference(*arms)
        together = shared_run_interval(*(arm.T for arm in arms))
        hits += [made.low <= 0 <= made.high for made in (apart, together)]
    apart, together = hits / 3000
    assert apart == pytest.approx(0.72, abs=0.02) and 0.945 <= together <= 0.975


def test_the_sentence_tells_direction_test_correction_and_the_clearest():
    frame = table({"none": 0.0, "up": 9.0, "down": -9.0, "same": 0.0})
    answer, limits = said(answer_table(frame), "seeds")
    assert answer.startswith(
        "Of 15 gains over 'none' 5 are above 0 and 5 below (two-sided t tests over seeds, Holm"
    )
    assert "over all 15, 5%; 10 without correction)" in answer and answer.count("(acc, dev)") == 4
    assert "only the p values are corrected" in limits


def test_a_score_that_stands_twice_is_refused_with_its_place():
    frame = table({"none": 0.0, "a": 1.0})
    double = pandas.concat([frame, frame.iloc[[20, 21]]], ignore_index=True)
    with pytest.raises(InputError) as caught:
        answer_table(double, place=lambda row: ("t.csv", row + 2))
    assert len(caught.value.problems) == 2
    text = str(caught.value.problems[0])
    assert text.startswith("t.csv:34: a on xnli (acc), seed 1 stands twice: also in line 22")
    with pytest.raises(InputError, match="stands twice in row 33: also in row 21"):
        answer_table(double)


def test_what_is_left_out_is_said():
    frame = table({"none": 0.0, "a": 1.0})
    frame.loc[0, "value"] = np.nan
    frame.loc[1, "status"] = "recalled"
    frame.loc[2, "target"] = "average"
    kept, notes = counted(frame)
    assert len(kept) == len(frame) - 3 and len(notes) == 3
    _, limits = said(answer_table(frame), "seeds")
    assert all(note in limits for note in notes)


def test_refusals_of_one_kind_are_one_sentence():
    frame = table({"none": 0.0, "a": 1.0, "b": 2.0}, seeds=1)
    answer, limits = said(answer_table(frame), "seeds")
    assert "12 cells" in answer and "none can be compared" in answer
    assert limits.count("one seed") == 1 and "and 6 more" in limits


def test_a_setting_without_its_own_baseline_is_named():
    frame = pandas.concat([table({"none": 0.0, "a": 1.0}), table({"b": 1.0}, variant="mlm")])
    frame["variant"] = frame["variant"].fillna("plain")
    _, limits = said(answer_table(frame.reset_index(drop=True)), "seeds")
    assert "b, mlm (acc, dev): no run of 'none' with the same source, split, model, variant" in limits


def test_copies_of_one_run_are_named():
    frame = table({"none": 0.0, "a": 1.0})
    frame.loc[frame["intermediate"] == "a", "value"] = 71.5
    _, limits = said(answer_table(frame), "seeds")
    assert "xnli (acc): a" in limits and "copies of one run" in limits


def test_two_metrics_of_a_target_are_one_target():
    f1 = table({"none": 0.0, "a": 1.0, "b": 0.0}, metric="f1")
    em = f1.assign(metric="em", value=f1["value"] - 10)
    found = answer_table(pandas.concat([f1, em], ignore_index=True))
    assert {row["targets"] for row in found["spread"]} == {4}
    assert [row["target"] for row in found["power"]] == list(TARGETS)


def test_task_scores_are_taken_alone():
    acc = table({"none": 0.0, "a": 1.0}, language="en")
    score = acc.assign(metric="score", language="all")
    both = pandas.concat([acc, score], ignore_index=True)
    assert set(task_scores(both)["metric"]) == {"score"} and len(task_scores(acc)) == len(acc)
    assert {row["metric"] for row in answer_table(both)["seeds"]} == {"score"}


def test_a_target_without_task_scores_is_not_lost_beside_one_that_has_them():
    acc = table({"none": 0.0, "a": 1.0}, language="en")
    score = acc[acc["target"] == "xnli"].assign(metric="score", language="all")
    other = table({"none": 0.0, "a": 1.0}, source="run:y", key=1)
    taken = task_scores(pandas.concat([acc, score, other], ignore_index=True))
    own = taken[taken["source"] != "run:y"]
    assert set(own[own["target"] == "xnli"]["metric"]) == {"score"}
    assert set(own["target"]) == set(TARGETS) and len(own) == len(acc)
    assert len(taken) == len(acc) + len(other)


def test_splits_are_never_mixed():
    dev = table({"none": 0.0, "a": 1.0}, split="dev")
    test = table({"none": -20.0, "a": -17.0}, split="test", key=1)
    found = answer_table(pandas.concat([dev, test], ignore_index=True))
    rows = {row["setting"]: row["pooled_gain"] for row in found["spread"]}
    assert set(rows) == {"a (dev)", "a (test)"} and rows["a (dev)"] < 2 < rows["a (test)"]
    assert {row["target"] for row in found["power"]} >= {"xnli (dev)", "xnli (test)"}


def test_two_studies_in_one_folder_of_runs_are_two_comparisons():
    one, two = (
        table({"none": 0.0, "a": 1.0}, source="run:x"),
        table({"none": 0.0, "a": 3.0}, source="run:y", key=1),
    )
    found = answer_table(pandas.concat([one, two], ignore_index=True))
    assert {row["where"] for row in found["seeds"]} == {"acc, dev, run:x", "acc, dev, run:y"}
    assert {row["setting"] for row in found["spread"]} == {"a (run:x)", "a (run:y)"}
    again = pandas.concat([one.assign(locator="k1"), one.assign(locator="k2")], ignore_index=True)
    with pytest.raises(InputError, match=r"stands twice in row 33: also in row 1 \(locators k2, k1\)"):
        answer_table(again)


def test_gains_have_the_error_of_pooled_deviations():
    ((name, block),) = parts(table({"none": 0.0, "a": 1.0, "b": 0.0}))
    means, odd = seed_means(block)
    assert name == "" and odd == ()
    sd, df = deviations_of(means)["xnli"]
    cells = [np.array(list(means[setting, "xnli"].values())) for setting in ("none", "a", "b")]
    assert df == 9 and sd == pytest.approx(np.sqrt(sum(cell.var(ddof=1) for cell in cells) / 3))
    gain = next(g for g in gains_of(means, "none", dict.fromkeys(TARGETS, (sd, df))) if g.setting == "a")
    assert gain.deviation == pytest.approx(sd * np.sqrt(1 / 4)) and gain.df == 9


def test_a_run_that_lacks_a_language_leaves_its_cell_out():
    frame = pandas.concat([table({"none": 0.0, "a": 1.0}, language=word, key=3) for word in ("en", "de")])
    frame = frame.reset_index(drop=True).drop(index=[40])
    ((_, block),) = parts(frame)
    means, odd = seed_means(block)
    assert len(means) == 7 and "lacks a language" in odd[0]


def test_sets_of_one_size_are_averaged_within_the_seed():
    settings = {"none": 0.0, "a": 3.0, "b": 5.0, "a+b": 6.0}
    found = answer_table(table(settings))
    (row,) = found["doses"]
    assert row["points"] == 12 and row["k=1"].startswith("74") and "+" not in row["k=1"]
    answer, limits = said(found, "doses")
    assert "The mean score changes by +" in answer and "about these sets of tasks" in limits


def test_sets_of_one_size_with_other_seeds_are_not_said_to_be_averaged():
    frame = table({"none": 0.0, "a": 3.0, "b": 5.0, "a+b": 6.0})
    found = answer_table(frame[(frame["intermediate"] != "b") | (frame["seed"] < 2)])
    (row,) = found["doses"]
    assert row["points"] == 14
    assert "where the sets have other seeds, each set and seed is a point" in said(found, "doses")[1]


def test_components_tell_checkpoints_and_why_there_are_none():
    frame = table({"none": 0.0, "a": 1.0, "b": 0.0}, seeds=20)
    part = variance_components("c", "q", frame)
    assert part is not None
    row = part.rows[0]
    assert 0.35 < row["sd_checkpoint"] < 0.65 and 0.25 < row["sd_residual"] < 0.35
    flat = frame.assign(value=70.0)
    none = variance_components("c", "q", flat)
    assert none is not None and none.answer.startswith("Cannot be told") and none.limits


def test_components_tell_which_targets_have_no_single_languages():
    settings, two = {"none": 0.0, "a": 1.0}, ("xnli", "pawsx")
    languages = [table(settings, targets=two, language=word, key=at) for at, word in enumerate(("en", "de"))]
    average = table(settings, targets=("ner",), language="all", key=2)
    part = variance_components("c", "q", pandas.concat([*languages, average], ignore_index=True))
    assert part is not None and part.rows
    assert part.limits == ("acc: left out, of an average over languages alone: ner.",)


def test_gains_of_the_components_cover_targets_like_these():
    """Gains that differ between targets, checkpoints shared by targets: without both factors .75 of nominal .95."""
    draw = np.random.default_rng(5)
    frame = table({"none": 0.0, "a": 0.0}, targets=("t0", "t1", "t2", "t3", "t4"))
    arm, target = (frame["intermediate"] == "a").to_numpy(float), frame["target"].to_numpy()
    place = frame["target"].str.removeprefix("t").astype(int).to_numpy()
    hits = np.zeros(2)
    for _ in range(80):
        checkpoint = draw.normal(0, 0.5, (4, 2))[frame["seed"].astype(int), arm.astype(int)]
        own = draw.normal(0, 2, 5)[place] + arm * draw.normal(0, 1, 5)[place]
        frame["value"] = 70 + own + checkpoint + draw.normal(0, 1, len(frame))
        part = variance_components("c", "q", frame)
        assert part is not None
        low, high = (float(end) for end in part.rows[0]["gain of a"].split("(")[1].rstrip(")").split(" to "))
        plain = effect(fit_mixed(frame["value"], {"target": target}, {"a": arm}), "a").interval
        hits += [low <= 0 <= high, plain.low <= 0 <= plain.high]
    assert hits[0] / 80 >= 0.91 and hits[1] / 80 <= 0.85
