"""Rows of every format become examples; a malformed row is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import InputError
from replicate.data import FolderPlace, Table
from replicate.examples import Choice, Mining, ParallelPair, Ranking, Span, Tagged
from replicate.tasks import TASKS
from replicate.tasks.read_span import located
from replicate.tasks.task import UNSEEN


def write(root: Path, where: str, rows: list[dict[str, Any]]) -> FolderPlace:
    path = root / f"{where}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return FolderPlace(root)


def test_spans_are_located_or_marked() -> None:
    assert located("the mill of Ost, the mill", "mill", 20) == 21
    assert located("the mill", "oast", 4) == -1
    assert located("mill", "mill", -4) == 0


SQUAD = {
    "id": "q",
    "context": "A mill.",
    "question": "  What?",
    "answers": {"text": ["mill"], "answer_start": [0]},
}


def span_table(*rows: dict[str, Any]) -> tuple[Table, ...]:
    return (Table.of_rows(rows, "x"),)


def test_span_rows() -> None:
    (row,) = TASKS["squad"].read(span_table(SQUAD), "en", ())
    assert row == Span("q", "What?", "A mill.", (("mill", 2),))
    nothing = {**SQUAD, "answers": {"text": [], "answer_start": []}}
    (row,) = TASKS["squad_v2"].read(span_table(nothing), "en", ())
    assert isinstance(row, Span) and row.impossible and row.answers == ()
    with pytest.raises(InputError, match="has no answer"):
        TASKS["squad"].read(span_table(nothing), "en", ())
    with pytest.raises(InputError, match="occurs twice"):
        TASKS["squad"].read(span_table(SQUAD, SQUAD), "en", ())
    uneven = {**SQUAD, "answers": {"text": ["mill"], "answer_start": []}}
    with pytest.raises(InputError, match="of equal length"):
        TASKS["squad"].read(span_table(uneven), "en", ())
    listed = {**SQUAD, "answers": [{"text": "mill", "answer_start": 2}]}
    (row,) = TASKS["squad"].read(span_table(listed), "en", ())
    assert isinstance(row, Span) and row.answers == (("mill", 2),)


def test_words_and_tags_of_unequal_number() -> None:
    table = Table.of_rows([{"tokens": ["a", "b"], "pos_tags": [0]}], "x")
    with pytest.raises(InputError, match="row 0: 2 words but 1 tags"):
        TASKS["udpos"].read((table,), "de", TASKS["udpos"].labels)
    table = Table.of_rows([{"tokens": ["a"], "pos_tags": [17]}], "x")
    with pytest.raises(InputError, match="label 17 in column 'pos_tags', row 0"):
        TASKS["udpos"].read((table,), "de", TASKS["udpos"].labels)


def test_open_label_set_comes_from_training_and_keeps_unseen_tags_inside(tmp_path: Path) -> None:
    write(tmp_path, "ccg/ccgbank/train", [{"tokens": ["a", "b", "c"], "tags": ["N", "N/N", "N"]}])
    place = write(tmp_path, "ccg/ccgbank/validation", [{"tokens": ["a", "b"], "tags": ["PP", "N"]}])
    assert TASKS["ccg"].labels_at(place) == ("N", "N/N", UNSEEN)
    assert TASKS["ccg"].load("dev", "en", place) == [Tagged(("a", "b"), (2, 0))]


def test_choices() -> None:
    row = {"ctx": "She opens it.", "endings": ["a", "b", "c", "d"], "label": "3"}
    (found,) = TASKS["hellaswag"].read(span_table(row), "en", TASKS["hellaswag"].labels)
    assert found == Choice("She opens it.", "", ("a", "b", "c", "d"), 3)
    unlabelled = TASKS["hellaswag"].read(span_table({**row, "label": ""}), "en", TASKS["hellaswag"].labels)
    assert unlabelled == []
    with pytest.raises(InputError, match="3 endings"):
        TASKS["hellaswag"].read(span_table({**row, "endings": ["a"] * 3}), "en", TASKS["hellaswag"].labels)
    row = {"premise": "It broke.", "choice1": "a", "choice2": "b", "question": "why", "label": 1}
    with pytest.raises(InputError, match=r"'why' in column 'question'.*cause, effect"):
        TASKS["xcopa"].read(span_table(row), "sw", TASKS["xcopa"].labels)


def test_mining_pools_from_three_tables_and_from_one_row() -> None:
    source = Table.of_rows([{"id": "de-1", "text": "eins\r"}, {"id": "de-2", "text": "zwei"}], "s")
    target = Table.of_rows([{"id": "en-1", "text": "two"}], "t")
    gold = Table.of_rows([{"source_id": "de-2", "target_id": "en-1"}], "g")
    (found,) = TASKS["bucc2018"].read((source, target, gold), "de", ())
    assert isinstance(found, Mining) and found.source[0].text == "eins" and found.gold == (("de-2", "en-1"),)
    row = {"sentence1": ["eins\n", "zwei\n"], "sentence2": ["two\n"], "gold": [[2, 1]]}
    (found,) = TASKS["bucc2018"].read(span_table(row), "de", ())
    assert isinstance(found, Mining) and found.gold == (("de-000000002", "en-000000001"),)
    with pytest.raises(InputError, match=r"gold index 3 is outside 1\.\.2"):
        TASKS["bucc2018"].read(span_table({**row, "gold": [[3, 1]]}), "de", ())
    wrong = Table.of_rows([{"source_id": "de-9", "target_id": "en-1"}], "g")
    with pytest.raises(InputError, match="in no pool"):
        TASKS["bucc2018"].read((source, target, wrong), "de", ())


def test_trailing_newlines_of_tatoeba_are_cut() -> None:
    row = {"source_sentence": "eins\n", "target_sentence": " one\n"}
    (found,) = TASKS["tatoeba"].read(span_table(row), "de", ())
    assert isinstance(found, ParallelPair)
    assert (found.source.text, found.target.text, found.source.language) == ("eins", "one", "de")


def test_answer_sentences_of_all_languages() -> None:
    row = {"id": "q1", "context": "Ost is old. Ada built it.", "question": "Who?"}
    row |= {"answers": {"text": ["Ada"], "answer_start": [12]}, "sentence_breaks": [[0, 11], [12, 25]]}
    de, en = (replace(Table.of_rows([row], "x"), language=code) for code in ("de", "en"))
    (found,) = TASKS["lareqa"].read((de, en), "de", ())
    assert isinstance(found, Ranking)
    assert found.relevant == {"q1": ("de/0/1", "en/0/1")}
    assert [c.text for c in found.candidates] == ["Ost is old.", "Ada built it."] * 2
    assert found.candidates[0].context == row["context"]


def test_mentions_are_marked_in_their_sentence() -> None:
    text = "Ost burnt. Ada Bel came."
    article = {
        "context": {
            "language": "de",
            "text": text,
            "sentence_spans": [{"start": 0, "end": 10}, {"start": 11, "end": 24}],
        },
        "mentions": [
            {
                "example_id": "m",
                "entity_id": "Q1",
                "mention_span": {"start": 11, "end": 18, "text": "Ada Bel"},
            }
        ],
    }
    entity = {"entity_id": "Q1", "title": "Ada", "description": "A builder.", "description_language": "en"}
    tables = (Table.of_rows([article], "a"), Table.of_rows([entity], "e"))
    (found,) = TASKS["mewsli_x"].read(tables, "de", ())
    assert isinstance(found, Ranking)
    assert found.queries[0].text == "Ada Bel: { Ada Bel } came." and found.relevant == {"m": ("Q1",)}
    with pytest.raises(InputError, match="no article is in language 'uk'"):
        TASKS["mewsli_x"].read(tables, "uk", ())
