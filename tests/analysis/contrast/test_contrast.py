"""Contrasts: the numbers are those of scipy, the words follow from them, and what is missing is never zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pytest
from scipy import stats

from analysis.contrast import Contrast, Rule, Term, answer_contrasts, decide
from analysis.contrast.answer import row
from analysis.errors import InputError
from analysis.results import COLUMNS


def table(cells: dict[tuple[str, str, str], list[float]]) -> pandas.DataFrame:
    """(intermediate, variant, target) -> score per seed."""
    rows: list[dict[str, Any]] = [
        {
            "source": "run:x",
            "scale": "miniature",
            "split": "test",
            "model": "m",
            "intermediate": i,
            "variant": v,
            "target": t,
            "language": "all",
            "metric": "score",
            "seed": seed,
            "value": value,
            "status": "measured",
        }
        for (i, v, t), values in cells.items()
        for seed, value in enumerate(values)
    ]
    return pandas.DataFrame(rows, columns=list(COLUMNS))


def gain(
    margin: float = 1.0, alternative: Any = "greater", id: str = "gain", **where: tuple[str, ...]
) -> Contrast:
    terms = (Term(1, {"intermediate": ("a",)}), Term(-1, {"intermediate": ("none",)}))
    return Contrast(id, "A raises the score", terms, margin, alternative, {"target": ("t",), **where})


def scores(a: list[float], none: list[float], constant: float = 10.0) -> pandas.DataFrame:
    return table(
        {("a", "plain", "t"): a, ("none", "plain", "t"): none, ("none", "constant", "t"): [constant]}
    )


BASE = [50.0, 51.0, 49.5, 50.5, 50.2]


def test_numbers_are_those_of_a_paired_t_test() -> None:
    a = [55.1, 56.3, 54.0, 55.9, 56.5]
    (found,) = decide(scores(a, BASE), [gain()])
    expected = stats.ttest_rel(a, BASE)
    low, high = expected.confidence_interval()
    assert found.interval is not None and found.p == pytest.approx(expected.pvalue)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high))
    assert found.outcome == "shown" and found.relevant and found.found.levels == pytest.approx((55.56, 50.24))
    told = row(found)
    assert (told["low"], told["high"], told["p_adjusted"]) == pytest.approx((low, high, expected.pvalue))
    assert told["estimate"] == pytest.approx(np.mean(a) - np.mean(BASE)) and told["seeds"] == 5


def test_holm_is_over_the_family_and_failed_runs_do_not_shrink_it() -> None:
    random = np.random.default_rng(1)
    cells = {("none", "plain", "t"): BASE}
    cells |= {(name, "plain", "t"): [b + 1 + random.normal() for b in BASE] for name in "ab"}
    several = [
        Contrast(
            n,
            n,
            (Term(1, {"intermediate": (n,)}), Term(-1, {"intermediate": ("none",)})),
            1,
            where={"target": ("t",)},
        )
        for n in ("a", "b", "absent")
    ]
    raw = [stats.ttest_rel(cells[n, "plain", "t"], BASE).pvalue for n in "ab"]
    small, large = sorted(raw)
    found = decide(table(cells), several)
    adjusted = sorted(d.p for d in found[:2] if d.p is not None)
    assert adjusted == pytest.approx([min(1, 3 * small), min(1, max(3 * small, 2 * large))])
    assert found[2].outcome == "open" and found[2].p is None and found[2].reason == "not run: absent t"
    strict = decide(table(cells), several, Rule(multiplicity="bonferroni"))
    assert strict[0].p == pytest.approx(min(1, 3 * raw[0]))


def test_outcomes_and_their_sentences() -> None:
    up, down = [b + 5 + 0.1 * i for i, b in enumerate(BASE)], [b - 5 + 0.1 * i for i, b in enumerate(BASE)]
    same = [b + d for b, d in zip(BASE, (0.05, -0.05, 0.02, -0.03, 0.01), strict=True)]
    wide = [b + d for b, d in zip(BASE, (6, -7, 5, -4, 3), strict=True)]
    said = {}
    for name, values in (("up", up), ("down", down), ("same", same), ("wide", wide)):
        frame = scores(values, BASE)
        (found,) = decide(frame, [gain()])
        part = answer_contrasts(frame, [gain()], question="Does it?", scale="miniature")
        said[name] = (found.outcome, part.answer)
        assert part.rows[0]["outcome"] == found.outcome and len(part.figures[0]["effects"]) == 1
    assert {name: outcome for name, (outcome, _) in said.items()} == {
        "up": "shown",
        "down": "opposite",
        "same": "no difference",
        "wide": "open",
    }
    assert said["up"][1].startswith(
        "Yes at miniature scale: A raises the score (gain): +5.20 points, 95 % interval"
    )
    assert said["up"][1].endswith("all beyond the margin of 1 (means: a 55.4, none 50.2).")
    small = [b + 0.5 + 0.02 * i for i, b in enumerate(BASE)]
    shown = answer_contrasts(scores(small, BASE), [gain()], question="Does it?", scale="miniature").answer
    assert shown.startswith("Yes at") and shown.endswith(
        "margin of 1: a difference, and too small to matter (means: a 50.8, none 50.2)."
    )
    assert said["down"][1].startswith("No, the opposite")
    assert said["wide"][1].startswith("Cannot be answered at miniature scale")
    assert "the smallest detectable difference is" in said["wide"][1]
    (two_sided,) = decide(scores(down, BASE), [gain(alternative="two-sided")])
    assert two_sided.outcome == "shown"


def test_no_difference_is_told_with_the_interval_that_two_one_sided_tests_compare() -> None:
    """The 95 % interval may reach beyond the margin where the 90 % interval, which decides, does not."""
    a = [b + d for b, d in zip(BASE, (1.1, 0.2, -0.6, 1.3, 0.4), strict=True)]
    (found,) = decide(scores(a, BASE), [gain(margin=1.35)])
    low, high = stats.ttest_rel(a, BASE).confidence_interval(0.9)
    assert found.outcome == "no difference" and found.within is not None and found.interval is not None
    assert (found.within.low, found.within.high) == pytest.approx((low, high))
    assert found.interval.high > 1.35 > high
    part = answer_contrasts(scores(a, BASE), [gain(margin=1.35)], question="Does it?", scale="miniature")
    assert f"the 90 % interval {low:+.2f} to {high:+.2f} lies within the margin of 1.35" in part.answer
    assert "all within" not in part.answer


def test_an_interaction_averages_cells_and_subtracts_gains() -> None:
    random = np.random.default_rng(4)
    cells = {
        (i, v, t): list(40 + random.normal(size=4))
        for i in ("a", "none")
        for v in ("plain", "noise")
        for t in ("s", "t")
    }
    where = {"target": ("s", "t")}
    terms = tuple(
        Term(sign, {"intermediate": (i,), "variant": (v,)})
        for sign, i, v in ((1, "a", "noise"), (-1, "a", "plain"), (-1, "none", "noise"), (1, "none", "plain"))
    )
    (found,) = decide(table(cells), [Contrast("x", "x", terms, 1, where=where)])
    mean = {(i, v): (np.array(cells[i, v, "s"]) + np.array(cells[i, v, "t"])) / 2 for i, v, _ in cells}
    expected = mean["a", "noise"] - mean["a", "plain"] - mean["none", "noise"] + mean["none", "plain"]
    assert found.found.values == pytest.approx(expected)


def test_only_seeds_that_every_cell_has_count() -> None:
    (found,) = decide(scores([55, 56, 57.5], BASE), [gain()])
    assert found.found.seeds == (0, 1, 2)
    (single,) = decide(scores([55], BASE), [gain()])
    assert single.outcome == "open" and "one seed has every cell" in single.reason and single.interval is None
    apart = scores([55, 56], BASE[:2])
    apart.loc[apart["intermediate"] == "a", "seed"] += (
        2  # arms of other seeds: nothing is paired, nothing is 0
    )
    (none,) = decide(apart, [gain()])
    assert none.outcome == "open" and none.reason.startswith("no seed has every cell") and none.p is None
    (equal,) = decide(scores([b + 2 for b in BASE], BASE), [gain()])
    assert equal.outcome == "open" and "same for every seed" in equal.reason


def test_floor_and_ceiling_are_not_decided() -> None:
    a = [33.9, 34.3, 33.6, 34.1, 34.4]
    none = [x - 0.5 - 0.01 * i for i, x in enumerate(a)]
    assert decide(scores(a, none), [gain()])[0].outcome == "shown"
    (found,) = decide(scores(a, none, constant=33.4), [gain()])
    assert found.outcome == "open" and "at the floor" in found.reason
    high = scores([99.9, 99.8, 99.95], [99.5, 99.45, 99.4])
    assert "at the ceiling" in decide(high, [gain()])[0].reason


def several(n: int, differences: list[float]) -> tuple[pandas.DataFrame, list[Contrast]]:
    """n intermediates with the same differences per seed, and a two-sided contrast of each with none."""
    cells = {("none", "plain", "t"): BASE, ("none", "constant", "t"): [10.0]}
    cells |= {
        (f"a{i}", "plain", "t"): [b + d for b, d in zip(BASE, differences, strict=True)] for i in range(n)
    }
    terms = [(Term(1, {"intermediate": (f"a{i}",)}), Term(-1, {"intermediate": ("none",)})) for i in range(n)]
    return table(cells), [Contrast(f"a{i}", "x", t, 1, where={"target": ("t",)}) for i, t in enumerate(terms)]


def test_absence_of_a_difference_is_adjusted_over_the_family_too() -> None:
    differences = [0.9, -0.7, 0.4, -0.6, 0.5]
    n, mean, deviation = 5, np.mean(differences), np.std(differences, ddof=1)
    raw = stats.t.sf((1 - abs(mean)) / (deviation / n**0.5), n - 1)
    assert 0.01 < raw < 0.05
    (alone,) = decide(*several(1, differences))
    assert alone.outcome == "no difference" and alone.p_beyond == pytest.approx(raw)
    for found in decide(*several(6, differences)):
        assert found.p_beyond == pytest.approx(6 * raw) and found.outcome == "open"


def test_what_seeds_can_find_is_of_the_family_and_of_a_spread_that_is_estimated() -> None:
    """Power by scipy's noncentral t, averaged over true deviations that could have given this estimate."""
    differences = [3.0, -4.0, 2.0, -1.0, 0.5]
    deviation = float(np.std(differences, ddof=1))
    true = deviation / np.sqrt(stats.chi2.ppf((np.arange(4000) + 0.5) / 4000, 4) / 4)
    for size in (1, 4):
        found = decide(*several(size, differences))[0]
        assert found.detectable is not None
        critical, shift = stats.t.ppf(1 - 0.05 / size / 2, 4), found.detectable / (true / 5**0.5)
        power = stats.nct.sf(critical, 4, shift) + stats.nct.cdf(-critical, 4, shift)
        power = np.where(np.isfinite(power), power, shift > critical)  # scipy gives NaN where it is 1 (or 0)
        assert power.mean() == pytest.approx(0.8, abs=4e-3)


def test_a_target_at_the_floor_is_no_evidence_of_no_difference() -> None:
    small = [0.05, -0.05, 0.02, -0.03, 0.01]
    cells = {
        (i, "plain", t): [b + d * (i == "a") for b, d in zip(BASE, small, strict=True)]
        for i in ("a", "none")
        for t in "st"
    }
    both = gain(target=("s", "t"))
    far = {("none", "constant", "s"): [10.0], ("none", "constant", "t"): [10.0]}
    assert decide(table(cells | far), [both])[0].outcome == "no difference"
    (unknown,) = decide(table(cells), [both])
    assert unknown.outcome == "open" and "whether s, t is above guessing is not known" in unknown.reason
    (found,) = decide(table(cells | far | {("none", "constant", "s"): [50.4]}), [both])
    assert found.outcome == "open" and found.reason.startswith(
        "no difference that matters is seen, but s could show none"
    )


def test_an_interaction_with_a_model_at_the_floor_is_open() -> None:
    """The model that only guesses cannot gain; that the other one gains more says nothing about it."""
    frames = []
    for model, rise in (("guesses", 0.0), ("learns", 9.0)):
        noise = (0.1, 0.0, 0.2, 0.3) if rise else (0.2, 0.3, -0.1, 0.1)
        frame = scores([33.5 + rise + n for n in noise], [33.4, 33.5, 33.6, 33.3])
        frames.append(frame[frame["variant"] == "plain"].assign(model=model))
    frame = pandas.concat([*frames, table({("none", "constant", "t"): [33.4]})], ignore_index=True)
    terms = tuple(
        Term(sign, {"model": (m,), "intermediate": (i,)})
        for sign, m, i in (
            (1, "learns", "a"),
            (-1, "learns", "none"),
            (-1, "guesses", "a"),
            (1, "guesses", "none"),
        )
    )
    (found,) = decide(frame, [Contrast("x", "x", terms, 1, where={"target": ("t",)})])
    assert (
        found.p is not None and found.p < 0.01 and found.outcome == "open" and "at the floor" in found.reason
    )
    part = answer_contrasts(frame[frame["model"] != "guesses"], [gain()], question="?", scale="miniature")
    assert part.rows[0]["outcome"] == "shown"
    assert any("No better than constant answers by the margin: none t 33.5" in limit for limit in part.limits)


def test_recalled_rows_never_count() -> None:
    frame = scores([55, 56, 57.5], BASE[:3])
    frame.loc[frame["intermediate"] == "a", "status"] = "recalled"
    assert decide(frame, [gain()])[0].reason.startswith("not run: ")
    frame.loc[:, "value"] = np.nan
    assert decide(frame, [gain()])[0].found.values.size == 0


def test_an_ill_formed_contrast_or_rule_names_every_problem() -> None:
    with pytest.raises(InputError) as caught:
        Contrast("c", "", (Term(1, {"seed": ("1",)}), Term(1)), -1, "up")  # type: ignore[arg-type]
    text = str(caught.value)
    assert all(part in text for part in ("weights 1, 1", "margin -1", "'up'", "'seed'"))
    with pytest.raises(InputError) as caught:
        Rule(alpha=0, multiplicity="none", power=1)  # type: ignore[arg-type]
    assert all(part in str(caught.value) for part in ("alpha is 0", "power is 1", "'none'"))
