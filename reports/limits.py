"""What a verdict does not establish, in sentences: the other half of every answer to "why".

A reader takes a tick for more than it is. Each level of check, each kind of verdict and each scale has its own reach,
so the sentences are looked up by them and none is written by hand for a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from claims.finding import Finding, Level, Reason, Verdict
from claims.outcome import ClaimCard
from claims.standing import claim_level, claim_verdict, deciding

OF_LEVEL: Final = {
    Level.STATED: "anything beyond the documents that say so themselves",
    Level.QUOTED: "that the number is right; only that the source prints it",
    Level.RECOMPUTED: "that the cells are right, or that another run would give them; only that they fit together",
    Level.TESTED: "anything beyond the seeds, tasks and settings that ran",
    Level.REGENERATED: "anything beyond the scale, data and settings of these runs",
}
"""Of a supported claim."""
OF_VERDICT: Final = {
    Verdict.CONTRADICTED: "which side is wrong, the number or the cells; only that both cannot stand as printed",
    Verdict.INCONCLUSIVE: "that there is no effect, or that the claim is wrong; the evidence admits both",
    Verdict.OUT_OF_SCOPE: "anything about the claim itself; the evidence is about something else",
    Verdict.UNVERIFIABLE: "that the claim is wrong; only that nothing at hand settles it",
    Verdict.ERROR: "anything; the check did not run",
}


def limits(claim: ClaimCard) -> list[str]:
    """What the verdict on a claim does not establish, the most important first."""
    return list(dict.fromkeys(_limits(claim)))


def _limits(claim: ClaimCard) -> Iterator[str]:
    verdict = claim_verdict(claim.findings)
    if verdict is Verdict.SUPPORTED:
        yield OF_LEVEL[claim_level(claim.findings)]
    else:
        yield OF_VERDICT[verdict]
    for finding in deciding(claim.findings):
        yield from _of_finding(finding)
    if any(finding.scale in ("miniature", "small") for finding in claim.findings):
        yield "anything at the scale of the paper by the runs at a smaller one"
    if len(claim.mentions) > 1 and claim.n_roots == 1:
        yield f"independent agreement; the {len(claim.mentions)} mentions go back to one root"


def _of_finding(finding: Finding) -> Iterator[str]:
    if finding.reason is Reason.WITHIN_TOLERANCE:
        yield "agreement at the printed precision; it holds only within the granted tolerance"
    if finding.reason is Reason.REPRODUCES_WITHIN_ROUNDING:
        yield "that the printed cells give the number as they stand; only that their rounding allows it"
    said = finding.statistics or {}
    if said.get("n") == 1:
        yield "anything about other seeds; one run has no error of its own"
