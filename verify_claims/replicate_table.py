"""The table that `verify-claims replicate` ends with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replicate.launch import Launch


def print_table(one: Launch) -> None:
    """Print a table per target: intermediate by language, with seeds and intervals."""
    from rich.console import Console

    from replicate.stages.names import printed
    from replicate.summary import table

    results = one.ledger.results(*one.graph.stages)
    if results.empty:
        return
    lines = table(results, [printed(name) for name in one.grid.targets])
    heads = [at for at, line in enumerate(lines) if line[1] == "seeds"]
    # A pipe has no width: every number must still be whole there.
    console = Console(width=None if sys.stdout.isatty() else 160)
    for first, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        for part in fitting(lines[first:end], console.width):
            _show(part, f"{lines[first][0]} ({one.scale})")
    console.print(
        "Scores in percent; ± is the 95 % interval over seeds. What this scale can and cannot show: docs/replication/"
    )


def fitting(lines: list[list[str]], width: int) -> list[list[list[str]]]:
    """The lines of one target in as many tables as it takes, so that no number is cut.

    Intermediate, seeds and mean stand in the first table, the intermediate again in every other.

    >>> lines = [["xnli", "seeds", "mean", "en", "de"], ["squad", "3", "70.1", "80.2", "60.0"]]
    >>> [part[1] for part in fitting(lines, 33)]
    [['squad', '3', '70.1', '80.2'], ['squad', '60.0']]
    """
    named = [["intermediate", *lines[0][1:]], *lines[1:]]
    widths = [2 + max(len(line[place]) for line in named) for place in range(len(lines[0]))]
    parts, chosen = [], [0, 1, 2]
    for place in range(3, len(widths)):
        if sum(widths[one] for one in chosen) + widths[place] > width and chosen[1:]:
            parts.append(chosen)
            chosen = [0]
        chosen.append(place)
    return [[[line[place] for place in part] for line in lines] for part in [*parts, chosen]]


def _show(lines: list[list[str]], title: str) -> None:
    """Print one table whose first line is its head."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    shown.add_column("intermediate", no_wrap=True)
    for name in lines[0][1:]:
        shown.add_column(name, justify="right", no_wrap=True)
    for line in lines[1:]:
        shown.add_row(*line)
    Console(width=None if sys.stdout.isatty() else 160).print(shown)
