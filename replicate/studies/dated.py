"""What a log of registrations says in sentences: what was decided before the results, what after, what was changed.

The answer is computed from the study file as it is now, so each of its contrasts is looked for in the log as it is
now: one that was changed since the last launch is in no line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Final

from replicate.studies.registration import Registered, Registration
from replicate.studies.registry import Entry

_NO_LOG: Final = "the folder of runs has no log of a launch of this study with a `registered` part"


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


def decided(log: Iterable[Entry], registration: Registration) -> list[str]:
    """One sentence per contrast as the study file has it now: when it was decided, before or after results."""
    lines = list(log)
    if not lines:
        return [f"Nothing was registered: {_NO_LOG}."]
    told = []
    for one in registration.contrasts:
        first = _first(lines, one)
        if first is None:
            told.append(
                f"{one.id}: as it stands in the study file it was never launched; it was changed since."
            )
        else:
            told.append(f"{one.id}: decided {first.when}, {_order(first)}.")
    now = {one.id for one in registration.contrasts}
    dropped = {one.id for entry in lines for one in entry.registration.contrasts} - now
    told += [f"{name}: registered at first and dropped later." for name in sorted(dropped)]
    rules = [*(entry.registration.rule for entry in lines), registration.rule]
    if any(rule != rules[0] for rule in rules):
        told.append("The rule that decides was changed after the first registration.")
    return [*told, *_changes(lines)]


def exploratory(log: Iterable[Entry], registration: Registration) -> list[str]:
    """What an answer begins with where contrasts were not fixed before the results; nothing where all were."""
    lines = list(log)
    if not lines:
        return [f"Not shown to be registered: {_NO_LOG}."]
    firsts = {one.id: _first(lines, one) for one in registration.contrasts}
    late = [name for name, first in firsts.items() if first is None or first.done > 0]
    dropped = {one.id for entry in lines for one in entry.registration.contrasts} - set(firsts)
    told = []
    if late:
        told.append(f"Exploratory, because decided or changed when results were there: {', '.join(late)}.")
    if dropped:
        told.append(f"Dropped after they were registered: {', '.join(sorted(dropped))}.")
    return told


def _first(lines: Iterable[Entry], contrast: Registered) -> Entry | None:
    """The first line that has a contrast as it is now."""
    return next((entry for entry in lines if contrast in entry.registration.contrasts), None)


def _order(entry: Entry) -> str:
    """Whether results were there."""
    if entry.done == 0:
        return "before any evaluation"
    return f"after {entry.done} evaluations were there ({entry.planned} were launched)"


def _changes(lines: list[Entry]) -> list[str]:
    """Seeds as planned first, and every later change of seeds or grid, with how many results were there."""
    known = [entry for entry in lines if entry.seeds is not None]
    if not known:
        return []
    told = [f"{known[0].seeds} seeds: planned {known[0].when}, {_order(known[0])}."]
    for before, entry in pairwise(known):
        if entry.seeds != before.seeds:
            told.append(
                f"The number of seeds was changed from {before.seeds} to {entry.seeds} {entry.when}, {_order(entry)}."
            )
        elif entry.grid != before.grid:
            told.append(f"The grid was changed {entry.when}, {_order(entry)}.")
    return told
