"""What may be added to the outcome of a check: answers to the study's questions, and runs of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from claims.outcome import Outcome


def with_answers(outcome: Outcome, study: Path | None) -> Outcome:
    """`outcome` with the analysis of its study; unchanged where it has one already or the study asks nothing.

    Raises
    ------
    InputError
        Every problem of the questions and of the tables that they name.
    """
    if outcome.analysis is not None:
        return outcome
    from claims.statistics.questions import read_questions
    from claims.study import CLAIMS, find_study
    from verify_claims import __version__

    folder, _ = find_study(study)
    asked = read_questions(folder)
    if asked is None:
        return outcome
    from claims.load import load_claims
    from claims.statistics.answer import answer_study

    file, _ = load_claims(folder / CLAIMS, CLAIMS)
    return replace(outcome, analysis=answer_study(folder, file, asked, tool_version=__version__))


def with_runs(outcome: Outcome, runs: Path) -> Outcome:
    """`outcome` with the run records of a folder and the statistics of their scores.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not runs.is_dir():
        what = f"there is no folder of runs at {str(runs)!r}"
        raise InputError(Problem(what, "make runs with `verify-claims replicate`, or leave --runs out"))
    from replicate.ledger import Ledger

    ledger = Ledger(runs)
    found: dict[str, Any] = {"records": ledger.records()}
    scores = ledger.results()
    if len(scores) and scores["value"].notna().any():
        from analysis.answers.table import answer_table

        found["analysis"] = answer_table(scores)
    return replace(outcome, replication=found)
