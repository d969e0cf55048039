"""`verify-claims analyse`: statistics over a study's questions or over any results table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from analysis.errors import InputError, Problem
from verify_claims.refusal import refuse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
TABLES = (".csv", ".tsv", ".parquet")
REPORT = ("md", "pdf", "html")


@app.command(
    epilog="Examples: `verify-claims analyse` · `verify-claims analyse my-paper --json > analysis.json` · "
    "`verify-claims analyse runs.parquet --over none` · `verify-claims analyse robustness --scale miniature`"
)
def analyse(
    what: Annotated[
        Path | None,
        typer.Argument(
            metavar="[STUDY|TABLE]",
            help="Study folder, a results table (.csv, .tsv, .parquet), or the name of a study that was run.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write analysis.json and report.md, report.pdf and report.html here."),
    ] = None,
    over: Annotated[
        str, typer.Option("--over", help="For a table: the intermediate that gains are over.")
    ] = "none",
    scale: Annotated[
        Literal["miniature", "small", "paper"], typer.Option("--scale", help="For a study that was run.")
    ] = "miniature",
    runs: Annotated[
        Path, typer.Option("--runs", help="For a study that was run: its folder of run records.")
    ] = Path("runs"),
) -> None:
    """Answer the questions of a study, or those that any results table can be asked.

    Exit codes: 0 answered; 2 a file or option is wrong, nothing was written; 3 the study asks no questions.
    """
    try:
        ours = what is not None and _is_run(what)
        if what is not None and ours:
            found: dict[str, Any] | None = _runs(str(what), scale, runs)
        else:
            found = _table(what, over) if what is not None and what.suffix in TABLES else _study(what)
        if found is None:
            print("this study has no analysis.yaml: no question is asked of its numbers", file=sys.stderr)
            raise typer.Exit(3)
        if out is not None:
            _write(found, out, None if ours or (what is not None and what.suffix in TABLES) else what)
    except InputError as error:
        refuse(error)
    if as_json:
        sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    else:
        from verify_claims.analyse_text import render

        sys.stdout.write(render(found))


def _is_run(what: Path) -> bool:
    """Whether it is the name of a bundled study of runs, or a study file, and no folder."""
    if what.is_dir():
        return False
    from replicate.studies.study import names

    return what.suffix in (".yaml", ".yml") or str(what) in names()


def _runs(name: str, scale: str, runs: Path) -> dict[str, Any]:
    from replicate.answers import answers
    from verify_claims import __version__

    return answers(name, scale, runs, tool_version=__version__)


def _table(path: Path, over: str) -> dict[str, Any]:
    from analysis.answers.table import answer_table
    from analysis.results import read_results
    from verify_claims import __version__

    results = read_results(path)
    frame = results.frame()
    if not len(frame):
        raise InputError(Problem("the table has no rows", "give at least one score per row", str(path)))
    if over not in set(frame["intermediate"].astype(str)):
        seen = ", ".join(sorted(set(frame["intermediate"].astype(str)))[:8])
        raise InputError(
            Problem(f"no row has the intermediate {over!r}", f"choose --over from: {seen}", str(path))
        )
    return answer_table(frame, baseline=over, place=results.place, table=path.name, tool_version=__version__)


def _study(folder: Path | None) -> dict[str, Any] | None:
    from claims.load import load_claims
    from claims.statistics.answer import answer_study
    from claims.statistics.questions import read_questions
    from claims.study import CLAIMS, find_study
    from verify_claims import __version__

    place, which = find_study(folder)
    print(which, file=sys.stderr)
    asked = read_questions(place)
    if asked is None:
        return None
    file, _ = load_claims(place / CLAIMS, CLAIMS)
    return answer_study(place, file, asked, tool_version=__version__)


def _write(found: dict[str, Any], out: Path, study: Path | None) -> None:
    """Write the analysis as JSON with its report; of a study of claims, their report with the analysis inside."""
    from reports.answered import analysis_text, files_of
    from reports.write import make_all, source_date, write_made
    from verify_claims.study_answers import tell_left_over

    if "study" in found and "scale" not in found:
        from dataclasses import replace

        from verify_claims.study_argument import checked

        outcome = replace(checked(study), analysis=found)
        files = {"analysis.json": analysis_text(found), **make_all(outcome, REPORT)}
    else:
        files = files_of(found, source_date())
    written = write_made(files, out)
    print("\n".join(map(str, written)), file=sys.stderr)
    tell_left_over(out, written)
