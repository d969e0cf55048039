"""`verify-claims check`: decide the claims of a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from claims.outcome import Outcome
from claims.policy import Judgement
from verify_claims.judging import FailOn, Judged, judged, tell
from verify_claims.recording import remember_finished, remember_written
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP, checked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
MANY = 2000
"""Claims from which progress is shown."""


@app.command(
    epilog="Examples: `verify-claims check` · `verify-claims check my-paper --fail-on inconclusive` · "
    "`verify-claims check --json > outcome.json` · `verify-claims check --out out --junit junit.xml`"
)
def check(
    study: Annotated[Path | None, typer.Argument(help=HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write JUnit XML here, one case per assertion.")
    ] = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Write SARIF 2.1.0 here.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write the report as one Markdown file here.")
    ] = None,
    github: Annotated[
        bool, typer.Option("--github", help="Print GitHub annotations; write the job summary.")
    ] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="Verdicts that fail, each with the ones before it: never, contradicted, inconclusive, unverifiable. "
            "Default: what the study's policy says, else contradicted.",
        ),
    ] = None,
    baseline: Annotated[
        bool | None,
        typer.Option(
            "--baseline/--no-baseline",
            help="Accept the findings of the study's baseline.yaml. Default: if the study has one.",
        ),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today", help="Judge dates as on this day, like 2027-01-31. Default: the clock's, in UTC."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write report.md, report.pdf and report.html here.")
    ] = None,
    runs: Annotated[
        Path | None, typer.Option("--runs", help="Run records to show in the report of --out.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Decide everything anew, and keep nothing for the next run.")
    ] = False,
) -> None:
    """Decide every claim of a study: supported, contradicted, or open and why.

    Exit codes: 0 the policy is met; 1 a finding fails it, or an acceptance no longer fits what is found; 2 a file or
    option is wrong, nothing was written; 3 something could not be checked, or there was nothing to check.
    """
    try:
        if runs is not None and out is None:
            raise InputError(Problem("--runs says what to show in a report", "add --out FOLDER"))
        with _progress() as progress:
            outcome = checked(study, progress=progress, cache=not no_cache)
        found = judged(outcome, fail_on.value if fail_on else None, baseline, today)
        _write(outcome, found.judgement, {"junit": junit, "sarif": sarif, "markdown": markdown})
        if out is not None:
            _write_report(outcome, out, study, runs)
    except InputError as error:
        refuse(error)
    if as_json:
        from reports.as_json import render_json

        sys.stdout.write(render_json(outcome, found.judgement.failing, found.judgement, found.notes))
    elif github:
        with _no_commands():
            _show(outcome, found.judgement)
    else:
        _show(outcome, found.judgement)
    if github:
        _annotate(outcome, found)
    tell(found)
    remember_finished(Path(outcome.study_path))
    raise typer.Exit(found.judgement.exit_code)


def _write(outcome: Outcome, judgement: Judgement, wanted: dict[str, Path | None]) -> None:
    """Write the files that were asked for, each whole or not at all; all are made before the first is written."""
    made = [(path, _rendered(form, outcome, judgement)) for form, path in wanted.items() if path is not None]
    if not made:
        return
    from reports.whole import write_whole

    for path, text in made:
        data = text.encode("utf-8", "replace")
        try:
            write_whole(path, data)
        except OSError as error:
            what = f"cannot write it: {error.strerror}"
            raise InputError(Problem(what, "choose a place that you may write", str(path))) from error
        remember_written(path, data)


def _rendered(form: str, outcome: Outcome, judgement: Judgement) -> str:
    if form == "junit":
        from reports.junit import render_junit

        return render_junit(outcome, judgement.failing, judgement.complaints)
    if form == "sarif":
        from reports.sarif import render_sarif

        return render_sarif(outcome, judgement.failing, judgement.complaints)
    from reports.markdown import render_markdown

    return render_markdown(outcome)


def _write_report(outcome: Outcome, out: Path, study: Path | None, runs: Path | None) -> None:
    from reports.write import write_all
    from verify_claims.study_answers import tell_left_over, with_answers, with_runs

    written = write_all(with_runs(with_answers(outcome, study), runs), out)
    print("\n".join(map(str, written)), file=sys.stderr)
    tell_left_over(out, written)


def _show(outcome: Outcome, judgement: Judgement) -> None:
    """A table in a terminal, plain text otherwise."""
    from reports.terminal import closing, render_plain, table

    if not sys.stdout.isatty():
        sys.stdout.write(render_plain(outcome, judgement.failing, judgement.complaints))
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(table(outcome, judgement.failing))
    console.print()
    for line in closing(outcome, judgement.failing, judgement.complaints):
        console.print(escape(line))


@contextmanager
def _no_commands() -> Iterator[None]:
    """Keep the runner from obeying what claims and documents say; a command needs no more than its words in a line.

    The runner's own remedy: it obeys nothing until a word returns that no file can know.
    """
    import secrets

    word = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{word}\n")
    yield
    sys.stdout.write(f"::{word}::\n")


def _annotate(outcome: Outcome, found: Judged) -> None:
    """Annotations on stdout, and the job summary where GitHub asks for it."""
    import os

    from reports.github import render_annotations, render_summary

    judgement = found.judgement
    sys.stdout.write(render_annotations(outcome, judgement.failing, judgement.complaints, judgement.ignored))
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(render_summary(outcome, judgement.failing, judgement.complaints))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Progress on stderr for large studies in a terminal; silent otherwise, and no part of what a replay repeats."""
    shown = False

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if total >= MANY and sys.stderr.isatty() and (done % 500 == 0 or done == total):
            shown = True
            print(f"\r{done:,} of {total:,} claims", end="", file=sys.__stderr__, flush=True)

    yield tell
    if shown:
        print(file=sys.__stderr__)
