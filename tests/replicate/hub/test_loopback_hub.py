"""The real `load_dataset` calls of every task, against a hub on the loopback interface."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replicate.data.pins import bundled
from replicate.tasks import TASKS

from .made_up import repositories
from .server import Fault, LoopbackHub

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
Answers = dict[str, Any]


def ask(hub: LoopbackHub | None, home: Path, loads: list[tuple[str, str, str]], **more: str) -> Answers:
    kept = {name: word for name, word in os.environ.items() if not name.startswith("HF_")}
    environment = kept | {
        "HF_HOME": str(home),
        "HF_ENDPOINT": hub.url if hub else "http://127.0.0.1:9",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_ETAG_TIMEOUT": "5",
        "HF_HUB_DOWNLOAD_TIMEOUT": "5",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        **more,
    }
    home.mkdir(exist_ok=True)
    request = {"pins": more.get("PINS", str(home / "pins.json")), "loads": loads, "model": more.get("MODEL")}
    done = subprocess.run(
        [sys.executable, str(HERE / "child.py")],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        env=environment,
        cwd=home,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: Answers = json.loads(done.stdout)
    return answers


def every_hub_load() -> list[tuple[str, str, str]]:
    """One language per distinct part: two for multilingual tasks, one being the last of the list."""
    loads = []
    for task in TASKS.values():
        for split, parts in task.splits.items():
            if not all(part.hub for part in parts):
                continue
            by_language = any(part.by_language for part in parts)
            spoken = (task.languages[0], task.languages[-1]) if by_language and split != "train" else ("en",)
            loads += [(task.name, split, language) for language in dict.fromkeys(spoken)]
    return loads


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hf")


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(repositories()) as server:
        yield server


@pytest.fixture(scope="module")
def loaded(hub: LoopbackHub, home: Path) -> Answers:
    return ask(hub, home, every_hub_load())


def test_every_task_that_is_on_the_hub_loads(loaded: Answers) -> None:
    failed = {key: answer["error"] for key, answer in loaded.items() if "error" in answer}
    assert set(failed) == {"lareqa/test/ar", "lareqa/test/zh"}, failed
    # The hub copy of XQuAD-R has no sentence_breaks; the error says where the whole files are.
    assert all("google-research-datasets/lareqa" in error for error in failed.values())
    assert {task.name for task in TASKS.values()} - {key.split("/")[0] for key in loaded} == {
        "ccg", "ccg_substitute", "bucc_substitute", "mewsli_x",
    }  # fmt: skip


def examples(loaded: Answers, key: str) -> list[str]:
    found: list[str] = loaded[key]["examples"]
    return found


def test_quirks_of_the_repositories_are_read_rightly(loaded: Answers) -> None:
    # -1: two SNLI rows without gold label are counted and left out; ANLI's three rounds are joined.
    assert (loaded["anli_plus/train/en"]["rows"], len(examples(loaded, "anli_plus/train/en"))) == (17, 15)
    # String labels.
    assert ["label=1" in row for row in examples(loaded, "hellaswag/train/en")] == [True, False, False]
    assert [row[-25:] for row in examples(loaded, "siqa/train/en")] == [
        f", label={i}, language='en')"[-25:] for i in (0, 2, 1)
    ]
    assert "label=1" in examples(loaded, "scitail/train/en")[1]
    # One sentence, no second text; five endings; numbers mean the labels of the repository's own order.
    assert "text_b=None, label=2" in examples(loaded, "financial_phrasebank/test/en")[2]
    assert "label=4" in examples(loaded, "case_hold/test/en")[0]
    assert TASKS["contract_nli"].labels[0] == "contradiction"
    assert "label=0" in examples(loaded, "contract_nli/train/en")[0]
    # All languages in one configuration: the id prefix picks.
    assert all("'telugu-77-" in row for row in examples(loaded, "tydiqa/test/te"))
    assert len(examples(loaded, "tydiqa/train/en")) == 2
    # Trailing newlines.
    assert all("\\n" not in row for row in examples(loaded, "tatoeba/test/zh"))
    # An empty list of answers.
    assert "impossible=True" in examples(loaded, "squad_v2/train/en")[1]
    # Gold pairs count from 1.
    assert "gold=(('zh-000000002', 'en-000000001'),)" in examples(loaded, "bucc2018/test/zh")[0]
    assert "What was the effect?" in examples(loaded, "xcopa/test/et")[1]


def test_commits_are_resolved_once_and_written_down(loaded: Answers, hub: LoopbackHub, home: Path) -> None:
    pins = json.loads((home / "pins.json").read_text())
    assert pins["datasets/google/xtreme@main"] == hub.repositories["dataset", "google/xtreme"].commit("main")
    assert "datasets/nyu-mll/glue@main" not in pins  # its commit ships with the package
    converted = hub.repositories["dataset", "allenai/cosmos_qa"].commit("refs/convert/parquet")
    assert pins["datasets/allenai/cosmos_qa@refs/convert/parquet"] == converted
    asked = [
        request for request in hub.requests if request.endswith("/api/datasets/google/xtreme/revision/main")
    ]
    assert len(asked) == 1
    assert loaded["mnli/dev/en"]["origins"] == [
        f"nyu-mll/glue@{bundled()['datasets/nyu-mll/glue@main'][:12]}/mnli/validation_matched"
    ]


def test_offline_mode_reads_the_cache_and_nothing_else(loaded: Answers, home: Path) -> None:
    loads = [
        ("mnli", "dev", "en"),
        ("scitail", "dev", "en"),
        ("bucc2018", "test", "zh"),
        ("tydiqa", "test", "te"),
    ]
    answers = ask(None, home, [*loads, ("mnli", "train", "de")], HF_HUB_OFFLINE="1")
    for name, split, language in loads:
        key = f"{name}/{split}/{language}"
        assert answers[key]["digest"] == loaded[key]["digest"], answers[key]
    assert "not in the cache" in answers["mnli/train/de"]["error"]


def test_another_commit_in_the_cache_is_refused(loaded: Answers, home: Path) -> None:
    pins = json.loads((home / "pins.json").read_text())
    moved = home / "moved.json"
    moved.write_text(json.dumps(pins | {"datasets/nyu-mll/glue@main": "0" * 40}))
    answers = ask(None, home, [("mnli", "dev", "en")], HF_HUB_OFFLINE="1", PINS=str(moved))
    assert "another version of nyu-mll/glue than commit 000000000000" in answers["mnli/dev/en"]["error"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault("train-00000"), "was cut off; run the same command again"),
        (Fault("train-00000", 404), "the hub has no google/xtreme"),
        (Fault("api/", 429), "too many requests"),
        (Fault("api/", 401), "accept its terms on its page and set HF_TOKEN"),
        (Fault("api/", 503), r"the hub failed for google/xtreme@main \(503\)"),
    ],
    ids=["cut", "404", "429", "401", "503"],
)
def test_failures_are_one_sentence(tmp_path: Path, fault: Fault, message: str) -> None:
    with LoopbackHub(repositories(), [fault]) as broken:
        answers = ask(broken, tmp_path, [("udpos", "train", "en")])
        error = answers["udpos/train/en"]["error"]
        assert re.search(message, error), error
        assert "\n" not in error
        broken.faults.clear()
        # The same command again: whole, and nothing of the first try is trusted.
        if fault.status is None:
            assert len(ask(broken, tmp_path, [("udpos", "train", "en")])["udpos/train/en"]["examples"]) == 3


def test_a_download_that_is_cut_once_goes_on(tmp_path: Path) -> None:
    with LoopbackHub(repositories(), [Fault("train-00000", times=1)]) as broken:
        answers = ask(broken, tmp_path, [("udpos", "train", "en")])
        assert len(answers["udpos/train/en"]["examples"]) == 3
        assert broken.faults[0].seen == 1


def test_no_network_and_absent_configuration(tmp_path: Path, hub: LoopbackHub) -> None:
    loads = [("udpos_r", "test", "lt"), ("pubmed_qa", "dev", "en")]
    answers = ask(hub, tmp_path, loads)
    assert "UD v2.7" in answers["udpos_r/test/lt"]["error"]
    assert "is not on the hub; the hub has no dev split" in answers["pubmed_qa/dev/en"]["error"]
    answers = ask(None, tmp_path / "other", [("udpos", "train", "en")])
    assert "the hub cannot be reached" in answers["udpos/train/en"]["error"]


def test_encoder_and_tokenizer_come_from_the_hub(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from .tiny_encoder import tiny_encoder

    repository = tiny_encoder(tmp_path / "made")
    with LoopbackHub({("model", repository.name): repository}) as server:
        answer = ask(server, tmp_path, [], MODEL=repository.name)["model"]
    assert answer["commit"] == repository.commit("main")
    assert answer["layers"] == 2 and answer["missing"] == []
    assert answer["pieces"][:3] == ["<s>", "\u2581the", "\u2581mill"] and answer["pieces"][-1] == "</s>"
    assert answer["finite"]
