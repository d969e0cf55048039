"""The number of tasks and the languages in the answer of a study, from tables that are made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from analysis.contrast import Rule
from analysis.results import COLUMNS
from replicate.by_language import SEEN, by_language, seen_in_pretraining
from replicate.by_number import by_number
from replicate.ledger import Ledger
from replicate.pictures.languages import forests
from replicate.stages.names import printed
from replicate.studies.study import Grid, grid, study

LANGUAGES = ("en", "qde", "qes", "qru", "qtr", "qfk")


def table(one: Grid, value: Any, seeds: int) -> pandas.DataFrame:
    """Every cell of a grid, with its languages; `value(intermediate, seed, language)`."""
    primary = {"udpos": "f1", "xquad": "score", "tydiqa": "score", "xnli": "acc"}
    rows = [
        {
            "source": "run:x",
            "scale": "miniature",
            "split": "test",
            "model": "m",
            "variant": "plain",
            "status": "measured",
        }
        | {
            "locator": f"{n:020x}",
            "intermediate": printed(name),
            "target": printed(target),
            "language": language,
        }
        | {"metric": "score" if language == "all" else primary[target], "seed": seed}
        | {"value": value(name, seed, language)}
        for n, name in enumerate(one.columns)
        for target in one.targets
        for seed in range(seeds)
        for language in ("all", *LANGUAGES)
    ]
    return pandas.DataFrame(rows, columns=list(COLUMNS))


def test_a_further_task_of_the_bundled_design_is_told_from_which_it_is() -> None:
    one = grid(study("scaling"), "miniature")
    random = np.random.default_rng(5)
    level = {
        name: 40 + 2 * (name != "none") + 0.5 * name.count("+") + 3 * ("squad" in name.split("+"))
        for name in one.columns
    }
    frame = table(one, lambda name, seed, _: level[name] + 0.1 * seed + random.normal(0, 0.3), 3)
    parts = {part.id: part for part in by_number(frame, one)}
    assert set(parts) == {"doses", "next-task", "components"}
    rows = {(row["series"], row["quantity"]): row for row in parts["next-task"].rows}
    mean = "mean of tydiqa, udpos, xquad"
    assert {series for series, _ in rows} == {mean, "udpos", "xquad", "tydiqa"}
    assert rows[mean, "one further task"]["low"] < 0.5 + 3 / 9 < rows[mean, "one further task"]["high"]
    assert rows[mean, "further task squad"]["low"] > rows[mean, "further task qqp"]["high"]
    assert "Best further task: squad" in parts["next-task"].answer
    half = frame[frame["target"] != "udpos"]
    told = {part.id: part for part in by_number(half, one)}["next-task"]
    assert mean not in {row["series"] for row in told.rows} and "Xquad: one further task" in told.answer


def test_a_contrast_goes_with_what_pretraining_saw() -> None:
    found = study("domain")
    one = grid(found, "miniature")
    assert found.registered is not None
    family = tuple(c for c in found.registered.family() if c.id == "any")
    seen = {"en": -1.0, "qde": -2.0, "qes": -3.0, "qru": -4.0, "qtr": -5.0, "qfk": -6.0}
    random = np.random.default_rng(0)
    gain = {"all": 0.0, **{language: 2 * share for language, share in seen.items()}}
    frame = table(one, lambda name, _, lang: 50 + (name != "none") * gain[lang] + random.normal(0, 0.2), 3)
    _, properties = by_language(frame, family, Rule(), one, seen)
    slopes = {row["property"]: row for row in properties.rows}
    assert abs(slopes[SEEN]["estimate"] - 2) < 0.3 and slopes[SEEN]["with_it"] is None
    assert f"any by seen in pretraining ({slopes[SEEN]['estimate']:+.1f} per doubling)" in properties.answer
    _, even = by_language(frame, family, Rule(), one, dict.fromkeys(seen, -2.6))
    assert "no spread at this scale" in even.answer and SEEN not in {row["property"] for row in even.rows}
    _, public = by_language(frame, family, Rule(), one, "it is not known")
    assert public.answer.endswith("Seen in pretraining: it is not known.")


def test_a_contrast_in_one_language_is_no_comparison() -> None:
    bounds = {"estimate": 1.0, "low": 0.5, "high": 1.5, "seeds": 3}
    named = (("a", "en"), ("b", "en"), ("b", "qde"))
    rows = [{"contrast": contrast, "language": language} | bounds for contrast, language in named]
    assert [figure["name"] for figure in forests(rows, 0.95)] == ["languages-b"]
    found = study("domain")
    one = grid(found, "miniature")
    assert found.registered is not None
    family = found.registered.family()[:1]
    random = np.random.default_rng(0)
    frame = table(one, lambda *_: 50 + random.normal(0, 0.2), 3)
    english = frame[frame["language"].isin(("all", "en"))]
    languages, _ = by_language(english, family, Rule(), one, "it is not known")
    assert languages.answer == "Cannot be answered: no contrast has scores in two languages."
    assert len(languages.rows) == 1 and not languages.figures
    several, _ = by_language(frame, family, Rule(), one, "it is not known")
    assert several.answer == several.sentences[0] and len(several.figures) == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"shares": {"en": 0.5, "qde": 0.25, "qru": 0.25}}, {"en": -1.0, "qde": -2.0, "qru": -2.0}),
        ({"shares": {"en": 0.25, "en:steps": 0.25, "qde:steps": 0.5}}, {"en": -1.0, "qde": -1.0}),
        ({"hub": "x/y", "revision": "z"}, "what a public encoder saw of each language is not in its record"),
        ({}, "the record does not tell it"),
    ],
)
def test_what_was_seen_is_read_from_the_pretraining_of_the_models(
    tmp_path: Path, facts: Any, said: Any
) -> None:
    chain: list[tuple[str, str, dict[str, str]]] = [
        ("0" * 20, "evaluate", {"encoder": "1" * 20}),
        ("1" * 20, "target", {"encoder": "2" * 20}),
        ("2" * 20, "pretrain", {}),
        ("3" * 20, "evaluate", {"completions": "4" * 20}),
        ("4" * 20, "generate", {"encoder": "1" * 20}),
    ]
    for key, kind, parents in chain:
        (tmp_path / key).mkdir()
        record = {"schema": "verify-claims/run/1", "key": key, "kind": kind, "files": {}, "facts": facts}
        record["parents"] = parents
        (tmp_path / key / "record.json").write_text(json.dumps(record))
    for evaluation in ("0" * 20, "3" * 20):  # of an encoder, and of programs that a model wrote
        frame = pandas.DataFrame([{"locator": evaluation, "variant": "plain"}])
        assert seen_in_pretraining(Ledger(tmp_path), frame) == said
    gone = pandas.DataFrame([{"locator": "9" * 20, "variant": "plain"}])
    assert seen_in_pretraining(Ledger(tmp_path), gone) == "the record of the pretraining is not there"
