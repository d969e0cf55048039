"""Claims bound to places in a text: every place that prints the number must print the same number.

A place is named by the words around it, with `{}` where the number stands: `improves the average by {} points`.
Words and not line numbers, because text moves; literal and not a pattern, because a place must be found or missed
for a reason that a reader can see. Another number among the words is written `{_}`, which any number matches: it may
change without losing the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.printed import Printed, is_printed_number, parse_printed
from claims.documents.numbers import NUMBER, PrintedPlace, printed_numbers
from claims.documents.visible import Visible

HOLE = "{}"
OTHER = "{_}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words around a number, and what compiles from them."""

    text: str
    pattern: re.Pattern[str]


def parse_anchor(text: str) -> Anchor:
    """The anchor in `text`.

    Raises
    ------
    ValueError
        Not exactly one `{}`, or no word beside it.

    Examples
    --------
    >>> parse_anchor("improves by {} points").text
    'improves by {} points'
    >>> parse_anchor("rises from {_} to {}").pattern.search("rises from 79.1 to 81.6")["hole"]
    '81.6'
    >>> parse_anchor("improves by 8.2 points")
    Traceback (most recent call last):
    ...
    ValueError: the anchor 'improves by 8.2 points' has 0 holes; write {} once, where the number stands
    """
    pieces = text.split(HOLE)
    if len(pieces) != 2:
        raise ValueError(
            f"the anchor {text!r} has {len(pieces) - 1} holes; write {{}} once, where the number stands"
        )
    if not re.search(r"\w", text.replace(OTHER, "")):
        raise ValueError(f"the anchor {text!r} has no word; write some words before or after the number")
    before, after = (r"\s+".join(map(_literal, piece.split())) for piece in pieces)
    gap_before = r"\s*" if pieces[0][-1:].isspace() else ""
    gap_after = r"\s*" if pieces[1][:1].isspace() else ""
    return Anchor(text, re.compile(f"{before}{gap_before}(?P<hole>{NUMBER.pattern}){gap_after}{after}"))


def _literal(word: str) -> str:
    """A word as a pattern; `{_}` matches a number."""
    return f"(?:{NUMBER.pattern})".join(map(re.escape, word.split(OTHER)))


def places(seen: Visible, anchor: Anchor) -> tuple[PrintedPlace, ...]:
    r"""All places of a document that the anchor names, in order; empty if the words are nowhere.

    Examples
    --------
    >>> from claims.documents.markup import read_markdown
    >>> seen = read_markdown("a.md", "SQuAD gains **8.3**\npoints. Later: gains 8.4 points.")
    >>> [place.text for place in places(seen, parse_anchor("gains {} points"))]
    ['8.3', '8.4']
    """
    starts = {match.start("hole") for match in anchor.pattern.finditer(seen.text)}
    return tuple(place for place in printed_numbers(seen) if place.start in starts)


def agree(one: str, other: str) -> bool:
    """Whether two printed numbers can be the same number.

    At equal precision they must be equal; otherwise the coarser must be a rounding of the finer.

    Examples
    --------
    >>> agree("8.3", "8.30"), agree("8.3", "8.4"), agree("8", "8.3"), agree("8.35", "8.4"), agree("8.35", "8.3")
    (True, False, True, True, True)
    """
    if not is_printed_number(other):
        return False  # digits without end are text of the document, not a number that a claim could print
    first, second = parse_printed(one), parse_printed(other)
    if first.unit != second.unit and "" not in (first.unit, second.unit):
        return False
    coarse, fine = (first, second) if first.places <= second.places else (second, first)
    if coarse.places == fine.places:
        return coarse.value == fine.value
    return _covers(coarse, fine)


def _covers(coarse: Printed, fine: Printed) -> bool:
    return coarse.lower <= fine.value <= coarse.upper
