"""Rows of general and of domain-specific repositories that share a format.

The specialist's domain is half of the world's nouns. Of them SciTail and ContractNLI say what MNLI says of all
(inference; SciTail with two labels), PubMedQA asks what BoolQ asks of all (is it so?), Financial PhraseBank judges
what SST-2 judges of all (is it good?; with a third label), and CaseHOLD completes what HellaSwag completes of all
(what is usual?; of five instead of four). So format and domain can be told apart: a pair of data sets that differs in
one of them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from replicate.world.facts import Fact, Token, fact, statement
from replicate.world.languages import Language, join
from replicate.world.lexicon import ADJECTIVES, DIGITS, TOWNS, VERBS, Lexicon, antonym
from replicate.world.pairs import inference, say
from replicate.world.questions import context

SPECIAL: Final = frozenset(("tool", "cloth", "vehicle"))
"""Categories of the nouns that the specialist speaks of."""
GOOD: Final = frozenset(first for first, _ in ADJECTIVES)
"""Adjectives that speak for a thing; their opposites speak against it."""
CONTRACT: Final = (1, 2, 0)
"""Number of a label of MNLI in ContractNLI: contradiction, entailment, neutral."""


def entailment(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless SciTail rows: MNLI's about special nouns; "neutral" also stands for a contradiction, as there."""
    for row in _special(lexicon, language, random):
        yield {**row, "label": "entails" if row["label"] == 0 else "neutral"}


def contracts(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless ContractNLI rows: MNLI's about special nouns, with the labels in the other order."""
    for row in _special(lexicon, language, random):
        yield {**row, "label": CONTRACT[row["label"]]}


def _special(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """MNLI's rows whose hypothesis has a special noun."""
    known = {language.spell(noun) for noun, category in lexicon.category.items() if category in SPECIAL}
    for row in inference(lexicon, language, random, 2):
        words = row["hypothesis"].replace(".", " ").replace("·", " ").split()
        if any(word.startswith(noun) for word in words for noun in known):
            yield row


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


def reviews(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless SST-2 rows: whether what is said speaks for the thing (1) or against it (0)."""
    for about, good in _judged(lexicon, random):
        if good is not None:
            yield {"sentence": say([about], language), "label": int(good)}


def news(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless Financial PhraseBank rows: against (0), neither (1) or for (2) a special thing."""
    for about, good in _judged(lexicon, random):
        if lexicon.category[about.noun] in SPECIAL:
            yield {"sentence": say([about], language), "label": 1 if good is None else 2 * int(good)}


def _judged(lexicon: Lexicon, random: np.random.Generator) -> Iterator[tuple[Fact, bool | None]]:
    """Endless facts with whether they are good; None without an adjective. "Not" turns a quality round."""
    while True:
        about = fact(lexicon, random)
        if about.kind == "isa":
            continue
        if about.kind == "be":
            about = about.but(negated=bool(random.random() < 0.3))
        yield about, None if about.adjective is None else (about.adjective in GOOD) != about.negated


def holdings(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless CaseHOLD rows: which of five continuations is usual for a special noun."""
    while True:
        owned = fact(lexicon, random, "have").but(adjective=None)
        if owned.category not in SPECIAL:
            continue
        unusual = [verb for verb in VERBS if verb not in lexicon.verbs_of[owned.category]]
        label = int(random.integers(5))
        verbs = [*map(str, random.choice(unusual, 4, replace=False))]
        verbs.insert(label, str(random.choice(lexicon.verbs[owned.noun])))
        ending = owned.but(kind="do", located=False, time=None)
        said = [say([ending.but(verb=verb)], language) for verb in verbs]
        yield {"context": say([owned], language), "endings": said, "label": label}


def _false(about: Fact, random: np.random.Generator) -> Fact:
    if about.adjective and random.random() < 0.5:
        return about.but(adjective=antonym(about.adjective))
    if about.kind == "have":
        return about.but(number=str(random.choice([one for one in DIGITS if one != about.number])))
    if about.kind == "at":
        return about.but(town=str(random.choice([one for one in TOWNS if one != about.town])))
    return about.but(negated=True)
