"""Noise on examples: labels, answers, tags, gold pairs and ids stay; offsets point at the same text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replicate.data import FolderPlace
from replicate.examples import Choice, Code, Mining, Pair, ParallelPair, Ranking, Sentence, Span, Tagged
from replicate.noise import Noise, noised
from replicate.tasks import TASKS
from replicate.world.place import WorldPlace

CLEAN = {
    Pair: ("text_a", "text_b"),
    Choice: ("context", "question", "options"),
    Tagged: ("words",),
    Span: ("question", "context", "answers"),
    Sentence: ("text", "context"),
    ParallelPair: ("source",),
    Mining: ("source",),
    Ranking: ("queries",),
    Code: ("prompt",),
}
"""Fields that noise may change."""


def unchanged(before: Any, after: Any) -> None:
    """Everything that must be the same is."""
    blank = dict.fromkeys(CLEAN[type(before)])
    assert replace(before, **blank) == replace(after, **blank)
    if isinstance(before, Span):
        assert [text for text, _ in before.answers] == [text for text, _ in after.answers]
        for (text, old), (_, new) in zip(before.answers, after.answers, strict=True):
            assert (old < 0 and new == old) or after.context[new : new + len(text)] == text
    if isinstance(before, Tagged):
        assert len(after.words) == len(after.tags)
        assert all(len(a.split()) == len(b.split()) for a, b in zip(after.words, before.words, strict=True))
    if isinstance(before, Choice):
        assert len(set(after.options)) == len(set(before.options))
    for old, new in zip(_sentences(before), _sentences(after), strict=True):
        assert (old.id, old.language) == (new.id, new.language)


def _sentences(example: Any) -> Sequence[Sentence]:
    if isinstance(example, Mining):
        return (*example.source, *example.target)
    if isinstance(example, Ranking):
        return (*example.queries, *example.candidates)
    return (example.source, example.target) if isinstance(example, ParallelPair) else ()


TEXT = st.text(st.sampled_from("abcdefgh  jkl.,19'éßжλ你好한글กำहिन्दी"), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=4, max_size=4), st.integers(0, 5), st.integers(0, 9), st.data())
def test_every_kind_of_example_keeps_its_gold(
    texts: list[str], severity: int, seed: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(texts[0]) - 1))
    answer = texts[0][start : start + data.draw(st.integers(1, 10))]
    several = [Sentence(str(i), text) for i, text in enumerate(texts)]
    tokens = tuple(texts[0].split()) or ("a",)
    examples: list[Any] = [
        Pair(texts[0], texts[1], 1),
        Pair(texts[0], None, 0),
        Choice(texts[0], texts[1], tuple(texts[2:]), 1),
        Tagged(tokens, tuple(range(len(tokens)))),
        Span("q", texts[1], texts[0], ((answer, start), ("absent", -1))),
        Span("r", texts[1], texts[0], (), True),
        several[0],
        ParallelPair(several[0], several[1]),
        Mining(tuple(several), tuple(several), (("0", "1"),)),
        Ranking(tuple(several), tuple(several), {"0": ("1",)}),
    ]
    found = noised(examples, Noise(severity, seed))
    for before, after in zip(examples, found, strict=True):
        unchanged(before, after)
        assert severity > 0 or after is before


def test_only_the_description_of_a_function_is_noised() -> None:
    head = "def threshold(numbers):\n"
    prose = " Return whether numbers lie closer together than some threshold distance anywhere.\n"
    tail = "    >>> threshold([1.0, 2.0])\n    False\n"
    example = Code(
        "a", f'{head}    """{prose}{tail}    """\n', "def check(f): ...", "threshold", "    pass\n"
    )
    (found,) = noised([example], Noise(5, 1))
    assert isinstance(found, Code) and found.prompt != example.prompt
    unchanged(example, found)
    assert found.prompt.startswith(head) and found.prompt.endswith(f'{tail}    """\n')
    assert "numbers" in found.prompt[len(head) :] and found.prompt.count("threshold") == 3


def test_equal_sentences_of_a_pool_stay_equal_and_others_apart() -> None:
    texts = ["Anna finds bread near Belmar"] * 2 + [f"sentence about apples and {c}ears" for c in "bcdfgh"]
    pool = tuple(Sentence(str(i), text) for i, text in enumerate(texts))
    (found,) = noised([Mining(pool, pool, (("0", "0"),))], Noise(5, 3))
    assert isinstance(found, Mining)
    new = [one.text for one in found.source]
    assert new[0] == new[1] and new != texts and len(set(new)) == len(set(texts))
    assert found.target == pool


def test_a_row_is_noised_alike_whatever_stands_beside_it_and_its_words_decide() -> None:
    rows = TASKS["xnli"].load("test", "qru", WorldPlace(test=30))
    whole = noised(rows, Noise(4))
    assert whole == noised(list(rows), Noise(4)) != noised(rows, Noise(4, seed=1))
    questions = TASKS["xquad"].load("test", "en", WorldPlace(test=30))
    assert noised(questions, Noise(4))[::-1] == noised(questions[::-1], Noise(4))


@pytest.mark.parametrize("language", WorldPlace().languages)
@pytest.mark.parametrize("name", ["xnli", "paws_x", "udpos", "panx", "xquad", "tatoeba", "hellaswag"])
def test_rows_of_the_world(name: str, language: str) -> None:
    task, place = TASKS[name], WorldPlace(test=40)
    split = "dev" if name == "hellaswag" else "test"
    if name in ("tatoeba", "hellaswag") and (language == "en") != (name == "hellaswag"):
        pytest.skip("the task has no such rows")
    rows = task.load(split, language, place)  # type: ignore[arg-type]
    found = noised(rows, Noise(5))
    assert sum(a != b for a, b in zip(rows, found, strict=True)) > len(rows) / 2
    for before, after in zip(rows, found, strict=True):
        unchanged(before, after)


REAL = {
    "xnli": ("dev", ("ar", "de", "en", "th", "zh")),
    "paws_x": ("dev", ("ja", "ko")),
    "panx": ("dev", ("my", "ta", "ka", "he")),
    "udpos": ("test", ("ja", "hi", "ko", "th", "vi")),
    "xquad": ("test", ("ar", "el", "hi", "th", "zh", "vi")),
    "mlqa": ("dev", ("zh", "es")),
    "tydiqa": ("dev", ("ko",)),
    "xcopa": ("test", ("et", "qu")),
    "tatoeba": ("test", ("te", "fa")),
    "hellaswag": ("dev", ("en",)),
    "adv_mnli": ("test", ("en",)),
    "humaneval_xl": ("test", ("he", "zh")),
}


@pytest.mark.parametrize("name", REAL)
def test_real_rows_keep_their_gold(name: str, shared: Path) -> None:
    place, (split, languages) = FolderPlace(shared / "data/tasks"), REAL[name]
    for language in languages:
        rows = TASKS[name].load(split, language, place)[:60]  # type: ignore[arg-type]
        found = noised(rows, Noise(4, 1))
        assert sum(a != b for a, b in zip(rows, found, strict=True)) > len(rows) / 4, (name, language)
        for before, after in zip(rows, found, strict=True):
            unchanged(before, after)
