"""A study folder becomes one result object: files in, `Outcome` out, nothing printed and nothing written.

Everything that a rendering shows is established here once. The order: evidence, reports and their mentions, findings,
audit, sweep, headlines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import InputError, Problem
from analysis.results import Table
from claims.check import check_claims
from claims.evidence import Evidence, read_evidence, refuse_links, sha256, table_paths, table_problems
from claims.finding import Location
from claims.headlines import headlines
from claims.load import load_claims, load_sources
from claims.model import ClaimsFile, Source
from claims.outcome import AuditFinding, ClaimCard, Mention, Outcome, ReportCard, SourceCard, StatedPolicy
from claims.remembered import Memory
from claims.selector import unknown_words
from claims.statistics.borrowed_noise import against_noise, files_read, known_deviations
from claims.statistics.suite import corrected
from claims.sweep import sweep
from claims.yaml_marks import Document, read_yaml

if TYPE_CHECKING:
    from claims.audit.independence import Root
    from claims.documents.visible import Visible

BUNDLED: Final = Path(__file__).with_name("catalog") / "xstilts"
CLAIMS: Final = "claims.yaml"
REPORT_SUFFIXES: Final = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf")
SCHEMA: Final = "verify-claims/outcome/1"


@dataclass(frozen=True)
class Study:
    """A study folder, read and validated."""

    folder: Path
    shown: str
    file: ClaimsFile
    document: Document
    sources: tuple[Source, ...]
    evidence: Evidence
    reports: tuple[ReportCard, ...]
    inputs: dict[str, str]
    seen: dict[str, Visible]
    """Documents that claims are bound to, as a reader sees them."""


def find_study(given: Path | None) -> tuple[Path, str]:
    """Folder of the study and one sentence saying which it is.

    A given folder or claims file; else the study in the current folder; else the bundled one.
    """
    if given is not None:
        folder = given.parent if given.suffix in (".yaml", ".yml") and not given.is_dir() else given
        if not given.exists():
            raise InputError(
                Problem(f"there is no study at {str(given)!r}", "give a folder with a claims.yaml")
            )
        if not (folder / CLAIMS).is_file():
            remedy = "write one, or let `verify-claims init DIR` make one"
            raise InputError(Problem(f"the folder {str(folder)!r} has no {CLAIMS}", remedy))
        refuse_links(folder, own_files(folder))
        return folder, f"study: {folder}"
    if Path(CLAIMS).is_file():
        refuse_links(Path(), own_files(Path()))
        return Path(), f"study: the {CLAIMS} in this folder"
    return BUNDLED, "study: the bundled one (xstilts); this folder has no claims.yaml"


def own_files(folder: Path) -> list[Path]:
    """Files of a study that have a fixed place: YAML beside the claims, and reports."""
    return [*sorted(folder.glob("*.y*ml")), *sorted((folder / "reports").glob("*"))]


def read_study(folder: Path) -> Study:
    """Study of a folder; raises `InputError` with every problem of its files."""
    shown = CLAIMS
    problems: list[Problem] = []
    sources: tuple[Source, ...] = ()
    loaded: tuple[ClaimsFile, Document] | None = None
    evidence: Evidence | None = None
    paths: list[Path] = []
    try:
        loaded = load_claims(folder / CLAIMS, shown)
    except InputError as error:
        problems += (*error.problems, *_table_problems(folder, shown))
    try:
        if (folder / "sources.yaml").is_file():
            sources = tuple(load_sources(folder / "sources.yaml", "sources.yaml").sources)
    except InputError as error:
        problems += error.problems
    if loaded is not None:
        try:
            file, document = loaded
            paths = table_paths(folder, file.evidence, document, needed=not file.collect)
            tables, collected = _collected(folder, file, document)
            evidence = read_evidence(folder, paths, sources, "sources.yaml", tables)
            paths += collected
        except InputError as error:
            problems += error.problems
    if loaded is not None and evidence is not None and not problems:
        problems += unknown_words(loaded[0], loaded[1], evidence)
    if problems or loaded is None or evidence is None:
        raise InputError(*problems)
    file, document = loaded
    reports, report_paths = _reports(folder, file)
    seen = _documents(folder, file, document)
    texts = [folder / text.file for source in sources for text in source.texts]
    own = [folder / name for name in (CLAIMS, "sources.yaml", "mentions.yaml", "baseline.yaml")]
    read = [
        path
        for path in (*own, *files_read(folder), *paths, *texts, *report_paths, *map(folder.joinpath, seen))
        if path.is_file()
    ]
    inputs = {path.relative_to(folder).as_posix(): sha256(path) for path in read}
    return Study(folder, shown, file, document, sources, evidence, reports, inputs, seen)


def _collected(folder: Path, file: ClaimsFile, document: Document) -> tuple[list[Table], list[Path]]:
    """Rows that adapters read from files of other tools, and those files."""
    if not file.collect:
        return [], []
    from claims.collect import collect

    return collect(folder, file.collect, document)


def _documents(folder: Path, file: ClaimsFile, document: Document) -> dict[str, Visible]:
    """Documents that claims are bound to."""
    if not any(claim.printed_in for claim in file.claims):
        return {}
    from claims.printed_in import documents

    return documents(folder, file, document)


def _table_problems(folder: Path, shown: str) -> tuple[Problem, ...]:
    """Problems of the tables that an invalid claims file names, as far as it can be read."""
    try:
        root = read_yaml(folder / CLAIMS, shown).root
    except InputError:
        return ()
    return table_problems(folder, root.get("evidence")) if isinstance(root, dict) else ()


def _reports(folder: Path, file: ClaimsFile) -> tuple[tuple[ReportCard, ...], list[Path]]:
    """Reports of the study's folder `reports`, their mentions mapped to claims."""
    place = folder / "reports"
    paths = (
        sorted(p for p in place.iterdir() if p.suffix.lower() in REPORT_SUFFIXES) if place.is_dir() else []
    )
    if not paths:
        return (), []
    from claims.clustering import map_mentions
    from claims.reading import read_reports

    cards = read_reports(paths)
    mapped = map_mentions(cards, file.claims, folder / "mentions.yaml").reports
    # relative to the study, so that the outcome is the same wherever the study lies
    inside = tuple(replace(card, file=f"{place.name}/{Path(card.file).name}") for card in mapped)
    return inside, paths


def check_study(
    folder: Path,
    *,
    tool_version: str = "",
    progress: Callable[[int, int], None] | None = None,
    memory: Memory | None = None,
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

    Raises
    ------
    InputError
        Every problem of the study's files.
    """
    study = read_study(folder)
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
        policy=StatedPolicy(study.file.policy.fail_on, dict(study.file.policy.severity)),
    )


def _evidence_inputs(study: Study) -> dict[str, str]:
    """Inputs that a finding of an assertion may depend on; the mentions of a claim are in its own key."""
    aside = {CLAIMS, "mentions.yaml", "baseline.yaml", *study.seen, *(card.file for card in study.reports)}
    return {name: digest for name, digest in study.inputs.items() if name not in aside}


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
