"""Designs, phases, retained scores and noise run through the engine, and the registered question is answered."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pandas
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from analysis.errors import InputError
from replicate.answers import answers
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Launch, Request, launch
from replicate.ledger import Ledger
from replicate.studies import study as studies
from verify_claims.main import main

STUDY = """
schema: verify-claims/study/1
name: designed
title: A designed study for tests
question: Does the order matter?
registered:
  hypothesis: It does not.
  stopping: both seeds are run
  contrasts:
    - id: last
      text: XQuAD is better where SQuAD is last
      margin: 1.0
      where: {target: xquad}
      terms:
        - {weight: 1, where: {intermediate: orders-last-squad}}
        - {weight: -1, where: {intermediate: orders-first-squad}}
    - id: noise
      text: noise hurts
      margin: 1.0
      alternative: less
      where: {target: [xquad, tatoeba], intermediate: none}
      terms:
        - {weight: 1, where: {variant: noise-5}}
        - {weight: -1}
    - id: forgetting
      text: SQuAD is forgotten
      margin: 1.0
      where: {target: squad, variant: retained, split: dev}
      terms:
        - {weight: 1, where: {intermediate: "squad>hellaswag"}}
        - {weight: -1, where: {intermediate: squad}}
scales:
  miniature:
    recipe: RECIPE
    seeds: 2
    intermediates: [none]
    orders: {tasks: [squad, hellaswag]}
    noise: {severities: [5]}
    retained: true
    targets: [xquad, tatoeba]
    controls: [constant]
"""


def write(folder: Path, text: str = STUDY) -> Path:
    tiny.write(folder)
    recipe = folder / "tiny-recipe.yaml"
    recipe.write_text(
        recipe.read_text().replace("rows: 20, retrieval", "rows: 6, retrieval").replace(", sweep: true", "")
    )
    path = folder / "designed.yaml"
    path.write_text(text.replace("RECIPE", str(folder / "tiny-recipe.yaml")))
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Launch, Path]:
    folder = tmp_path_factory.mktemp("designed")
    one = launch(Request(str(write(folder)), runs=folder / "runs"))

    def quiet(event: Any) -> None:
        pass

    summary = run(one.graph, one.ledger, Inline(one.setting, quiet), quiet)
    assert not summary.failed, summary.failed
    return one, folder


def test_phases_are_shared_and_named(finished: tuple[Launch, Path]) -> None:
    one, _ = finished
    named = [stage.name for stage in one.graph.stages.values() if stage.kind == "intermediate"]
    assert sorted(name for name in named if name.endswith("seed 0")) == [
        "intermediate hellaswag, seed 0",
        "intermediate hellaswag>squad, seed 0",
        "intermediate squad, seed 0",
        "intermediate squad>hellaswag, seed 0",
    ]
    later = next(s for s in one.graph.stages.values() if s.name == "intermediate squad>hellaswag, seed 1")
    assert one.graph.stages[later.parents["encoder"]].name == "intermediate squad, seed 1"


def test_subsets_share_what_is_alike_with_orders(tmp_path: Path) -> None:
    subsets = "    subsets: {tasks: [mnli, squad], sizes: [1, 2], count: 2}"
    more = STUDY.replace("    retained: true", f"    retained: true\n{subsets}")
    one = launch(Request(str(write(tmp_path, more)), runs=tmp_path / "runs", seeds=1, planning=True))
    named = [stage.name for stage in one.graph.stages.values() if stage.kind == "intermediate"]
    assert sorted(named) == [
        "intermediate hellaswag, seed 0",
        "intermediate hellaswag>squad, seed 0",
        "intermediate mnli+squad, seed 0",
        "intermediate mnli, seed 0",
        "intermediate squad, seed 0",  # first phase of an order, and a subset of one
        "intermediate squad>hellaswag, seed 0",
    ]
    some = launch(
        Request(str(write(tmp_path, more)), runs=tmp_path / "runs", only=("subsets-2",), planning=True)
    )
    assert {s.name for s in some.graph.stages.values() if s.kind == "intermediate"} == {
        f"intermediate mnli+squad, seed {seed}" for seed in (0, 1)
    }


def test_every_asked_cell_has_a_score(finished: tuple[Launch, Path]) -> None:
    one, _ = finished
    table = one.ledger.results(*one.graph.stages)
    noisy = table[
        (table["variant"] == "noise-5") & (table["language"] == "all") & (table["metric"] == "score")
    ]
    assert set(noisy["intermediate"]) == {"none", "squad>hellaswag", "hellaswag>squad"}
    assert set(noisy["target"]) == {"xquad", "tatoeba"} and set(noisy["seed"]) == {0, 1}
    kept = table[(table["variant"] == "retained") & (table["language"] == "all")]
    assert {(i, t) for i, t in zip(kept["intermediate"], kept["target"], strict=True)} >= {
        ("squad", "squad"),
        ("squad>hellaswag", "squad"),
        ("squad>hellaswag", "hellaswag"),
        ("hellaswag>squad", "hellaswag"),
    }
    assert set(kept["split"]) == {"dev"}
    clean = table[
        (table["variant"] == "plain") & (table["target"] == "tatoeba") & (table["intermediate"] == "none")
    ]
    bad = table[
        (table["variant"] == "noise-5") & (table["target"] == "tatoeba") & (table["intermediate"] == "none")
    ]
    assert list(clean["value"]) != list(bad["value"])


def test_noise_is_scored_alike_whatever_was_encoded_before(finished: tuple[Launch, Path]) -> None:
    """Clean and noised rows of one split once shared an encoding: whichever came first served both."""
    one, folder = finished

    def scores(stage: Any) -> list[float]:
        return list(pandas.read_parquet(one.ledger.folder(stage.key) / "scores.parquet")["value"])

    stages = [s for s in one.graph.stages.values() if s.kind == "evaluate" and s.settings["task"] == "xquad"]
    noisy = [s for s in stages if s.settings["variant"] == "noise-5"][:2]
    before = [scores(stage) for stage in noisy]
    shutil.rmtree(folder / "runs/.encoded")
    for stage in noisy:
        one.ledger.set_aside(stage.key)
    summary = run(one.graph, one.ledger, Inline(one.setting, lambda event: None), lambda event: None)
    assert not summary.failed and [scores(stage) for stage in noisy] == before
    kept = {path.name for path in (folder / "runs/.encoded").glob("*.json")}
    assert len(kept) == len(noisy[0].settings["languages"])


def test_the_study_answers_itself(finished: tuple[Launch, Path]) -> None:
    _, folder = finished
    found = answers(str(folder / "designed.yaml"), "miniature", folder / "runs")
    told = {answer["id"]: answer["answer"] for answer in found["answers"]}
    assert [row["contrast"] for row in found["contrasts"]] == ["last", "noise", "forgetting"]
    assert all("not run" not in row["reason"] for row in found["contrasts"])
    assert told["registered"].count("before any evaluation.") == 4 and "It does not." in told["registered"]
    assert "2 seeds: planned " in told["registered"] and "Exploratory" not in told["contrasts"]
    assert {row["language"] for row in found["languages"]} <= {"en", "qde", "qes", "qru", "qtr", "qfk"}
    assert "paper" not in told and found["scale"] == "miniature"


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out + told.err


def test_a_pinned_study_is_claimed_checked_and_compared(
    finished: tuple[Launch, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder = finished
    kept = tmp_path / "pinned"
    again = [
        "replicate",
        str(folder / "designed.yaml"),
        "--runs",
        str(folder / "runs"),
        "--executor",
        "inline",
        "-q",
    ]
    code, told = command(capsys, *again, "--pin", str(kept))
    assert code == 0, told
    assert {path.name for path in kept.iterdir()} == {"claims.yaml", "miniature.csv", "miniature.json"}
    assert command(capsys, "check", str(kept), "--no-cache")[0] == 0
    code, told = command(capsys, *again, "--check", "--committed", str(kept))
    assert code == 0 and "the committed scores are regenerated" in told
    scores = pandas.read_csv(kept / "miniature.csv", keep_default_na=False)
    scores.loc[(scores["variant"] == "noise-5") & (scores["target"] == "tatoeba"), "value"] += 30.0
    scores.to_csv(kept / "miniature.csv", index=False)
    assert command(capsys, "check", str(kept), "--no-cache")[0] == 1
    assert command(capsys, *again, "--check", "--committed", str(kept))[0] == 1
    code, told = command(capsys, *again, "--seeds", "1", "--pin", str(tmp_path / "part"))
    assert code == 2 and "--pin commits the whole grid" in told and not (tmp_path / "part").exists()
    code, told = command(capsys, *again, "--check", "--committed", str(tmp_path / "part"))
    assert code == 2 and "there are no committed scores of designed" in told


def test_without_runs_the_command_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="verify-claims replicate robustness --scale miniature"):
        answers("robustness", "miniature", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_two_versions_of_a_study_in_one_folder_are_refused(
    finished: tuple[Launch, Path], tmp_path: Path
) -> None:
    """The same cell from an edited study, trained otherwise: their mean would be of neither."""
    one, folder = finished
    runs = tmp_path / "runs"
    shutil.copytree(folder / "runs", runs, ignore=shutil.ignore_patterns("*.safetensors", ".*"))
    stage = next(s for s in one.graph.stages.values() if s.kind == "evaluate")
    record, other = one.ledger.record(stage.key), "f" * 20
    assert record is not None
    table = pandas.read_parquet(runs / stage.key / "scores.parquet")
    (tmp_path / "new").mkdir()
    for locator, value, refused in ((other, table["value"], False), ("e" * 20, table["value"] + 1, True)):
        table.assign(locator=locator, value=value).to_parquet(tmp_path / "new/scores.parquet")
        told = {
            name: record[name]
            for name in record
            if name not in ("schema", "key", "files", "digest", "stamps")
        }
        Ledger(runs).publish(locator, told, {"scores.parquet": tmp_path / "new/scores.parquet"})
        if refused:
            with pytest.raises(InputError, match="scores have more than one value, among them"):
                answers(str(folder / "designed.yaml"), "miniature", runs)
        else:
            answers(str(folder / "designed.yaml"), "miniature", runs)


def test_wrong_names_of_a_study_have_their_places(tmp_path: Path) -> None:
    wrong = STUDY.replace("orders-last-squad", "orders-last-squat").replace("target: squad", "target: sqad")
    with pytest.raises(InputError) as caught:
        studies.study(str(write(tmp_path, wrong)))
    text = str(caught.value)
    assert "designed.yaml:15:45: intermediate 'orders-last-squat'" in text and "'orders-last-squad'?" in text
    assert "target 'sqad'" in text and len(caught.value.problems) == 2


@pytest.mark.parametrize("name", studies.names())
def test_bundled_studies_hold_what_they_register(name: str) -> None:
    found = studies.study(name)
    assert found.name == name
    for one in found.scales.values():
        if found.registered is not None:
            family = found.registered.family(one.groups, len(one.multi))
            assert len(family) == len(found.registered.contrasts)
            columns = {"none", *one.columns, *one.prefixes}
            assert set(one.groups) <= {name for name in one.groups if one.groups[name]}
            assert all(part in columns for several in one.groups.values() for part in several)
