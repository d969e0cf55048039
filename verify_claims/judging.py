"""The judgement of a check, as several commands need it: policy, acceptances, date, and what is told of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from claims.lint import Note, notes_on_grants
from claims.outcome import Outcome
from claims.policy import Acceptance, Judgement, judge

SHOWN: Final = 20
"""Notes told; the JSON has all."""


class FailOn(StrEnum):
    """Which verdicts fail; each includes the ones before it."""

    NEVER = "never"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class Judged:
    """A judgement with what it was made from."""

    judgement: Judgement
    accepted: tuple[Acceptance, ...]
    notes: tuple[Note, ...]


def judged(outcome: Outcome, fail_on: str | None, baseline: bool | None, today: str | None) -> Judged:
    """Judgement of an outcome by the study's policy and acceptances.

    Parameters
    ----------
    outcome
        Result of a check.
    fail_on
        A word that goes before the study's own.
    baseline
        Whether the study's acceptances count; None if it has any.
    today
        Date to judge grants at; None asks the clock, where a grant has a date.
    """
    accepted = read_accepted(outcome, baseline)
    now = _today(today, outcome, accepted)
    judgement = judge(outcome.findings, fail_on, accepted, outcome.policy, now)
    return Judged(judgement, accepted, tuple(notes_on_grants(outcome.findings, accepted, now)))


def read_accepted(outcome: Outcome, wanted: bool | None) -> tuple[Acceptance, ...]:
    """The study's acceptances; raises `InputError` where they are wanted and the study has no such file."""
    from claims.baseline import FILE, read_baseline

    path = Path(outcome.study_path) / FILE
    if wanted is False or (wanted is None and not path.is_file()):
        return ()
    if not path.is_file():
        raise InputError(
            Problem(f"the study has no {FILE}", "write one with `verify-claims accept`", str(path))
        )
    return read_baseline(path)


def _today(given: str | None, outcome: Outcome, accepted: Sequence[Acceptance]) -> str | None:
    """The date, where a grant has one; a replay of this run then counts on the same day only."""
    from claims.grants import day
    from verify_claims.replay import today

    if given is not None:
        try:
            return day(given)
        except ValueError as error:
            raise InputError(Problem(f"--today: {error}", "write it like 2027-01-31")) from None
    dated = any(a.until not in (None, "never") for a in accepted)
    if not dated and all(finding.tolerance is None for finding in outcome.findings):
        return None
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not (epoch.isascii() and epoch.isdigit()):
        raise InputError(
            Problem(f"SOURCE_DATE_EPOCH is {epoch[:40]!r}", "write seconds since 1970, or unset it")
        )
    now = today()
    sys.audit("verify_claims.today", now)
    return now


def tell(found: Judged) -> None:
    """Say on stderr what was accepted, what is worth a look, and why nothing could be checked."""
    judgement = found.judgement
    if judgement.accepted:
        many = len(judgement.accepted)
        print(f"baseline: {many} finding{'s are' if many > 1 else ' is'} accepted", file=sys.stderr)
    for name, ids in (("warning", judgement.warnings), ("ignored", judgement.ignored)):
        if ids:
            more = " ..." if len(ids) > 5 else ""
            print(f"{name} by their tags: {', '.join(ids[:5])}{more}", file=sys.stderr)
    for note in found.notes[:SHOWN]:
        place = note.location
        print(f"note: {place.file}:{place.line}:{place.column}: {note.text}", file=sys.stderr)
    if len(found.notes) > SHOWN:
        print(f"note: {len(found.notes) - SHOWN} more; `verify-claims lint` lists all", file=sys.stderr)
    if judgement.unchecked:
        print("something could not be checked, or there was nothing to check: exit code 3", file=sys.stderr)
