"""What was decided before and what after results were there: a log beside the run records, one line per change.

`<runs>/registered/<study>-<scale>.jsonl` gets a line whenever a study is launched with a `registered` part that the
log does not have as its last: the part itself, its hash, the time, and how many evaluations of the grid were
already there. Lines are only ever added. A contrast that first occurs in a line with no evaluation was decided
before the runs; every other one after so many results.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.studies.registration import Registration

SCHEMA: Final = "verify-claims/registered/1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    digest: str
    when: str
    """UTC, to the second."""
    done: int
    """Evaluations of the grid that were there."""
    planned: int
    """Evaluations of the grid."""
    registration: Registration


def path(runs: Path, study: str, scale: str) -> Path:
    """Where the log of a study at a scale is."""
    return runs / "registered" / f"{study}-{scale}.jsonl"


def register(runs: Path, study: str, scale: str, registration: Registration, done: int, planned: int) -> bool:
    """Add a line unless the last one has the same content; returns whether one was added.

    Raises
    ------
    InputError
        The folder cannot be written, or a line of the log is not whole.
    """
    before = entries(runs, study, scale)
    if before and before[-1].digest == registration.digest:
        return False
    line = {
        "schema": SCHEMA,
        "digest": registration.digest,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "done": done,
        "planned": planned,
        "registered": registration.model_dump(mode="json"),
    }
    place = path(runs, study, scale)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(
            Problem(f"cannot be written: {error.strerror}", "choose another --runs", str(place))
        ) from None
    return True


def entries(runs: Path, study: str, scale: str) -> list[Entry]:
    """Lines of the log, oldest first; none where the study was never launched there.

    Raises
    ------
    InputError
        A line that is not whole or was edited: its content does not have its hash.
    """
    place = path(runs, study, scale)
    if not place.is_file():
        return []
    found = []
    for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1):
        try:
            told: dict[str, Any] = json.loads(line)
            registration = Registration.model_validate(told["registered"])
            entry = Entry(told["digest"], told["when"], told["done"], told["planned"], registration)
        except (ValueError, KeyError, TypeError) as error:
            what = f"not a line of the log: {str(error).splitlines()[0]}"
            raise InputError(Problem(what, "restore the file", str(place), number)) from None
        if entry.digest != registration.digest:
            raise InputError(
                Problem("the content does not have its hash", "restore the file", str(place), number)
            )
        found.append(entry)
    return found


def in_force(log: Iterable[Entry], when: str) -> Entry | None:
    """The line that held when a stage was begun; None where nothing was registered by then.

    A record does not name its registration: what a stage computes does not depend on the question, and studies
    share stages. Its `started` and this log say it.

    Parameters
    ----------
    when : str
        ISO time with its offset, as `started` of a record.
    """
    moment = datetime.fromisoformat(when)
    before = [entry for entry in log if datetime.fromisoformat(entry.when) <= moment]
    return before[-1] if before else None


def under(log: Iterable[Entry], started: Iterable[str]) -> str:
    """One sentence: how many evaluations were begun under which line of the log; empty without any."""
    lines, digests = list(log), [""]
    digests += [entry.digest for entry in lines]
    held = [in_force(lines, when) for when in started]
    counts = Counter("" if entry is None else entry.digest for entry in held)
    told = [
        f"{counts[digest]} began under registration {digest[:12]}"
        if digest
        else f"{counts[digest]} began before any registration"
        for digest in dict.fromkeys(digests)
        if counts[digest]
    ]
    return f"Of {len(held)} evaluations {', '.join(told)}." if held else ""


def decided(log: Iterable[Entry]) -> list[str]:
    """One sentence per contrast: when it was decided, and in which order with the results."""
    lines = list(log)
    if not lines:
        return ["Nothing was registered: the study was not launched with a `registered` part here."]
    told = []
    for one in lines[-1].registration.contrasts:
        first = next(entry for entry in lines if any(other == one for other in entry.registration.contrasts))
        order = (
            "before any evaluation"
            if first.done == 0
            else f"after {first.done} of {first.planned} evaluations were there"
        )
        told.append(f"{one.id}: decided {first.when}, {order}.")
    now = {one.id for one in lines[-1].registration.contrasts}
    dropped = {one.id for entry in lines for one in entry.registration.contrasts} - now
    told += [f"{name}: registered at first and dropped later." for name in sorted(dropped)]
    rules = [entry.registration.rule for entry in lines]
    if any(rule != rules[0] for rule in rules):
        told.append("The rule that decides was changed after the first registration.")
    return told
