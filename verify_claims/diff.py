"""`verify-claims diff`: what changed between two results, two revisions of a study, or two versions of a source."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from analysis.errors import InputError, Problem
from claims.changes import Comparison, compare
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP, studies

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims diff before.json after.json` · `verify-claims diff main .` (a git revision and "
    "the working tree) · `verify-claims diff arXiv:2005.13013v1 arXiv:2005.13013v2` (two versions of a source)"
)
def diff(
    old: Annotated[
        str, typer.Argument(help="A JSON result, a study folder, a git revision, or a source id.")
    ],
    new: Annotated[str, typer.Argument(help="The same of the newer one.")] = ".",
    study: Annotated[Path | None, typer.Option("--study", help=HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Show what changed from OLD to NEW: regressed, improved, moved, new, gone, and why.

    Exit codes: 0 nothing is worse; 1 something regressed or is gone; 2 wrong input.
    """
    try:
        versions = _source_versions(old, new, study)
        if versions is not None:
            _show_versions(versions, as_json)
            raise typer.Exit(0)
        found = compare(_result(old, study), _result(new, study))
    except InputError as error:
        refuse(error)
    if as_json:
        told = {"schema": "verify-claims/diff/1", **asdict(found), "regressed": found.regressed}
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        _show(found)
    raise typer.Exit(1 if found.regressed else 0)


def _result(name: str, study: Path | None) -> dict[str, Any]:
    """The JSON result that an argument names."""
    path = Path(name)
    if path.suffix == ".json" and path.is_file():
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise InputError(
                Problem(f"no JSON result: {error}", "write it with check --json", name)
            ) from None
    if path.is_dir():
        return _checked(path)
    folder = study if study is not None else Path()
    return _checked_revision(name, folder)


def _checked(folder: Path) -> dict[str, Any]:
    from claims.study import check_study, find_study
    from reports.as_json import render_json

    place, _ = find_study(folder)
    return dict(json.loads(render_json(check_study(place, studies=studies()), ())))


def _checked_revision(revision: str, folder: Path) -> dict[str, Any]:
    """The result of the study as a git revision has it; nothing of the working tree is touched."""
    if revision.startswith("-"):
        raise InputError(Problem(f"{revision!r} is no git revision", "name a branch, tag or commit"))
    # a folder that looks like a repository of its own may not bring settings that name commands
    command = [
        "git",
        "-c",
        "safe.bareRepository=explicit",
        "-C",
        str(folder),
        "archive",
        "--format=tar",
        revision,
        "--",
        ".",
    ]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(
            Problem(f"git did not answer: {error}", "name a JSON result or a folder instead")
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        what = f"{revision!r} is no JSON file, no folder, no source of the study and no git revision"
        raise InputError(Problem(what, said[0] if said else "check the name"))
    with TemporaryDirectory() as scratch, tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(scratch, filter="data")
        return _checked(Path(scratch))


def _show(found: Comparison) -> None:
    from reports.plain import visible

    for change in found.changes:
        moved = f"{change.before or 'nothing'} -> {change.after or 'nothing'}"
        print(visible(f"{change.kind:<9} {change.id}: {moved}"))
        for reason in change.why:
            print(visible(f"          {reason}"))
    if found.inputs:
        print(visible(f"changed inputs: {', '.join(found.inputs)}"))
    words = [f"{len(found.changes)} changed", f"{found.unchanged} unchanged"]
    print(", ".join(words))


def _source_versions(old: str, new: str, study: Path | None) -> tuple[str, str, list[dict[str, str]]] | None:
    """Cells that two versions of a source print differently, if both arguments are sources of the study."""
    if Path(old).exists() or Path(new).exists():
        return None
    from claims.source_drift import drift
    from claims.study import find_study, read_study

    folder, which = find_study(study)
    evidence = read_study(folder).evidence
    if old not in evidence.sources or new not in evidence.sources:
        return None
    print(which, file=sys.stderr)
    return old, new, drift(evidence, old, new)


def _show_versions(versions: tuple[str, str, list[dict[str, str]]], as_json: bool) -> None:
    old, new, rows = versions
    if as_json:
        told = {"schema": "verify-claims/source-drift/1", "old": old, "new": new, "cells": rows}
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return
    from reports.plain import visible

    for row in rows:
        print(visible(f"{row['cell']}: {row['old'] or 'not at hand'} -> {row['new'] or 'not at hand'}"))
    both = sum(bool(row["old"] and row["new"]) for row in rows)
    print(
        f"{len(rows)} cells differ between {old} and {new}: {both} printed by both, the others by one of them"
    )
