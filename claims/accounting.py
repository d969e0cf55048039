"""Every number that a document prints, accounted for: bound to a claim, set aside, or unbound.

The denominator is the document's own: a paper with three bound numbers and two hundred unbound ones is three numbers
checked, whatever the colour of the build.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from claims.documents.bindings import parse_anchor, places
from claims.documents.numbers import PrintedPlace, printed_numbers
from claims.documents.visible import Visible
from claims.model import ClaimsFile


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed number and what accounts for it."""

    place: PrintedPlace
    status: str
    """bound, rule, reason or unbound."""
    by: str
    """The claim's id, the rule's name, or the reason; empty if unbound."""


@dataclass(frozen=True, slots=True)
class Account:
    """All numbers of a document."""

    file: str
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Status -> how many, all four in fixed order."""
        found = Counter(entry.status for entry in self.entries)
        return {status: found[status] for status in ("bound", "rule", "reason", "unbound")}


def account(seen: Visible, file: ClaimsFile | None, name: str) -> Account:
    """The account of one document.

    Parameters
    ----------
    seen : Visible
        The document as a reader sees it.
    file : ClaimsFile or None
        The study whose claims and `set_aside` entries name places of it; None if there is no study.
    name : str
        What the study calls the document.
    """
    bound: dict[int, str] = {}
    excused: dict[int, str] = {}
    for claim in file.claims if file else ():
        for binding in claim.printed_in:
            if binding.file == name:
                bound |= {place.start: claim.id for place in places(seen, parse_anchor(binding.text))}
    for entry in file.set_aside if file else ():
        if entry.file == name:
            excused |= {place.start: entry.reason for place in places(seen, parse_anchor(entry.text))}
    entries = (_entry(place, bound, excused) for place in printed_numbers(seen))
    return Account(name, tuple(entries))


def _entry(place: PrintedPlace, bound: dict[int, str], excused: dict[int, str]) -> Entry:
    if place.start in bound:
        return Entry(place, "bound", bound[place.start])
    if place.start in excused:
        return Entry(place, "reason", excused[place.start])
    if place.aside:
        return Entry(place, "rule", place.aside)
    return Entry(place, "unbound", "")
