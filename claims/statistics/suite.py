"""Corrects verdicts over seeds for the number of assertions tested together: Holm over the suite.

Among 40 claims tested at 5 % two wrong verdicts are to be expected. A verdict that does not survive the correction
becomes inconclusive and says so; the uncorrected p value stays beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.finding import Finding, Reason
from claims.statistics.compared import ALPHA


def corrected(findings: Sequence[Sequence[Finding]]) -> list[tuple[Finding, ...]]:
    """Return the findings, grouped as they came, with verdicts over seeds corrected."""
    p: dict[str, float] = {}
    for group in findings:
        for finding in group:
            said = finding.statistics or {}
            if "p_holds" in said and "p_fails" in said:
                p[finding.id] = min(float(said["p_holds"]), float(said["p_fails"]))
    if not p:
        return [tuple(group) for group in findings]
    from analysis.multiplicity import adjust

    holm = dict(zip(p, (float(value) for value in adjust(list(p.values()), "holm")), strict=True))
    return [tuple(_one(finding, holm, len(p)) for finding in group) for group in findings]


def _one(finding: Finding, holm: dict[str, float], tested: int) -> Finding:
    if finding.id not in holm or finding.statistics is None:
        return finding
    value = holm[finding.id]
    said = {**finding.statistics, "p_holm": value, "tested_together": tested}
    if value <= ALPHA or finding.verdict not in ("supported", "contradicted"):
        return replace(finding, statistics=said)
    detail = (
        f"{finding.detail} After Holm over {tested} tested assertions p is {value:.3f}: open at {ALPHA:g}."
    )
    return replace(finding, reason=Reason.INTERVAL_TOO_WIDE, detail=detail, statistics=said)
