"""`verify-claims lint`: what in a study deserves a look although nothing fails."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from verify_claims.judging import judged
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP, checked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog="Examples: `verify-claims lint` · `verify-claims lint my-paper --strict`")
def lint(
    study: Annotated[Path | None, typer.Argument(help=HELP)] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if there is a note.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    today: Annotated[str | None, typer.Option("--today", help="Judge dates as on this day.")] = None,
) -> None:
    """Show notes on a study: grants that rot, claims that nothing prints, entries that match nothing.

    Exit codes: 0; 1 with --strict and a note; 2 wrong input.
    """
    from claims.lint import notes_on_study
    from claims.study import read_study

    try:
        outcome = checked(study)
        notes = list(judged(outcome, None, None, today).notes)
        notes += notes_on_study(read_study(Path(outcome.study_path)), outcome)
    except InputError as error:
        refuse(error)
    if as_json:
        told = {
            "schema": "verify-claims/lint/1",
            "study": outcome.study,
            "notes": [asdict(note) for note in notes],
        }
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for note in notes:
            place = note.location
            print(f"{place.file}:{place.line}:{place.column}: {note.code}: {note.text}")
        print(f"{len(notes)} note{'s' * (len(notes) != 1)}")
    raise typer.Exit(1 if strict and notes else 0)
