"""Assertions over seeds: verdict, interval, minimum n, power when open, Holm over the suite, and error rates."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from claims.finding import Level, Reason
from claims.study import check_study

HEAD = (
    "source,locator,scale,split,model,intermediate,variant,target,language,metric,seed,n,value,printed,status"
)


def table(rows):
    """Rows of (intermediate, target, seed, value)."""
    lines = [HEAD]
    for setting, target, seed, value in rows:
        lines.append(f"run:x,k,small,dev,m,{setting},plain,{target},all,acc,{seed},,{value!r},,measured")
    return "\n".join(lines) + "\n"


def study(folder: Path, rows, *assertions: str, averages: str = "") -> Path:
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "runs.csv").write_text(table(rows))
    claims = "".join(
        f'  - id: c{i}\n    text: A claim.\n    scope: {{source: "run:x", split: dev, model: m}}\n    assert:\n'
        f"      - {text}\n"
        for i, text in enumerate(assertions)
    )
    (folder / "claims.yaml").write_text(
        f"schema: verify-claims/1\nstudy: s\ntitle: t\nevidence: [evidence]\n"
        f"defaults: {{language: all, variant: plain, metric: acc}}\n{averages}claims:\n{claims}"
    )
    return folder


def findings(folder: Path):
    return check_study(folder).findings


def runs(setting, target, values):
    return [(setting, target, seed, float(value)) for seed, value in enumerate(values)]


A, B = [71.2, 71.9, 71.4, 71.6, 71.3], [70.1, 69.8, 70.3, 70.0, 69.9]


def test_gain_is_welchs_test_with_its_numbers(tmp_path):
    rows = runs("squad", "xnli", A) + runs("none", "xnli", B)
    text = (
        '{kind: gain, of: {intermediate: squad, target: xnli}, over: {intermediate: none}, at_least: "1.0"}'
    )
    found = findings(study(tmp_path, rows, text))[0]
    expected = stats.ttest_ind(A, B, equal_var=False).confidence_interval()
    said = found.statistics
    assert (found.reason, found.level) == (Reason.INTERVAL_AGREES, Level.TESTED)
    assert (said["low"], said["high"]) == pytest.approx((expected.low, expected.high))
    p = stats.ttest_ind(np.array(A) - 1.0, B, equal_var=False, alternative="greater").pvalue
    assert said["p_holds"] == pytest.approx(p)
    assert "Over 5 seeds the gain is 1.46" in found.detail


@pytest.mark.parametrize(
    ("comparison", "reason", "said"),
    [
        (
            'equals: "1.5"',
            Reason.INTERVAL_AGREES,
            "bears out 1.5 (within 0.75 points of it: two one-sided t tests, p ",
        ),
        ('equals: "3.0"', Reason.INTERVAL_EXCLUDES, "excludes 3.0 (two-sided t test, p "),
        ('above: "2.0"', Reason.INTERVAL_EXCLUDES, "excludes above 2.0 (one-sided t test, p "),
        ('at_least: "1.4"', Reason.INTERVAL_TOO_WIDE, "decides nothing about at least 1.4."),
        ('below: "2.5"', Reason.INTERVAL_AGREES, "bears out below 2.5 (one-sided t test, p "),
    ],
)
def test_verdicts_of_a_gain(tmp_path, comparison, reason, said):
    rows = runs("squad", "xnli", A) + runs("none", "xnli", B)
    text = f"{{kind: gain, of: {{intermediate: squad, target: xnli}}, over: {{intermediate: none}}, {comparison}}}"
    found = findings(study(tmp_path, rows, text))[0]
    assert found.reason is reason and said in found.detail
    if reason is Reason.INTERVAL_TOO_WIDE:
        assert found.needs and "needs" in found.needs[0] and "seeds" in found.needs[0]


def test_value_supports_only_what_is_close(tmp_path):
    rows = runs("squad", "xnli", A)
    near, far = (
        '{kind: value, of: {intermediate: squad, target: xnli}, equals: "71.5"}',
        ('{kind: value, of: {intermediate: squad, target: xnli}, equals: "73.0"}'),
    )
    first, second = findings(study(tmp_path, rows, near, far))
    assert (first.reason, second.reason) == (Reason.INTERVAL_AGREES, Reason.INTERVAL_EXCLUDES)
    wide = runs("squad", "xnli", [60.0, 71.0, 82.0])
    assert findings(study(tmp_path, wide, near))[0].reason is Reason.INTERVAL_TOO_WIDE


def test_one_seed_and_copies_are_too_few(tmp_path):
    text = (
        '{kind: gain, of: {intermediate: squad, target: xnli}, over: {intermediate: none}, at_least: "1.0"}'
    )
    one = findings(study(tmp_path, runs("squad", "xnli", A[:1]) + runs("none", "xnli", B[:1]), text))[0]
    assert one.reason is Reason.TOO_FEW_SEEDS
    assert "1 of at least 2 seeds" in one.detail
    copies = findings(
        study(tmp_path, runs("squad", "xnli", [71.0] * 3) + runs("none", "xnli", [70.0] * 3), text)
    )[0]
    assert copies.reason is Reason.TOO_FEW_SEEDS
    assert "same number" in copies.detail


AVERAGES = (
    "averages:\n  two:\n    text: mean of two\n    mean:\n      - {target: xnli, metric: acc}\n"
    "      - {target: pawsx, metric: acc}\n"
)


def test_seeds_shared_by_tasks_count_once(tmp_path):
    """Totals over tasks per seed: a run effect common to both tasks must not be averaged away."""
    rng = np.random.default_rng(0)
    common = rng.normal(0, 1, (2, 4))
    rows, totals = [], []
    for arm, setting in enumerate(("squad", "none")):
        own = rng.normal(0, 0.1, (2, 4)) + common[arm] + 70 + (1 - arm)
        rows += runs(setting, "xnli", own[0]) + runs(setting, "pawsx", own[1])
        totals.append(own.mean(0))
    text = '{kind: gain, of: {intermediate: squad}, over: {intermediate: none}, mean: two, above: "0"}'
    found = findings(study(tmp_path, rows, text, averages=AVERAGES))[0]
    expected = stats.ttest_ind(*totals, equal_var=False).confidence_interval()
    assert (found.statistics["low"], found.statistics["high"]) == pytest.approx((expected.low, expected.high))
    assert found.statistics["unit"] == "seeds (totals over tasks)"


@pytest.mark.parametrize(("many", "reason"), [(2, Reason.INTERVAL_EXCLUDES), (1, Reason.INTERVAL_AGREES)])
def test_a_share_of_tasks_over_seeds_counts_each_task_of_the_rule_once(tmp_path, many, reason):
    rows = runs("squad", "xnli", A) + runs("none", "xnli", B)
    rows += runs("squad", "pawsx", B) + runs("none", "pawsx", A)
    text = (
        "{kind: share, cells: {intermediate: squad}, over: {intermediate: none}, tasks_of: two, "
        f'above: "0", exactly: {many}, out_of: 2}}'
    )
    (found,) = findings(study(tmp_path, rows, text, averages=AVERAGES))
    assert found.reason == reason, found.detail


def test_order_best_share_and_no_gain(tmp_path):
    rng = np.random.default_rng(1)
    rows = []
    for setting, level in (("none", 70), ("squad", 73), ("qqp", 71), ("ccg", 69.9)):
        rows += runs(setting, "xnli", rng.normal(level, 0.3, 5))
    found = findings(
        study(
            tmp_path,
            rows,
            "{kind: order, larger: {intermediate: squad, target: xnli}, smaller: {intermediate: qqp, target: xnli}}",
            "{kind: best, of: {intermediate: squad, target: xnli}, among: {intermediate: [squad, qqp, ccg]}}",
            "{kind: best, of: {intermediate: qqp, target: xnli}, among: {intermediate: [squad, qqp, ccg]}}",
            "{kind: share, cells: {intermediate: [squad, qqp, ccg], target: xnli}, over: {intermediate: none}, "
            'above: "0", at_least: 1, out_of: 3}',
            "{kind: share, cells: {intermediate: [squad, qqp, ccg], target: xnli}, over: {intermediate: none}, "
            'above: "0", exactly: 0, out_of: 3}',
            '{kind: no_gain, cells: {intermediate: [ccg], target: xnli}, over: {intermediate: none}, margin: "1.0"}',
            "{kind: no_gain, cells: {intermediate: [squad, ccg], target: xnli}, over: {intermediate: none}, "
            'margin: "1.0"}',
        )
    )
    assert [f.reason for f in found] == [
        Reason.INTERVAL_AGREES,
        Reason.INTERVAL_AGREES,
        Reason.INTERVAL_EXCLUDES,
        Reason.INTERVAL_AGREES,
        Reason.INTERVAL_EXCLUDES,
        Reason.WITHIN_MARGIN,
        Reason.OUTSIDE_MARGIN,
    ]
    assert all(f.level is Level.TESTED for f in found)
    assert all(f.statistics["tested_together"] == 7 for f in found)


def test_holm_over_the_suite_opens_weak_verdicts(tmp_path):
    rows = runs("squad", "xnli", [70.9, 70.3, 70.8, 70.2]) + runs("none", "xnli", [70.0, 70.2, 69.9, 70.1])
    text = '{kind: gain, of: {intermediate: squad, target: xnli}, over: {intermediate: none}, above: "0"}'
    alone = findings(study(tmp_path, rows, text))[0]
    assert alone.reason is Reason.INTERVAL_AGREES
    crowd = findings(study(tmp_path, rows, *[text] * 5))
    assert {f.reason for f in crowd} == {Reason.INTERVAL_TOO_WIDE}
    assert "After Holm over 5 tested assertions" in crowd[0].detail
    assert crowd[0].statistics["p_holm"] == pytest.approx(5 * crowd[0].statistics["p_holds"])


def test_trend_over_seeds(tmp_path):
    rng = np.random.default_rng(2)
    rows = []
    for setting, k in (("none", 0), ("a", 1), ("a+b", 2), ("a+b+c", 3), ("a+b+c+d", 4)):
        rows += runs(setting, "xnli", 60 + 5 * (1 - np.exp(-k)) + rng.normal(0, 0.2, 4))
    names = ("none", "a", "a+b", "a+b+c", "a+b+c+d")
    doses = f"[{', '.join(f'{{intermediate: {name}}}' for name in names)}]"
    found = findings(
        study(
            tmp_path,
            rows,
            f"{{kind: trend, where: {{target: xnli}}, doses: {doses}}}",
            f"{{kind: trend, where: {{target: xnli}}, doses: {doses}, shape: decreasing}}",
        )
    )
    assert [f.reason for f in found] == [Reason.INTERVAL_AGREES, Reason.INTERVAL_EXCLUDES]
    assert "Over 4 seeds the score changes by" in found[0].detail
    assert "that bears out diminishing returns" in found[0].detail
    assert "that excludes a fall" in found[1].detail and "diminishing" not in found[1].detail


@pytest.mark.parametrize("shape", ["fall that slows down", "rise that speeds up"])
def test_diminishing_returns_are_contradicted_by_a_fall_and_by_a_rise_that_speeds_up(tmp_path, shape):
    rng = np.random.default_rng(3)
    names = ("none", "a", "a+b", "a+b+c", "a+b+c+d")
    score = {
        "fall that slows down": lambda k: 60 + 5 * np.exp(-k),
        "rise that speeds up": lambda k: 60 + k**2,
    }
    rows = []
    for k, setting in enumerate(names):
        rows += runs(setting, "xnli", score[shape](k) + rng.normal(0, 0.2, 4))
    doses = f"[{', '.join(f'{{intermediate: {name}}}' for name in names)}]"
    (found,) = findings(study(tmp_path, rows, f"{{kind: trend, where: {{target: xnli}}, doses: {doses}}}"))
    assert found.reason == Reason.INTERVAL_EXCLUDES, found.detail


def test_trend_of_gains_takes_each_dose_over_its_own_baseline(tmp_path):
    """Scores that fall with the dose while the gains over a baseline of the same dose rise."""
    rng = np.random.default_rng(5)
    names = ("none", "a", "a+b", "a+b+c")
    rows = runs("none", "mlqa", [50.0, 51.0, 52.0, 53.0])
    for k, name in enumerate(names):
        luck = rng.normal(0, 1, 4)
        rows += runs(name, "xnli", 60 + k + luck + rng.normal(0, 0.1, 4))
        rows += runs(name, "pawsx", 60 + 3 * k + luck + rng.normal(0, 0.1, 4))
    doses = f"[{', '.join(f'{{intermediate: {name}, target: xnli}}' for name in names)}]"
    trend = f"kind: trend, doses: {doses}, shape: decreasing"
    own, common, lacking = findings(
        study(
            tmp_path,
            rows,
            f"{{{trend}, over: {{target: pawsx}}}}",
            f"{{{trend}, over: {{target: pawsx, intermediate: none}}}}",
            f"{{{trend}, over: {{target: mlqa}}}}",  # has no run of the other doses
        )
    )
    assert own.reason is Reason.INTERVAL_AGREES and float(own.computed) == pytest.approx(-6, abs=0.5)
    assert common.reason is not Reason.INTERVAL_AGREES and float(common.computed) == pytest.approx(3, abs=2)
    assert lacking.reason is Reason.CELLS_MISSING


def test_regenerated_uses_the_runs_of_its_study(tmp_path):
    rows = runs("squad", "xnli", A) + runs("none", "xnli", B)
    text = (
        "{kind: regenerated, study: x, of: {intermediate: squad, target: xnli}, over: {intermediate: none}, "
        'above: "0", min_seeds: %d}'
    )
    enough, more, absent = findings(
        study(tmp_path, rows, text % 3, text % 9, (text % 3).replace("study: x", "study: y"))
    )
    assert (enough.reason, enough.level, enough.scale) == (Reason.INTERVAL_AGREES, Level.REGENERATED, "small")
    assert more.reason is Reason.TOO_FEW_SEEDS and "asks for 9 seeds" in more.detail
    assert absent.reason is Reason.NO_RUNS


@pytest.mark.parametrize("truth", [1.0, 2.0])
def test_error_rates_at_nominal_five_percent(truth):
    """Wrong `contradicted` (the truth is the claim) and wrong `supported` (the truth is a margin away)."""
    from claims.statistics.compared import ALPHA, equal
    from claims.statistics.runs import Seeded

    rng = np.random.default_rng(3)
    runs_, wrong = 1500, 0
    for _ in range(runs_):
        arms = rng.normal([[truth], [0.0]], 0.4, (2, 4))
        quantity = Seeded(
            tuple((s, {"t": dict(enumerate(v.tolist()))}) for s, v in zip((1.0, -1.0), arms, strict=True)), ()
        )  # type: ignore[arg-type]
        result = equal(quantity.interval(), 1.0, 1.0, "1.0", 1.0)
        wrong += (result.p_fails if truth == 1.0 else result.p_holds) <= ALPHA
    assert wrong / runs_ <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs_)
    assert wrong / runs_ >= 0.02


def test_two_runs_against_many_take_the_degrees_of_freedom_of_the_two(tmp_path):
    rows = runs("squad", "xnli", [72.0, 73.0]) + runs("none", "xnli", B)
    text = '{kind: gain, of: {intermediate: squad, target: xnli}, over: {intermediate: none}, above: "0"}'
    said = findings(study(tmp_path, rows, text))[0].statistics
    error = np.sqrt(np.var([72.0, 73.0], ddof=1) / 2 + np.var(B, ddof=1) / 5)
    assert said["df"] == 1 and "two runs" in said["method"]
    assert said["high"] - said["low"] == pytest.approx(2 * stats.t.ppf(0.975, 1) * error)
    even = findings(study(tmp_path, rows[:2] + runs("none", "xnli", B[:2]), text))[0].statistics
    assert even["method"] == "Welch-Satterthwaite" and 1 < even["df"] < 2


def _benchmark():
    path = Path(__file__).parents[3] / "benchmarks" / "verdict_error_rates.py"
    spec = importlib.util.spec_from_file_location("verdict_error_rates", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_wrong_verdicts_stay_below_five_percent():
    """The short form of benchmarks/verdict_error_rates.py: every kind at the edge of its claim, 3 seeds."""
    times = 300
    for claim, truth, wrong, (rate,) in _benchmark().rates("normal", times, 7, (3,)):
        assert rate <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / times), (claim, truth, wrong)
        if (claim, truth) in (("best of 2", "a tie"), ("trend, increasing", "flat")):
            assert rate >= 0.01, claim  # a test that never rejects would pass too


def test_a_suite_after_holm_is_hardly_ever_wrong():
    assert _benchmark().suite(150, 3, (3,))[0] <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 150)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{kind: order, larger: {intermediate: squad}, smaller: {intermediate: squad}}", "the same cells"),
        ("{kind: best, of: {intermediate: squad}, among: {intermediate: [squad]}}", "nothing to rank"),
        ('{kind: value, of: {intermediate: squad}, equals: "0.715"}', "a fraction"),
        ('{kind: value, of: {intermediate: [squad, none]}, equals: "70"}', "intermediate names 2 words"),
    ],
)
def test_cells_over_seeds_must_be_comparable_too(tmp_path, text, said):
    rows = runs("squad", "xnli", A) + runs("none", "xnli", B)
    found = findings(study(tmp_path, rows, text))[0]
    assert (found.reason, found.verdict) == (Reason.INCOMPARABLE_CELLS, "error")
    assert said in found.detail and found.needs


def test_a_fact_over_several_seeds_waits_for_statistics_and_is_no_fault_of_the_selector(tmp_path):
    text = '{kind: fact, take: largest, cells: {intermediate: squad, target: xnli}, equals: "71.9"}'
    (found,) = findings(study(tmp_path, runs("squad", "xnli", A), text))
    assert (found.verdict, found.reason) == ("inconclusive", Reason.NOT_TESTABLE)
    assert found.detail.startswith("5 seeds of ")
