"""The answers to the questions of a study's analysis.yaml, as part of its outcome."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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
