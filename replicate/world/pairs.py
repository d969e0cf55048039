"""Rows of the inference and paraphrase repositories: SNLI, MNLI, ANLI, XNLI, QQP, PAWS-X."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from replicate.world.facts import Fact, fact, question, statement
from replicate.world.languages import Language, join
from replicate.world.lexicon import DIGITS, TOWNS, Lexicon, antonym

LABELS = ("entailment", "neutral", "contradiction")


def say(facts: list[Fact], language: Language) -> str:
    """The facts as one text."""
    return " ".join(join(language.words(statement(one)))[0] for one in facts)


def inference(
    lexicon: Lexicon, language: Language, random: np.random.Generator, facts: int
) -> Iterator[dict[str, Any]]:
    """Endless premise, hypothesis, label rows; `facts` statements make a premise (1 SNLI, 2 MNLI, 3 ANLI).

    Entailed: a fact with a detail left out. Contradicted: antonym, another town or number, or negation.
    Neutral: a detail that the premise does not give.
    """
    while True:
        said = [fact(lexicon, random) for _ in range(facts)]
        if any(one.kind == "isa" for one in said) or len({one.noun for one in said}) < facts:
            continue
        about = said[int(random.integers(facts))]
        label = int(random.integers(3))
        hypothesis = (_entailed, _neutral, _contradicted)[label](about, lexicon, random)
        if hypothesis.noun != about.noun and hypothesis.noun in {one.noun for one in said}:
            continue
        yield {"premise": say(said, language), "hypothesis": say([hypothesis], language), "label": label}


def _entailed(about: Fact, lexicon: Lexicon, random: np.random.Generator) -> Fact:
    if about.kind != "be" and about.adjective:
        return about.but(adjective=None, time=None)
    return about.but(located=False, time=None)


def _neutral(about: Fact, lexicon: Lexicon, random: np.random.Generator) -> Fact:
    if about.kind == "be":
        return about.but(kind="at", adjective=None)
    if about.kind == "at":
        return about.but(kind="be", adjective=lexicon.adjective(random, about.noun))
    if not about.adjective:
        return about.but(adjective=lexicon.adjective(random, about.noun))
    if about.kind == "do" and not about.located:
        return about.but(located=True)
    return fact(lexicon, random, "be")


def _contradicted(about: Fact, lexicon: Lexicon, random: np.random.Generator) -> Fact:
    if about.adjective and (about.kind == "be" or random.random() < 0.5):
        return about.but(adjective=antonym(about.adjective))
    if about.kind == "at" or (about.kind == "do" and about.located and random.random() < 0.7):
        return about.but(town=str(random.choice([town for town in TOWNS if town != about.town])))
    if about.kind == "have":
        return about.but(number=str(random.choice([digit for digit in DIGITS if digit != about.number])))
    return about.but(negated=True)


def duplicates(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless QQP rows: the same question in other words (1), or about something else (0)."""
    kinds = ("do", "at", "have")
    while True:
        about = fact(lexicon, random, kinds[random.integers(3)])  # type: ignore[arg-type]
        label = int(random.integers(2))
        other = about if label else about.but(noun=lexicon.noun(random))
        if not label and other.noun == about.noun:
            continue
        yield {
            "question1": join(language.words(question(about)))[0],
            "question2": join(language.words(question(other, other_words=bool(random.random() < 0.5))))[0],
            "label": label,
        }


def exchanged(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless PAWS-X rows: two facts again (1) or with their towns exchanged (0), three in ten in the other order."""
    while True:
        first, second = fact(lexicon, random, "at"), fact(lexicon, random, "at")
        if first.noun == second.noun or first.town == second.town:
            continue
        label = int(random.integers(2))
        told = [first, second] if label else [first.but(town=second.town), second.but(town=first.town)]
        turned = told[::-1] if random.random() < 0.3 else told
        yield {
            "sentence1": say([first, second], language),
            "sentence2": say(turned, language),
            "label": label,
        }
