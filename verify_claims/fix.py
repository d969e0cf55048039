"""`verify-claims fix`: the edits that make documents, claims file and results agree."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from claims.mending import Change
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP, studies

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog="Examples: `verify-claims fix --dry-run` · `verify-claims fix my-paper`")
def fix(
    study: Annotated[Path | None, typer.Argument(help=HELP)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change, write nothing.")] = False,
) -> None:
    """Change printed numbers to what the results say, and show each change as a diff.

    Only the digits of bound numbers change: the `equals` of contradicted claims and the places that `printed_in`
    names. Exit codes: 0 all agree (now); 1 with --dry-run and something to change, or something is left to do by
    hand; 2 wrong input, nothing was written.
    """
    from claims.mending import applied, plan
    from claims.study import check_study, find_study, read_study
    from reports.plain import visible

    try:
        folder, which = find_study(study)
        print(which, file=sys.stderr)
        changes = plan(read_study(folder), check_study(folder, studies=studies()))
        texts: dict[Path, str] = {}
        left: list[Change] = []
        for name in sorted({change.file for change in changes}):
            mine = [change for change in changes if change.file == name]
            path = folder / name
            old = "" if all(change.by_hand for change in mine) else path.read_bytes().decode("utf-8")
            new, undone = applied(old, mine)
            left += undone
            if new != old:
                texts[path] = new
                _diff(name, old, new)
        if not dry_run:
            _write(texts)
    except InputError as error:
        refuse(error)
    for change in left:
        place = f"{change.file}:{change.line}:{change.column}"
        print(visible(f"by hand: {place}: {change.old} -> {change.new} ({change.why})"))
    count = len(changes) - len(left)
    done = "would change" if dry_run else "changed"
    print(
        f"{done} {count} number{'s' * (count != 1)} in {len(texts)} file{'s' * (len(texts) != 1)}",
        file=sys.stderr,
    )
    raise typer.Exit(1 if left or (dry_run and changes) else 0)


def _diff(name: str, old: str, new: str) -> None:
    from reports.plain import visible

    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=1
    )  # fmt: skip
    for line in lines:
        print(visible(line), flush=True)  # so that it stands before what stderr says of it


def _write(texts: dict[Path, str]) -> None:
    from reports.whole import write_whole

    for path, text in texts.items():
        try:
            write_whole(path, text.encode("utf-8"))
        except OSError as error:
            raise InputError(
                Problem(f"cannot write it: {error.strerror}", "make it writable", str(path))
            ) from error
