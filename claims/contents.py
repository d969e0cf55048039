"""A study folder, read and validated: its claims, evidence, reports and documents, or every problem of its files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError, Problem
from analysis.results import Table
from claims.evidence import Evidence, read_evidence, sha256, table_paths, table_problems
from claims.folder import CLAIMS, report_files
from claims.load import load_claims, load_sources
from claims.model import ClaimsFile, Source
from claims.outcome import ReportCard
from claims.selector import unknown_words
from claims.statistics.borrowed_noise import files_read
from claims.studies_named import unknown_studies
from claims.yaml_marks import Document, read_yaml

if TYPE_CHECKING:
    from claims.documents.visible import Visible


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


def read_study(folder: Path, studies: Collection[str] | None = None) -> Study:
    """Study of a folder; raises `InputError` with every problem of its files.

    Parameters
    ----------
    folder
        Folder with `claims.yaml`.
    studies
        Names of studies of runs that exist; without them an assertion may name any.
    """
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
            drafts = all(claim.status == "draft" for claim in file.claims)
            paths = table_paths(folder, file.evidence, document, needed=not (file.collect or drafts))
            tables, collected = _collected(folder, file, document)
            evidence = read_evidence(folder, paths, sources, "sources.yaml", tables)
            paths += collected
        except InputError as error:
            problems += error.problems
    if loaded is not None and evidence is not None and not problems:
        problems += unknown_words(loaded[0], loaded[1], evidence)
        if studies is not None:
            problems += unknown_studies(loaded[0], loaded[1], evidence, studies)
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
    paths = report_files(folder)
    if not paths:
        return (), []
    from claims.clustering import map_mentions
    from claims.reading import read_reports

    cards = read_reports(paths)
    mapped = map_mentions(cards, file.claims, folder / "mentions.yaml").reports
    # relative to the study, so that the outcome is the same wherever the study lies
    inside = tuple(replace(card, file=f"reports/{Path(card.file).name}") for card in mapped)
    return inside, paths
