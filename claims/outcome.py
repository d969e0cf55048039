"""The one result object of a check; every rendering is a pure function of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claims.finding import Finding, Level, Location, Verdict
from claims.standing import claim_level, claim_verdict


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement of a claim in one report, verbatim."""

    report: str
    """Report id: the file name without suffix."""
    line: int
    text: str
    truncated: bool
    verdict: bool | None
    """The report's own tick (True) or cross (False); None where it is missing."""
    confidence: str | None
    """As printed; None where it is missing."""
    claims: tuple[str, ...] = ()
    """Ids of the canonical claims behind this mention; empty for a proposal."""
    raw: str = ""
    """The lines as they stand in the file, before wraps, escapes and emphasis were undone."""


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a report says of itself, and what was read of it."""

    id: str
    file: str
    sha256: str
    title: str | None
    date: str | None
    question: str | None
    abstract: str | None
    abstract_truncated: bool
    counts: dict[str, str]
    """Stated counts as printed: papers, claims, verified, quality."""
    references: tuple[str, ...]
    mentions: tuple[Mention, ...]
    not_understood: tuple[tuple[int, str], ...]
    """Lines of the claims section that no rule understood: (line, text)."""
    subject: str | None = None
    """The paper that the report says it examines."""


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A root document with a version."""

    id: str
    title: str
    version: str | None
    root: str
    """The root document: two versions of one paper share it."""
    at_hand: str
    """What of it is among the evidence, in words: "Tables 1-2", "abstract only", "nothing"."""


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A canonical claim with its findings."""

    id: str
    text: str
    group: str
    scope: dict[str, str]
    location: Location
    mentions: tuple[Mention, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    n_reports: int = 0
    n_roots: int = 0
    """Independent root sources behind the claim (near-identical abstracts and one root count once)."""

    @property
    def verdict(self) -> Verdict:
        """How the claim stands when its findings are taken together."""
        return claim_verdict(self.findings)

    @property
    def level(self) -> Level:
        """The deepest level at which that verdict was reached."""
        return claim_level(self.findings)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One observation about a report or about the reports together."""

    code: str
    """Closed set: counts, question_uncovered, title_question, opposite_verdicts, threshold, false_tick,
    false_cross, independence, not_understood, circular."""
    reports: tuple[str, ...]
    claim: str | None
    text: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One published average, recomputed (the consistency sweep)."""

    source: str
    locator: str
    what: str
    printed: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class StatedPolicy:
    """What a study says about which findings fail; the findings themselves do not depend on it."""

    fail_on: str | None = None
    severity: dict[str, str] = field(default_factory=dict)
    """Tag -> error, warning or ignore."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that one `verify-claims check` established."""

    schema: str
    """`verify-claims/outcome/1`."""
    tool_version: str
    study: str
    study_path: str
    inputs: dict[str, str]
    """Relative path -> sha256 of every file that was read."""
    sources: tuple[SourceCard, ...]
    reports: tuple[ReportCard, ...]
    claims: tuple[ClaimCard, ...]
    audit: tuple[AuditFinding, ...]
    sweep: tuple[SweepRow, ...]
    headlines: tuple[str, ...]
    """The findings a reader should know, as sentences computed from the evidence."""
    analysis: dict[str, Any] | None = None
    """Result of `verify-claims analyse`, where it was run."""
    title: str | None = None
    """Title of the study, from its claims file."""
    drafts: tuple[str, ...] = ()
    """Ids of claims that are drafts: they were not decided."""
    policy: StatedPolicy = StatedPolicy()
    """The study's own, from its claims file."""
    replication: dict[str, Any] | None = None
    """Runs of ours: `records` as the ledger has them and `analysis` of their scores, where a folder of runs was
    given; `planned`, the grid that the replication asks for."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all claims, in the order of the claims file."""
        return tuple(finding for claim in self.claims for finding in claim.findings)
