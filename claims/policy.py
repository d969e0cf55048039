"""Which findings fail a build, apart from the facts: `fail_on`, severities by tag, accepted findings, expired grants.

A study's acceptances are held from both sides. What is worse than accepted fails, as a new failure does; and an
acceptance that is stale, or looser than what is found now, fails too, because otherwise the next regression would
hide behind it. An error is never accepted and never lowered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from claims.finding import Finding, Location, Verdict
from claims.outcome import StatedPolicy

FAILING: Final[dict[str, tuple[Verdict, ...]]] = {
    "never": (),
    "contradicted": (Verdict.CONTRADICTED,),
    "inconclusive": (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE),
    "unverifiable": (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE, Verdict.UNVERIFIABLE, Verdict.OUT_OF_SCOPE),
}
"""`--fail-on` word -> verdicts that fail."""

SEVERITY: Final[dict[Verdict, int]] = {
    Verdict.SUPPORTED: 0,
    Verdict.OUT_OF_SCOPE: 1,
    Verdict.UNVERIFIABLE: 2,
    Verdict.INCONCLUSIVE: 3,
    Verdict.CONTRADICTED: 4,
    Verdict.ERROR: 5,
}
SEVERITIES: Final = ("error", "warning", "ignore")
"""Severities of a tag, the most severe first."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that is known and accepted."""

    id: str
    verdict: Verdict
    reason: str
    margin: str | None
    """Of a contradiction: how far off is accepted."""
    why: str
    until: str | None
    """The last day on which it is accepted; `never` or nothing for no such day."""
    location: Location


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something granted that no longer fits what is found."""

    id: str
    """Id of the finding."""
    kind: str
    """stale, loose, changed, outgrown or expired."""
    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy makes of the findings."""

    failing: tuple[str, ...]
    """Ids of the findings that fail."""
    accepted: tuple[str, ...]
    """Ids of the findings that would fail had they not been accepted."""
    complaints: tuple[Complaint, ...]
    """Acceptances and tolerances that fail."""
    unchecked: bool
    """Whether something could not be checked: an error, or nothing to check."""
    warnings: tuple[str, ...] = ()
    """Ids of the findings that would fail but for a tag of severity `warning`."""
    ignored: tuple[str, ...] = ()
    """The same for severity `ignore`."""
    fail_on: str = "contradicted"
    severity: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """3 where something could not be checked, else 1 where a finding or a grant fails, else 0."""
        fails = self.failing or (self.complaints and self.fail_on != "never")
        return 3 if self.unchecked else 1 if fails else 0


def judge(
    findings: Sequence[Finding],
    fail_on: str | None = None,
    accepted: Iterable[Acceptance] = (),
    stated: StatedPolicy | None = None,
    today: str | None = None,
) -> Judgement:
    """Judgement of the findings.

    Parameters
    ----------
    findings
        Of one check.
    fail_on
        A word of `FAILING`; None means the study's own, else `contradicted`.
    accepted
        The study's acceptances.
    stated
        The study's policy.
    today
        Date on which grants are judged, like 2026-11-20; None judges no date.
    """
    policy = stated or StatedPolicy()
    word = fail_on or policy.fail_on or "contradicted"
    known = {acceptance.id: acceptance for acceptance in accepted}
    complaints = [*_acceptances(known.values(), findings, today), *_tolerances(findings, today)]
    lapsed = {c.id for c in complaints if c.kind in ("changed", "outgrown", "expired")}
    sorted_out: dict[str, list[str]] = {name: [] for name in (*SEVERITIES, "accepted")}
    expired = {c.id for c in complaints if c.kind == "expired" and c.id not in known}
    for finding in findings:
        if finding.verdict not in FAILING[word] and not (finding.id in expired and word != "never"):
            continue
        if finding.id in known and finding.id not in lapsed:
            sorted_out["accepted"].append(finding.id)
        else:
            sorted_out[_severity(finding, policy.severity)].append(finding.id)
    return Judgement(
        failing=tuple(sorted_out["error"]),
        accepted=tuple(sorted_out["accepted"]),
        complaints=tuple(complaints),
        unchecked=not findings or any(finding.verdict is Verdict.ERROR for finding in findings),
        warnings=tuple(sorted_out["warning"]),
        ignored=tuple(sorted_out["ignore"]),
        fail_on=word,
        severity=dict(policy.severity),
    )


def _severity(finding: Finding, by_tag: Mapping[str, str]) -> str:
    """The most severe that a tag of the finding has; `error` where none is named."""
    named = [by_tag[tag] for tag in finding.tags if tag in by_tag]
    return min(named, key=SEVERITIES.index, default="error")


def _acceptances(
    accepted: Iterable[Acceptance], findings: Sequence[Finding], today: str | None
) -> Iterator[Complaint]:
    found = {finding.id: finding for finding in findings}
    for acceptance in accepted:
        kind, text = _misfit(acceptance, found.get(acceptance.id), today)
        if kind:
            yield Complaint(acceptance.id, kind, text, acceptance.location)


def _misfit(accepted: Acceptance, found: Finding | None, today: str | None) -> tuple[str, str]:
    """How an acceptance misses what is found, and in which words; two empty strings where it fits."""
    if found is None:
        return "stale", "no assertion has this id any more"
    if found.verdict is Verdict.SUPPORTED:
        return "stale", f"accepted as {accepted.verdict}, but it is supported now"
    if lapsed(accepted.until, today):
        return "expired", f"accepted until {accepted.until}, and that has passed ({accepted.why})"
    now, then = SEVERITY[found.verdict], SEVERITY[accepted.verdict]
    if now != then:
        kind, word = ("outgrown", "worse") if now > then else ("loose", "better")
        return kind, f"accepted as {accepted.verdict}, but it is {word}: {found.verdict}"
    if found.reason != accepted.reason:
        return "changed", f"accepted for the reason {accepted.reason}, but it is {found.reason} now"
    allowed, margin = _number(accepted.margin), _number(accepted_margin(found))
    if margin is not None and allowed is None:
        return "loose", f"accepts any margin, but it is off by {margin}"
    if allowed is not None and margin is not None and margin != allowed:
        kind = "outgrown" if margin > allowed else "loose"
        return kind, f"accepted with a margin of {accepted.margin}, but it is off by {margin} now"
    return "", ""


def accepted_margin(finding: Finding) -> str | None:
    """The margin that an acceptance of a finding states: that of a contradicted number."""
    contradicted = finding.verdict is Verdict.CONTRADICTED and finding.statistics is None
    return finding.margin if contradicted and _number(finding.margin) is not None else None


def _tolerances(findings: Iterable[Finding], today: str | None) -> Iterator[Complaint]:
    for finding in findings:
        granted = finding.tolerance
        if granted is not None and lapsed(granted["until"], today):
            text = (
                f"its tolerance of {granted['by']} was granted until {granted['until']}; extend or remove it"
            )
            yield Complaint(finding.id, "expired", text, finding.location)


def lapsed(until: str | None, today: str | None) -> bool:
    """Whether the last day of a grant has passed; ISO dates order as text."""
    return until not in (None, "never") and today is not None and str(until) < today


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
