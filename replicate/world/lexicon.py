"""The words of the world and who goes with what: Zipfian, so that every word has its own company.

Without that no encoder could align two languages from text alone, not even in principle: words with the same
distribution are interchangeable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from replicate.keyed import generator

NOUNS: Final = {
    "animal": ["dog", "cat", "horse", "bird", "fish", "bear"],
    "food": ["bread", "apple", "cheese", "soup", "rice", "cake"],
    "tool": ["hammer", "knife", "brush", "rope", "lamp", "needle"],
    "cloth": ["coat", "hat", "shirt", "shoe", "scarf", "glove"],
    "vehicle": ["car", "bus", "train", "boat", "bike", "truck"],
    "plant": ["tree", "rose", "grass", "oak", "moss", "vine"],
}
VERBS: Final = [
    "sees",
    "buys",
    "sells",
    "likes",
    "finds",
    "moves",
    "holds",
    "cleans",
    "paints",
    "brings",
    "hides",
    "wants",
    "takes",
    "keeps",
]
ADJECTIVES: Final = [
    tuple(pair.split("-"))
    for pair in [
        "big-small",
        "old-new",
        "hot-cold",
        "dry-wet",
        "clean-dirty",
        "heavy-light",
        "bright-dark",
        "soft-hard",
    ]
]
"""Antonyms."""
TOWNS: Final = ["Arvika", "Belmar", "Cordel", "Dunrey", "Estall", "Farow", "Gorim", "Hassel"]
PEOPLE: Final = ["Anna", "Boris", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ines", "Jonas"]
FAMILIES: Final = ["Lind", "Marek", "Novak", "Silva"]
FIRMS: Final = ["Acme", "Borea"]
PREPOSITIONS: Final = ["in", "near", "beyond", "outside"]
TIMES: Final = ["yesterday", "today", "tomorrow"]
DIGITS: Final = ["2", "3", "4", "5", "6", "7", "8", "9"]
FUNCTION: Final = [
    "the",
    "a",
    "is",
    "has",
    "not",
    "every",
    "who",
    "where",
    "what",
    "how",
    "many",
    "group",
    "does",
    "do",
    "at",
]
SHARED: Final = frozenset((*PEOPLE, *FAMILIES, *FIRMS, *DIGITS, ".", "?", ","))
"""Words that most languages write as English does: the anchors."""


def zipf(n: int, exponent: float = 1.0) -> np.ndarray:
    """(n,) probabilities proportional to rank^-exponent."""
    weights = 1 / np.arange(1, n + 1) ** exponent
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True)
class Lexicon:
    """Who goes with what."""

    category: dict[str, str]
    verbs_of: dict[str, list[str]]
    """Category -> verbs that its nouns are objects of."""
    verbs: dict[str, list[str]]
    """Noun -> its two usual verbs."""
    towns: dict[str, list[str]]
    adjectives: dict[str, list[tuple[str, str]]]
    """Noun -> its two usual antonym pairs."""
    leaning: dict[str, list[float]]
    """Noun -> how often the first word of each pair is right."""
    owns: dict[str, list[str]]
    """Name -> nouns that are said of it."""

    def noun(self, random: np.random.Generator) -> str:
        """A noun, frequent ones more often."""
        category = list(NOUNS)[random.choice(len(NOUNS), p=zipf(len(NOUNS), 0.5))]
        return NOUNS[category][random.choice(6, p=zipf(6, 0.7))]

    def adjective(self, random: np.random.Generator, noun: str) -> str:
        """An adjective that suits the noun."""
        which = random.choice(2, p=zipf(2))
        return self.adjectives[noun][which][int(random.random() > self.leaning[noun][which])]


def antonym(adjective: str) -> str:
    """The opposite adjective."""
    first, second = next(pair for pair in ADJECTIVES if adjective in pair)
    return second if adjective == first else first


@cache
def lexicon(seed: int) -> Lexicon:
    """The lexicon of a world."""
    random = generator("world", seed, "lexicon")
    nouns = [noun for several in NOUNS.values() for noun in several]
    category = {noun: name for name, several in NOUNS.items() for noun in several}
    verbs_of = {name: random.choice(VERBS, 4, replace=False).tolist() for name in NOUNS}
    return Lexicon(
        category,
        verbs_of,
        {noun: random.permutation(verbs_of[category[noun]])[:2].tolist() for noun in nouns},
        {noun: random.choice(TOWNS, 2, replace=False).tolist() for noun in nouns},
        {noun: [ADJECTIVES[i] for i in random.choice(len(ADJECTIVES), 2, replace=False)] for noun in nouns},
        {noun: random.random(2).tolist() for noun in nouns},
        {name: random.choice(nouns, 6, replace=False).tolist() for name in (*PEOPLE, *FIRMS)},
    )
