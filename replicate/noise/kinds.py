"""The eight kinds of noise, each on the clusters of one word: the noised word, or None where it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from replicate.noise.layouts import neighbours
from replicate.noise.letters import script_of
from replicate.noise.lookalikes import lookalikes, other_diacritics

Kind: TypeAlias = Literal[
    "keyboard", "swap", "drop", "duplicate", "diacritics", "homoglyphs", "whitespace", "case"
]
Edit: TypeAlias = Callable[[Sequence[str], np.random.Generator, str], str | None]
"""(clusters of a word, generator, language) -> noised word."""
BICAMERAL: Final = frozenset(("latin", "greek", "cyrillic", "armenian"))
"""Scripts with capital letters (Georgian's are not used in running text)."""


def keyboard(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """One letter is replaced by a neighbour on the keyboard; its marks stay."""
    for at in _letters(word, random):
        script = script_of(word[at][0])
        near = neighbours(word[at][0], script, language) if script else ""
        if near:
            return _with(word, at, near[random.integers(len(near))] + word[at][1:])
    return None


def swap(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """Two neighbouring clusters change places."""
    pairs = [i for i in range(len(word) - 1) if word[i] != word[i + 1] and _all_letters(word[i : i + 2])]
    if not pairs:
        return None
    at = pairs[random.integers(len(pairs))]
    return "".join((*word[:at], word[at + 1], word[at], *word[at + 2 :]))


def drop(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """One cluster is left out; never of a word of one."""
    return _with(word, next(_letters(word, random)), "") if len(word) > 1 else None


def duplicate(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """One cluster is typed twice."""
    at = next(_letters(word, random))
    return _with(word, at, word[at] * 2)


def diacritics(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """The diacritics of one letter are lost, or a letter without gets some."""
    for at in _letters(word, random):
        script = script_of(word[at][0])
        several = other_diacritics(word[at], script) if script else []
        if several:
            return _with(word, at, several[random.integers(len(several))])
    return None


def homoglyphs(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """One letter is replaced by one that looks alike."""
    for at in _letters(word, random):
        several = lookalikes(word[at][0])
        if several:
            return _with(word, at, several[random.integers(len(several))] + word[at][1:])
    return None


def whitespace(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """A blank inside the word (`replicate.noise.texts` also takes one away between two words)."""
    inner = [i for i in range(1, len(word)) if _all_letters(word[i - 1 : i + 1])]
    return _with(word, (at := inner[random.integers(len(inner))]), " " + word[at]) if inner else None


def case(word: Sequence[str], random: np.random.Generator, language: str) -> str | None:
    """Half of the letters, and at least one, change their case; letters whose other case is longer stay."""
    able = [
        i
        for i in _letters(word, random)
        if script_of(word[i][0]) in BICAMERAL and (other := word[i].swapcase()) != word[i]
        if len(other) == len(word[i]) and other.casefold() == word[i].casefold()
    ]
    if not able:
        return None
    turned = set(able[: 1 + int(random.integers((len(able) + 1) // 2))])
    return "".join(one.swapcase() if i in turned else one for i, one in enumerate(word))


KINDS: Final[dict[Kind, Edit]] = {
    "keyboard": keyboard,
    "swap": swap,
    "drop": drop,
    "duplicate": duplicate,
    "diacritics": diacritics,
    "homoglyphs": homoglyphs,
    "whitespace": whitespace,
    "case": case,
}
"""Name -> edit."""


def _letters(word: Sequence[str], random: np.random.Generator) -> Iterator[int]:
    """Places of the clusters that are letters (apostrophes inside a word are none), in random order."""
    places = [i for i, cluster in enumerate(word) if script_of(cluster[0])]
    return (places[i] for i in random.permutation(len(places)))


def _all_letters(word: Sequence[str]) -> bool:
    return all(script_of(cluster[0]) for cluster in word)


def _with(word: Sequence[str], at: int, new: str) -> str:
    return "".join((*word[:at], new, *word[at + 1 :]))
