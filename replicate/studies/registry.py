"""What was decided before and what after results were there: a log beside the run records, one line per change.

`<runs>/registered/<study>-<scale>.jsonl` gets a line whenever a study is launched with a `registered` part, a number
of seeds or a grid that the log does not have as its last: the part itself with its hash, the seeds, the hash of the
grid, the time, and how many evaluations of the study were there already. Lines are only ever added, and each carries
a seal over itself and the line before. A contrast that first occurs in a line with no evaluation was decided before
the runs; every other one after so many results. Somebody who wants to deceive can write a whole log anew: who must be
convinced is given its hash before the runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.studies.registration import Registration

SCHEMA: Final = "verify-claims/registered/1"
RESTORE: Final = "restore the file; a log that begins anew says how many evaluations were there"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    digest: str
    when: str
    """UTC, to the second."""
    done: int
    """Evaluations of the study at the scale that were there."""
    planned: int
    """Evaluations of what was launched: the grid, or the part of it that was asked for."""
    registration: Registration
    seeds: int | None = None
    """As planned by the study file; None in lines of earlier versions."""
    grid: str | None = None
    """Hash of the grid; None in lines of earlier versions."""


def path(runs: Path, study: str, scale: str) -> Path:
    """Where the log of a study at a scale is."""
    return runs / "registered" / f"{study}-{scale}.jsonl"


def register(
    runs: Path,
    study: str,
    scale: str,
    registration: Registration,
    done: int,
    planned: int,
    *,
    seeds: int,
    grid: str,
) -> bool:
    """Add a line unless the last one has the same content; returns whether one was added.

    Parameters
    ----------
    done, planned : int
        Evaluations of the study at the scale that are there, and those that are launched.
    seeds, grid
        Seeds that the study file plans, and the hash of its grid at this scale.

    Raises
    ------
    InputError
        The folder cannot be written, or a line of the log is not whole.
    """
    before = entries(runs, study, scale)
    if before and (before[-1].digest, before[-1].seeds, before[-1].grid) == (
        registration.digest,
        seeds,
        grid,
    ):
        return False
    line = {
        "schema": SCHEMA,
        "digest": registration.digest,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "done": done,
        "planned": planned,
        "seeds": seeds,
        "grid": grid,
        "registered": registration.model_dump(mode="json"),
    }
    place = path(runs, study, scale)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lines = place.read_text(encoding="utf-8").splitlines() if before else []
        line["seal"] = _seal(line, lines[-1] if lines else "")
        with place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(
            Problem(f"cannot be written: {error.strerror}", "choose another --runs", str(place))
        ) from None
    return True


def _seal(line: Mapping[str, Any], before: str) -> str:
    """SHA-256 over a line without its seal and the text of the line before it."""
    own = {name: value for name, value in line.items() if name != "seal"}
    return hashlib.sha256((before + json.dumps(own, sort_keys=True)).encode()).hexdigest()


def entries(runs: Path, study: str, scale: str) -> list[Entry]:
    """Lines of the log, oldest first; none where the study was never launched there.

    Raises
    ------
    InputError
        A line that is not whole or was edited, or before which a line was edited or taken away.
    """
    place = path(runs, study, scale)
    if not place.is_file():
        return []
    found: list[Entry] = []
    before = ""
    for number, line in enumerate(place.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            told: dict[str, Any] = json.loads(line)
            registration = Registration.model_validate(told["registered"])
            entry = Entry(
                told["digest"],
                told["when"],
                told["done"],
                told["planned"],
                registration,
                told.get("seeds"),
                told.get("grid"),
            )
            datetime.fromisoformat(entry.when)
        except (ValueError, KeyError, TypeError) as error:
            what = f"not a line of the log: {str(error).splitlines()[0]}"
            raise InputError(Problem(what, RESTORE, str(place), number)) from None
        if entry.digest != registration.digest:
            raise InputError(Problem("the content does not have its hash", RESTORE, str(place), number))
        if told.get("seal") != (_seal(told, before) if "seeds" in told else None):
            what = "the line does not have its seal: it was edited, or the line before it was edited or taken away"
            raise InputError(Problem(what, RESTORE, str(place), number))
        found.append(entry)
        before = line
    return found
