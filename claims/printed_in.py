"""Findings on where a document prints a claim's number: every place must print the same.

A claim says where its number stands, `printed_in: [{file: paper.tex, text: "improves by {} points"}]`. Abstract,
text and caption drift apart when one of them is edited; here each place is read, and the one that differs is named by
file, line and column. Words that stand nowhere are an error of the binding, not a pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import partial
from pathlib import Path

from analysis.errors import InputError, Problem
from analysis.printed import decimal_text, is_printed_number, parse_printed
from claims.documents.bindings import agree, parse_anchor, places
from claims.documents.numbers import PrintedPlace
from claims.documents.reader import read_document
from claims.documents.visible import Visible
from claims.evidence import confined
from claims.finding import Finding, Level, Location, Reason
from claims.model import Claim, ClaimsFile
from claims.yaml_marks import Document


def documents(folder: Path, file: ClaimsFile, document: Document) -> dict[str, Visible]:
    """Every document that a claim is bound to, read once.

    Raises
    ------
    InputError
        A document outside the study, missing or unreadable; a binding without a number.
    """
    found: dict[str, Visible] = {}
    absent: set[str] = set()
    problems: list[Problem] = []
    for at, claim in enumerate(file.claims):
        for number, binding in enumerate(claim.printed_in):
            where = ("claims", at, "printed_in", number)
            if claimed_number(claim, number) is None:
                remedy = 'write number: "8.2" in the binding, or equals: "8.2" in an assertion'
                problems.append(document.problem("the binding has no number to look for", remedy, where))
            if binding.file in found or binding.file in absent:
                continue
            path = confined(folder, binding.file)
            if path is None:
                what = f"path {binding.file!r} leaves the study's folder"
                problems.append(document.problem(what, "move the study beside the paper", (*where, "file")))
                continue
            if not path.exists():
                absent.add(binding.file)
                near = get_close_matches(
                    binding.file, [one.name for one in folder.iterdir()], n=1, cutoff=0.8
                )
                remedy = f"write {near[0]!r}" if near else "check the path; it counts from the study's folder"
                what = f"there is no document {binding.file!r}"
                problems.append(document.problem(what, remedy, (*where, "file")))
                continue
            try:
                found[binding.file] = read_document(path, binding.file)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(*dict.fromkeys(problems))
    return found


def claimed_number(claim: Claim, binding: int) -> str | None:
    """The number that a binding looks for: its own, else that of the claim's first assertion with `equals`."""
    own = claim.printed_in[binding].number
    if own is not None:
        return own
    return next(
        (number for a in claim.assertions if (number := getattr(a, "equals", None)) is not None), None
    )


def findings(claim: Claim, at: int, seen: Mapping[str, Visible], document: Document) -> Iterator[Finding]:
    """One finding for each binding of a claim."""
    for number, binding in enumerate(claim.printed_in):
        claimed = claimed_number(claim, number) or ""
        here = Location(document.file, *document.where(("claims", at, "printed_in", number)))
        found = places(seen[binding.file], parse_anchor(binding.text))
        yield _finding(claim, number, claimed, binding.text, binding.file, found, here)


def _finding(
    claim: Claim,
    number: int,
    claimed: str,
    anchor: str,
    file: str,
    found: tuple[PrintedPlace, ...],
    here: Location,
) -> Finding:
    wrong = [place for place in found if not agree(claimed, place.text)]
    finding = partial(
        Finding,
        id=f"{claim.id}/printed_in.{number}",
        claim=claim.id,
        kind="printed_in",
        reading=f"every place of {file} that says “{anchor}” prints {claimed}",
        claimed=claimed,
    )
    if not found:
        detail = f"The words “{anchor}” with a number at {{}} stand nowhere in {file}."
        return finding(
            reason=Reason.BAD_EVIDENCE, level=Level.STATED, detail=detail, location=here,
            needs=(f"words around the number as {file} prints them",),
        )  # fmt: skip
    count = "1 place" if len(found) == 1 else f"{len(found)} places"
    if not wrong:
        lines = ", ".join(str(place.location.line) for place in found)
        detail = f"{file} prints {claimed} in {count} (line {lines})."
        return finding(reason=Reason.MATCHES_PRINT, level=Level.QUOTED, detail=detail, location=here)
    said = "; ".join(f"{file}:{p.location.line}:{p.location.column} prints {p.text}" for p in wrong[:5])
    more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    detail = f"{said}{more}, not {claimed} ({len(found) - len(wrong)} of {count} agree)."
    far = _distance(claimed, wrong[0].text)
    return finding(
        reason=Reason.DIFFERS_FROM_PRINT, level=Level.QUOTED, detail=detail, location=wrong[0].location,
        computed=wrong[0].text, margin=decimal_text(far) if far is not None else None,
        needs=("`verify-claims fix --dry-run` shows the change that makes text and results agree",),
    )  # fmt: skip


def _distance(one: str, other: str) -> Fraction | None:
    if not is_printed_number(other):
        return None
    return abs(parse_printed(one).value - parse_printed(other).value)
