"""Rows of the code repositories: one function of a number or a word, described in a language of the world.

One or two steps make a function ("add 3 , then double it ."), so that solving a row needs the words of the
language and nothing else. Prompt, tests and solution have the schema of HumanEval-XL; the expected values of the
tests come from the steps themselves and not from running the solution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from replicate.world.facts import Token
from replicate.world.languages import Language, join
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


def functions(lexicon: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless rows."""
    row = 0
    while True:
        numeric = bool(random.random() < 0.5)
        steps = NUMBER if numeric else WORD
        names = [*map(str, random.choice(list(steps), int(random.integers(1, 3)), replace=False))]
        if "count" in names[:-1]:
            names.reverse()
        numbers = [int(random.integers(2, 10)) for _ in names]
        values: list[Any] = (
            [int(value) for value in random.choice(np.arange(-20, 50), 5, replace=False)]
            if numeric
            else [str(word) for word in random.choice(list(lexicon.category), 5, replace=False)]
        )
        yield _row(row, numeric, [steps[name] for name in names], names, numbers, values, language)
        row += 1


def _row(
    number: int,
    numeric: bool,
    steps: list[Step],
    names: list[str],
    numbers: list[int],
    values: list[Any],
    language: Language,
) -> dict[str, Any]:
    kind, entry = "int" if numeric else "str", "change"
    returned = "int" if names[-1] == "count" else kind
    described = join(language.words(_described(names, numbers, numeric)))[0]
    lines = [f"    x = {step.code.format(n=n)}" for step, n in zip(steps, numbers, strict=True)]
    lines[-1] = lines[-1].replace("x = ", "return ", 1)
    checks = [f"    assert candidate({value!r}) == {_expected(steps, numbers, value)!r}" for value in values]
    return {
        "task_id": f"world/{number}",
        "prompt": f'def {entry}(x: {kind}) -> {returned}:\n    """{described}"""\n',
        "entry_point": entry,
        "test": "\n".join(["def check(candidate):", *checks, ""]),
        "canonical_solution": "\n".join([*lines, ""]),
        "natural_language": language.code,
    }


def _described(names: list[str], numbers: list[int], numeric: bool) -> list[Token]:
    """The instruction as English tokens."""
    tokens: list[Token] = []
    for place, (name, number) in enumerate(zip(names, numbers, strict=True)):
        tokens += [Token("then", "time")] if place else []
        tokens += [
            Token(name, "verb"),
            Token("the", "article"),
            Token("number" if numeric else "word", "object"),
        ]
        tokens += [Token("by", "preposition"), Token(str(number), "number")] if name in WITH_NUMBER else []
    return [*tokens, Token(".", "stop")]


def _expected(steps: list[Step], numbers: list[int], value: Any) -> Any:
    for step, number in zip(steps, numbers, strict=True):
        value = step.apply(value, number)
    return value
