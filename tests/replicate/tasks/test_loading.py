"""Loaders: every quirk of the real rows, and one clear error for each way in which a file can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import InputError
from replicate.data import FolderPlace, Part, Table
from replicate.examples import Pair, Tagged
from replicate.metrics.score import SCORERS
from replicate.tasks import NINE_INTERMEDIATE, NINE_TARGETS, TASKS, get, registry
from replicate.tasks.read import indices


def write(root: Path, where: str, rows: list[dict[str, Any]]) -> FolderPlace:
    path = root / f"{where}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return FolderPlace(root)


def nli(*labels: object) -> list[dict[str, Any]]:
    return [{"premise": "Pim sat.", "hypothesis": "Pim rested.", "label": label} for label in labels]


def test_two_tasks_of_one_name_are_an_error() -> None:
    with pytest.raises(InputError, match="two tasks are named 'mnli'"):
        registry((TASKS["mnli"], TASKS["qqp"], TASKS["mnli"]))


def test_unknown_task_offers_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'paws_x'"):
        get("paws-x")
    with pytest.raises(InputError, match="did you mean 'tydiqa'"):
        get("TyDiQA")


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_every_task_is_described(task: Any) -> None:
    head = task.header
    assert all((head.source, head.licence, head.hub, head.sizes, head.traps))
    assert task.metric in SCORERS  # else known only after the training
    assert task.kind == "tag" or task.labels or task.kind not in ("pair", "choice")
    for name in task.trains_on:
        assert "train" in TASKS[name].splits
    for parts in task.splits.values():
        assert all(part.hub or part.obtain for part in parts)
    if task.role == "target":
        assert task.group is not None


def test_the_protocol_has_nine_and_nine() -> None:
    assert len(NINE_INTERMEDIATE) == len(NINE_TARGETS) == 9
    assert all(TASKS[name].role == "intermediate" for name in NINE_INTERMEDIATE)
    assert [len(TASKS[name].languages) for name in NINE_TARGETS] == [15, 7, 33, 40, 11, 7, 9, 4, 36]
    assert [len(TASKS[name].languages) for name in ("udpos_r", "panx_r", "xquad_ro", "tatoeba_r", "xcopa")] == [
        38, 48, 12, 41, 11,
    ]  # fmt: skip


def test_rows_without_gold_label_are_left_out_and_counted(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", nli(0, -1, 2))
    found = TASKS["mnli"].loaded("train", "en", place)
    assert [row.label for row in found.examples] == [0, 2] and found.rows == 3  # type: ignore[union-attr]


def test_a_split_without_any_gold_label_is_an_error(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", nli(-1, -1))
    with pytest.raises(InputError, match=r"no row of mnli train \(en\) has a gold label"):
        TASKS["mnli"].load("train", "en", place)


def test_label_outside_the_set_names_row_and_file(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", nli(0, 3))
    with pytest.raises(
        InputError, match=r"train\.parquet: label 3 in column 'label', row 1, is outside the set"
    ):
        TASKS["mnli"].load("train", "en", place)


def test_missing_columns_are_told_at_once(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", [{"sentence1": "a", "hypothesis": "b"}])
    with pytest.raises(InputError) as caught:
        TASKS["mnli"].load("train", "en", place)
    assert "column 'premise', 'label' is missing" in str(caught.value)


def test_missing_column_says_where_a_whole_copy_is(tmp_path: Path) -> None:
    row = {"id": "q", "context": "c", "question": "?", "answers": {"text": ["c"], "answer_start": [0]}}
    for code in TASKS["lareqa"].languages:
        write(tmp_path, f"xquad_r/{code}/validation", [row])
    with pytest.raises(InputError, match="google-research-datasets/lareqa"):
        TASKS["lareqa"].load("test", "de", FolderPlace(tmp_path))


def test_empty_split(tmp_path: Path) -> None:
    path = tmp_path / "mnli/mnli/train.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"premise": pa.array([], pa.string()), "hypothesis": [], "label": []}), path)
    with pytest.raises(InputError, match="the split has no rows"):
        TASKS["mnli"].load("train", "en", FolderPlace(tmp_path))


def test_absent_language_and_split(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    with pytest.raises(InputError, match=r"task xnli \(test\) has no language 'xx'; it has: ar, bg"):
        TASKS["xnli"].load("test", "xx", place)
    with pytest.raises(InputError, match="has no dev split"):
        TASKS["tatoeba"].load("dev", "de", place)
    with pytest.raises(InputError, match="it is trained on siqa then copa"):
        TASKS["xcopa"].load("train", "en", place)
    with pytest.raises(InputError, match="zero-shot"):
        TASKS["paws_x"].load("train", "de", place)
    with pytest.raises(InputError, match=r"xquad \(dev\) has no language 'de'; it has: en"):
        TASKS["xquad"].load("dev", "de", place)
    with pytest.raises(InputError, match=r"tatoeba \(test\) has no language 'en'"):
        TASKS["tatoeba"].load("test", "en", place)


def test_absent_file_says_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, "xnli/de/validation", nli(0))
    with pytest.raises(InputError, match="that folder has validation"):
        TASKS["xnli"].load("test", "de", FolderPlace(tmp_path))
    with pytest.raises(InputError, match="xnli has: de"):
        TASKS["xnli"].load("dev", "fr", FolderPlace(tmp_path))
    assert TASKS["xnli"].available("dev", FolderPlace(tmp_path)) == ("de",)


def test_licensed_data_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"LDC2005T13.*ccg_substitute"):
        TASKS["ccg"].load("train", "en", FolderPlace(tmp_path))
    with pytest.raises(InputError, match=r"get-mewsli-x\.sh"):
        TASKS["mewsli_x"].load("test", "de", FolderPlace(tmp_path))


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", nli(0))
    path = tmp_path / "mnli/mnli/train.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(InputError, match="not a readable Parquet file"):
        TASKS["mnli"].load("train", "en", place)


def test_json_lines_are_read_and_bad_ones_located(tmp_path: Path) -> None:
    folder = tmp_path / "ccg/ccgbank"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text(
        '{"tokens": ["It", "rains"], "tags": ["NP", "S\\\\NP"]}\n\n', encoding="utf-8"
    )
    found = TASKS["ccg"].load("train", "en", FolderPlace(tmp_path))
    assert found == [Tagged(("It", "rains"), (0, 1))]
    (folder / "train.jsonl").write_text('{"tokens": []}\n{"tokens": \n', encoding="utf-8")
    with pytest.raises(InputError, match=r"train\.jsonl:2:12: not JSON"):
        TASKS["ccg"].load("train", "en", FolderPlace(tmp_path))


def test_label_names_of_the_schema_decide_over_positions() -> None:
    labels = TASKS["mnli"].labels
    swapped = Table({"label": [0, 1, 2]}, "x", {"label": ("contradiction", "entailment", "neutral")})
    assert indices(swapped, "label", [0, 1, 2], labels) == [2, 0, 1]
    plain = Table({"label": [0, 1, 2]}, "x")
    assert indices(plain, "label", [0, 1, 2], labels) == [0, 1, 2]
    assert indices(plain, "label", ["neutral", " 2 ", "0"], labels) == [1, 2, 0]


def test_digits_mean_themselves() -> None:
    table = Table({"label": []}, "x")
    assert indices(table, "label", ["1", "3", 2], ("1", "2", "3")) == [0, 2, 1]
    assert indices(table, "label", ["0", 1], ("0", "1")) == [0, 1]
    with pytest.raises(InputError, match="label 0 "):
        indices(table, "label", [0], ("1", "2", "3"))
    with pytest.raises(InputError, match="label True"):
        indices(table, "label", [True], ("0", "1"))


def test_translated_training_rows(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli.de/train", nli(1))
    assert TASKS["mnli"].load("train", "de", place) == [Pair("Pim sat.", "Pim rested.", 1, "de")]

    with pytest.raises(InputError, match=r"qqp/qqp\.de/train\.parquet; translate the English training rows"):
        TASKS["qqp"].load("train", "de", place)


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    rows = [*nli(0), {"premise": None, "hypothesis": "b", "label": 1}]
    place = write(tmp_path, "mnli/mnli/train", rows)
    with pytest.raises(InputError, match="row 1 has no text in 'premise' or 'hypothesis'"):
        TASKS["mnli"].load("train", "en", place)


def test_fingerprint_follows_content(tmp_path: Path) -> None:
    place = write(tmp_path, "mnli/mnli/train", nli(0, 1))
    first = TASKS["mnli"].fingerprint("train", "en", place)
    digest = TASKS["mnli"].loaded("train", "en", place).digest
    write(tmp_path, "mnli/mnli/train", nli(0, 2))
    assert TASKS["mnli"].fingerprint("train", "en", place) != first
    assert TASKS["mnli"].loaded("train", "en", place).digest != digest
    write(tmp_path, "mnli/mnli/train", nli(0, 1))
    assert TASKS["mnli"].loaded("train", "en", place).digest == digest


def test_full_training_split_is_preferred_on_request(tmp_path: Path) -> None:
    write(tmp_path, "mnli/mnli/train", nli(0))
    write(tmp_path, "mnli/mnli/train_full", nli(0, 1))
    assert len(TASKS["mnli"].load("train", "en", FolderPlace(tmp_path))) == 1
    assert len(TASKS["mnli"].load("train", "en", FolderPlace(tmp_path, full=True))) == 2


def test_parts_spell_their_language() -> None:
    part = TASKS["udpos"].splits["test"][0].at("eu")
    assert str(part) == "udpos/eu/test" and part.hub[0].config == "udpos.Basque"
    assert TASKS["tydiqa"].splits["test"][0].at("bn").hub[0].keep == ("id", "bengali-")
    assert TASKS["tatoeba"].splits["test"][0].at("sw").hub[0].config == "tatoeba.swh"
    assert isinstance(part, Part)
