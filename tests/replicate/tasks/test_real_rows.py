"""All loaders over the real sample rows: counts, labels, alignment between languages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from replicate.data import FolderPlace
from replicate.examples import Mining, Pair, Ranking, Span
from replicate.tasks import TASKS

COUNTS = {
    ("anli_plus", "train"): 21652, ("mnli", "train"): 9999, ("qqp", "train"): 8999, ("squad_v2", "train"): 7995,
    ("squad", "train"): 10000, ("hellaswag", "train"): 1500, ("ccg_substitute", "train"): 5238,
    ("cosmos_qa", "train"): 2485, ("commonsense_qa", "train"): 821, ("siqa", "train"): 2224, ("copa", "train"): 400,
    ("scitail", "train"): 1644, ("boolq", "train"): 2770, ("pubmed_qa", "train"): 700, ("xnli", "dev"): 7500,
    ("paws_x", "train"): 1500, ("paws_x", "dev"): 3500, ("udpos_r", "test"): 16259, ("panx_r", "dev"): 21100,
    ("xquad_ro", "test"): 6000, ("mlqa", "dev"): 3500, ("tydiqa", "train"): 3196, ("tydiqa", "test"): 1500,
    ("tatoeba_r", "test"): 19636, ("xcopa", "dev"): 1100, ("xcopa", "test"): 5500, ("bucc2018", "dev"): 1,
    ("bucc_substitute", "dev"): 3, ("lareqa", "test"): 11,
}  # fmt: skip


@pytest.fixture(scope="module")
def place(shared: Path) -> FolderPlace:
    return FolderPlace(shared / "data/tasks")


@pytest.mark.parametrize(("name", "split"), COUNTS)
def test_every_row_loads(place: FolderPlace, name: str, split: str) -> None:
    task = TASKS[name]
    languages = task.available(split, place) if split != "train" else ("en",)  # type: ignore[arg-type]
    loaded = {language: task.loaded(split, language, place) for language in languages}  # type: ignore[arg-type]
    assert sum(len(found.examples) for found in loaded.values()) == COUNTS[name, split]
    for found in loaded.values():
        if task.kind != "mining" and task.kind != "ranking":
            assert found.rows == len(found.examples)
        for row in found.examples:
            if isinstance(row, Span):
                assert all(row.context.startswith(text, start) for text, start in row.answers)
            if isinstance(row, Mining):
                assert row.gold and len(row.source) > len(row.gold)
            if isinstance(row, Ranking):
                assert len(row.relevant) == len(row.queries) == 500
                assert {len(set(found)) for found in row.relevant.values()} == {11}


def test_parallel_dev_rows_have_one_label(place: FolderPlace) -> None:
    labels = [
        [row.label for row in TASKS["xnli"].load("dev", language, place) if isinstance(row, Pair)]
        for language in TASKS["xnli"].languages
    ]
    assert all(row == labels[0] for row in labels)
    assert len(Counter(labels[0])) == 3


def test_files_of_the_protocol_are_all_read(place: FolderPlace, shared: Path) -> None:
    """287 files lie there; those that no task reads belong to other tasks or are second copies."""
    listed = json.loads((shared / "data/tasks/MANIFEST.json").read_text())["files"]
    read = set()
    for task in TASKS.values():
        for split in task.splits:
            for language in task.available(split, place):  # type: ignore[arg-type]
                read |= {str(place.path(part)) for part in task.parts(split, language, place)}  # type: ignore[arg-type]
            if split == "train" and place.has(task.splits["train"][0].at("en")):
                read |= {str(place.path(part)) for part in task.parts("train", "en", place)}
    unread = Counter(
        row["task"]
        for row in listed
        if str(place.root / row["path"]) not in read and row["split"] != "train_full"
    )
    assert unread == {"xnli": 1}
