"""Report files named on the command line, read and mapped to the claims of a study."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError, Problem
from claims.clustering import Proposal, map_mentions
from claims.model import Claim
from claims.outcome import ReportCard
from claims.reading import read_reports
from claims.reading.document import SUFFIXES

BUNDLED = Path(__file__).resolve().parent.parent / "claims" / "catalog" / "xstilts"
CLAIMS = "claims.yaml"
MENTIONS = "mentions.yaml"


@dataclass(frozen=True, slots=True)
class Reading:
    """Reports, mapped, with what maps them."""

    reports: tuple[ReportCard, ...]
    proposals: tuple[Proposal, ...]
    claims: tuple[Claim, ...]
    study: Path | None
    known: dict[str, list[str]]
    """Column -> words of the study's evidence."""


def study_folder(named: Path | None) -> Path:
    """The study folder: the named one, else the current folder if it is one, else the bundled one.

    Raises
    ------
    InputError
        The named folder holds no claims file.
    """
    if named is not None:
        folder = named.parent if named.name == CLAIMS else named
        if not (folder / CLAIMS).is_file():
            what = f"there is no {CLAIMS} in the folder"
            raise InputError(
                Problem(what, "name a study folder, or make one with `verify-claims init`", str(named))
            )
        return folder
    here = Path()
    return here if (here / CLAIMS).is_file() else BUNDLED


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The files named, folders replaced by the report files in them, sorted."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                item for item in path.iterdir() if item.is_file() and item.suffix.lower() in SUFFIXES
            )
            if not inside:
                what = "the folder holds no report file"
                raise InputError(Problem(what, f"reports end in {', '.join(SUFFIXES)}", path.as_posix()))
            found += inside
        else:
            found.append(path)
    return found


def read_and_map(paths: Sequence[Path], folder: Path | None) -> Reading:
    """The reports of the paths, mapped to the claims of the study in `folder`; to none without one.

    Raises
    ------
    InputError
        A report, the claims file or the mapping file cannot be read.
    """
    reports = read_reports(expanded(paths))
    if folder is None:
        mapped = map_mentions(reports)
        return Reading(mapped.reports, mapped.proposals, (), None, {})
    from claims.load import load_claims

    file, _ = load_claims(folder / CLAIMS, (folder / CLAIMS).as_posix())
    mapped = map_mentions(reports, file.claims, folder / MENTIONS)
    known = _words_of(folder, file.evidence)
    return Reading(mapped.reports, mapped.proposals, tuple(file.claims), folder, known)


def _words_of(folder: Path, evidence: Sequence[str]) -> dict[str, list[str]]:
    """Settings and targets that the CSV evidence has, to suggest selectors; unreadable files suggest nothing."""
    words: dict[str, dict[str, None]] = {"intermediate": {}, "target": {}}
    for name in evidence:
        place = folder / name
        for path in (
            sorted(place.glob("*.csv")) if place.is_dir() else [place] if place.suffix == ".csv" else []
        ):
            try:
                with path.open(encoding="utf-8-sig", newline="") as stream:
                    for row in csv.DictReader(stream):
                        for column, seen in words.items():
                            word = row.get(column)
                            if isinstance(word, str) and word:
                                seen[word] = None
            except (OSError, ValueError, csv.Error):
                continue
    return {column: sorted(seen) for column, seen in words.items() if seen}
