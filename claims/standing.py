"""How a claim stands when its assertions are taken together: one verdict and one level, by the weakest link.

A claim is supported only if all that it says is; one assertion that the evidence excludes contradicts it. Three
kinds of findings do not decide while another one does, because they speak about something else than the paper's
claim: runs at miniature or small scale (their own column, design section 9), runs not made yet, and evidence from
another version, benchmark, split or model (shown as drift).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from claims.finding import Finding, Level, Reason, Verdict

WEAKEST_FIRST: Final = (
    Verdict.CONTRADICTED,
    Verdict.ERROR,
    Verdict.INCONCLUSIVE,
    Verdict.UNVERIFIABLE,
    Verdict.SUPPORTED,
    Verdict.OUT_OF_SCOPE,
)
LEVELS: Final = tuple(Level)


def deciding(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that decide about the claim; all of them where none would be left."""
    every = tuple(findings)
    ours = tuple(f for f in every if f.scale in ("published", "paper") and f.reason is not Reason.NO_RUNS)
    about_it = tuple(f for f in ours if f.verdict is not Verdict.OUT_OF_SCOPE)
    return about_it or ours or every


def claim_verdict(findings: Iterable[Finding]) -> Verdict:
    """Verdict of the claim: that of its weakest deciding finding; unverifiable where there is none."""
    verdicts = {finding.verdict for finding in deciding(findings)}
    return next((verdict for verdict in WEAKEST_FIRST if verdict in verdicts), Verdict.UNVERIFIABLE)


def claim_level(findings: Sequence[Finding]) -> Level:
    """The deepest level at which a deciding finding has the claim's verdict; `stated` where there is none.

    What could not be checked was checked nowhere, so an unverifiable claim stays at `stated`.
    """
    verdict = claim_verdict(findings)
    if verdict in (Verdict.UNVERIFIABLE, Verdict.ERROR):
        return Level.STATED
    levels = [finding.level for finding in deciding(findings) if finding.verdict is verdict]
    return max(levels, key=LEVELS.index, default=Level.STATED)
