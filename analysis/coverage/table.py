"""Runs the grid of designs and keeps its table.

Columns: method, about, seeds, tasks, tau, shape, coverage, width (mean, in deviations of a run), replications.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

SEEDS: Final = (2, 3, 5, 10)
TASKS: Final = (1, 3, 5, 9)
TAUS: Final = (0.0, 1.0)
"""Deviation of true gains between tasks, over the mean deviation of a run."""
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """Coverage of one method in one design."""

    method: str
    about: str
    seeds: int
    tasks: int
    tau: float
    shape: str
    coverage: float
    width: float
    replications: int


def simulate(
    replications: int, shapes: Iterable[str] = ("normal",), methods: Iterable[str] | None = None
) -> Iterator[Row]:
    """Yield the coverage of every method in every design; the numbers depend on `replications` only."""
    from analysis.coverage.methods import METHODS
    from analysis.coverage.simulate import draw

    wanted = list(METHODS) if methods is None else list(methods)
    for shape in shapes:
        for tasks in TASKS:
            for seeds in SEEDS:
                for tau in TAUS:
                    hits, widths = dict.fromkeys(wanted, 0), dict.fromkeys(wanted, 0.0)
                    for first in range(0, replications, CHUNK):
                        rows = range(first, min(first + CHUNK, replications))
                        sample = draw(
                            f"coverage/{shape}/{tasks}/{seeds}/{tau}",
                            rows,
                            tasks,
                            seeds,
                            tau=tau,
                            shape=shape,
                        )
                        for name in wanted:
                            about, method = METHODS[name]
                            if about == "tasks like these" and tasks < 3:
                                continue
                            low, high = method(sample)
                            truth = (
                                sample.fixed
                                if about == "these tasks"
                                else np.full(len(rows), sample.population)
                            )
                            hits[name] += int(((low <= truth) & (truth <= high)).sum())
                            widths[name] += float((high - low).sum())
                    for name in wanted:
                        about = METHODS[name][0]
                        if about == "tasks like these" and tasks < 3:
                            continue
                        yield Row(
                            name, about, seeds, tasks, tau, shape,
                            round(hits[name] / replications, 4), round(widths[name] / replications, 4), replications,
                        )  # fmt: skip


def write_table(rows: Iterable[Row], path: Path) -> None:
    """Write the table; the file appears complete or not at all."""
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    part.replace(path)


@cache
def shipped_table() -> tuple[Row, ...]:
    """Return the table that ships with the package."""
    text = (files("analysis.coverage") / "table.csv").read_text(encoding="utf-8")
    kinds = {"seeds": int, "tasks": int, "replications": int, "tau": float, "coverage": float, "width": float}
    return tuple(
        Row(**{name: kinds.get(name, str)(value) for name, value in line.items()})
        for line in csv.DictReader(text.splitlines())
    )
