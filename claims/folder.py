"""Decides which folder is the study, and which files in it have a fixed place; reads none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from claims.evidence import refuse_links

BUNDLED: Final = Path(__file__).with_name("catalog") / "xstilts"
CLAIMS: Final = "claims.yaml"
OTHER: Final = "claims.yml"
"""What some call it."""
REPORT_SUFFIXES: Final = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf")


def find_study(given: Path | None) -> tuple[Path, str]:
    """Folder of the study and one sentence saying which it is.

    A given folder or claims file; else the study in the current folder; else the bundled one.
    """
    _refuse_other_ending(Path() if given is None else given)
    if given is not None:
        folder = given.parent if given.is_file() else given
        if not given.exists():
            raise InputError(
                Problem(f"there is no study at {str(given)!r}", "give a folder with a claims.yaml")
            )
        if given.is_file() and given.name != CLAIMS:
            remedy = f"give its folder; the claims of a study stand in {CLAIMS}"
            raise InputError(Problem(f"{str(given)!r} is no study", remedy))
        if not (folder / CLAIMS).is_file():
            remedy = "write one, or let `verify-claims init DIR` make one"
            raise InputError(Problem(f"the folder {str(folder)!r} has no {CLAIMS}", remedy))
        refuse_links(folder, own_files(folder))
        return folder, f"study: {folder}"
    if Path(CLAIMS).is_file():
        refuse_links(Path(), own_files(Path()))
        return Path(), f"study: the {CLAIMS} in this folder"
    return BUNDLED, "study: the bundled one (xstilts); this folder has no claims.yaml"


def _refuse_other_ending(place: Path) -> None:
    """Raise `InputError` for claims.yml: the bundled study in its place would pass, and the claims be unchecked."""
    folder = place.parent if place.name == OTHER else place
    if (folder / OTHER).is_file() and not (folder / CLAIMS).is_file():
        raise InputError(
            Problem(f"the claims of a study stand in {CLAIMS}", f"rename {str(folder / OTHER)!r}")
        )


def own_files(folder: Path) -> list[Path]:
    """Files of a study that have a fixed place: YAML beside the claims, and reports."""
    return [*sorted(folder.glob("*.y*ml")), *sorted((folder / "reports").glob("*"))]


def report_files(folder: Path) -> list[Path]:
    """Reports of a study, in the order of their names."""
    place = folder / "reports"
    if not place.is_dir():
        return []
    try:
        return sorted(path for path in place.iterdir() if path.suffix.lower() in REPORT_SUFFIXES)
    except OSError as error:
        what = f"cannot read the folder: {error.strerror}"
        raise InputError(Problem(what, "check its permissions", place.name)) from error
