"""Report files named on the command line, read and mapped to the claims of a study."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    from claims.clustering import Proposal
    from claims.outcome import ReportCard


@dataclass(frozen=True, slots=True)
class Reading:
    """Reports, mapped to a study or to none."""

    reports: tuple[ReportCard, ...]
    proposals: tuple[Proposal, ...]
    study: str | None
    known: dict[str, list[str]]
    """Column -> words of the study's evidence."""


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The files named, folders replaced by the report files in them, sorted.

    Raises
    ------
    InputError
        A folder holds no report file.
    """
    from claims.reading.document import SUFFIXES

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
    from claims.clustering import map_mentions
    from claims.reading import read_reports

    reports = read_reports(expanded(paths))
    if folder is None:
        mapped = map_mentions(reports)
        return Reading(mapped.reports, mapped.proposals, None, {})
    from claims.load import load_claims

    claims = folder / "claims.yaml"
    file, _ = load_claims(claims, claims.as_posix())
    mapped = map_mentions(reports, file.claims, folder / "mentions.yaml")
    return Reading(mapped.reports, mapped.proposals, file.study, _words_of(folder, file.evidence))


def _words_of(folder: Path, evidence: Sequence[str]) -> dict[str, list[str]]:
    """Settings and targets that the CSV evidence has, to suggest selectors; unreadable files suggest nothing."""
    words: dict[str, set[str]] = {"intermediate": set(), "target": set()}
    for name in evidence:
        place = folder / name
        for path in (
            sorted(place.glob("*.csv")) if place.is_dir() else [place] if place.suffix == ".csv" else []
        ):
            try:
                with path.open(encoding="utf-8-sig", newline="") as stream:
                    for row in csv.DictReader(stream):
                        for column, seen in words.items():
                            seen.update(filter(None, [row.get(column)]))
            except (OSError, ValueError, csv.Error):
                continue
    return {column: sorted(seen) for column, seen in words.items() if seen}
