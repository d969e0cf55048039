"""What a row of the results table must satisfy, as one function that both readers use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Final

from analysis.printed import parse_printed
from analysis.results import REQUIRED, SCALES, STATUSES, WHOLE

CHOICES: Final[dict[str, tuple[str, ...]]] = {"status": STATUSES, "scale": ("", *SCALES)}
DASHES: Final = ("-", "–", "—")
"""What a table prints where there is nothing; words, not a number."""
EMPTY_ROW: Final = dict.fromkeys((*REQUIRED, "scale", "value", "printed", "n", "seed"), "")
"""The columns that have rules, empty."""


def row_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Faults of one row: column, what is wrong, what to do. Rows without fault yield nothing."""
    for name in REQUIRED:
        if not row[name].strip():
            yield name, f"{name} is empty", "every row names its source, target, metric and status"
    for name in CHOICES:
        if row[name].strip() or name == "scale":
            yield from ((name, *fault) for fault in choice_fault(name, row[name]))
    for name in WHOLE:
        yield from ((name, *fault) for fault in integer_fault(name, row[name]))
    yield from (("value", *fault) for fault in value_fault(row["value"]))
    yield from (("printed", *fault) for fault in printed_fault(row["value"], row["printed"]))


@lru_cache(maxsize=1024)
def choice_fault(name: str, text: str) -> tuple[tuple[str, str], ...]:
    """Fault of a cell whose words are a closed set."""
    if text in CHOICES[name]:
        return ()
    near = get_close_matches(text.lower(), CHOICES[name], n=1, cutoff=0.5)
    remedy = f"write {near[0]!r}" if near else f"write one of {', '.join(filter(None, CHOICES[name]))}"
    return ((f"unknown {name} {text[:60]!r}", remedy),)


@lru_cache(maxsize=4096)
def integer_fault(name: str, text: str) -> tuple[tuple[str, str], ...]:
    """Fault of a cell that holds a whole number or nothing; 400.0 is one: pandas writes it beside empty cells."""
    digits = whole(text)
    if not text or (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return ()
    return ((f"{name} {text[:60]!r} is not a whole number", "write digits only, or leave it empty"),)


def whole(text: str) -> str:
    """Return a whole number without the decimals .0 that some programs write.

    Examples
    --------
    >>> whole("400.0"), whole("400"), whole("4.5"), whole(".0")
    ('400', '400', '4.5', '.0')
    """
    digits, _, decimals = text.partition(".")
    return digits if digits and decimals and not decimals.strip("0") else text


def value_fault(text: str) -> tuple[tuple[str, str], ...]:
    """Fault of a `value`: a finite decimal number or nothing."""
    if not text:
        return ()
    try:
        good = isfinite(float(text)) and "_" not in text
    except ValueError:
        good = False
    remedy = "write a decimal number such as 84.31, or leave it empty; words belong into printed"
    return () if good else ((f"value {text[:60]!r} is not a number", remedy),)


@lru_cache(maxsize=65536)
def printed_fault(value: str, printed: str) -> tuple[tuple[str, str], ...]:
    """Fault of a `printed` string: malformed, or at odds with `value`.

    Words ("span extraction") may stand in `printed` where `value` is empty; they must not begin like a number,
    so that "8.7O" is seen to be a slip.
    """
    if not printed:
        return ()
    try:
        number = parse_printed(printed)
    except ValueError as error:
        begins_like_a_number = printed.strip()[:1] in set("0123456789+-−.,<>") and printed not in DASHES
        return ((str(error), "write it as it was printed"),) if value or begins_like_a_number else ()
    if not value or value_fault(value):
        return ()
    exact = Fraction(value.strip())
    exact = exact * 100 if number.unit == "%" and not number.lower <= exact <= number.upper else exact
    agrees = {
        "none": number.lower <= exact <= number.upper,
        "at_least": exact >= number.lower,
        "at_most": exact <= number.upper,
    }[number.bound]
    if agrees:
        return ()
    return ((f"value {value} could not have been printed as {printed!r}", "correct one of the two"),)
