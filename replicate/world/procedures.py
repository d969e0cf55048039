"""Running text about changing numbers and words, and running text in Python: what a causal model reads before.

Without the first no model could know the words of an instruction in another language, and without the second none
could know Python: models that write programs have read both. An instruction keeps company (who gives it, with which
number, what the result is like), because words without company of their own are interchangeable. No document has a
description together with its program.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from replicate.keyed import generator
from replicate.text.layout import marked
from replicate.world.facts import Token
from replicate.world.languages import Language, join
from replicate.world.lexicon import ADJECTIVES, DIGITS, FIRMS, PEOPLE, zipf
from replicate.world.programs import NUMBER, WORD, Function, function

STEPS: Final = "steps"
"""`<language>:steps` names the text of a language about procedures."""
PYTHON: Final = "python"


@dataclass(frozen=True)
class Company:
    """What goes with each step."""

    given_by: dict[str, list[str]]
    """Name -> its three usual steps."""
    numbers: dict[str, list[str]]
    """Step -> digits, the usual ones first."""
    results: dict[str, list[str]]
    """Step -> its two usual adjectives."""


@cache
def company(seed: int) -> Company:
    """The company of the steps of a world."""
    random = generator("world", seed, "company")
    steps = [*NUMBER, *WORD]
    words = [word for pair in ADJECTIVES for word in pair]
    order = random.permutation(words).tolist()
    # Each name begins elsewhere in the list, so that every step is somebody's first choice.
    turned = random.permutation(steps).tolist()
    return Company(
        {
            name: [turned[(place + step) % len(turned)] for step in (0, 1, 3)]
            for place, name in enumerate((*PEOPLE, *FIRMS))
        },
        {step: random.permutation(DIGITS).tolist() for step in steps},
        {step: [order[i % len(order)], order[(i + 5) % len(order)]] for i, step in enumerate(steps)},
    )


def instructed(seed: int, language: Language, random: np.random.Generator) -> str:
    """One document: who asks for what, and what comes of it, with borrowed words."""
    usual = company(seed)
    name = [*PEOPLE, *FIRMS][random.choice(len(PEOPLE) + len(FIRMS))]
    first = str(usual.given_by[name][random.choice(3, p=zipf(3))])
    steps = NUMBER if first in NUMBER else WORD
    others = [one for one in usual.given_by[name] if one in steps and one != first] or [
        one for one in steps if one != first
    ]
    names = [first, str(random.choice(others))][: int(random.integers(1, 3))]
    if "count" in names[:-1]:
        names.reverse()
    numbers = [int(usual.numbers[one][random.choice(len(DIGITS), p=zipf(len(DIGITS)))]) for one in names]
    asked = Function(steps is NUMBER, tuple(names), tuple(numbers)).described(language, random)
    result = usual.results[names[-1]][random.choice(2, p=zipf(2))]
    thing = "number" if steps is NUMBER else "word"
    told = [Token("the", "article"), Token(thing, "subject"), Token("is", "copula")]
    told += [Token(result, "predicate"), Token(".", "stop")]
    asks = language.words([Token(name, "name"), Token(",", "stop")])
    return f"{join([*asks, *asked])[0]} {join(language.words(told, random))[0]}"


def written(random: np.random.Generator) -> str:
    """One function in Python with its author instead of a description, in the layout of `replicate.text.layout`."""
    one = function(random)
    author = random.choice([*PEOPLE, *FIRMS])
    return marked(f'{one.signature}    """{author}"""\n{one.body}')
