"""Examples with noise in their texts; labels, tags, answers, gold pairs and ids are those of the clean examples.

What is noised, per kind of example: both texts of a pair; context, question and options of a choice; every word of
a tagged sentence (no blanks come or go); question and context of a span outside its answers, whose offsets are
moved and compared; the description of a function to be written; of sentence pools the side that is searched for
(source sentences, queries), while the pool that is searched in stays as it is. Two sentences of a pool, or two
options, that are equal stay equal, and different ones different.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from replicate.examples import (
    Choice,
    Code,
    Example,
    Examples,
    Mining,
    Pair,
    ParallelPair,
    Ranking,
    Sentence,
    Span,
    Tagged,
)
from replicate.keyed import Key
from replicate.noise.texts import Edited, Noise, edited
from replicate.noise.words import words

_NAME: Final = re.compile(r"[^\W\d]\w*")


def noised(examples: Examples, noise: Noise) -> list[Example]:
    """The examples with noise, in order; at severity 0 they are the very same objects.

    A row is named by its place among the examples, questions by their id, sentences of a pool by their text.
    """
    if noise.severity == 0:
        return list(examples)
    known = vocabulary(examples)
    return [_example(example, _Row(noise, number, known)) for number, example in enumerate(examples)]


def vocabulary(examples: Examples) -> frozenset[str]:
    """Case-folded words of all texts: what no edit may produce."""
    return frozenset(str(word).casefold() for text in _texts(examples) for word in words(text)) | frozenset(
        part.casefold() for text in _texts(examples) for part in text.split()
    )


class _Row:
    """The noise of one row."""

    def __init__(self, noise: Noise, name: Key, known: frozenset[str]) -> None:
        self.noise, self.name, self.known = noise, name, known

    def text(self, field: str, text: str, language: str) -> str:
        return edited(text, self.noise, self.name, field, language, self.known).text

    def named(self, name: Key) -> _Row:
        return _Row(self.noise, name, self.known)


def _example(example: Example, row: _Row) -> Example:
    language = example.language
    if isinstance(example, Pair):
        second = None if example.text_b is None else row.text("b", example.text_b, language)
        return replace(example, text_a=row.text("a", example.text_a, language), text_b=second)
    if isinstance(example, Choice):
        return _choice(example, row)
    if isinstance(example, Tagged):
        return replace(example, words=tuple(_words(example, row)))
    if isinstance(example, Span):
        return _span(example, row.named(example.id))
    if isinstance(example, Sentence):
        return _sentence(example, row)
    if isinstance(example, ParallelPair):
        return replace(example, source=_sentence(example.source, row))
    if isinstance(example, Mining):
        return replace(example, source=_pool(example.source, row))
    if isinstance(example, Ranking):
        return replace(example, queries=_pool(example.queries, row))
    return _code(example, row.named(example.id))


def _code(example: Code, row: _Row) -> Code:
    """The description with noise; signature, examples and every name that the code uses stay."""
    start, end = _description(example.prompt)
    outside = example.prompt[:start] + example.prompt[end:]
    names = set(_NAME.findall(outside + example.entry_point))
    kept = [(0, start), (end, len(example.prompt))]
    kept += [match.span() for match in _NAME.finditer(example.prompt, start, end) if match[0] in names]
    found = edited(example.prompt, row.noise, row.name, "prompt", example.language, row.known, kept)
    return replace(example, prompt=found.text)


def _description(prompt: str) -> tuple[int, int]:
    """Where the prose of the last docstring of a prompt is: up to its first example."""
    for quotes in ('"""', "'''"):
        end = prompt.rfind(quotes)
        start = prompt.rfind(quotes, 0, max(end, 0))
        if start >= 0:
            example = prompt.find(">>>", start, end)
            return start + 3, end if example < 0 else example
    return len(prompt), len(prompt)


def _choice(example: Choice, row: _Row) -> Choice:
    first = {option: place for place, option in reversed(list(enumerate(example.options)))}
    options = [row.text(f"option {first[one]}", one, example.language) for one in example.options]
    if len(set(options)) < len(set(example.options)):  # two have become equal: the label would be ambiguous
        options = list(example.options)
    return replace(
        example,
        context=row.text("context", example.context, example.language),
        question=row.text("question", example.question, example.language),
        options=tuple(options),
    )


def _words(example: Tagged, row: _Row) -> Iterable[str]:
    for number, word in enumerate(example.words):
        yield edited(
            word, row.noise, row.name, f"word {number}", example.language, row.known, blanks=False
        ).text


def _span(example: Span, row: _Row) -> Span:
    gold = [(start, start + len(text)) for text, start in example.answers if start >= 0]
    context: Edited = edited(
        example.context, row.noise, row.name, "context", example.language, row.known, gold
    )
    answers = tuple((text, context.moved(start) if start >= 0 else start) for text, start in example.answers)
    for text, start in answers:
        if start >= 0 and not context.text.startswith(text, start):
            raise AssertionError(f"noise moved the answer {text!r} of question {example.id!r}")
    question = row.text("question", example.question, example.language)
    return replace(example, context=context.text, question=question, answers=answers)


def _sentence(sentence: Sentence, row: _Row) -> Sentence:
    named = row.named(sentence.text)
    context = named.text("context", sentence.context, sentence.language)
    return replace(sentence, text=named.text("sentence", sentence.text, sentence.language), context=context)


def _pool(sentences: Sequence[Sentence], row: _Row) -> tuple[Sentence, ...]:
    several = [_sentence(sentence, row) for sentence in sentences]
    taken: dict[str, str] = {sentence.text: sentence.text for sentence in sentences}
    for place, (clean, noisy) in enumerate(zip(sentences, several, strict=True)):
        if taken.setdefault(noisy.text, clean.text) != clean.text:
            several[place] = clean
    return tuple(several)


def _texts(examples: Examples) -> Iterable[str]:
    for example in examples:
        if isinstance(example, Pair):
            yield from (example.text_a, example.text_b or "")
        elif isinstance(example, Choice):
            yield from (example.context, example.question, *example.options)
        elif isinstance(example, Tagged):
            yield from example.words
        elif isinstance(example, Span):
            yield from (example.context, example.question)
        elif isinstance(example, ParallelPair):
            yield from (example.source.text, example.target.text)
        elif isinstance(example, Sentence):
            yield example.text
        elif isinstance(example, Mining):
            yield from (one.text for one in (*example.source, *example.target))
        elif isinstance(example, Ranking):
            yield from (one.text for one in (*example.queries, *example.candidates))
        elif isinstance(example, Code):
            yield example.prompt
