"""What may be added to the outcome of a check: answers to the study's questions, and runs of ours."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError, Problem
from claims.outcome import Outcome

if TYPE_CHECKING:
    import pandas


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
    from verify_claims.study_argument import folder_named

    folder, _ = find_study(folder_named(study))
    asked = read_questions(folder)
    if asked is None:
        return outcome
    from claims.load import load_claims
    from claims.statistics.answer import answer_study

    file, _ = load_claims(folder / CLAIMS, CLAIMS)
    return replace(outcome, analysis=answer_study(folder, file, asked, tool_version=__version__))


def with_runs(outcome: Outcome, runs: Path | None) -> Outcome:
    """`outcome` with the run records of a folder, the statistics of their scores, and the grid that was planned.

    Without a folder the planned grid alone is added, where the bundled replication has a study of that name: what
    was not run is said as well.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    found: dict[str, Any] = {}
    scored: frozenset[tuple[str, ...]] = frozenset()
    if runs is not None:
        if not runs.is_dir():
            what = f"there is no folder of runs at {str(runs)!r}"
            raise InputError(Problem(what, "make runs with `verify-claims replicate`, or leave --runs out"))
        from replicate.ledger import Ledger

        ledger = Ledger(runs)
        records = ledger.records()
        found["records"] = records
        scores = _task_scores(ledger.results(), records)
        if len(scores):
            from analysis.answers.table import answer_table

            found["analysis"] = answer_table(scores)
            keys = ["scale", "intermediate", "variant", "target", "seed"]
            scored = frozenset(tuple(map(str, row)) for row in scores[keys].itertuples(index=False))
    planned = _planned(outcome.study, scored)
    if planned:
        found["planned"] = planned
    return replace(outcome, replication=found) if found else outcome


def _task_scores(scores: pandas.DataFrame, records: list[dict[str, Any]]) -> pandas.DataFrame:
    """One score per task and run, over languages; without the averages over tasks, which would count twice."""
    averaged = {str(record.get("key")) for record in records if record.get("kind") == "average"}
    own = scores[scores["value"].notna() & ~scores["locator"].astype(str).isin(averaged)]
    tasks = own[(own["metric"] == "score") & (own["language"] == "all")]
    return tasks if len(tasks) else own


def _planned(study: str, scored: frozenset[tuple[str, ...]]) -> list[dict[str, Any]]:
    """Grid of each scale with the number of its cells that have a score; empty where no such study is bundled."""
    from replicate.studies.study import names
    from replicate.studies.study import study as load

    if study not in names():
        return []
    return [
        {
            "scale": scale,
            "recipe": grid.recipe,
            "intermediates": list(grid.intermediates),
            "variants": list(grid.variants),
            "targets": list(grid.targets),
            "seeds": grid.seeds,
            "scored": sum(key[0] == scale and key[2] in grid.variants for key in scored),
        }
        for scale, grid in load(study).scales.items()
    ]


def tell_left_over(out: Path, written: list[Path]) -> None:
    """Name on stderr what an earlier report left in the folder."""
    from reports.write import left_over

    for path in left_over(out, written):
        print(
            f"left over: {path} is no part of this report; remove it if it is of an earlier one",
            file=sys.stderr,
        )
