"""`verify-claims check`: decide the claims of a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from claims.outcome import Outcome
from claims.policy import Judgement, judge
from verify_claims.recording import remember_finished
from verify_claims.study_argument import HELP, checked, plain_streams, refuse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
MANY = 2000
"""Claims from which progress is shown."""


class FailOn(StrEnum):
    """Which verdicts fail; each includes the ones before it."""

    NEVER = "never"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"
    UNVERIFIABLE = "unverifiable"


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
    github: Annotated[
        bool, typer.Option("--github", help="Print GitHub annotations; write the job summary.")
    ] = False,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="Verdicts that fail, each with the ones before it: never, contradicted, inconclusive, unverifiable. "
            "Default: contradicted; with a baseline, whatever is worse than accepted.",
        ),
    ] = None,
    baseline: Annotated[
        bool | None,
        typer.Option(
            "--baseline/--no-baseline",
            help="Accept the findings of the study's baseline.yaml. Default: if the study has one.",
        ),
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept what was found: write the study's baseline.yaml.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write report.md, report.pdf and report.html here.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Decide everything anew, and keep nothing for the next run.")
    ] = False,
) -> None:
    """Decide every claim of a study: supported, contradicted, or open and why.

    Exit codes: 0 the policy is met; 1 a finding fails it; 2 a file or option is wrong, nothing was written;
    3 something could not be checked, or there was nothing to check.
    """
    plain_streams()
    try:
        with _progress() as progress:
            outcome = checked(study, progress=progress, cache=not no_cache)
        judgement = _judged(outcome, fail_on, baseline, write_baseline)
        _write(outcome, judgement, junit, sarif, out, study)
    except InputError as error:
        refuse(error)
    if as_json:
        from reports.as_json import render_json

        sys.stdout.write(render_json(outcome, judgement.failing))
    else:
        _show(outcome, judgement)
    if github:
        _annotate(outcome, judgement)
    _tell(judgement)
    remember_finished(Path(outcome.study_path))
    raise typer.Exit(judgement.exit_code)


def _judged(outcome: Outcome, fail_on: FailOn | None, wanted: bool | None, write: bool) -> Judgement:
    """The policy's judgement, with the baseline where there is one."""
    from claims.baseline import FILE, baseline_text, read_baseline
    from claims.finding import Verdict

    path = Path(outcome.study_path) / FILE
    if wanted and not write and not path.is_file():
        raise InputError(Problem(f"the study has no {FILE}", "write one with --write-baseline", str(path)))
    known = read_baseline(path) if wanted is not False and path.is_file() else {}
    if write:
        from reports.write import write_whole

        text = baseline_text(outcome.findings, known)
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise InputError(
                Problem(f"cannot write it: {error.strerror}", "choose another study", str(path))
            ) from error
        known = read_baseline(path)
    verdicts = {str(verdict): verdict for verdict in Verdict}
    accepted = {id: verdicts[entry.verdict] for id, entry in known.items()}
    used = wanted is not False and (write or path.is_file())
    return judge(outcome.findings, fail_on.value if fail_on else None, accepted if used else None)


def _write(
    outcome: Outcome,
    judgement: Judgement,
    junit: Path | None,
    sarif: Path | None,
    out: Path | None,
    study: Path | None,
) -> None:
    """Write the files that were asked for, each whole or not at all."""
    made: list[tuple[Path, str]] = []
    if junit is not None:
        from reports.junit import render_junit

        made.append((junit, render_junit(outcome, judgement.failing)))
    if sarif is not None:
        from reports.sarif import render_sarif

        made.append((sarif, render_sarif(outcome, judgement.failing)))
    if made:
        from reports.whole import write_whole
        from verify_claims.recording import remember_written

        for path, text in made:
            try:
                write_whole(path, text.encode("utf-8", "replace"))
                remember_written(path, text.encode("utf-8", "replace"))
            except OSError as error:
                what = f"cannot write it: {error.strerror}"
                raise InputError(Problem(what, "choose a place that you may write", str(path))) from error
    if out is not None:
        from reports.write import write_all
        from verify_claims.study_answers import with_answers

        for path in write_all(with_answers(outcome, study), out):
            print(path, file=sys.stderr)


def _show(outcome: Outcome, judgement: Judgement) -> None:
    """A table in a terminal, plain text otherwise."""
    from reports.terminal import closing, render_plain, table

    if not sys.stdout.isatty():
        sys.stdout.write(render_plain(outcome, judgement.failing))
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(table(outcome, judgement.failing))
    console.print()
    for line in closing(outcome, judgement.failing):
        console.print(escape(line))


def _annotate(outcome: Outcome, judgement: Judgement) -> None:
    """Annotations on stdout, and the job summary where GitHub asks for it."""
    import os

    from reports.github import render_annotations, render_summary

    sys.stdout.write(render_annotations(outcome, judgement.failing))
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(render_summary(outcome, judgement.failing))


def _tell(judgement: Judgement) -> None:
    """What the baseline hides and where it has become too loose."""
    if judgement.accepted:
        print(f"baseline: {len(judgement.accepted)} findings are accepted", file=sys.stderr)
    loose = (*judgement.better, *judgement.gone)
    if loose:
        shown = ", ".join(loose[:5]) + (" ..." if len(loose) > 5 else "")
        print(f"baseline: too loose, {shown}; tighten it with --write-baseline", file=sys.stderr)
    if judgement.unchecked:
        print("something could not be checked, or there was nothing to check: exit code 3", file=sys.stderr)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Progress on stderr for large studies in a terminal; silent otherwise."""
    shown = False

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if total >= MANY and sys.stderr.isatty() and (done % 500 == 0 or done == total):
            shown = True
            print(f"\r{done:,} of {total:,} claims", end="", file=sys.stderr, flush=True)

    yield tell
    if shown:
        print(file=sys.stderr)
