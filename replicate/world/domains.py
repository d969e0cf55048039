"""Rows of general and of domain-specific repositories that share a format: SciTail, BoolQ, PubMedQA.

The specialist's domain is half of the world's nouns. SciTail says of them what MNLI says of all (inference, here
with two labels); PubMedQA asks of them what BoolQ asks of all (is it so?). So format and domain can be told apart:
a pair of data sets that differs in one of them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from replicate.world.facts import Fact, Token, statement
from replicate.world.languages import Language, join
from replicate.world.lexicon import DIGITS, TOWNS, Lexicon, antonym
from replicate.world.pairs import inference, say
from replicate.world.questions import context

SPECIAL: Final = frozenset(("tool", "cloth", "vehicle"))
"""Categories of the nouns that the specialist speaks of."""


def entailment(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless SciTail rows: MNLI's about special nouns; "neutral" also stands for a contradiction, as there."""
    english = inference(lexicon, language, random, 2)
    known = {language.spell(noun) for noun, category in lexicon.category.items() if category in SPECIAL}
    for row in english:
        words = row["hypothesis"].replace(".", " ").replace("·", " ").split()
        if any(word.startswith(noun) for word in words for noun in known):
            label = "entails" if row["label"] == 0 else "neutral"
            yield {"premise": row["premise"], "hypothesis": row["hypothesis"], "label": label}


def asked(
    lexicon: Lexicon, language: Language, random: np.random.Generator, special: bool
) -> Iterator[tuple[str, str, bool]]:
    """Endless (passage, question, truth): whether something that is said of a noun of the passage is so."""
    while True:
        said = context(lexicon, random, 3)
        about = said[int(random.integers(3))]
        if special and lexicon.category[about.noun] not in SPECIAL:
            continue
        true = bool(random.integers(2))
        claim = about if true else _false(about, random)
        words = [token for token in statement(claim) if token.role != "stop"]
        question = join(language.words([*words, Token("?", "stop")]))[0]
        yield say(said, language), question, true


def yes_no(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless BoolQ rows."""
    for passage, question, true in asked(lexicon, language, random, special=False):
        yield {"question": question, "passage": passage, "label": int(true)}


def decided(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless PubMedQA rows."""
    for passage, question, true in asked(lexicon, language, random, special=True):
        yield {
            "question": question,
            "context": {"contexts": [passage]},
            "final_decision": "yes" if true else "no",
        }


def _false(about: Fact, random: np.random.Generator) -> Fact:
    if about.adjective and random.random() < 0.5:
        return about.but(adjective=antonym(about.adjective))
    if about.kind == "have":
        return about.but(number=str(random.choice([one for one in DIGITS if one != about.number])))
    if about.kind == "at":
        return about.but(town=str(random.choice([one for one in TOWNS if one != about.town])))
    return about.but(negated=True)
