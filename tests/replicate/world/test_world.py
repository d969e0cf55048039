"""The generated world: real strings, in the hub's schema, through the loaders of the real tasks."""

from __future__ import annotations

import pytest

from replicate.examples import Mining, Pair, ParallelPair, Span, Tagged
from replicate.tasks import NINE_INTERMEDIATE, NINE_TARGETS, get
from replicate.world.languages import LANGUAGES
from replicate.world.place import WorldPlace

WORLD = WorldPlace(train=60, test=40)


@pytest.mark.parametrize("name", NINE_INTERMEDIATE)
def test_nine_intermediate_analogues_load(name):
    task = get(name)
    for split in ("train", "dev"):
        examples = task.load(split, "en", WORLD)
        assert len(examples) >= 40
    labels = task.labels_at(WORLD)
    if task.kind in ("pair", "choice"):
        assert len({example.label for example in task.load("train", "en", WORLD)}) > 1
    if task.kind == "tag":
        assert len(labels) > 5


@pytest.mark.parametrize("name", NINE_TARGETS)
def test_nine_target_analogues_load_in_every_language(name):
    task = get(name)
    assert set(task.available("test", WORLD)) >= set(LANGUAGES) - {"en"}
    for language in LANGUAGES:
        assert len(task.load("test", language, WORLD))


def test_test_splits_are_parallel_and_labels_agree():
    english = get("xnli").load("test", "en", WORLD)
    for language in LANGUAGES:
        other = get("xnli").load("test", language, WORLD)
        assert [row.label for row in other] == [row.label for row in english]
        if language != "en":
            assert isinstance(other[0], Pair) and other[0].text_a != english[0].text_a


def test_dev_and_test_differ_from_training():
    task = get("tydiqa")
    train = {
        row.context
        for row in task.load("train", "en", WorldPlace(train=600, test=40))
        if isinstance(row, Span)
    }
    test = {row.context for row in task.load("test", "en", WORLD) if isinstance(row, Span)}
    assert len(test & train) <= 1


def test_answers_stand_where_they_say():
    for language in LANGUAGES:
        for row in get("mlqa").load("test", language, WORLD):
            assert isinstance(row, Span)
            text, start = row.answers[0]
            assert row.context[start : start + len(text)] == text


def test_grammar_is_what_the_table_says():
    def sentence(language):
        return [row for row in get("udpos").load("test", language, WORLD) if isinstance(row, Tagged)]

    upos = get("udpos").labels
    determiner, verb, stop = (upos.index(tag) for tag in ("DET", "VERB", "PUNCT"))
    for language in ("qru", "qtr"):
        the = LANGUAGES[language].spell("the")
        assert not any(the in row.words for row in sentence(language))
    for row in sentence("qtr"):
        for place, tag in enumerate(row.tags):
            if tag == verb:
                assert row.tags[place + 1] == stop
    assert any(determiner in row.tags for row in sentence("qde"))
    assert not any(
        letter.isascii() and letter.isalpha() for row in sentence("qfk") for w in row.words for letter in w
    )


def test_pools_hold_their_gold():
    (pool,) = get("bucc2018").load("test", "qru", WORLD)
    assert isinstance(pool, Mining) and len(pool.gold) == 16 and len(pool.source) == 40
    pair = get("tatoeba").load("test", "qes", WORLD)[0]
    assert isinstance(pair, ParallelPair) and not pair.source.text.endswith("\n")


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    assert WORLD.texts("qde", 5) == WorldPlace(train=60, test=40).texts("qde", 5)
    assert WORLD.texts("qde", 5) != WorldPlace(seed=1).texts("qde", 5)
    part = get("xnli").parts("test", "qde", WORLD)[0]
    assert WORLD.fingerprint(part) != WorldPlace(seed=1).fingerprint(part)


def test_translated_training_data_is_offered():
    rows = get("mnli").load("train", "qes", WORLD)
    assert rows[0].language == "qes"
