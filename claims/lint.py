"""Notes on a study that are no errors yet: grants that rot, claims that nothing prints, entries that match nothing.

The notes on grants are cheap and come with every check, because a tolerance is widened once and forgotten. The others
need the documents, and are for whoever edits the study: `verify-claims lint`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import InputError
from analysis.printed import decimal_text, parse_printed
from claims.finding import Finding, Location, Reason, Verdict
from claims.policy import Acceptance

if TYPE_CHECKING:
    from claims.outcome import Outcome
    from claims.study import Study

WIDE: Final = 3
"""Half-widths of the printed precision beyond which a tolerance is called too wide."""
SOON_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that someone should look at; it fails nothing."""

    code: str
    """wide_tolerance, unneeded_tolerance, ends_soon, no_date, nobody_says_it, unused_set_aside, unpinned, draft."""
    text: str
    location: Location


def notes_on_grants(
    findings: Iterable[Finding], accepted: Iterable[Acceptance], today: str | None
) -> Iterator[Note]:
    """Notes on tolerances and acceptances, from the findings alone."""
    for finding in findings:
        if finding.tolerance is None:
            continue
        by = finding.tolerance["by"]
        half = parse_printed(finding.claimed).half if finding.claimed else Fraction(0)
        if half and parse_printed(by).value > WIDE * half:
            times = decimal_text(parse_printed(by).value / half, 1)
            text = f"{finding.id}: its tolerance of {by} is {times} half-widths ({decimal_text(half)}) of the print"
            yield Note("wide_tolerance", text, finding.location)
        needless = finding.verdict is Verdict.SUPPORTED and finding.reason is not Reason.WITHIN_TOLERANCE
        if needless and finding.statistics is None:
            text = f"{finding.id}: its tolerance of {by} is not needed; remove it"
            yield Note("unneeded_tolerance", text, finding.location)
        yield from _ending(finding.id, "tolerance", finding.tolerance["until"], today, finding.location)
    for acceptance in accepted:
        if acceptance.until is None:
            text = f"{acceptance.id} is accepted without a date; write until: a day, or never"
            yield Note("no_date", text, acceptance.location)
        yield from _ending(acceptance.id, "acceptance", acceptance.until, today, acceptance.location)


def _ending(id: str, what: str, until: str | None, today: str | None, place: Location) -> Iterator[Note]:
    if until in (None, "never") or today is None or str(until) < today:
        return
    left = (date.fromisoformat(str(until)) - date.fromisoformat(today)).days
    if left <= SOON_DAYS:
        yield Note("ends_soon", f"{id}: its {what} ends in {left} days, on {until}", place)


def notes_on_study(study: Study, outcome: Outcome) -> Iterator[Note]:
    """Notes on what a study says beside its findings."""
    document = study.document
    mentioned = {card.id for card in outcome.claims if card.mentions}
    for at, claim in enumerate(study.file.claims):
        place = Location(document.file, *document.where(("claims", at)))
        if claim.status == "draft":
            yield Note("draft", f"{claim.id} is a draft and was not checked; confirm it", place)
        elif not claim.printed_in and claim.id not in mentioned:
            text = f"{claim.id}: no report mentions it and no document is bound to it; add printed_in"
            yield Note("nobody_says_it", text, place)
    for at, entry in enumerate(study.file.collect):
        if not entry.sha256:
            place = Location(document.file, *document.where(("collect", at)))
            yield Note("unpinned", f"the files of {entry.path} are not pinned; add their sha256", place)
    yield from _unused(study)


def _unused(study: Study) -> Iterator[Note]:
    """Entries of `set_aside` whose words stand nowhere."""
    from claims.documents.bindings import parse_anchor, places
    from claims.documents.reader import read_document
    from claims.evidence import confined

    seen = dict(study.seen)
    for at, entry in enumerate(study.file.set_aside):
        place = Location(study.document.file, *study.document.where(("set_aside", at)))
        path: Path | None = confined(study.folder, entry.file)
        try:
            if path is None or not path.is_file():
                raise InputError
            if entry.file not in seen:
                seen[entry.file] = read_document(path, entry.file)
        except InputError:
            yield Note("unused_set_aside", f"set_aside: {entry.file} cannot be read", place)
            continue
        if not places(seen[entry.file], parse_anchor(entry.text)):
            text = f"set_aside: “{entry.text}” stands nowhere in {entry.file}; remove the entry"
            yield Note("unused_set_aside", text, place)
