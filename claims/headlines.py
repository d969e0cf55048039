"""The findings that a reader should know first, as sentences computed from the findings themselves.

Each sentence is there only if the evidence gives it: a cell group that carries most of a gain, verdicts of the
reports that are a threshold on their own confidence, numbers that rest on nothing but the reports, misprints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from claims.finding import Contribution, Finding, Reason, Verdict
from claims.outcome import AuditFinding, ClaimCard, SweepRow

MOST: Final = 3
"""What a reader keeps in mind; everything else has its own place in the report."""


def headlines(
    claims: Sequence[ClaimCard], audit: Sequence[AuditFinding], sweep: Sequence[SweepRow]
) -> tuple[str, ...]:
    """At most three sentences, in the order of their weight."""
    findings = [finding for claim in claims for finding in claim.findings]
    found = (*_carried(findings), *_threshold(audit), *_circular(claims), *_misprint(findings, sweep))
    return tuple(found)[:MOST]


def _carried(findings: Sequence[Finding]) -> Iterator[str]:
    """The largest supported averaged gain, most of which one cell group carries."""
    best: tuple[Decimal, Finding, Contribution] | None = None
    for finding in findings:
        if finding.verdict is not Verdict.SUPPORTED or finding.claimed is None:
            continue
        for part in finding.contributions:
            total = Decimal(part.of)
            if total > 0 and Decimal(part.points) > total / 2 and (best is None or total > best[0]):
                best = (total, finding, part)
    if best is not None:
        _, finding, part = best
        rest = next((a.computed for a in finding.alternatives if a.label == f"without {part.group}"), None)
        others = f"; over the other cells the average gain is {rest}" if rest else ""
        yield f"{part.group} carry {part.points} of the {finding.claimed} points of {finding.claim}{others}."


def _threshold(audit: Sequence[AuditFinding]) -> Iterator[str]:
    """What separates the reports' ticks from their crosses."""
    yield from (observation.text for observation in audit if observation.code == "threshold")


def _circular(claims: Sequence[ClaimCard]) -> Iterator[str]:
    """Numbers that only the reports under review state."""
    found = [claim for claim in claims if any(finding.circular for finding in claim.findings)]
    if found:
        numbers = dict.fromkeys(
            f.claimed for claim in found for f in claim.findings if f.circular and f.claimed
        )
        mentions = len({(m.report, m.line) for claim in found for m in claim.mentions})
        many = "1 claim rests" if len(found) == 1 else f"{len(found)} claims rest"
        listed = f" ({', '.join(numbers)})" if numbers else ""
        repeat = "1 mention repeats" if mentions == 1 else f"{mentions} mentions repeat"
        yield (
            f"{many} on the reports alone{listed}: {repeat} what no source at hand prints, "
            "and the cells that would settle it are listed with each."
        )


def _misprint(findings: Sequence[Finding], sweep: Sequence[SweepRow]) -> Iterator[str]:
    """The printed average that its own cells exclude by most, and how many there are."""
    wrong = [row for row in sweep if row.finding.reason is Reason.OUTSIDE_ROUNDING and row.finding.margin]
    if wrong:
        worst = max(wrong, key=lambda row: Decimal(row.finding.margin or "0"))
        share = f"{len(wrong)} of {len(sweep)} printed averages are"
        share = f"1 of {len(sweep)} printed averages is" if len(wrong) == 1 else share
        yield (
            f"{share} excluded by their own cells; the largest: {worst.what} prints {worst.printed}, "
            f"its cells give {worst.finding.computed}."
        )
