"""`verify-claims numbers`: account for every number that a document prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from claims.accounting import Account
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims numbers paper.tex` · `verify-claims numbers README.md --all` · "
    "`verify-claims numbers paper.tex --fail-on-unbound --json`"
)
def numbers(
    document: Annotated[Path, typer.Argument(help="A .tex, .md, .html, .ipynb, .pdf, .rst or .txt file.")],
    study: Annotated[Path | None, typer.Option("--study", help=HELP)] = None,
    every: Annotated[bool, typer.Option("--all", help="List the accounted ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    fail: Annotated[bool, typer.Option("--fail-on-unbound", help="Exit 1 if a number is unbound.")] = False,
) -> None:
    """Count every number that DOCUMENT prints: bound to a claim, set aside by a rule or a reason, or unbound.

    Exit codes: 0; 1 with --fail-on-unbound and an unbound number; 2 wrong input; 3 the document prints no number.
    """
    try:
        found = _account(document, study)
    except InputError as error:
        refuse(error)
    if as_json:
        entries = [asdict(entry) for entry in found.entries]
        told = {
            "schema": "verify-claims/numbers/1",
            "document": found.file,
            "counts": found.counts,
            "numbers": entries,
        }
        print(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        _show(found, every)
    if not found.entries:
        raise typer.Exit(3)
    raise typer.Exit(1 if fail and found.counts["unbound"] else 0)


def _account(document: Path, study: Path | None) -> Account:
    from claims.accounting import account
    from claims.documents.reader import read_document
    from claims.evidence import refuse_links
    from claims.load import load_claims
    from claims.study import CLAIMS, own_files

    folder = study if study is None or study.is_dir() else study.parent
    if folder is None:
        beside = [place for place in (Path(), document.parent) if (place / CLAIMS).is_file()]
        folder = beside[0] if beside else None
    if folder is not None:
        refuse_links(folder, own_files(folder))
    file = load_claims(folder / CLAIMS, CLAIMS)[0] if folder is not None else None
    name = str(document)
    if folder is not None and document.resolve().is_relative_to(folder.resolve()):
        name = document.resolve().relative_to(folder.resolve()).as_posix()
    return account(read_document(document, name), file, name)


def _show(found: Account, every: bool) -> None:
    from reports.plain import visible

    for entry in found.entries:
        if every or entry.status == "unbound":
            here = entry.place.location
            why = f"{entry.status}: {entry.by}" if entry.by else entry.status
            line = (
                f"{here.file}:{here.line}:{here.column}: {entry.place.text} ({why})  …{entry.place.context}…"
            )
            print(visible(line))
    words = ", ".join(f"{count} {status}" for status, count in found.counts.items())
    print(f"{visible(found.file)}: {len(found.entries)} numbers: {words}")
