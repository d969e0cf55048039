"""`verify-claims accept`: accept findings for a reason and a time, and tighten what is accepted too widely."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from verify_claims.judging import FailOn, judged
from verify_claims.refusal import refuse
from verify_claims.study_argument import checked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims accept --why 'a misprint of version 1' --until never` · `verify-claims accept "
    "my-paper gain.average --why 'rerun is under way' --until 2027-03-31` · `verify-claims accept` (only tightens)"
)
def accept(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STUDY] [ID]...", help="Study folder; ids of findings or claims, default all that fail."
        ),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", help="Why the findings are accepted.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Last day, like 2027-01-31, or never.")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="Accept what fails at this level. Default: the study's own."),
    ] = None,
    today: Annotated[str | None, typer.Option("--today", help="Judge dates as on this day.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")] = False,
) -> None:
    """Write the study's baseline.yaml: accept what fails, drop what is stale, narrow what is looser than needed.

    Comments and what was written by hand stay byte for byte.

    Exit codes: 0 written, or nothing to do; 1 with --dry-run and something to change; 2 wrong input, nothing written.
    """
    from claims.accepting import entries
    from claims.baseline import FILE
    from claims.baseline_edit import HEAD, edited

    study, ids = _parted(arguments or [])
    try:
        _check_words(why, until, today)
        outcome = checked(study)
        found = judged(outcome, fail_on.value if fail_on else None, None, today)
        wanted = entries(outcome.findings, found.judgement, found.accepted, ids, why, until)
        path = Path(outcome.study_path) / FILE
        old = path.read_bytes().decode("utf-8") if path.is_file() else ""
        new = edited(old or HEAD, wanted) if old or wanted else ""
        _show(old, new)
        if new != old and not dry_run:
            _write(path, new)
    except InputError as error:
        refuse(error)
    before, after = {a.id for a in found.accepted}, {entry["id"] for entry in wanted}
    counts = f"{len(after - before)} added, {len(before - after)} dropped, {len(after)} in all"
    print(
        f"{path}: {'would change' if dry_run else 'written'}: {counts}"
        if new != old
        else "nothing to change",
        file=sys.stderr,
    )
    raise typer.Exit(1 if dry_run and new != old else 0)


def _parted(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """The study, if the first argument is a place, and the ids."""
    first = Path(arguments[0]) if arguments else None
    if first is not None and (first.is_dir() or first.suffix in (".yaml", ".yml")):
        return first, arguments[1:]
    return None, arguments


def _check_words(why: str | None, until: str | None, today: str | None) -> None:
    from claims.grants import day
    from verify_claims.replay import today as clock

    if why is not None and not why.strip():
        raise InputError(Problem("--why is empty", "say why the findings are accepted"))
    if until not in (None, "never"):
        try:
            last = day(str(until))
        except ValueError as error:
            raise InputError(Problem(f"--until: {error}", "or write never")) from None
        if last < (now := today or clock()):
            raise InputError(
                Problem(f"--until: {last} is past, today is {now}", "name a later day, or never")
            )


def _show(old: str, new: str) -> None:
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "a/baseline.yaml", "b/baseline.yaml", "", "", 0, ""
    )
    for line in lines:
        print(line)


def _write(path: Path, text: str) -> None:
    from reports.whole import write_whole

    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise InputError(
            Problem(f"cannot write it: {error.strerror}", "make it writable", str(path))
        ) from error
