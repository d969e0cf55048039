"""`verify-claims run`: one stage of a study by its key, for make, Slurm, or a person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.errors import InputError, Problem
from verify_claims.refusal import refuse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims run 0305107d92` · `verify-claims plan --shell` prints one such command per stage"
)
def run(
    key: Annotated[
        str,
        typer.Argument(help="Key of the stage, or its first digits; `verify-claims plan --json` lists them."),
    ],
    study: Annotated[str, typer.Option(help="A bundled study, or a YAML file.")] = "xstilts",
    scale: Annotated[
        Literal["miniature", "small", "paper"], typer.Option(help="Which grid of the study.")
    ] = "miniature",
    recipe: Annotated[str | None, typer.Option(help="Another recipe of that scale.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="As given to plan.")] = None,
    seeds: Annotated[int | None, typer.Option(help="As given to plan.")] = None,
    runs: Annotated[str, typer.Option(help="Folder (or fsspec URL, s3://...) of run records.")] = "runs",
    data: Annotated[Path | None, typer.Option(help="Folder of rows.")] = None,
    text: Annotated[Path | None, typer.Option(help="Folder of text.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:<number>.")] = "auto",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Train the miniature encoder instead of taking ours.")
    ] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Progress as JSON lines on stderr.")] = False,
) -> None:
    """Run one stage; the stages that it builds on must be done.

    Exit codes: 2 where the stage refuses its input, 3 where it fails otherwise.
    """
    from replicate.executors.executor import attempt
    from replicate.launch import Request, launch
    from replicate.launch import only as names
    from replicate.progress import JsonLines, Terminal
    from replicate.storage import place

    try:
        folder, store = place.runs(runs)
        chosen = names(only or ())
        one = launch(
            Request(study, scale, recipe, seeds, chosen, folder, data, text, device, fresh=fresh, store=store)
        )
        found = [stage for stage in one.graph.stages.values() if stage.key.startswith(key)]
        if len(found) != 1:
            what = f"{len(found)} stages of this study have a key that starts with {key!r}"
            raise InputError(Problem(what, "`verify-claims plan --json` lists the keys"))
        missing = [parent for parent in found[0].parents.values() if one.ledger.record(parent) is None]
        if missing:
            needs = ", ".join(f"{parent} ({one.graph.stages[parent].name})" for parent in missing)
            raise InputError(
                Problem(f"{found[0].name} builds on stages that are not done", f"run first: {needs}")
            )
    except InputError as error:
        refuse(error)
    if one.ledger.record(found[0].key) is not None:
        print(f"{found[0].name} is done: {one.ledger.folder(found[0].key)}")
        return
    if log_json:
        ended = attempt(found[0], one.setting, JsonLines())
    else:
        with Terminal(1) as reporter:
            ended = attempt(found[0], one.setting, reporter)
    if ended.state != "done":
        why = ended.cause
        if ended.state == "damaged":
            one.ledger.reopen(ended.cause)
            parent = one.graph.stages[ended.cause].name
            why = f"the record of {parent} is damaged or without weights; run it again: {ended.cause}"
        print(f"{ended.state}: {found[0].name}: {why}\n{ended.trace}".rstrip(), file=sys.stderr)
        raise typer.Exit(2 if ended.refused else 3)
    print(one.ledger.folder(found[0].key))
