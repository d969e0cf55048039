"""The edits that make a document, the claims file and the results agree again.

Two causes are told apart. The results changed: the claim's number is contradicted, so its `equals` and every place
that prints it move to what the results say, at the printed precision. Or the document drifted: the claim's number
holds, and a place that prints another one moves to it. Only the digits of a number are replaced, byte for byte; what
was not asked for stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.printed import decimal_text, is_printed_number, parse_printed
from claims.documents.bindings import agree, parse_anchor, places
from claims.finding import Finding, Verdict
from claims.outcome import Outcome
from claims.printed_in import claimed_number
from claims.study import CLAIMS, Study

BY_HAND = (".pdf", ".ipynb")
"""Documents that are not edited as text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One number to replace in one file; line and column count from 1."""

    file: str
    line: int
    column: int
    old: str
    new: str
    claim: str
    why: str
    by_hand: bool = False
    optional: bool = False
    """Whether it is no loss if the number does not stand there to the letter."""


def plan(study: Study, outcome: Outcome) -> tuple[Change, ...]:
    """All edits for a study, in file order.

    Parameters
    ----------
    study : Study
        As read; its positions say where each number stands.
    outcome : Outcome
        Result of the same study.
    """
    found: dict[tuple[str, int, int], Change] = {}
    by_claim: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_claim.setdefault(finding.claim, []).append(finding)
    for at, claim in enumerate(study.file.claims):
        moved = dict(_moved(by_claim.get(claim.id, ())))
        changes = [*_in_claims(study, at, moved), *_in_documents(study, at, moved)]
        found |= {(change.file, change.line, change.column): change for change in changes}
    return tuple(found[key] for key in sorted(found))


def _moved(findings: Iterable[Finding]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Claimed number that the results exclude -> the number that they give, and why."""
    for finding in findings:
        if finding.kind == "printed_in" or finding.verdict is not Verdict.CONTRADICTED:
            continue
        if finding.claimed is None or finding.computed is None:
            continue
        printed = parse_printed(finding.claimed)
        try:
            value = Fraction(finding.computed)
        except ValueError:
            continue  # a finding about words, not about a number
        yield finding.claimed, (rewritten(finding.claimed, value, printed.places), finding.detail)


def rewritten(old: str, value: Fraction, places: int) -> str:
    """`value` at `places` decimals in the manner of `old`: its sign, its minus, its separators, its unit.

    Examples
    --------
    >>> rewritten("+8.4", Fraction(8267, 1000), 1), rewritten("−1.40", Fraction(-3, 2), 2)
    ('+8.3', '−1.50')
    >>> rewritten("1,104,934", Fraction(1104935), 0), rewritten("42%", Fraction(43), 0)
    ('1,104,935', '43%')
    """
    text = decimal_text(value, max(places, 0), sign=old.startswith("+"))
    if "," in old:
        whole, _, part = text.partition(".")
        text = f"{int(whole):,}" + (f".{part}" if part else "")
    for minus in ("−", "–"):
        if minus in old:
            text = text.replace("-", minus)
    return text + ("%" if old.endswith("%") else "")


def _in_claims(study: Study, at: int, moved: dict[str, tuple[str, str]]) -> Iterator[Change]:
    claim = study.file.claims[at]
    for old, (new, why) in moved.items():
        line, column = study.document.where(("claims", at, "text"))
        said = re.search(rf"(?<![\w.,]){re.escape(old)}(?![\w]|[.,]\d)", claim.text)
        if said is not None:  # the statement itself; `applied` leaves it if YAML quotes or folds it
            yield Change(CLAIMS, line, column + said.start(), old, new, claim.id, why, optional=True)
    for number, assertion in enumerate(claim.assertions):
        equals: str | None = getattr(assertion, "equals", None)
        if equals is not None and equals in moved:
            line, column = study.document.where(("claims", at, "assert", number, "equals"))
            new, why = moved[equals]
            yield Change(CLAIMS, line, column + 1, equals, new, claim.id, why)
    for number, binding in enumerate(claim.printed_in):
        if binding.number in moved:
            line, column = study.document.where(("claims", at, "printed_in", number, "number"))
            new, why = moved[binding.number]
            yield Change(CLAIMS, line, column + 1, binding.number, new, claim.id, why)


def _in_documents(study: Study, at: int, moved: dict[str, tuple[str, str]]) -> Iterator[Change]:
    claim = study.file.claims[at]
    for number, binding in enumerate(claim.printed_in):
        old = claimed_number(claim, number) or ""
        target, why = moved.get(old, (old, f"the claim and its results say {old}"))
        by_hand = binding.file.endswith(BY_HAND)
        for place in places(study.seen[binding.file], parse_anchor(binding.text)):
            if agree(target, place.text):
                continue
            here = place.location
            if not is_printed_number(place.text) or _another(place.text, target):
                far = f"is too far from {target} to be the same number; does the binding name it?"
                form = "is not in a form that can be compared; write it as the claim does"
                odd = f"{place.text} {far if is_printed_number(place.text) else form}"
                yield Change(binding.file, here.line, here.column, place.text, target, claim.id, odd, True)
                continue
            places_kept = min(parse_printed(place.text).places, parse_printed(target).places)
            new = rewritten(place.text, parse_printed(target).value, places_kept)
            yield Change(binding.file, here.line, here.column, place.text, new, claim.id, why, by_hand)


def _another(seen: str, target: str) -> bool:
    """Whether two numbers differ by more than a factor of ten: then the words name another number, not a change."""
    one, other = abs(parse_printed(seen).value), abs(parse_printed(target).value)
    return max(one, other) > 10 * min(one, other) and max(one, other) > 1


def applied(text: str, changes: Iterable[Change]) -> tuple[str, tuple[Change, ...]]:
    """`text` with the changes of its file made, and the changes whose number does not stand where it should.

    The latter are never guessed at: markup inside a number (`1{,}000`) is left for a person.
    """
    lines = text.split("\n")
    left = []
    for change in sorted(changes, key=lambda change: (change.line, change.column), reverse=True):
        line = lines[change.line - 1] if change.line <= len(lines) else ""
        start = change.column - 1
        if change.by_hand or not line.startswith(change.old, start):
            left += [] if change.optional else [change]
            continue
        lines[change.line - 1] = line[:start] + change.new + line[start + len(change.old) :]
    return "\n".join(lines), tuple(reversed(left))
