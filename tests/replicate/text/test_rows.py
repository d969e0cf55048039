"""Tokenizer, encoding and windows: what goes in comes out at the right place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from analysis.errors import InputError
from replicate.examples import Choice, Pair, Span, Tagged
from replicate.text import encode, unigram
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows, passes
from replicate.text.windows import answers, windows
from replicate.world.place import WorldPlace


@pytest.fixture(scope="module")
def lines():
    world = WorldPlace()
    return [line for language in world.languages for line in world.texts(language, 60)]


@pytest.fixture(scope="module")
def pieces(lines):
    return Pieces.of(unigram.train(lines, 400))


def test_the_same_text_gives_the_same_tokenizer_in_another_process(lines, pieces):
    import subprocess
    import sys

    code = (
        "from replicate.world.place import WorldPlace; from replicate.text import unigram;"
        "from replicate.text.pieces import Pieces; w = WorldPlace();"
        "print(Pieces.of(unigram.train([x for l in w.languages for x in w.texts(l, 60)], 400)).fingerprint)"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed},
            check=True,
        )
        assert done.stdout.strip() == pieces.fingerprint


@pytest.mark.parametrize(
    ("single", "pair", "wanted"),
    [
        ("<s> $A </s>", "<s> $A </s> </s> $B </s>", [0, 5, 2, 2, 6, 2]),  # XLM-R
        ("$A </s>", "$A </s> $B </s>", [5, 2, 6, 2]),  # mT5
        ("</s> $A", "</s> $A </s> </s> $B", [2, 5, 2, 2, 6, 2]),  # XGLM
        ("$A", "$A $B", [5, 2, 2, 6, 2]),  # BLOOM and Qwen add nothing
    ],
)
def test_rows_have_the_special_tokens_of_their_models_tokenizer(single, pair, wanted, tmp_path):
    words = Tokenizer(
        models.WordLevel({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "b": 5, "c": 6}, "<unk>")
    )
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    words.post_processor = processors.TemplateProcessing(
        single=single, pair=pair, special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    Pieces.of(words).save(tmp_path / "tokenizer.json")
    found = Pieces.load(tmp_path / "tokenizer.json")
    rows = encode.pairs([Pair("b", "c", 0)], found, 32)
    assert rows.ids.tolist() == wanted
    short = encode.pairs([Pair("b b b b b", "c c c c c", 0)], found, 8).ids.tolist()
    assert len(short) == 8 and {5, 6} <= set(short)
    tags = encode.tagged([Tagged(("b", "c"), (1, 2))], found, 8)[0]
    assert tags.labels[tags.labels >= 0].tolist() == [1, 2] and tags.ids[-1] == 2


def test_special_ids_are_those_of_xlm_r(pieces):
    assert (pieces.bos, pieces.pad, pieces.eos, pieces.unk, pieces.mask) == (0, 1, 2, 3, pieces.size - 1)
    assert pieces.size <= 400


def test_a_text_survives_the_round_trip(lines, pieces):
    for line, ids in zip(lines[:40], pieces.ids(lines[:40]), strict=True):
        assert pieces.tokenizer.decode(ids.tolist(), skip_special_tokens=False) == line


def test_frequent_words_are_one_piece(pieces):
    assert all(len(ids) == 1 for ids in pieces.ids(["the", "Anna", "is"]))


def test_too_many_letters_for_the_vocabulary_is_an_error(lines):
    with pytest.raises(InputError, match="different characters, more than 10 pieces"):
        unigram.train(lines, 10)
    with pytest.raises(InputError, match="the text has no words"):
        unigram.train(["", " "], 400)


def test_pair_layout_and_cut(pieces):
    long = Pair("the dog is in Belmar. " * 9, "the cat is hot.", 1)
    rows = encode.pairs([Pair("the dog", "a cat", 0), Pair("the dog", None, 0), long], pieces, 24)
    first, single, cut = (
        rows.ids[a:b].tolist() for a, b in zip(rows.offsets, rows.offsets[1:], strict=False)
    )
    assert first[0] == 0 and first[-1] == 2 and first.count(2) == 3
    assert single.count(2) == 1
    assert (
        len(cut) == 24
        and cut[-len(pieces.ids(["the cat is hot."])[0]) - 1 : -1]
        == pieces.ids(["the cat is hot."])[0].tolist()
    )
    assert rows.labels.tolist() == [0, 0, 1]


def test_choices_are_consecutive_rows(pieces):
    examples = [Choice("the dog", "where is it?", ("in Belmar", "in Cordel", "in Gorim"), 2)] * 2
    rows = encode.choices(examples, pieces, 40)
    assert len(rows) == 2 and rows.group == 3 and len(rows.offsets) == 7
    batch, labels = rows.take(np.array([1]))
    assert len(batch) == 3 and labels.tolist() == [2]


def test_a_long_sentence_is_split_and_every_word_keeps_its_tag(pieces):
    words = (*(f"word{i}" for i in range(30)), "\u200b")
    example = Tagged(words, tuple(i % 5 for i in range(31)))
    rows, owners = encode.tagged([example], pieces, 32)
    assert len(owners) > 1 and set(owners) == {0}
    assert rows.labels[rows.labels >= 0].tolist() == list(example.tags)
    assert int(rows.lengths.max()) <= 32


@pytest.mark.parametrize("longest", [36, 128])
def test_the_labelled_span_is_the_answer_and_reads_back(pieces, longest):
    world = WorldPlace(train=30, test=30)
    from replicate.tasks import get

    for language in ("en", "qru", "qfk"):
        examples = get("xquad").load("test", language, world)
        cut = windows(examples, pieces, longest, 8, 10, train=False)
        cut = replace(cut, widest=cut.start >= 0)  # 22 tokens with an overlap of 8 often split an answer
        scores = []
        for row in range(len(cut.rows)):
            one = np.zeros((int(cut.rows.lengths[row]), 2))
            start, end = cut.rows.labels[row]
            one[start, 0] += 5
            one[end, 1] += 5
            scores.append(one if start else one * 0)
        read = answers(examples, cut, scores, may_be_empty=False)
        right = [
            read[example.id] == example.answers[0][0] for example in examples if isinstance(example, Span)
        ]
        assert np.mean(right) == 1.0


def test_no_answer_wins_where_the_first_token_scores_higher(pieces):
    question = Span("q", "where is the dog?", "the dog is in Belmar.", (), impossible=True)
    cut = windows([question], pieces, 64, 8, 20, train=True)
    assert cut.rows.labels.tolist() == [[0, 0]]
    scores = [np.zeros((int(cut.rows.lengths[0]), 2))]
    scores[0][0] = 3
    assert answers([question], cut, scores, may_be_empty=True) == {"q": ""}
    assert answers([question], cut, scores, may_be_empty=False)["q"] != ""


def test_a_window_starts_answers_only_where_it_shows_the_most_context(pieces):
    """Devlin et al. 2019, `run_squad.py`: else the edge of a window, which lacks half of the words, may win."""
    context = " ".join(["the dog is in Belmar ."] * 8)
    question = Span("q", "where?", context, (("Belmar", context.index("Belmar")),))
    cut = windows([question], pieces, 24, 8, 4, train=False)
    assert len(cut.rows) > 2
    inside = cut.start >= 0
    assert not cut.widest[~inside].any()
    tokens = len(pieces.ids([context])[0])
    assert cut.widest.sum() == tokens < inside.sum(), "each token is widest in exactly one window"
    scores = [np.zeros((int(length), 2)) for length in cut.rows.lengths]
    first, second = (slice(int(cut.rows.offsets[i]), int(cut.rows.offsets[i + 1])) for i in (0, 1))
    edge = int(np.flatnonzero(inside[first])[-1])  # last token of the first window: wider in the second
    assert not cut.widest[first][edge]
    scores[0][edge] = 9
    middle = int(np.flatnonzero(cut.widest[second])[3])
    scores[1][middle] = 5
    at = slice(int(cut.start[second][middle]), int(cut.end[second][middle]))
    assert answers([question], cut, scores, may_be_empty=False) == {"q": context[at]}


def test_an_answer_that_the_context_lacks_is_not_trained_on(pieces):
    absent = Span("q", "where?", "the dog is in Belmar.", (("Paris", -1),))
    assert len(windows([absent], pieces, 64, 8, 20, train=True).rows) == 0


def test_passes_keep_the_budget_and_lose_nothing():
    lengths = np.array([5, 90, 7, 7, 30, 200, 1])
    parts = passes(lengths, 100)
    assert sorted(i for part in parts for i in part.tolist()) == list(range(7))
    assert all(len(part) == 1 or lengths[part].sum() <= 100 for part in parts)


def test_take_gathers_rows_in_the_order_asked():
    rows = Rows.of([[1, 2, 3], [4], [5, 6]], [10, 11, 12, 13, 14, 15], "token")
    batch, labels = rows.take(np.array([2, 0]))
    assert batch.ids.tolist() == [5, 6, 1, 2, 3] and labels.tolist() == [14, 15, 10, 11, 12]
    assert batch.offsets.tolist() == [0, 2, 5] and (batch.longest, batch.shortest) == (3, 2)


def test_text_that_the_world_has_not_is_named():
    for name in ("xx", "xx:steps", "en:stepz"):
        with pytest.raises(InputError, match=f"no text in '{name}'"):
            WorldPlace().texts(name, 1)


@pytest.mark.parametrize("longest", [24, 30])
def test_windows_begin_where_those_of_run_squad_do(pieces, longest):
    """`while len(spans) * doc_stride < len(tokens)`: a window every `doc_stride` tokens until one reaches the end."""
    world, step = WorldPlace(train=30, test=30), 5
    from replicate.tasks import get

    examples = get("xquad").load("test", "en", world)
    cut = windows(examples, pieces, longest, 2, 10, train=False, doc_stride=step)
    for number, example in enumerate(examples):
        tokens = pieces.encodings([example.context])[0].ids
        room = longest - len(pieces.ids([example.question.strip()])[0][:10]) - 4
        wanted = []
        while len(wanted) * step < len(tokens):
            wanted.append(tokens[len(wanted) * step :][:room])
            if (len(wanted) - 1) * step + room >= len(tokens):
                break
        rows = np.flatnonzero(cut.question == number)
        shown = [cut.rows.ids[cut.rows.offsets[row] : cut.rows.offsets[row + 1]] for row in rows]
        assert len(rows) == len(wanted)
        assert all(a[-1 - len(b) : -1].tolist() == b for a, b in zip(shown, wanted, strict=True))
    lengths = np.diff(cut.rows.offsets)
    assert int(lengths.max()) <= longest and max(np.bincount(cut.question)) > 2
