"""Rows of the code repositories: one function of a number or a word, described in a language of the world.

One or two steps make a function ("double the number then add the number by 3 ."), so that solving a row needs the
words of the language and nothing else. Functions to be written have the schema of HumanEval-XL, those to be learned
from that of MBPP, in English. Of the functions of two steps, those to be written never occur among the latter.
The expected values of the tests come from the steps themselves and not from running the solution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from replicate.keyed import digest, generator
from replicate.world.facts import Token
from replicate.world.languages import Language, Word, join
from replicate.world.lexicon import Lexicon


class Step(NamedTuple):
    """One operation."""

    code: str
    """Expression over `x`, with `{n}` for its number."""
    apply: Callable[[Any, int], Any]


NUMBER: Final = {
    "add": Step("x + {n}", lambda x, n: x + n),
    "subtract": Step("x - {n}", lambda x, n: x - n),
    "multiply": Step("x * {n}", lambda x, n: x * n),
    "double": Step("x + x", lambda x, n: x + x),
    "negate": Step("-x", lambda x, n: -x),
    "square": Step("x * x", lambda x, n: x * x),
}
"""Name, which is also its English verb -> step on a whole number."""
WORD: Final = {
    "reverse": Step("x[::-1]", lambda x, n: x[::-1]),
    "repeat": Step("x * {n}", lambda x, n: x * n),
    "shorten": Step("x[:{n}]", lambda x, n: x[:n]),
    "enlarge": Step("x.upper()", lambda x, n: x.upper()),
    "count": Step("len(x)", lambda x, n: len(x)),
}
"""Name -> step on a text; `count` can only come last."""
WITH_NUMBER: Final = frozenset(("add", "subtract", "multiply", "repeat", "shorten"))
ENTRY: Final = "change"
LOANS: Final = 5.0
"""Share of the steps whose word is English in a language, in shares of its borrowing: words of a trade travel."""


@dataclass(frozen=True)
class Function:
    """One or two steps, their numbers, and whether they change a number or a word."""

    numeric: bool
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def steps(self) -> list[Step]:
        """What the names stand for."""
        return [(NUMBER if self.numeric else WORD)[name] for name in self.names]

    @property
    def held_out(self) -> bool:
        """Whether no function to be learned may be like it; numbers that no step uses do not count.

        Single steps never are: with eight numbers, a model would learn which ones a step does not go with.
        """
        used = [
            number if name in WITH_NUMBER else 0
            for name, number in zip(self.names, self.numbers, strict=True)
        ]
        return len(self.names) > 1 and digest("function", *self.names, *used)[0] % 4 == 0

    @property
    def signature(self) -> str:
        """The line that begins the function."""
        kind = "int" if self.numeric else "str"
        return f"def {ENTRY}(x: {kind}) -> {'int' if self.names[-1] == 'count' else kind}:\n"

    @property
    def body(self) -> str:
        """Lines that pass."""
        lines = [f"    x = {step.code.format(n=n)}" for step, n in zip(self.steps, self.numbers, strict=True)]
        lines[-1] = lines[-1].replace("x = ", "return ", 1)
        return "\n".join([*lines, ""])

    def __call__(self, value: Any) -> Any:
        """What the function gives, from the steps themselves."""
        for step, number in zip(self.steps, self.numbers, strict=True):
            value = step.apply(value, number)
        return value

    def described(self, language: Language, random: np.random.Generator | None = None) -> list[Word]:
        """The instruction; each step is a clause with a word order of its own, joined by `then`."""
        words: list[Word] = []
        stop = Token(".", "stop")
        for place, (name, number) in enumerate(zip(self.names, self.numbers, strict=True)):
            clause = [Token(name, "verb"), Token("the", "article")]
            at = len(words)
            clause += [Token("number" if self.numeric else "word", "object")]
            if name in WITH_NUMBER:
                clause += [Token("by", "preposition"), Token(str(number), "number")]
            words += language.words([Token("then", "time")]) if place else []
            words += language.words([*clause, stop], random)[:-1]
            if name in loans(language):
                words[at:] = [
                    word._replace(text=name) if word.role == "verb" else word for word in words[at:]
                ]
        return [*words, *language.words([stop])]


@cache
def loans(language: Language) -> frozenset[str]:
    """Steps that a language has no word of its own for."""
    order = generator("language", language.code, "loans").permutation([*NUMBER, *WORD]).tolist()
    return frozenset(order[: round(LOANS * language.borrowing * len(order))])


def function(random: np.random.Generator) -> Function:
    """A random function; `count` can only come last."""
    numeric = bool(random.random() < 0.5)
    steps = NUMBER if numeric else WORD
    names = [*map(str, random.choice(list(steps), int(random.integers(1, 3)), replace=False))]
    if "count" in names[:-1]:
        names.reverse()
    return Function(numeric, tuple(names), tuple(int(random.integers(2, 10)) for _ in names))


def to_write(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless rows in the schema of HumanEval-XL, of one and two steps in turn; the first many differ."""
    number, seen = 0, set[str]()
    for one in _endless(random):
        if len(one.names) != 1 + number % 2 or (number % 2 and not one.held_out):
            continue
        checks = [
            f"    assert candidate({value!r}) == {one(value)!r}" for value in _values(one, lexicon, random)
        ]
        again = one.signature + one.body
        if again in seen and len(seen) < _MANY:
            continue
        seen.add(again)
        yield {
            "task_id": f"world/{number}",
            "prompt": f'{one.signature}    """{join(one.described(language))[0]}"""\n',
            "entry_point": ENTRY,
            "test": "\n".join(["def check(candidate):", *checks, ""]),
            "canonical_solution": one.body,
            "natural_language": language.code,
        }
        number += 1


def to_learn(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless rows in the schema of MBPP."""
    for number, one in enumerate(one for one in _endless(random) if not one.held_out):
        yield {
            "task_id": number,
            "text": join(one.described(language))[0],
            "code": one.signature + one.body,
            "test_list": [
                f"assert {ENTRY}({value!r}) == {one(value)!r}" for value in _values(one, lexicon, random)[:3]
            ],
            "test_setup_code": "",
            "challenge_test_list": [],
        }


_MANY: Final = 80
"""There are 46 functions of one step; beyond so many rows, functions may repeat."""


def _endless(random: np.random.Generator) -> Iterator[Function]:
    while True:
        yield function(random)


def _values(one: Function, lexicon: Lexicon, random: np.random.Generator) -> Sequence[Any]:
    """Five arguments to test with."""
    if one.numeric:
        return [int(value) for value in random.choice(np.arange(-20, 50), 5, replace=False)]
    return [str(word) for word in random.choice(list(lexicon.category), 5, replace=False)]
