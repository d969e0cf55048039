"""`verify-claims recipes`: the training recipes side by side, each number with where it was read."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from analysis.errors import InputError
from verify_claims.refusal import refuse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims recipes` · `verify-claims recipes paper-v1 jiant xtreme --sources` · "
    "`verify-claims recipes mine.yaml`"
)
def recipes(
    names: Annotated[
        list[str] | None, typer.Argument(help="Recipes or .yaml files; default: all bundled.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    sources: Annotated[bool, typer.Option("--sources", help="Also where each number was read.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also numbers that do not differ.")] = False,
) -> None:
    """List the training recipes side by side.

    Only numbers that differ are shown unless `--all` is given or one recipe is named; an empty cell says that the
    recipe does not state the number.
    """
    from replicate.recipes.compare import side_by_side
    from replicate.recipes.load import names as bundled
    from replicate.recipes.load import recipe

    try:
        chosen = [recipe(name) for name in names or bundled()]
    except InputError as error:
        refuse(error)
    lines = side_by_side(chosen)
    if as_json:
        listed = {
            "schema": "verify-claims/recipes/1",
            "recipes": [
                {"name": one.name, "title": one.title, "scale": one.scale, "notes": list(one.notes)}
                for one in chosen
            ],
            "numbers": [
                {
                    "place": line.place,
                    "differs": line.differs,
                    "values": {one.name: value for one, value in zip(chosen, line.values, strict=True)},
                    "sources": {
                        one.name: text for one, text in zip(chosen, line.sources, strict=True) if text
                    },
                }
                for line in lines
            ],
        }
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A pipe has no width: every number must still be whole there.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    for one in chosen:
        console.print(Text.assemble((one.name, "bold"), f"  {one.title} [{one.scale}]"), soft_wrap=True)
    shown = [line for line in lines if everything or len(chosen) == 1 or line.differs]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("number", no_wrap=True)
    for one in chosen:
        table.add_column(one.name, max_width=28, overflow="fold")
    for line in shown:
        table.add_row(
            Text(line.place), *(Text("" if value is None else _text(value)) for value in line.values)
        )
    console.print(table)
    if sources:
        console.print(Text("\nSources", style="bold"))
        for line in shown:
            for one, text in zip(chosen, line.sources, strict=True):
                if text:
                    console.print(Text(f"{line.place}  {one.name}: {text}"), soft_wrap=True)
    elif not everything and len(chosen) > 1:
        same = len(lines) - len(shown)
        console.print(
            Text(f"{same} numbers are equal in all (--all); where each was read: --sources"), style="dim"
        )


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
