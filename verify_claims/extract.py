"""`verify-claims extract REPORT...`: the mentions of reports, and proposals for those that no claim covers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from verify_claims.refusal import refuse
from verify_claims.report_files import read_and_map

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="REPORT", help="Reports (.txt, .md, .html, .pdf), or folders of them."),
]
StudyFolder = Annotated[
    Path | None,
    typer.Option("--study", help="Study to map to; else the one in this folder, else the bundled one."),
]
NoStudy = Annotated[bool, typer.Option("--no-study", help="Map to no study; propose every statement.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: mentions, proposals, reports.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the proposals to this YAML file.")]


@app.command(
    epilog="Examples: `verify-claims extract report.pdf` · `verify-claims extract reports/ --json` · "
    "`verify-claims extract report.md --out drafts/claims.yaml`"
)
def extract(
    paths: Paths,
    study: StudyFolder = None,
    no_study: NoStudy = False,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Print what reports state, and propose claims for what the study does not cover.

    Proposals are drafts: `verify-claims check` never decides them as if they were confirmed.
    """
    from claims.proposals import draft_claims, proposals_yaml
    from claims.study import find_study
    from reports import reading

    try:
        folder, which = (None, "study: none") if no_study else find_study(study)
        found = read_and_map(paths, folder)
        proposed = proposals_yaml(found.proposals, found.known)
        if out is not None:
            _write(out, proposed)
    except InputError as error:
        refuse(error)
    print(which, file=sys.stderr)
    if as_json:
        drafts = draft_claims(found.proposals, found.known)
        told = reading.extract_json(found.study, found.reports, zip(drafts, found.proposals, strict=True))
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    if sys.stdout.isatty():
        from rich.console import Console

        console = Console()
        for table in reading.mentions_table(found.reports):
            console.print(table)
    else:
        print(reading.mentions_text(found.reports), end="")
    if found.proposals and out is None:
        print("# Proposed claims: drafts, to be completed and confirmed by a person")
        print(proposed, end="")
    mentions = [mention for report in found.reports for mention in report.mentions]
    covered = sum(bool(mention.claims) for mention in mentions)
    print(
        f"{covered} of {len(mentions)} mentions mapped, {len(found.proposals)} claims proposed",
        file=sys.stderr,
    )


def _write(path: Path, text: str) -> None:
    """Write the file under a temporary name first, so that nothing is left half-written."""
    temporary = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise InputError(
            Problem(what, "name a file in a folder that you may write", path.as_posix())
        ) from None
