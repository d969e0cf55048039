"""`verify-claims extract REPORT...`: the mentions of reports, and proposals for those that no claim covers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def extract(
    paths: Annotated[
        list[Path], typer.Argument(metavar="REPORT...", help="Reports (.txt, .md, .html, .pdf) or folders.")
    ],
    study: Annotated[Path | None, typer.Option(help="Study whose claims the mentions are mapped to.")] = None,
    no_study: Annotated[
        bool, typer.Option("--no-study", help="Map to no study; propose every statement.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object: mentions, proposals, reports.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Write the proposals to this YAML file.")] = None,
) -> None:
    """Print what reports state, and propose claims for what the study does not cover.

    Proposals are drafts: `verify-claims check` never decides them as if they were confirmed.
    """
    from claims.proposals import draft_claims, proposals_yaml
    from reports import reading
    from verify_claims.report_files import read_and_map, study_folder

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        folder = None if no_study else study_folder(study)
        found = read_and_map(paths, folder)
        text = proposals_yaml(found.proposals, found.known)
        if out is not None:
            _write(out, text)
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        drafts = draft_claims(found.proposals, found.known)
        proposals = [
            {
                "claim": draft,
                "mentions": [f"{mention.report}:{mention.line}" for mention in proposal.mentions],
                "truncated": proposal.truncated,
                "similar": [{"claim": id, "likeness": score} for id, score in proposal.similar],
            }
            for draft, proposal in zip(drafts, found.proposals, strict=True)
        ]
        print(
            json.dumps(
                {
                    "schema": "verify-claims/extract/1",
                    "study": None if folder is None else folder.resolve().name,
                    "mentions": reading.mentions_json(found.reports),
                    "proposals": proposals,
                    "reports": reading.reports_json(found.reports),
                },
                indent=2,
                ensure_ascii=False,
            )
        )
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
        print(text, end="")
    covered = sum(bool(mention.claims) for report in found.reports for mention in report.mentions)
    total = sum(len(report.mentions) for report in found.reports)
    where = "no study" if folder is None else f"the study {folder.resolve().name}"
    print(
        f"{covered} of {total} mentions mapped to {where}; {len(found.proposals)} proposed", file=sys.stderr
    )


def _write(path: Path, text: str) -> None:
    """Write the file under a temporary name first, so that nothing is left half-written."""
    from analysis.errors import Problem

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
