"""An assertion in words, as the engine understands it; what is shown beside every finding."""

from __future__ import annotations

from typing import Any, Final, assert_never

from claims.model import (
    AnyAssertion,
    Best,
    Contrast,
    Fact,
    Gain,
    NoGain,
    Order,
    Quote,
    Regenerated,
    Share,
    Trend,
    Value,
)
from claims.selector import described

OUTCOMES: Final = {
    "shown": "it is shown",
    "opposite": "the opposite is shown",
    "no difference": "no difference that matters is shown",
    "open": "it cannot be answered",
}
"""Outcome of a contrast in words."""


def reading(assertion: AnyAssertion) -> str:
    """The assertion in words, as the engine understands it."""
    mean, than = getattr(assertion, "mean", None), getattr(assertion, "over", None)
    by = f", averaged by {mean}" if mean else ""
    over = f" over {described(than)}" if than else ""
    match assertion:
        case Value() as a:
            return f"the {'mean' if a.mean else 'cell'} with {described(a.of)}{by} {compared(a)}"
        case Gain() as a:
            return f"the gain of {described(a.of)}{over}{by} {compared(a)}"
        case Order() as a:
            by_much = f" by at least {a.by}" if a.by else ""
            return f"{described(a.larger)} is larger than {described(a.smaller)}{over}{by}{by_much}"
        case Best() as a:
            return f"{described(a.of)} ranks number {a.rank} among {described(a.among)}{over}{by}"
        case Share() as a:
            return _share(a, over + by)
        case NoGain() as a:
            way = "gains more than" if a.direction == "up" else "moves by more than"
            return f"no cell with {described(a.cells)}{over} {way} {a.margin}"
        case Fact() as a:
            return _fact(a)
        case Quote() as a:
            return f"the source says {a.text!r}"
        case Trend() as a:
            return f"{len(a.doses)} doses give {a.shape} returns{over}{by}"
        case Regenerated() as a:
            return f"runs of the study {a.study} give{over}{by} a number that {compared(a)}"
        case Contrast() as a:
            number = f", at {a.equals} points" if a.equals else ""
            return f"runs of the study {a.study} at scale {a.scale}: {OUTCOMES[a.outcome]}, {a.text}{number}"
        case _:
            assert_never(assertion)


def _share(a: Share, frame: str) -> str:
    words = ("exactly", a.exactly), ("at least", a.at_least), ("at most", a.at_most)
    many = next(f"{word} {number} of {a.out_of}" for word, number in words if number is not None)
    if a.above_cell is not None:
        test = f"above {described(a.above_cell)}"
    else:
        test = f"above {a.above}" if a.above else f"below {a.below}"
    what = f"tasks of {a.tasks_of}" if a.tasks_of else "cells"
    return f"{many} {what} with {described(a.cells)}{frame} are {test}"


def _fact(a: Fact) -> str:
    cells = a.cells if isinstance(a.cells, list) else [a.cells]
    what = " + ".join(map(described, cells)) + "".join(f" - {described(m)}" for m in a.minus)
    if a.take == "words":
        return f"{what} says {', '.join(map(repr, a.include))}"
    return f"the {a.take} of {a.column + ' over ' if a.column else ''}{what} {compared(a)}"


def compared(assertion: Any) -> str:
    """The comparison of an assertion in words."""
    words = (
        ("equals", "equals"),
        ("at_least", "is at least"),
        ("at_most", "is at most"),
        ("above", "is above"),
        ("below", "is below"),
    )
    return next(
        f"{word} {number}" for name, word in words if (number := getattr(assertion, name, None)) is not None
    )
