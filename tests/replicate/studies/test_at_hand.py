"""Where the data lack languages of a task, means below published size are over those at hand, and it is told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas
import pytest

from analysis.results import COLUMNS
from replicate.answers import answers
from replicate.at_hand import partial, with_means
from replicate.by_language import by_language
from replicate.ledger import Ledger
from replicate.studies.study import Grid, grid, study

GRID = Grid.model_validate(
    {"recipe": "small", "seeds": 2, "targets": ["tydiqa", "xquad"], "intermediates": ["none"]}
)


def rows(target: str, values: dict[str, float], split: str = "test", **named: Any) -> list[dict[str, Any]]:
    """One evaluation: language -> score; n counts what a mean adds up."""
    told = {
        "source": "run:robustness",
        "locator": f"{target}-{named}",
        "scale": "small",
        "split": split,
        "model": "m",
    }
    told |= {
        "intermediate": "none",
        "variant": "plain",
        "seed": 0,
        "n": 10,
        "status": "measured",
        "target": target,
    }
    metric = "f1" if target in ("udpos", "panx") else "score"
    return [{**told, **named, "language": one, "metric": metric, "value": v} for one, v in values.items()]


def table(*several: list[dict[str, Any]]) -> pandas.DataFrame:
    return pandas.DataFrame([row for one in several for row in one], columns=list(COLUMNS))


def test_a_mean_is_over_the_languages_that_every_cell_has() -> None:
    held = table(
        rows("tydiqa", {"en": 10.0, "ko": 20.0}), rows("tydiqa", {"en": 30.0, "ko": 50.0, "sw": 90.0}, seed=1)
    )
    made = with_means(held, "small", GRID)
    means = made[made["language"] == "all"].sort_values("seed")
    assert means[["seed", "metric", "value", "n", "status"]].values.tolist() == [
        [0, "score", 15.0, 20, "derived"],
        [1, "score", 40.0, 20, "derived"],
    ]
    pandas.testing.assert_frame_equal(made[made["language"] != "all"], held, check_dtype=False)
    (told,) = partial(made, GRID)
    assert told.startswith("tydiqa: the mean is over 2 of 9 languages")


def test_published_size_and_whole_tasks_are_left_as_they_are() -> None:
    held = table(rows("tydiqa", {"en": 10.0, "ko": 20.0}))
    assert with_means(held, "paper", GRID) is held and partial(held, GRID) == ()
    whole = table(rows("tydiqa", {"en": 10.0, "ko": 20.0, "all": 12.0}))
    assert with_means(whole, "small", GRID) is whole, "a mean that is there is not made again"


def test_a_run_without_scores_has_no_means(tmp_path: Path) -> None:
    """Its table has no columns: `--check` then says that there is nothing to compare."""
    assert with_means(Ledger(tmp_path).results(), "small", GRID).empty


def small() -> pandas.DataFrame:
    """Study robustness at scale small on four targets with other languages each; noise costs 6 points where Latin."""
    languages = {
        "udpos": ("en", "de", "ru", "hi"),
        "panx": ("en", "de", "ru"),
        "xquad": ("en", "ru"),
        "tydiqa": ("en",),
    }
    base = {"udpos": 60.0, "panx": 40.0, "xquad": 50.0, "tydiqa": 30.0}
    several = [
        rows(
            target,
            {
                one: base[target]
                + seed * len(name) * 0.3
                - lost * (1.0 + seed * 0.1 + 5.0 * (one in ("en", "de")))
                for one in own
            },
            split="dev" if target == "panx" else "test",
            variant=variant,
            intermediate=name,
            seed=seed,
            locator=f"{target}{variant}{name}{seed}",
        )
        for target, own in languages.items()
        for variant, lost in (("plain", 0), ("noise-1", 0.5), ("noise-3", 1), ("noise-5", 2))
        for name in ("none", "squad", "mnli")
        for seed in range(3)
    ]
    return table(*several)


def test_a_study_whose_data_lack_languages_is_answered_and_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for locator, several in small().groupby("locator"):
        folder = tmp_path / f"work-{locator}"
        folder.mkdir()
        key = hashlib.sha256(str(locator).encode()).hexdigest()[:20]
        several.assign(locator=key).to_parquet(folder / "scores.parquet", index=False)
        record = {
            "kind": "evaluate",
            "started": "2026-01-01T00:00:00+00:00",
            "parents": {},
            "environment": {},
        }
        ledger.publish(key, record, {"scores.parquet": folder / "scores.parquet"})
    found = answers("robustness", "small", tmp_path)
    first = found["answers"][0]
    assert "noise of severity 3 lowers the score" in first["answer"] and "not run" not in first["answer"]
    assert any(told.startswith("udpos: the mean is over 4 of 33 languages") for told in first["cannot_say"])
    assert {row["target"] for row in found["severity"]} == {"udpos", "panx", "xquad", "tydiqa"}, (
        "dev and test alike"
    )
    assert json.dumps(found, allow_nan=False)


def test_a_language_stands_for_the_targets_that_have_it_and_slopes_are_within_targets() -> None:
    one = grid(study("robustness"), "small")
    registered = study("robustness").fixed("small")
    assert registered is not None
    family, rule = registered.family(one.names), registered.deciding()
    languages, properties = by_language(small(), family, rule, one, "not asked")
    held = {row["language"]: row for row in languages.rows if row["contrast"] == "noise-hurts"}
    assert {name: row["targets"] for name, row in held.items()} == {
        "en": "udpos, panx, xquad, tydiqa",
        "de": "udpos, panx",
        "ru": "udpos, panx, xquad",
        "hi": "udpos",
    }
    assert held["de"]["estimate"] == pytest.approx(-6.1) and held["ru"]["estimate"] == pytest.approx(-1.1)
    assert not any(
        row["property"] == "Latin script" and row["contrast"] == "noise-hurts" for row in properties.rows
    ), "a slope that is the same in every seed has no interval"


def test_a_language_that_changes_equally_in_every_seed_has_no_interval_and_a_part_in_slopes() -> None:
    """A change of 0 in all seeds is a value; without it, slopes would rest on the languages that vary."""
    one = grid(study("robustness"), "small")
    registered = study("robustness").fixed("small")
    assert registered is not None
    family, rule = registered.family(one.names), registered.deciding()
    scores = small()
    scores.loc[scores["language"] == "hi", "value"] = 20.0
    languages, properties = by_language(scores, family, rule, one, "not asked")
    hurt = [row for row in languages.rows if row["contrast"] == "noise-hurts"]
    assert {row["language"] for row in hurt} == {"en", "de", "ru"}
    (slope,) = (
        row
        for row in properties.rows
        if row["property"] == "Latin script" and row["contrast"] == "noise-hurts"
    )
    # udpos: de -6, ru -1, hi 0; panx: de -6, ru -1; all but hi fall by 0.1 more with each of the seeds 0, 1, 2
    assert slope["estimate"] == pytest.approx((-6.1 * 2 / 3 + 1.1 / 3 - 5.0 / 2) / (2 / 3 + 1 / 2))
    assert slope["languages"] == 3
