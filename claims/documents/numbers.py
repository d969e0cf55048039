"""Every number that a document prints, and why some of them claim nothing.

The denominator is the text's, not the author's: a number that no claim binds, no rule sets aside and no reason
excuses is unbound, and a reader may ask what it rests on. The rules are deliberately few, each names itself in the
output, and none of them looks at the value to decide whether it is convenient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from claims.documents.visible import Visible
from claims.finding import Location

NUMBER: Final = re.compile(
    r"(?<![\w.,^])(?<!\^[+\-−–])[+\-−–]?(?:\d{1,3}(?:[,\u2009\u202f]\d{3})+|\d+)(?:\.\d+)?"
    r"(?:[eE][+\-−]?\d{1,3})?\s?%?(?![\w]|[.,]\d)"
    r"|(?<![\w.,^])[+\-−–]?\.\d+\s?%?(?![\w]|[.,]\d)"
    r"|(?<![\w.,^])(?<!\^[+\-−–])[+\-−–]?\d+(?:,\d+)+\s?%?(?![\w]|[.,]\d)"
)
"""A number that stands by itself; digits inside a word (mT5, XLM-R2, v1.2.3) are a name, not a number.

What other commas join than those of thousands, 2,5 or 1,2,3, is in no form that a claim could print, and is in the
text all the same.
"""

BEFORE: Final = 48
"""Characters of context that the rules look at."""
AFTER: Final = 90

RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("reference", re.compile(
        r"(?:\b(?:tables?|tab|figures?|fig|sections?|sec|appendix|chapter|equations?|eq|algorithm|theorem|lemma|"
        r"footnote|line|page|pages|pp?|phase|step|part|footnotes?|lines)\.?|§§?)"
        r"\s*[(\[]?(?:\d+(?:\.\d+)*\s*(?:,|and|to|–|-|&)\s*)*$", re.IGNORECASE)),
    ("version", re.compile(r"\b(?:version|release|python|cuda|revision|rev)\s*$|\bv\.?\s*$", re.IGNORECASE)),
    ("address", re.compile(
        r"(?:https?://|doi:|doi\.org/|arxiv:?\s*|arxiv\.org/\w+/|www\.|\b10\.\d{4,9}/)\S*\s?$", re.IGNORECASE)),
    ("path", re.compile(r"(?:^|\s)[A-Za-z_.~]\S*/$")),
    ("date", re.compile(
        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*(?:\d{1,2},?\s*)?$"
        r"|\b(?:19|20)\d\d-(?:\d\d-)?$", re.IGNORECASE)),
)  # fmt: skip
"""Rule name and what stands right before the number."""

YEAR: Final = re.compile(r"(?:19[5-9]\d|20[0-4]\d)")
MONTH_AFTER: Final = re.compile(
    r"\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)
CITED: Final = (
    re.compile(r"\[(?:\d{1,3}\s*[,;–-]\s*)*$"),
    re.compile(r"\d{1,3}(?:,\d{1,3})*"),
    re.compile(r"(?:\s*[,;–-]\s*\d{1,3})*\]"),
)
"""Before, of and after a number in brackets that cite; LaTeX cites by command, so there brackets hold an interval."""

NUMBERED: Final = (
    (re.compile(r"(?:^|\n)[ \t>*-]*#+[ \t]*$"), re.compile(r"(?:\.\d+)*[.)]?\s+\S")),
    (re.compile(r"(?:^|\n)[ \t>*-]*$"), re.compile(r"[.)][ \t]+[^\W\d]")),
    (
        re.compile(r"(?:^|\n[ \t]*\n)[ \t]*$"),
        re.compile(r"(?:\.\d+)*[ \t]+[^\W\d_a-z][^\n.;,:]{0,70}(?:\n|$)"),
    ),
)
"""Before and after the number of a heading or a list item: marked by #, followed by a dot or parenthesis, or a short
line of its own that begins with a capital. A line that a wrap happens to begin with a number is none of them."""

SECTION: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}")


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """One number in the text of a document."""

    text: str
    """As printed, sign included, blanks removed."""
    location: Location
    start: int
    """Position in the visible text."""
    end: int
    aside: str | None
    """The rule that sets it aside, or None: then a claim or a reason has to account for it."""
    context: str
    """The words around it, on one line."""


def printed_numbers(seen: Visible) -> tuple[PrintedPlace, ...]:
    """All numbers of a document in order.

    Examples
    --------
    >>> from claims.documents.markup import read_markdown
    >>> text = "Table 2 shows that SQuAD gains 8.3 points (Phang et al., 2020) [12]; mT5 has 42 %."
    >>> [(place.text, place.aside) for place in printed_numbers(read_markdown("a.md", text))]
    [('2', 'reference'), ('8.3', None), ('2020', 'year'), ('12', 'citation'), ('42%', None)]
    """
    return tuple(_place(seen, match) for match in NUMBER.finditer(seen.text))


def _place(seen: Visible, match: re.Match[str]) -> PrintedPlace:
    start, end = match.span()
    text = re.sub(r"\s", "", match.group())
    left, right = max(0, start - BEFORE), min(len(seen.text), end + BEFORE)
    context = " ".join(seen.text[left:right].split())
    aside = seen.aside(start) or _rule(text, seen.text[left:start], seen.text[end : end + AFTER])
    if aside is None and not seen.file.endswith(".tex") and _cited(text, seen.text, start, end):
        aside = "citation"
    return PrintedPlace(text, seen.location(start), start, end, aside, context)


def _rule(text: str, before: str, after: str) -> str | None:
    for name, pattern in RULES:
        if pattern.search(before):
            return name
    if SECTION.fullmatch(text) and any(b.search(before) and a.match(after) for b, a in NUMBERED):
        return "numbering"
    if text == "10" and after.startswith("^"):
        return "power of ten"
    if text.startswith("10.") and after.startswith("/"):
        return "address"  # a DOI
    if all(map(YEAR.fullmatch, text.split(","))):
        return "year"
    if text.isdigit() and int(text) <= 31 and MONTH_AFTER.match(after):
        return "date"
    return None


def _cited(text: str, whole: str, start: int, end: int) -> bool:
    before, own, after = CITED
    left, right = whole[max(0, start - BEFORE) : start], whole[end : end + BEFORE]
    return bool(own.fullmatch(text) and before.search(left) and after.match(right))
