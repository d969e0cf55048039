"""Texts of labels as pieces, what cannot be written, and rows that a decoder goes on from."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import InputError
from replicate.examples import Pair
from replicate.model.heads import IGNORED
from replicate.tasks import TASKS
from replicate.text import encode, unigram
from replicate.text.answer import Answers, continued
from replicate.text.pieces import Pieces
from replicate.world.place import WorldPlace

EXAMPLES = [Pair("the box is big", "a box", 1), Pair("no", None, 0), Pair("a b c " * 20, "b", 2)]


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces.of(unigram.train(WorldPlace().texts("en", 200), 300))


def test_a_text_is_its_pieces_and_an_end(pieces: Pieces) -> None:
    found = Answers.of("any", ("yes", "no"), pieces)
    assert [pieces.tokenizer.decode(list(one[:-1])) for one in found.ids] == ["yes", "no"]
    assert all(one[-1] == pieces.eos for one in found.ids) and found.longest == max(map(len, found.ids))


def test_texts_that_cannot_be_written_or_told_apart_are_refused(pieces: Pieces) -> None:
    with pytest.raises(InputError) as caught:
        Answers.of("any", ("yes", "ж", "1_0", "yes"), pieces)
    told = str(caught.value)
    assert "cannot write the label 'ж'" in told and "cannot write the label '1_0'" in told
    assert "another label has the same pieces as 'yes'" in told


def test_a_decoder_reads_each_row_alike_before_every_text(pieces: Pieces) -> None:
    answers = Answers.of("any", ("yes", "no", "maybe"), pieces)
    read = encode.pairs(EXAMPLES, pieces, 40 - answers.longest)
    asked = continued(EXAMPLES, answers, pieces, 40, train=False)
    shown = continued(EXAMPLES, answers, pieces, 40, train=True)
    assert (asked.group, asked.per, len(asked)) == (3, "example", 3)
    assert asked.labels.tolist() == [1, 0, 2]
    whole = np.split(asked.ids, asked.offsets[1:-1])
    for number in range(3):
        row = read.ids[read.offsets[number] : read.offsets[number + 1]].tolist()
        for label, text in enumerate(answers.ids):
            assert whole[3 * number + label].tolist() == [*row, *text]
        here = slice(shown.offsets[number], shown.offsets[number + 1])
        right = answers.ids[EXAMPLES[number].label]
        assert shown.ids[here].tolist() == [*row, *right]
        assert shown.labels[here].tolist() == [*[IGNORED] * (len(row) - 1), *right, IGNORED]
    assert max(map(len, whole)) == 40
    with pytest.raises(InputError, match="more than half of a row"):
        continued(EXAMPLES, answers, pieces, answers.longest, train=True)


def test_what_a_task_writes_is_what_the_task_that_it_is_trained_on_writes() -> None:
    for task in TASKS.values():
        if task.kind != "pair":
            assert not task.label_texts
            continue
        texts = task.label_texts or task.labels
        assert len(set(texts)) == len(texts) == len(task.labels)
        for link in task.trains_on:
            assert (TASKS[link].label_texts or TASKS[link].labels) == texts
