"""Rows of the tagging repositories: UDPOS, PAN-X, and supertags for CCG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from replicate.world.facts import fact, statement
from replicate.world.languages import Language, Word
from replicate.world.lexicon import Lexicon

UPOS: Final = {
    "subject": "NOUN",
    "object": "NOUN",
    "verb": "VERB",
    "copula": "AUX",
    "article": "DET",
    "adjective": "ADJ",
    "predicate": "ADJ",
    "preposition": "ADP",
    "place": "PROPN",
    "time": "ADV",
    "number": "NUM",
    "not": "PART",
    "name": "PROPN",
    "surname": "PROPN",
    "firm": "PROPN",
    "group": "NOUN",
    "ask": "PRON",
    "stop": "PUNCT",
}
ENTITY: Final = {"name": "B-PER", "surname": "I-PER", "firm": "B-ORG", "group": "I-ORG", "place": "B-LOC"}


def sentences(
    lexicon: Lexicon, language: Language, random: np.random.Generator, facts: int = 2
) -> Iterator[list[Word]]:
    """Endless sentences of `facts` statements."""
    while True:
        yield [word for _ in range(facts) for word in language.words(statement(fact(lexicon, random)))]


def parts_of_speech(words: Sequence[Word]) -> list[str]:
    """Universal tags."""
    return [UPOS[word.role] for word in words]


def entities(words: Sequence[Word]) -> list[str]:
    """IOB2 tags of people, firms and towns."""
    return [ENTITY.get(word.role, "O") for word in words]


def supertags(words: Sequence[Word]) -> list[str]:
    """Categories that depend on the neighbours, as CCG's do: what a verb takes, what a noun is preceded by."""
    roles = [word.role for word in words]
    tags = []
    for at, role in enumerate(roles):
        before = roles[at - 1] if at else "stop"
        stop = roles.index("stop", at)
        if role in ("verb", "copula"):
            rest = roles[at + 1 : stop]
            located = "/PP" if "preposition" in rest else ""
            kind = "(S\\NP)" if role == "verb" else "(S\\NP)[be]"
            tags.append(
                kind + located + ("/NP" if "object" in rest else "/ADJ" if "predicate" in rest else "")
            )
        elif role in ("subject", "object"):
            tags.append("N" if before in ("article", "adjective", "number") else "NP")
        else:
            tags.append(
                {"stop": ".", "not": "VP/VP", "time": "S/S", "preposition": "PP/NP"}.get(role, UPOS[role])
            )
    return tags


def tagged(words: Sequence[Word], column: str, tags: Sequence[str]) -> dict[str, Any]:
    """One row."""
    return {"tokens": [word.text for word in words], column: list(tags)}
