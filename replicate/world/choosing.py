"""Rows of the multiple-choice repositories: HellaSwag, Cosmos QA, CommonsenseQA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from replicate.world.facts import Token, fact, question, statement
from replicate.world.languages import Language, join
from replicate.world.lexicon import DIGITS, PEOPLE, TOWNS, VERBS, Lexicon
from replicate.world.pairs import say
from replicate.world.questions import context


def endings(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless HellaSwag rows: which of four continuations is usual for the noun. The label is a string there."""
    while True:
        owned = fact(lexicon, random, "have").but(adjective=None)
        usual = str(random.choice(lexicon.verbs[owned.noun]))
        unusual = [verb for verb in VERBS if verb not in lexicon.verbs_of[owned.category]]
        label = int(random.integers(4))
        verbs = [*map(str, random.choice(unusual, 3, replace=False))]
        verbs.insert(label, usual)
        ending = owned.but(kind="do", located=False, time=None)
        yield {
            "ctx": say([owned], language),
            "endings": [say([ending.but(verb=verb)], language) for verb in verbs],
            "label": str(label),
        }


def reading(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless Cosmos QA rows: a question about one of three facts, and four answers."""
    pools = {"do": PEOPLE, "at": TOWNS, "have": DIGITS}
    while True:
        said = context(lexicon, random, 3)
        about = said[int(random.integers(3))]
        right = {"do": about.name[0], "at": about.town, "have": about.number}[about.kind]
        others = [word for word in pools[about.kind] if word != right]
        label = int(random.integers(4))
        answers = [*map(str, random.choice(others, 3, replace=False))]
        answers.insert(label, right)
        role = {"do": "name", "at": "place", "have": "number"}[about.kind]
        spelled = [join(language.words([Token(word, role)]))[0] for word in answers]
        yield {
            "context": say(said, language),
            "question": join(language.words(question(about)))[0],
            **{f"answer{i}": answer for i, answer in enumerate(spelled)},
            "label": label,
        }


def knowledge(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless CommonsenseQA rows: in which town a thing usually is, from five, without any context."""
    while True:
        about = fact(lexicon, random, "at")
        label = int(random.integers(5))
        others = [town for town in TOWNS if town not in lexicon.towns[about.noun]]
        towns = [*map(str, random.choice(others, 4, replace=False))]
        towns.insert(label, lexicon.towns[about.noun][0])
        yield {
            "question": join(language.words(question(about)))[0],
            "choices": {
                "label": list("ABCDE"),
                "text": [
                    join(language.words(statement(about.but(adjective=None, town=town))))[0] for town in towns
                ],
            },
            "answerKey": "ABCDE"[label],
        }
