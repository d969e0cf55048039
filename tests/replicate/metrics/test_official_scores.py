"""Our scores against those of the official scorers, to 1e-9, on the official mock data and seeded embeddings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from replicate.examples import Mining, Pair, ParallelPair, Ranking, Sentence, Span, Tagged
from replicate.metrics import (
    XTREME,
    benchmark_average,
    kept,
    mine,
    nearest_source,
    score,
    task_average,
    tuned_threshold,
)
from replicate.tasks import TASKS

OFFICIAL = {  # our name -> folder of the scorer
    "xnli": "xnli", "paws_x": "pawsx", "udpos": "udpos", "panx": "panx", "xquad": "xquad",
    "mlqa": "mlqa", "tydiqa": "tydiqa", "bucc2018": "bucc2018", "tatoeba": "tatoeba",
}  # fmt: skip
METRIC = {"accuracy": "acc", "exact_match": "em", "f1": "f1", "precision": "precision", "recall": "recall"}


def expected(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "data/xtreme_mock/EXPECTED.json").read_text())[
        "seqeval_0_0_12"
    ]
    return found


def sentences(path: Path) -> list[list[str]]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [
        rows for block in blocks if (rows := [line.strip() for line in block.splitlines() if line.strip()])
    ]


def read(shared: Path, task: str, language: str) -> tuple[Any, list[Any]]:
    """(predictions, examples) of the mock data in our form."""
    folder, kind = OFFICIAL[task], TASKS[task].kind
    gold, guess = (
        shared / f"data/xtreme_mock/{side}/{folder}/test-{language}" for side in ("labels", "predictions")
    )
    if kind == "span":
        data = json.loads(gold.with_suffix(".json").read_text())
        rows = [
            Span(
                q["id"],
                q["question"],
                p["context"],
                tuple((a["text"], a["answer_start"]) for a in q["answers"]),
            )
            for article in data.get("data", data)
            for p in article["paragraphs"]
            for q in p["qas"]
        ]
        return json.loads(guess.with_suffix(".json").read_text()), rows
    gold, guess = gold.with_suffix(".tsv"), guess.with_suffix(".tsv")
    if kind == "tag":
        index = {label: i for i, label in enumerate(TASKS[task].labels)}
        tagged = [tuple(index[tag] for tag in row) for row in sentences(gold)]
        guessed = [[index[tag] for tag in row] for row in sentences(guess)]
        return guessed, [Tagged(("w",) * len(row), row) for row in tagged]
    lines, guesses = gold.read_text().splitlines(), guess.read_text().splitlines()
    if kind == "mining":
        pairs = [tuple(line.split("\t")) for line in lines]
        return [tuple(line.split("\t")) for line in guesses], [Mining((), (), tuple(pairs))]
    if kind == "retrieval":
        # The official file lists, per English sentence, the row of its translation; ours is the row number itself.
        at = {line: i for i, line in enumerate(lines)}
        rows = [ParallelPair(Sentence("", ""), Sentence("", "")) for _ in lines]
        return [at.get(line, -1) for line in guesses], rows
    index = {label: i for i, label in enumerate(dict.fromkeys([*TASKS[task].labels, *lines, *guesses]))}
    return [index[line] for line in guesses], [Pair("", None, index[line]) for line in lines]


@pytest.mark.parametrize("task", OFFICIAL)
def test_every_language_and_metric_agrees(shared: Path, task: str) -> None:
    official = expected(shared)["xtreme"]["detailed"][OFFICIAL[task]]
    names = [name for name in METRIC if name in official]
    assert names
    scores: dict[str, dict[str, float]] = {}
    for language in official[names[0]]:
        predictions, examples = read(shared, task, language)
        scores[language] = score(TASKS[task], language, predictions, examples)
        for name in names:
            assert scores[language][METRIC[name]] == pytest.approx(official[name][language], abs=1e-9)
    assert set(scores) == set(TASKS[task].languages)
    average = task_average(scores, TASKS[task].languages)
    assert average[TASKS[task].primary] == pytest.approx(official["avg_metric"], abs=1e-9)


def test_groups_and_total_agree(shared: Path) -> None:
    official = expected(shared)["xtreme"]["overall"]
    totals = {}
    for task in OFFICIAL:
        scores = {
            language: score(TASKS[task], language, *read(shared, task, language))
            for language in TASKS[task].languages
        }
        totals[task] = task_average(scores, TASKS[task].languages)[TASKS[task].primary]
    ours = benchmark_average(totals)
    assert ours.pop("average") == pytest.approx(official.pop("all_task"), abs=1e-9)
    assert ours == pytest.approx(official, abs=1e-9)
    without = {task: value for task, value in totals.items() if task != "tatoeba"}
    partial = benchmark_average(without)
    assert partial["average"] is None and partial["retrieval"] is None
    assert partial["qa"] == pytest.approx(official["qa"], abs=1e-9)
    assert set(XTREME) == set(official)


def test_map_at_20_agrees(shared: Path) -> None:
    official = expected(shared)["xtreme_r_partial"]["mewslix"]["map@20"]
    for language, value in official.items():
        relevant = json.loads((shared / f"data/xtreme_mock/labels/mewslix/test-{language}.json").read_text())
        ranked = json.loads(
            (shared / f"data/xtreme_mock/predictions/mewslix/test-{language}.json").read_text()
        )
        ours = score(TASKS["mewsli_x"], language, ranked, [Ranking((), (), relevant)])
        assert ours["map@20"] == pytest.approx(value, abs=1e-9)


@pytest.fixture(scope="module")
def pools(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "data/retrieval_eval/inputs.json").read_text())
    return found


@pytest.mark.parametrize("margin", ["ratio", "distance", "absolute"])
def test_mining_threshold_and_pairs_agree(shared: Path, pools: dict[str, Any], margin: Any) -> None:
    official = json.loads((shared / "data/retrieval_eval/EXPECTED.json").read_text())["bucc"][margin]
    source, target = (
        [
            Sentence(name, text)
            for name, text in zip(pools[f"{side}_ids"], pools[f"{side}_sentences"], strict=True)
        ]
        for side in ("source", "target")
    )
    x, y = (np.array(pools[side], dtype=np.float32) for side in ("x", "y"))
    gold = [tuple(pair) for pair in pools["gold"]]
    candidates = mine(source, target, x, y, margin)
    threshold = tuned_threshold(candidates, gold)
    pairs = kept(candidates, threshold)
    assert [list(pair) for pair in pairs] == official["predictions"]
    # Built in float32: another BLAS may move the last bit of a cosine.
    assert threshold == pytest.approx(official["result"]["best-threshold"], abs=2e-7)
    ours = score(TASKS["bucc2018"], "zh", pairs, [Mining((), (), tuple(gold))])
    assert ours["f1"] == pytest.approx(official["result"]["F1"], abs=1e-9)
    assert ours["precision"] == pytest.approx(official["result"]["precision"], abs=1e-9)
    # One mined pair has a text that stands under two ids: it is mined, and it is no prediction.
    assert official["n_candidates"] - len(candidates) == (1 if margin == "ratio" else 0)


def test_nearest_sentences_agree(shared: Path, pools: dict[str, Any]) -> None:
    official = json.loads((shared / "data/retrieval_eval/EXPECTED.json").read_text())["similarity_search"]
    x, y = (np.array(pools[side], dtype=np.float32) for side in ("x", "y"))
    rows = len(official["normalized"])
    assert nearest_source(x, y[:rows]).tolist() == official["normalized"]
    assert nearest_source(x, y[:rows], cosine=False).tolist() == official["raw_l2"]
    aligned = [np.array(pools[f"aligned_{side}"], dtype=np.float32) for side in ("x", "y")]
    found = nearest_source(*aligned)
    assert found.tolist() == official["aligned_predictions"]
    task = replace(TASKS["tatoeba"], languages=("af",))
    rows_ = [ParallelPair(Sentence("", ""), Sentence("", ""))] * len(found)
    assert score(task, "af", found, rows_)["acc"] == pytest.approx(official["aligned_accuracy"], abs=1e-9)
