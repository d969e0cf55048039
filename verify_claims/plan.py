"""`verify-claims plan`: the stages of a study, what is done, and what the rest costs."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from analysis.errors import InputError
from verify_claims.refusal import refuse

if TYPE_CHECKING:
    from replicate.cost import Cost, Throughput
    from replicate.launch import Launch

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims plan` · `verify-claims plan xstilts --scale paper --recipe paper-v1` · "
    "`verify-claims plan --json > plan.json` · `verify-claims plan --shell > stages.sh`"
)
def plan(
    study: Annotated[str, typer.Argument(help="A bundled study, or a YAML file.")] = "xstilts",
    scale: Annotated[
        Literal["miniature", "small", "paper"], typer.Option(help="Which grid of the study.")
    ] = "miniature",
    recipe: Annotated[
        str | None, typer.Option(help="One recipe; by default every bundled one of that scale.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only these intermediates and targets, by comma.")
    ] = None,
    seeds: Annotated[int | None, typer.Option(help="Number of seeds.")] = None,
    runs: Annotated[str, typer.Option(help="Folder (or fsspec URL, s3://...) of run records.")] = "runs",
    data: Annotated[Path | None, typer.Option(help="Folder of rows.")] = None,
    text: Annotated[Path | None, typer.Option(help="Folder of text.")] = None,
    throughput: Annotated[
        str, typer.Option(help="A bundled throughput, or a YAML file with measured ones.")
    ] = "h200-assumed",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    as_shell: Annotated[
        bool, typer.Option("--shell", help="One command per stage, in an order that works.")
    ] = False,
) -> None:
    """Show the stages of a study, what is done, GPU hours and disk."""
    from replicate import cost
    from replicate.launch import Request, launch
    from replicate.launch import only as names
    from replicate.storage import place
    from verify_claims.plan_table import show

    try:
        speed = cost.throughput(throughput)
        folder, store = place.runs(runs)
        chosen = names(only or ())
        request = Request(study, scale, recipe, seeds, chosen, folder, data, text, planning=True, store=store)
        one = launch(request)
        if as_shell:
            print("\n".join(shell(one, request)))
            return
        plans = [estimate(one, speed)]
        for other in _others(one) if recipe is None else ():
            try:
                plans.append(estimate(launch(_with(request, other)), speed))
            except InputError as error:
                print(f"left out: recipe {other}: {error}", file=sys.stderr)
    except InputError as error:
        refuse(error)
    if as_json:
        print(json.dumps({"schema": "verify-claims/plan/1", "plans": plans}, indent=1))
    else:
        for found in plans:
            show(found, speed)


def estimate(one: Launch, speed: Throughput) -> dict[str, Any]:
    """A plan as JSON values: every stage, and totals."""
    from replicate.cost import Estimate, unshared
    from replicate.disk import rooms
    from replicate.planned_power import planned_power
    from replicate.sharing import lines, ways

    cost = Estimate(one)
    each = {key: cost.of(stage) for key, stage in one.graph.stages.items()}
    done = {key for key in one.graph.stages if one.ledger.record(key) is not None}
    listed = [
        {
            "key": key,
            "kind": stage.kind,
            "name": stage.name,
            "done": key in done,
            "parents": list(stage.parents.values()),
            **_numbers([each[key]], speed),
        }
        for key, stage in one.graph.stages.items()
    ]
    left = [each[key] for key in each if key not in done]
    apart = [each[key] for key, asked in one.graph.asked.items() for _ in range(asked)]
    kinds: dict[str, Any] = {}
    for kind in dict.fromkeys(stage.kind for stage in one.graph.stages.values()):
        keys = [key for key, stage in one.graph.stages.items() if stage.kind == kind]
        costs = _numbers([each[key] for key in keys], speed)
        kinds[kind] = {"stages": len(keys), "done": len(done.intersection(keys)), **costs}
    return {
        "study": one.study.name,
        "scale": one.scale,
        "recipe": one.setting.protocols,
        "seeds": one.seeds,
        "throughput": {
            "name": speed.name,
            "measured": speed.measured,
            "source": speed.source,
            "workers": speed.workers,
        },
        "kinds": kinds,
        "models": models(one, each, speed),
        "total": _numbers(list(each.values()), speed),
        "left": _numbers(left, speed),
        "without_sharing_target_runs": _numbers(apart, speed),
        "without_any_sharing": _numbers(unshared(one, each), speed),
        "disk": {
            choice: {"most_gb": round(room.most / 1e9, 3), "end_gb": round(room.end / 1e9, 3)}
            for choice, room in rooms(one.graph, each, speed).items()
        },
        "ways": lines(ways(one)),
        "absent": one.graph.absent,
        "designs": list(one.grid.designs),
        "registered": registered(one),
        "notes": list(one.grid.notes),
        "power": planned_power(one.study, one.grid, one.scale, one.seeds),
        "stages": listed,
    }


def models(one: Launch, each: dict[str, Cost], speed: Throughput) -> dict[str, Any]:
    """Model -> cost of the stages under its recipe; what models share is counted where it was asked for first."""
    found = {}
    for recipe in one.setting.recipes:
        keys = [key for key, stage in one.graph.stages.items() if stage.recipe == recipe.name]
        costs = _numbers([each[key] for key in keys], speed)
        found[recipe.model.name] = {"recipe": recipe.name, "stages": len(keys), **costs}
    return found


def registered(one: Launch) -> dict[str, Any] | None:
    """What the study fixes before its first run, with its hash; None where it fixes nothing."""
    found = one.study.fixed(one.scale)
    return None if found is None else {**found.model_dump(mode="json"), "digest": found.digest}


def shell(one: Launch, request: Any) -> list[str]:
    """One command per stage that is not done; a stage stands after those it builds on."""
    options = {
        "study": request.study,
        "scale": request.scale,
        "recipe": one.setting.protocols,
        "seeds": one.seeds,
    }
    options |= {
        "runs": request.store or request.runs,
        "data": request.data,
        "text": request.text,
        "only": ",".join(request.only) or None,
    }
    flags = " ".join(
        f"--{name} {shlex.quote(str(value))}" for name, value in options.items() if value is not None
    )
    return [
        f"verify-claims run {key} {flags}  # {stage.name}"
        for key, stage in one.graph.stages.items()
        if one.ledger.record(key) is None
    ]


def _numbers(costs: list[Cost], speed: Throughput) -> dict[str, Any]:
    """Sums over stages; each stage takes the larger of its arithmetic and its latency."""
    from replicate.cost import Cost

    cost = sum(costs, Cost())
    hours = sum(one.hours(speed) for one in costs)
    price = None if speed.price_per_hour is None else round(hours * speed.price_per_hour, 2)
    return {
        "flops": cost.flops,
        "steps": round(cost.steps),
        "tokens": round(cost.tokens),
        "hours": round(hours, 4),
        "hours_arithmetic": round(cost.flops / speed.flops_per_second / 3600, 4),
        "hours_latency": round(cost.steps * speed.seconds_per_step / 3600, 4),
        "price": price,
        "disk_gb": round(cost.bytes / 1e9, 3),
    }


def _with(request: Any, recipe: str) -> Any:
    from dataclasses import replace

    return replace(request, recipe=recipe)


def _others(one: Launch) -> list[str]:
    """The other bundled recipes of the same scale and family: published descriptions differ, and so do their costs.

    None for a grid that compares models: its recipes are what it is about.
    """
    from replicate.recipes.load import names, recipe

    mine = one.setting.recipe
    if one.setting.others:
        return []
    same = (recipe(name) for name in names() if name != mine.name)
    return [
        other.name for other in same if other.scale == one.scale and other.model.family == mine.model.family
    ]
