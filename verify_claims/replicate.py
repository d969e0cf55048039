"""`verify-claims replicate`: run a study and show its table; exit 3 where a stage failed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from analysis.errors import InputError
from verify_claims.refusal import refuse

if TYPE_CHECKING:
    from replicate.executors.choose import Kind
    from replicate.launch import Launch
    from replicate.progress import Reporter
    from replicate.stages import stage

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Scale = Literal["miniature", "small", "paper"]


@app.command(
    epilog="Examples: `verify-claims replicate` · `verify-claims replicate --only none,squad,xquad --seeds 1` · "
    "`verify-claims replicate xstilts --scale small --data ROWS --text TEXT` · "
    "`verify-claims replicate xstilts --scale paper --device cuda --dry-run`"
)
def replicate(
    study: Annotated[str, typer.Argument(help="A bundled study, or a YAML file.")] = "xstilts",
    scale: Annotated[Scale, typer.Option(help="Which grid of the study.")] = "miniature",
    recipe: Annotated[str | None, typer.Option(help="Another recipe of that scale, or a YAML file.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only these intermediates and targets, by comma.")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(help="Number of seeds; the study says how many by default.")
    ] = None,
    runs: Annotated[
        str,
        typer.Option(help="Folder (or fsspec URL, s3://...) of run records; what is there is not run again."),
    ] = "runs",
    data: Annotated[Path | None, typer.Option(help="Folder of rows: task/config/split.parquet.")] = None,
    text: Annotated[Path | None, typer.Option(help="Folder of text: language.txt.gz.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:<number>.")] = "auto",
    executor: Annotated[
        Literal["inline", "processes", "slurm", "ray"], typer.Option(help="How stages are run.")
    ] = "processes",
    workers: Annotated[
        int | None, typer.Option(help="Stages at once: processes, jobs or tasks; by default what fits.")
    ] = None,
    cluster: Annotated[
        list[str] | None,
        typer.Option(
            help="name=value for the cluster: slurm_partition=gpu, pack=8; gpus=0.125, address=auto."
        ),
    ] = None,
    checkpoint: Annotated[float, typer.Option(help="Seconds between checkpoints of a training.")] = 60.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the stages and stop.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with the committed scores; exit 1 if they differ.")
    ] = False,
    committed: Annotated[
        Path | None,
        typer.Option(help="Folder of the scores that --check compares with; by default ours of the study."),
    ] = None,
    pin: Annotated[
        Path | None,
        typer.Option(help="Write the scores there, with claims about them that `check` decides."),
    ] = None,
    drop: Annotated[
        Literal["auto", "nothing", "targets", "trained"],
        typer.Option(
            help="Weights that go once all that builds on them is recorded; auto: those of targets at scale paper."
        ),
    ] = "auto",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Train the miniature encoder instead of taking ours.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only failures and the table.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Progress as JSON lines on stderr.")] = False,
) -> None:
    """Run a study: pretrain, intermediate, target, zero-shot evaluation.

    Stop it at any time: the same command goes on where it stopped, with the same result.
    Exit codes: 0; 1 with --check and other scores; 2 wrong input; 3 a stage failed; 130 and 143 stopped by a person
    or the system.
    """
    from replicate import dropping
    from replicate.executors.choose import cluster_settings
    from replicate.launch import Request, launch
    from replicate.launch import only as names
    from replicate.storage import place

    try:
        _end_in_order()
        folder, store = place.runs(runs)
        request = Request(
            study,
            scale,
            recipe,
            seeds,
            names(only or ()),
            folder,
            data,
            text,
            device,
            checkpoint,
            fresh,
            dry_run,
            store,
        )
        one = launch(request)
        if dry_run:
            listing(one)
            raise typer.Exit(0)
        useless = dropping.kinds(drop, scale, request.only, store)
        code = _run(one, executor, workers, cluster_settings(cluster or []), quiet, log_json, useless)
        whole = not request.only and one.seeds == one.grid.seeds
        if check:
            code = max(code, _check(one, whole=whole, committed=committed))
        if pin is not None and code == 0:
            _pin(one, pin, whole=whole)
    except InputError as error:
        refuse(error)
    except KeyboardInterrupt as stopped:
        print("stopped; the same command goes on from here", file=sys.stderr)
        raise typer.Exit(143 if isinstance(stopped, _Terminated) else 130) from None
    raise typer.Exit(code)


class _Terminated(KeyboardInterrupt):
    """The system asked the command to end."""


def _end_in_order() -> None:
    """End on what a scheduler or a shutdown sends first as on Ctrl-C: workers gone, the terminal left as it was."""
    import signal
    import threading

    def stop(*_: object) -> None:
        raise _Terminated

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)


def listing(one: Launch) -> None:
    """Print one line per stage: key, done or not, name."""
    for stage in one.graph.stages.values():
        done = "done" if one.ledger.record(stage.key) else "    "
        print(f"{stage.key}  {done}  {stage.name}")
    for note in one.graph.absent:
        print(f"not in this run: {note}", file=sys.stderr)


def _run(
    one: Launch,
    kind: Kind,
    workers: int | None,
    cluster: dict[str, str],
    quiet: bool,
    log_json: bool,
    drop: frozenset[stage.Kind],
) -> int:
    """Run the stages, print the table; 0, 2 where stages refused their input, or 3 where one failed otherwise."""
    from contextlib import ExitStack, closing

    from replicate.dropping import nearer
    from replicate.executors.choose import executor
    from replicate.executors.schedule import run
    from replicate.progress import JsonLines, Terminal
    from replicate.urgency import planned, urgency
    from verify_claims.replicate_table import print_table

    hours = planned(one)
    named = {one.graph.stages[key].name: own for key, own in hours.items()}
    with ExitStack() as stack:
        reporter: Reporter = (
            JsonLines() if log_json else stack.enter_context(Terminal(len(one.graph.stages), quiet, named))
        )
        crew = stack.enter_context(closing(executor(kind, one.setting, reporter, workers, cluster)))
        urgent = urgency(one, hours)
        first = nearer(urgent, one.graph) if drop else urgent
        summary = run(one.graph, one.ledger, crew, reporter, first, drop)
    print_table(one)
    for note in one.graph.absent:
        print(f"not in this run: {note}", file=sys.stderr)
    for key, ended in summary.failed.items():
        print(f"failed: {one.graph.stages[key].name} ({key}): {ended.cause}", file=sys.stderr)
        if ended.trace:
            print(ended.trace, file=sys.stderr)
    if summary.skipped:
        print(f"{len(summary.skipped)} stages were skipped because they build on these", file=sys.stderr)
    if not summary.failed:
        return 0
    return 2 if all(ended.refused for ended in summary.failed.values()) else 3


def _pin(one: Launch, folder: Path, *, whole: bool) -> None:
    """Commit the scores of a whole run, and the claims about them where the study registers contrasts."""
    from analysis.errors import Problem
    from replicate.at_hand import with_means
    from replicate.made import behind, spent
    from replicate.reference import path, write
    from replicate.reference.claimed import NAME, claims_text, committed

    if not whole:
        raise InputError(Problem("--pin commits the whole grid", "leave --only and --seeds out"))
    results = with_means(one.ledger.results(*one.graph.stages), one.scale, one.grid)
    tables = {**committed(one.study, folder), one.scale: results}
    text = claims_text(one.study, tables) if one.study.fixed(one.scale) is not None else ""
    keys = map(str, results["locator"].unique())
    known = {**one.setting.on().environment(), "made": spent(behind(keys, one.ledger))}
    try:
        write(one.study.name, one.scale, results, known, folder)
        if text:
            (folder / NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            Problem(f"cannot write it: {error.strerror}", "choose another --pin", str(folder))
        ) from error
    for place in (path(one.study.name, one.scale, folder), *([folder / NAME] if text else [])):
        print(place, file=sys.stderr)


def _check(one: Launch, *, whole: bool, committed: Path | None) -> int:
    from replicate.at_hand import with_means
    from replicate.reference import compare

    environment = one.setting.on().environment()
    results = with_means(one.ledger.results(*one.graph.stages), one.scale, one.grid)
    if results.empty:
        print("no scores to compare with the committed ones", file=sys.stderr)
        return 1
    found = compare(one.study.name, one.scale, results, environment, whole=whole, folder=committed)
    where = "this machine type made them" if found.same_machine_type else "another machine type made them"
    print(
        f"committed scores ({where}): {found.equal} of {found.cells} cells equal to the last bit,"
        f" {found.missing} absent"
    )
    for line in found.off:
        print(f"  differs: {line}")
    print(
        "the committed scores are regenerated" if found.passed else "the committed scores are NOT regenerated"
    )
    return 0 if found.passed else 1
