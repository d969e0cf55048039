"""`verify-claims report`: write the report of a study, or say whether the one that is there is up to date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from verify_claims.refusal import refuse
from verify_claims.study_answers import tell_left_over, with_answers, with_runs
from verify_claims.study_argument import HELP, checked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims report` · `verify-claims report my-paper --out site --format html` · "
    "`verify-claims report --format md,json,crate` · `verify-claims report --out out --check`"
)
def report(
    study: Annotated[Path | None, typer.Argument(help=HELP)] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("out"),
    formats: Annotated[
        str, typer.Option("--format", help="Comma-separated: md, pdf, html, json, crate.")
    ] = "md,pdf,html",
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit 1 if a file in --out is missing, out of date or left over."
        ),
    ] = False,
    statistics: Annotated[
        bool,
        typer.Option("--statistics/--no-statistics", help="Answer the study's analysis.yaml, if it has one."),
    ] = True,
    runs: Annotated[
        Path | None, typer.Option("--runs", help="Folder of run records, from `verify-claims replicate`.")
    ] = None,
    analysis: Annotated[
        Path | None,
        typer.Option("--analysis", help="Take this result of `verify-claims analyse --json` instead."),
    ] = None,
) -> None:
    """Write the Markdown, PDF and HTML report of a study.

    SOURCE_DATE_EPOCH dates the report; without it the report has no date, so that the same study gives the
    same bytes. VERIFY_CLAIMS_FONTS names a folder of fonts for scripts that the PDF's own fonts lack (Chinese,
    Japanese, Korean).

    Exit codes: 0 written, or up to date; 1 out of date (--check); 2 a file or option is wrong, nothing was written.
    """
    from reports.write import compare_all, write_all

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    try:
        outcome = checked(study, analysis)
        if statistics:
            outcome = with_answers(outcome, study)
        outcome = with_runs(outcome, runs)
        if check:
            stale = compare_all(outcome, out, wanted)
        else:
            written = write_all(outcome, out, wanted)
            print("\n".join(map(str, written)))
            tell_left_over(out, written)
    except InputError as error:
        refuse(error)
    if check and stale:
        for name, state in stale.items():
            print(f"{state}: {out / name}", file=sys.stderr)
        if set(stale.values()) != {"left over"}:
            print("write it again: the same command without --check", file=sys.stderr)
        if "left over" in stale.values():
            print("remove what is left over from an earlier report", file=sys.stderr)
        raise typer.Exit(1)
