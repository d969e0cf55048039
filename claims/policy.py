"""Which findings fail a build, apart from the facts: `--fail-on`, and a baseline of accepted findings.

Without a baseline the verdicts named by `--fail-on` fail. With one, only what is worse than accepted fails: a new
contradiction, or a claim that was supported and no longer is. An error is never accepted and never lowered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from claims.finding import Finding, Verdict

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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy makes of the findings."""

    failing: tuple[str, ...]
    """Ids of the findings that fail."""
    accepted: tuple[str, ...]
    """Ids of the findings that would fail without the baseline."""
    better: tuple[str, ...]
    """Accepted findings that are better by now: the baseline is too loose."""
    gone: tuple[str, ...]
    """Accepted ids that no assertion has any more."""
    unchecked: bool
    """Whether something could not be checked: an error, or nothing to check."""

    @property
    def exit_code(self) -> int:
        """3 where something could not be checked, else 1 where a finding fails, else 0."""
        return 3 if self.unchecked else 1 if self.failing else 0


def judge(
    findings: Sequence[Finding], fail_on: str | None = None, baseline: Mapping[str, Verdict] | None = None
) -> Judgement:
    """Judgement of the findings.

    Parameters
    ----------
    findings
        Of one check.
    fail_on
        A word of `FAILING`; None means `contradicted` without a baseline, and every verdict with one.
    baseline
        Finding id to accepted verdict; what is not in it counts as accepted if supported.
    """
    words = FAILING[fail_on or ("unverifiable" if baseline is not None else "contradicted")]
    bad = [finding for finding in findings if finding.verdict in words]
    known = baseline or {}
    worse = [f for f in bad if SEVERITY[f.verdict] > SEVERITY[known.get(f.id, Verdict.SUPPORTED)]]
    failing = {finding.id for finding in worse}
    verdicts = {finding.id: finding.verdict for finding in findings}
    return Judgement(
        failing=tuple(finding.id for finding in worse),
        accepted=tuple(finding.id for finding in bad if finding.id not in failing),
        better=tuple(
            id for id, then in known.items() if id in verdicts and SEVERITY[verdicts[id]] < SEVERITY[then]
        ),
        gone=tuple(id for id in known if id not in verdicts),
        unchecked=not findings or any(finding.verdict is Verdict.ERROR for finding in findings),
    )
