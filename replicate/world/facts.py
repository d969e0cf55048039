"""Statements about the world and questions about them, as English tokens with roles.

A role is what a language's grammar acts on (word order, case, dropped articles) and what tags are read from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from replicate.world.lexicon import DIGITS, FAMILIES, FIRMS, PEOPLE, PREPOSITIONS, TIMES, Lexicon, zipf

Kind: TypeAlias = Literal["do", "at", "have", "be", "isa"]


class Token(NamedTuple):
    """One English token."""

    word: str
    role: str
    """subject, object, verb, copula, article, adjective, predicate, preposition, place, time, number, not,
    name, surname, firm, group, ask, stop."""


@dataclass(frozen=True)
class Fact:
    """A statement: NAME VERBs the ADJ NOUN in TOWN; the NOUN is in TOWN; NAME has N NOUN; the NOUN is ADJ."""

    kind: Kind
    name: tuple[str, ...]
    noun: str
    adjective: str | None
    town: str
    preposition: str
    verb: str
    number: str
    category: str
    time: str | None = None
    located: bool = False
    """Whether a statement of kind "do" says where."""
    negated: bool = False

    def but(self, **changes: object) -> Fact:
        """The same fact with other fields."""
        return replace(self, **changes)  # type: ignore[arg-type]


def fact(lexicon: Lexicon, random: np.random.Generator, kind: Kind | None = None) -> Fact:
    """A random fact, of a given kind where one is given."""
    kinds: tuple[Kind, ...] = ("do", "at", "have", "be", "isa")
    drawn = kinds[random.choice(5, p=(0.4, 0.2, 0.15, 0.2, 0.05))]
    kind = kind or drawn
    owner, name = names(random)
    noun = str(random.choice(lexicon.owns[owner])) if random.random() < 0.6 else lexicon.noun(random)
    adjective = lexicon.adjective(random, noun)
    return Fact(
        kind,
        name,
        noun,
        adjective if random.random() < 0.6 or kind == "be" else None,
        lexicon.towns[noun][random.choice(2, p=zipf(2))],
        PREPOSITIONS[random.choice(4, p=(0.5, 0.25, 0.15, 0.1))],
        lexicon.verbs[noun][random.choice(2, p=zipf(2))],
        DIGITS[random.integers(len(DIGITS))],
        lexicon.category[noun],
        TIMES[random.integers(3)] if random.random() < 0.25 else None,
        bool(random.random() < 0.5),
    )


def names(random: np.random.Generator) -> tuple[str, tuple[str, ...]]:
    """(bare name, tokens of the name): a person, sometimes with a surname, or a firm."""
    everyone = (*PEOPLE, *FIRMS)
    name = everyone[random.choice(len(everyone), p=zipf(len(everyone), 0.5))]
    if name in FIRMS:
        return name, (name, "group")
    return name, (name, FAMILIES[random.integers(4)]) if random.random() < 0.3 else (name,)


def statement(fact: Fact) -> list[Token]:
    """English tokens of a fact."""
    negation = [Token("not", "not")] if fact.negated else []
    adjective = [Token(fact.adjective, "adjective")] if fact.adjective else []
    where = [Token(fact.preposition, "preposition"), Token(fact.town, "place")]
    the = Token("the", "article")
    if fact.kind == "do":
        time = [Token(fact.time, "time")] if fact.time else []
        thing = [the, *adjective, Token(fact.noun, "object")]
        said = [
            *time,
            *_name(fact),
            *negation,
            Token(fact.verb, "verb"),
            *thing,
            *(where if fact.located else []),
        ]
    elif fact.kind == "at":
        said = [the, *adjective, Token(fact.noun, "subject"), Token("is", "copula"), *negation, *where]
    elif fact.kind == "have":
        count = Token(fact.number, "number")
        said = [*_name(fact), Token("has", "verb"), *negation, count, *adjective, Token(fact.noun, "object")]
    elif fact.kind == "be":
        quality = Token(fact.adjective or "", "predicate")
        said = [the, Token(fact.noun, "subject"), Token("is", "copula"), *negation, quality]
    else:
        thing = [Token("a", "article"), Token(fact.category, "object")]
        said = [
            Token("every", "article"),
            Token(fact.noun, "subject"),
            Token("is", "copula"),
            *negation,
            *thing,
        ]
    return [*said, Token(".", "stop")]


def question(fact: Fact, other_words: bool = False) -> list[Token]:
    """English tokens of the question that the fact answers (kinds do, at, have); two wordings of each."""
    noun, end = Token(fact.noun, "object"), Token("?", "stop")
    the = Token("the", "article")
    if fact.kind == "do":
        verb = Token(fact.verb, "verb")
        first = [Token("who", "ask"), verb, the, noun]
        second = [Token("what", "ask"), Token("name", "ask"), verb, the, noun]
    elif fact.kind == "at":
        first = [Token("where", "ask"), Token("is", "copula"), the, noun]
        second = [
            Token("at", "preposition"),
            Token("what", "ask"),
            Token("town", "ask"),
            Token("is", "copula"),
            the,
            noun,
        ]
    else:
        first = [Token("how", "ask"), Token("many", "ask"), noun, Token("has", "verb"), *_name(fact)]
        second = [Token("what", "ask"), Token("number", "ask"), noun, Token("has", "verb"), *_name(fact)]
    return [*(second if other_words else first), end]


ANSWER_ROLES = {"do": ("name", "surname", "firm", "group"), "at": ("place",), "have": ("number",)}
"""Kind of a fact -> roles of the tokens that answer its question."""


def _name(fact: Fact) -> list[Token]:
    roles = ("firm", "group") if fact.name[0] in FIRMS else ("name", "surname")
    return [Token(word, role) for word, role in zip(fact.name, roles, strict=False)]
