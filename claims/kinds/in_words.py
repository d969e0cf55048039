"""An assertion in words, as the engine understands it; what is shown beside every finding."""

from __future__ import annotations

from typing import Any, Final

from claims.selector import described

OUTCOMES: Final = {
    "shown": "it is shown",
    "opposite": "the opposite is shown",
    "no difference": "no difference that matters is shown",
    "open": "it cannot be answered",
}
"""Outcome of a contrast in words."""


def reading(assertion: Any) -> str:
    """The assertion in words, as the engine understands it."""
    a = assertion
    by = f", averaged by {a.mean}" if getattr(a, "mean", None) else ""
    over = f" over {described(a.over)}" if getattr(a, "over", None) else ""
    match a.kind:
        case "value":
            return f"the {'mean' if a.mean else 'cell'} with {described(a.of)}{by} {compared(a)}"
        case "gain":
            return f"the gain of {described(a.of)}{over}{by} {compared(a)}"
        case "order":
            by_much = f" by at least {a.by}" if a.by else ""
            return f"{described(a.larger)} is larger than {described(a.smaller)}{over}{by}{by_much}"
        case "best":
            return f"{described(a.of)} ranks number {a.rank} among {described(a.among)}{over}{by}"
        case "share":
            words = ("exactly", a.exactly), ("at least", a.at_least), ("at most", a.at_most)
            many = next(f"{word} {number} of {a.out_of}" for word, number in words if number is not None)
            test = (
                f"above {a.above}"
                if a.above
                else f"below {a.below}"
                if a.below
                else f"above {described(a.above_cell)}"
            )
            what = (
                f"tasks of {a.tasks_of} with {described(a.cells)}"
                if a.tasks_of
                else f"cells with {described(a.cells)}"
            )
            return f"{many} {what}{over}{by} are {test}"
        case "no_gain":
            way = "gains more than" if a.direction == "up" else "moves by more than"
            return f"no cell with {described(a.cells)}{over} {way} {a.margin}"
        case "fact":
            cells = a.cells if isinstance(a.cells, list) else [a.cells]
            what = " + ".join(map(described, cells)) + "".join(f" - {described(m)}" for m in a.minus)
            if a.take == "words":
                return f"{what} says {', '.join(map(repr, a.include))}"
            return f"the {a.take} of {a.column + ' over ' if a.column else ''}{what} {compared(a)}"
        case "quote":
            return f"the source says {a.text!r}"
        case "trend":
            return f"{len(a.doses)} doses give {a.shape} returns{over}{by}"
        case "contrast":
            number = f", at {a.equals} points" if a.equals else ""
            return f"runs of the study {a.study} at scale {a.scale}: {OUTCOMES[a.outcome]}, {a.text}{number}"
        case _:
            return f"runs of the study {a.study} give{over}{by} a number that {compared(a)}"


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
