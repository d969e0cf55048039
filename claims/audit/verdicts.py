"""The reports' ticks and crosses against each other and against our findings.

A tick on a sentence that makes several claims is a tick on each of them. A cross on such a sentence may be meant for
one of them only, so it contradicts a tick, or our finding, only where it must: it counts against another verdict if
the sentence makes one claim, and it is false if every claim of the sentence is supported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from claims.clustering import cluster
from claims.finding import Verdict
from claims.outcome import AuditFinding, ClaimCard, Mention, ReportCard
from claims.standing import claim_level, claim_verdict, deciding


def opposite_findings(reports: Sequence[ReportCard]) -> list[AuditFinding]:
    """Claims that one mention ticks and another crosses; unmapped mentions are compared by their sentence."""
    mapped: dict[str, list[Mention]] = {}
    unmapped: list[Mention] = []
    for report in reports:
        for mention in report.mentions:
            for id in mention.claims:
                mapped.setdefault(id, []).append(mention)
            if not mention.claims:
                unmapped.append(mention)
    groups: list[tuple[str | None, Sequence[Mention]]] = [*mapped.items()]
    groups += [(None, group) for group in cluster(unmapped)]
    return [finding for id, group in groups if (finding := _opposite(id, group)) is not None]


def false_findings(reports: Sequence[ReportCard], claims: Sequence[ClaimCard]) -> list[AuditFinding]:
    """Ticks on claims that we find contradicted, and crosses on claims that we find supported."""
    cards = {claim.id: claim for claim in claims if claim.findings}
    verdicts = {id: claim_verdict(card.findings) for id, card in cards.items()}
    found: list[AuditFinding] = []
    for report in reports:
        for mention in report.mentions:
            if mention.verdict is True:
                wrong = [id for id in mention.claims if verdicts.get(id) is Verdict.CONTRADICTED]
                found += [_false("false_tick", mention, id, cards) for id in wrong]
            elif mention.verdict is False and {verdicts.get(id) for id in mention.claims} == {
                Verdict.SUPPORTED
            }:
                found += [_false("false_cross", mention, id, cards) for id in mention.claims]
    return found


def circular_finding(reports: Sequence[ReportCard], claims: Sequence[ClaimCard]) -> AuditFinding | None:
    """The mentioned claims for which reports are the only place that states them; None without one."""
    circular = {claim.id for claim in claims if any(finding.circular for finding in claim.findings)}
    mentioned = {id for report in reports for mention in report.mentions for id in mention.claims}
    ids = [claim.id for claim in claims if claim.id in circular & mentioned]
    if not ids:
        return None
    named = tuple(
        report.id for report in reports if any(circular & set(mention.claims) for mention in report.mentions)
    )
    plural = "s rest" if len(ids) > 1 else " rests"
    text = f"{len(ids)} claim{plural} on nothing but the reports that make them: {', '.join(ids)}."
    return AuditFinding("circular", named, None, text, {"claims": ids})


def _opposite(id: str | None, group: Sequence[Mention]) -> AuditFinding | None:
    """The finding for one claim, if a tick meets a cross."""
    ticks = [mention for mention in group if mention.verdict is True]
    crosses = [mention for mention in group if mention.verdict is False and len(mention.claims) <= 1]
    if not ticks or not crosses:
        return None
    said = ", ".join(_place(mention) for mention in ticks)
    denied = ", ".join(_place(mention) for mention in crosses)
    text = f"The same claim has a tick ({said}) and a cross ({denied}): {crosses[0].text}"
    reports = tuple(dict.fromkeys(mention.report for mention in (*ticks, *crosses)))
    data = {
        "ticks": [_told(mention) for mention in ticks],
        "crosses": [_told(mention) for mention in crosses],
    }
    return AuditFinding("opposite_verdicts", reports, id, text, data)


def _false(code: str, mention: Mention, id: str, cards: Mapping[str, ClaimCard]) -> AuditFinding:
    """The finding for one wrong tick or cross."""
    card = cards[id]
    verdict, level = claim_verdict(card.findings), claim_level(card.findings)
    reasons = [finding for finding in deciding(card.findings) if finding.verdict is verdict]
    mark = "a tick" if code == "false_tick" else "a cross"
    detail = f": {reasons[0].detail}" if reasons else ""
    text = f"{_place(mention)} has {mark}, we find it {verdict.value} ({level.value}){detail}"
    data = {
        **_told(mention),
        "verdict": verdict.value,
        "level": level.value,
        "findings": [f.id for f in reasons],
    }
    return AuditFinding(code, (mention.report,), id, text, data)


def _place(mention: Mention) -> str:
    """Where the mention stands, with its confidence."""
    rated = f" at {mention.confidence}" if mention.confidence else ""
    return f"{mention.report}:{mention.line}{rated}"


def _told(mention: Mention) -> dict[str, Any]:
    """The mention as data."""
    return {
        "report": mention.report,
        "line": mention.line,
        "text": mention.text,
        "report_verdict": mention.verdict,
        "confidence": mention.confidence,
    }
