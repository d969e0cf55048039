"""`verify-claims report`: write the report of a study, or say whether the one that is there is up to date."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.errors import InputError

app = typer.Typer(add_completion=False)


@app.command()
def report(
    study: Annotated[
        Path | None,
        typer.Argument(help="Study folder; default: the one in the current folder, else the bundled one."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("out"),
    formats: Annotated[
        str, typer.Option("--format", help="Comma-separated: md, pdf, html, json, crate.")
    ] = "md,pdf,html",
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 if a file in --out is missing or out of date."),
    ] = False,
    statistics: Annotated[
        bool,
        typer.Option(
            "--statistics/--no-statistics", help="Answer the study's analysis.yaml, where it has one."
        ),
    ] = True,
    analysis: Annotated[
        Path | None,
        typer.Option("--analysis", help="Result of `verify-claims analyse --json` to take into the report."),
    ] = None,
) -> None:
    """Write the Markdown, PDF and HTML report of a study.

    SOURCE_DATE_EPOCH dates the report; without it the report has no date, so that the same study gives the
    same bytes. VERIFY_CLAIMS_FONTS names a folder of fonts for scripts that the PDF's own fonts lack (Chinese,
    Japanese, Korean).
    """
    from reports.write import compare_all, write_all
    from verify_claims.study_argument import checked

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    try:
        outcome = checked(study, analysis)
        if outcome.analysis is None and statistics:
            outcome = replace(outcome, analysis=_answers(study))
        if check:
            stale = compare_all(outcome, out, wanted)
            for name, state in stale.items():
                print(f"{state}: {out / name}", file=sys.stderr)
            if stale:
                print(f"run `verify-claims report --out {out}` again", file=sys.stderr)
            raise typer.Exit(1 if stale else 0)
        for path in write_all(outcome, out, wanted):
            print(path)
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        raise typer.Exit(2) from None


def _answers(study: Path | None) -> dict[str, Any] | None:
    """Answers to the questions of the study; None where it asks none."""
    from claims.load import load_claims
    from claims.statistics.questions import read_questions
    from claims.study import CLAIMS, find_study
    from verify_claims import __version__

    folder, _ = find_study(study)
    asked = read_questions(folder)
    if asked is None:
        return None
    from claims.statistics.answer import answer_study

    file, _ = load_claims(folder / CLAIMS, CLAIMS)
    return answer_study(folder, file, asked, tool_version=__version__)
