"""A study folder becomes one result object: files in, `Outcome` out, nothing printed and nothing written.

Everything that a rendering shows is established here once. The order: evidence, reports and their mentions, findings,
audit, sweep, headlines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from claims.check import check_claims
from claims.contents import Study, read_study
from claims.finding import Location
from claims.folder import BUNDLED, CLAIMS, find_study, own_files
from claims.headlines import headlines
from claims.model import Source
from claims.outcome import AuditFinding, ClaimCard, Mention, Outcome, ReportCard, SourceCard, StatedPolicy
from claims.remembered import Memory, rows_digest
from claims.statistics.borrowed_noise import against_noise, known_deviations
from claims.statistics.suite import corrected
from claims.sweep import sweep

if TYPE_CHECKING:
    from claims.audit.independence import Root

SCHEMA: Final = "verify-claims/outcome/1"

__all__ = ["BUNDLED", "CLAIMS", "Study", "check_study", "find_study", "own_files", "read_study"]


def check_study(
    folder: Path,
    *,
    tool_version: str = "",
    progress: Callable[[int, int], None] | None = None,
    memory: Memory | None = None,
    studies: Collection[str] | None = None,
) -> Outcome:
    """Everything that a check of a study folder establishes.

    Parameters
    ----------
    folder
        Folder with `claims.yaml`.
    tool_version
        Version that the result object names.
    progress
        Called with (claims done, claims in all).
    memory
        Where findings of unchanged claims are kept from one check to the next.
    studies
        Names of studies of runs that exist; without them an assertion may name any.

    Raises
    ------
    InputError
        Every problem of the study's files.
    """
    study = read_study(folder, studies)
    if memory is not None:
        memory.open(folder, study.document.root, _evidence_inputs(study))
    by_claim = _mentions(study.reports)
    roots = _roots(study.reports)
    stated = {id: [(m.report, m.line, m.text) for m in found] for id, found in by_claim.items()}
    cards = []
    total = len(study.file.claims)
    for at, claim, findings in check_claims(study.file, study.document, study.evidence, stated, memory):
        mentions = tuple(by_claim.get(claim.id, ()))
        if claim.printed_in:
            from claims.printed_in import findings as printed

            findings = (*findings, *printed(claim, at, study.seen, study.document))
        cards.append(
            ClaimCard(
                id=claim.id,
                text=claim.text,
                group=study.file.groups.get(claim.group, claim.group),
                scope={name: word for name, word in claim.scope if word is not None},
                location=Location(study.shown, *study.document.where(("claims", at))),
                mentions=mentions,
                findings=findings,
                notes=(*claim.notes, *(a.note for a in claim.assertions if a.note)),
                n_reports=len({mention.report for mention in mentions}),
                n_roots=_count(mentions, roots),
            )
        )
        if progress is not None:
            progress(at + 1, total)
    if memory is not None:
        memory.close()
    together = corrected([card.findings for card in cards])
    known, asked = known_deviations(folder), {claim.id: claim for claim in study.file.claims}
    cards = [
        replace(card, findings=against_noise(asked[card.id], found, known))
        for card, found in zip(cards, together, strict=True)
    ]
    observed = _audit(study.reports, cards)
    swept = sweep(study.file, study.document, study.evidence)
    return Outcome(
        schema=SCHEMA,
        tool_version=tool_version,
        study=study.file.study,
        study_path=str(study.folder),
        inputs=study.inputs,
        sources=tuple(_source_card(source) for source in study.sources),
        reports=study.reports,
        claims=tuple(cards),
        audit=observed,
        sweep=swept,
        headlines=headlines(cards, observed, swept),
        title=study.file.title,
        drafts=tuple(claim.id for claim in study.file.claims if claim.status == "draft"),
        policy=StatedPolicy(study.file.policy.fail_on, dict(study.file.policy.severity)),
    )


def _evidence_inputs(study: Study) -> dict[str, str]:
    """Inputs that a finding of an assertion may depend on; the mentions of a claim are in its own key."""
    aside = {CLAIMS, "mentions.yaml", "baseline.yaml", *study.seen, *(card.file for card in study.reports)}
    aside -= {
        *study.evidence.results.files,
        *(text.file for source in study.sources for text in source.texts),
    }
    rows = {"rows": rows_digest(study.evidence.results)} if study.file.collect else {}
    return rows | {name: digest for name, digest in study.inputs.items() if name not in aside}


def _mentions(reports: Iterable[ReportCard]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = {}
    for report in reports:
        for mention in report.mentions:
            for claim in mention.claims:
                found.setdefault(claim, []).append(mention)
    return found


def _roots(reports: Sequence[ReportCard]) -> Sequence[Root]:
    if not reports:
        return ()
    from claims.audit.independence import roots_of

    return roots_of(reports)


def _count(mentions: Sequence[Mention], roots: Sequence[Root]) -> int:
    named = {mention.report for mention in mentions}
    return sum(bool(named & set(root.reports)) for root in roots)


def _audit(reports: Sequence[ReportCard], cards: Sequence[ClaimCard]) -> tuple[AuditFinding, ...]:
    if not reports:
        return ()
    from claims.audit import audit

    return audit(reports, cards)


def _source_card(source: Source) -> SourceCard:
    return SourceCard(source.id, source.title, source.version, source.root or source.id, source.at_hand)
