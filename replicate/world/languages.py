"""Six languages: English and five that are derived from it by deterministic rules.

======= ======== ========= ======== ===================== =====================================
code    cognates borrowing script   order                 grammar
======= ======== ========= ======== ===================== =====================================
en      -        -         Latin    subject verb object   articles
qde     20 %     10 %      Latin    verb last             articles
qes     20 %     8 %       Latin    adjective after noun  articles
qru     0        5 %       Cyrillic as English            no articles, case suffixes
qtr     0        3 %       Armenian verb last, postposed  no articles, case suffixes
qfk     0        0         Greek    as English            articles; not even names are shared
======= ======== ========= ======== ===================== =====================================

The codes are from the range that ISO 639 leaves to private use: nothing here is a real language. A word that
is not shared is spelled by exchanging letters within vowels and within consonants, or in another script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from replicate.keyed import generator
from replicate.world.facts import Token
from replicate.world.lexicon import ADJECTIVES, NOUNS, SHARED, TOWNS, VERBS

LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
CONTENT: Final = frozenset(("subject", "object", "verb", "adjective", "predicate", "place"))
SCRIPTS: Final = {
    "cyrillic": "абцдефгхийклмнопщрстувжэыз",
    "armenian": "աբցդեֆգհիջկլմնոպքրստուվխյզ",
    "greek": "αβχδεφγηιξκλμνοπθρστυωψζςϊ",
}
OPEN: Final = sorted(
    {w for several in NOUNS.values() for w in several}
    | set(VERBS)
    | set(TOWNS)
    | {w for p in ADJECTIVES for w in p}
)


class Word(NamedTuple):
    """One word of a sentence in some language."""

    text: str
    role: str
    source: int
    """Place of the English token that it renders."""


@dataclass(frozen=True)
class Language:
    """Rules that turn English tokens into a language's words."""

    code: str
    script: str | None = None
    cognates: float = 0.0
    shares: bool = True
    """Whether names, digits and punctuation are written as in English."""
    borrowing: float = 0.0
    """Share of content words that stand in English in running text (code-mixing)."""
    verb_last: bool = False
    noun_first: bool = False
    postpositions: bool = False
    articles: bool = True
    case: bool = False

    def words(self, tokens: Sequence[Token], random: np.random.Generator | None = None) -> list[Word]:
        """Words of a sentence; with a generator, content words are borrowed at the language's rate."""
        placed = self._ordered([(i, token) for i, token in enumerate(tokens)])
        words = []
        for place, token in placed:
            text = self.spell(token.word)
            borrowed = random is not None and token.role in CONTENT and random.random() < self.borrowing
            if borrowed:
                text = token.word
            elif self.case and token.role in ("object", "place"):
                text += self.spell("em" if token.role == "object" else "ul")
            words.append(Word(text, token.role, place))
        return words

    def spell(self, word: str) -> str:
        """The language's form of an English word."""
        if self.code == "en" or word in self._kept:
            return word
        return "".join(self._letters.get(letter, letter) for letter in word)

    def _ordered(self, placed: list[tuple[int, Token]]) -> list[tuple[int, Token]]:
        if not self.articles:
            placed = [item for item in placed if item[1].word not in ("the", "a")]
        if self.noun_first:
            for at in range(len(placed) - 2, -1, -1):
                if placed[at][1].role == "adjective":
                    placed[at], placed[at + 1] = placed[at + 1], placed[at]
        if self.postpositions:
            at = next((i for i, (_, token) in enumerate(placed) if token.role == "preposition"), len(placed))
            if at + 1 < len(placed) and placed[at + 1][1].role == "place":
                placed[at], placed[at + 1] = placed[at + 1], placed[at]
        if self.verb_last:
            verbs = [item for item in placed if item[1].role in ("verb", "copula")]
            rest = [item for item in placed if item[1].role not in ("verb", "copula")]
            placed = [*rest[:-1], *verbs, rest[-1]]
        return placed

    @cached_property
    def _kept(self) -> frozenset[str]:
        order = generator("language", self.code, "cognates").permutation(OPEN)
        cognates = order[: int(self.cognates * len(OPEN))].tolist()
        return frozenset(cognates) | (SHARED if self.shares else frozenset())

    @cached_property
    def _letters(self) -> dict[str, str]:
        if self.script:
            small = dict(zip(LATIN, SCRIPTS[self.script], strict=True))
        else:
            random = generator("language", self.code, "letters")
            small = {}
            for group in ("aeiou", "bcdfghklmnprst", "jqvwxyz"):
                shift = int(random.integers(1, len(group)))
                small |= {a: group[(i + shift) % len(group)] for i, a in enumerate(group)}
        other = {} if self.shares else dict(zip("0123456789.?,", "٠١٢٣٤٥٦٧٨٩;!·", strict=True))
        return small | {a.upper(): b.upper() for a, b in small.items()} | other


LANGUAGES: Final = {
    language.code: language
    for language in (
        Language("en"),
        Language("qde", cognates=0.2, borrowing=0.10, verb_last=True),
        Language("qes", cognates=0.2, borrowing=0.08, noun_first=True),
        Language("qru", "cyrillic", borrowing=0.05, articles=False, case=True),
        Language(
            "qtr", "armenian", borrowing=0.03, verb_last=True, postpositions=True, articles=False, case=True
        ),
        Language("qfk", "greek", shares=False),
    )
}


def join(words: Sequence[Word], places: Sequence[int] = ()) -> tuple[str, list[tuple[int, int]]]:
    """(text, character spans of the words at `places`); punctuation follows without a space."""
    text, spans = "", {}
    for number, word in enumerate(words):
        if text and word.role != "stop":
            text += " "
        spans[number] = (len(text), len(text) + len(word.text))
        text += word.text
    return text, [spans[place] for place in places]
