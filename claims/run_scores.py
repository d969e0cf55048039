"""Whether the scores of a run are those that its record was written with.

A run record names its files with their SHA-256. The replicating side leaves scores with another hash out; here they
would decide claims, so they are refused: a bit that a disk lost, or a digit that somebody changed, is no measurement.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from analysis.errors import Problem

SCORES: Final = "scores.parquet"
RECORD: Final = "record.json"


def problems_of(folder: Path, paths: list[Path]) -> list[Problem]:
    """One problem per scores file that its record does not vouch for, named by its path inside the folder."""
    found = []
    for path in paths:
        shown = path.relative_to(folder).as_posix()
        told = _told(path.with_name(RECORD))
        if told is None:
            what = f"no whole {RECORD} beside these scores says what they were"
            found.append(Problem(what, _REMEDY, shown))
        elif told != (now := _hash(path)):
            what = f"these are not the scores of the run: their sha256 is {now}, {RECORD} has {told}"
            found.append(Problem(what, _REMEDY, shown))
    return found


_REMEDY: Final = "delete the folder of this run, and let the command that made it make it again"


def _told(record: Path) -> str | None:
    """Hash of the scores as the record has it; None where it cannot be read."""
    try:
        return str(json.loads(record.read_bytes())["files"][SCORES])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hash(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
