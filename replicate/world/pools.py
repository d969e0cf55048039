"""Rows of the retrieval repositories: Tatoeba pairs and BUCC pools with distractors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from replicate.world.facts import Fact, fact
from replicate.world.languages import LANGUAGES, Language
from replicate.world.lexicon import Lexicon
from replicate.world.pairs import say


def texts(lexicon: Lexicon, random: np.random.Generator) -> Iterator[list[Fact]]:
    """Endless two-fact texts, each different from all before."""
    seen: set[str] = set()
    while True:
        pair = [fact(lexicon, random), fact(lexicon, random)]
        words = say(pair, LANGUAGES["en"])
        if words not in seen:
            seen.add(words)
            yield pair


def parallel(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless Tatoeba rows, with the trailing newline that the hub's have."""
    for pair in texts(lexicon, random):
        yield {
            "source_sentence": say(pair, language) + "\n",
            "target_sentence": say(pair, LANGUAGES["en"]) + "\n",
        }


def mining(
    lexicon: Lexicon, language: Language, random: np.random.Generator, size: int
) -> tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]]:
    """(source pool, English pool, gold): two fifths of each pool are translations of each other, as they come."""
    stream = texts(lexicon, random)
    both = [next(stream) for _ in range(2 * size // 5)]
    left = both + [next(stream) for _ in range(size - len(both))]
    right = both + [next(stream) for _ in range(size - len(both))]
    place_left, place_right = random.permutation(size), random.permutation(size)
    name = {"l": f"{language.code}-{{:06d}}", "r": "en-{:06d}"}
    source = [
        {"id": name["l"].format(n + 1), "text": say(left[i], language)} for n, i in enumerate(place_left)
    ]
    target = [
        {"id": name["r"].format(n + 1), "text": say(right[i], LANGUAGES["en"])}
        for n, i in enumerate(place_right)
    ]
    at_left, at_right = np.argsort(place_left), np.argsort(place_right)
    gold = [
        {
            "source_id": name["l"].format(int(at_left[i]) + 1),
            "target_id": name["r"].format(int(at_right[i]) + 1),
        }
        for i in range(len(both))
    ]
    return source, target, gold
