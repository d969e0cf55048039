"""The tables of `verify-claims plan`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from replicate.cost import Throughput


def show(found: dict[str, Any], speed: Throughput) -> None:
    """Print stages and costs by kind, disk, and what sharing saves."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"{found['study']} at scale {found['scale']}, recipe {found['recipe']}, {found['seeds']} seeds",
        title_justify="left",
        box=None,
    )
    for name in ("", "stages", "done", "PFLOP", "k steps", "M tokens", "hours", "disk GB"):
        table.add_column(name, justify="right" if name else "left")
    models = found["models"].items() if len(found["models"]) > 1 else ()
    lines = [*found["kinds"].items(), *models, ("all", found["total"]), ("left to do", found["left"])]
    for name, one in lines:
        counts = [str(one.get("stages", "")), str(one.get("done", ""))]
        table.add_row(
            name,
            *counts,
            f"{one['flops'] / 1e15:,.2f}",
            f"{one['steps'] / 1e3:,.1f}",
            f"{one['tokens'] / 1e6:,.1f}",
            f"{one['hours']:,.2f}",
            f"{one['disk_gb']:,.1f}",
        )
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    known = "measured" if speed.measured else "NOT measured"
    console.print(f"{speed.name}: throughput {known}; {speed.source}.", markup=False)
    total = found["total"]
    console.print(
        f"One stage at a time: {total['hours_arithmetic']:,.1f} h of arithmetic, {total['hours_latency']:,.1f} h of"
        f" step latency; with {speed.workers} at once about"
        f" {max(total['hours_arithmetic'], total['hours_latency'] / speed.workers):,.1f} h.",
        markup=False,
    )
    _show_disk(found["disk"], speed, console)
    _show_ways(found, console)
    from replicate.planned_power import sentence

    for line in found["designs"]:
        console.print(line, markup=False)
    if found["registered"] is not None:
        ids = ", ".join(one["id"] for one in found["registered"]["contrasts"])
        console.print(
            f"registered: {ids} (digest {found['registered']['digest'][:12]}); stopping:"
            f" {found['registered']['stopping']}",
            markup=False,
        )
        for row in found["power"]:
            console.print(sentence(row), markup=False)
    for note in found["notes"]:
        console.print(f"note: {note}", markup=False)
    for note in found["absent"]:
        console.print(f"not in this run: {note}", markup=False)
    console.print()


def _show_disk(disk: dict[str, Any], speed: Throughput, console: Console) -> None:
    """Disk with weights kept and dropped."""
    words = ", ".join(
        f"--drop {name} {one['most_gb']:,.1f} ({one['end_gb']:,.1f})" for name, one in disk.items()
    )
    console.print(
        f"GB of disk at most with {speed.workers} stages at once (and at the end): {words}.", markup=False
    )


def _show_ways(found: dict[str, Any], console: Console) -> None:
    """What sharing stages and leaving out padding save."""
    from rich.table import Table

    table = Table(title="The same grid, run in other ways", title_justify="left", box=None)
    for name in ("", "stages", "EFLOP", "k steps", "times the plan's FLOPs"):
        table.add_column(name, justify="right" if name else "left")
    base = found["ways"][0]["flops"] or 1.0
    for one in found["ways"]:
        table.add_row(
            one["way"],
            f"{one['stages']:,}",
            f"{one['flops'] / 1e18:,.3g}",
            f"{one['steps'] / 1e3:,.1f}",
            f"{one['flops'] / base:.2f}",
        )
    console.print(table)
