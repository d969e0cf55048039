"""The default interval for a design, read off the shipped coverage table.

Among the intervals about the same truth the default is the narrowest one whose coverage stays within Monte-Carlo
error of nominal in every simulated design with at most that many seeds and tasks; the row it rests on is
returned with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.coverage.table import Row, shipped_table

NOMINAL = 0.95
SLACK = 0.015
"""Shortfall that is put down to simulation noise (3 standard errors at 2,000 replications)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An interval with its measured coverage and the reason in words."""

    method: str
    coverage: float | None
    reason: str


def _nearest(wanted: int, among: set[int]) -> int:
    """Return the largest simulated number that is not above the wanted one, else the smallest."""
    below = [value for value in among if value <= wanted]
    return max(below) if below else min(among)


def design_rows(about: str, seeds: int, tasks: int) -> list[Row]:
    """Return the rows of the nearest simulated design that is not larger than the one asked for."""
    rows = [row for row in shipped_table() if row.about == about and row.shape == "normal"]
    n, k = _nearest(seeds, {row.seeds for row in rows}), _nearest(tasks, {row.tasks for row in rows})
    return [row for row in rows if row.seeds == n and row.tasks == k]


def default_interval(about: str, seeds: int, tasks: int, among: tuple[str, ...] | None = None) -> Choice:
    """Return the default for "these tasks" or "tasks like these" with so many seeds per arm and tasks."""
    rows = [row for row in design_rows(about, seeds, tasks) if among is None or row.method in among]
    worst: dict[str, float] = {}
    width: dict[str, float] = {}
    for row in rows:
        worst[row.method] = min(worst.get(row.method, 1.0), row.coverage)
        width[row.method] = width.get(row.method, 0.0) + row.width
    valid = [method for method, value in worst.items() if value >= NOMINAL - SLACK]
    method = min(valid, key=lambda name: width[name]) if valid else max(worst, key=lambda name: worst[name])
    row = rows[0]
    note = "" if valid else "; no interval holds .95 there, this one comes closest"
    return Choice(
        method,
        worst[method],
        f"{method}: covers {worst[method]:.3f} at nominal .95 with {row.seeds} seeds and {row.tasks} "
        f"task{'s' * (row.tasks != 1)} (simulated){note}",
    )


def measured_coverage(method: str, seeds: int, tasks: int = 9) -> float:
    """Return the lowest measured coverage of a method in the nearest design."""
    rows = [row for about in ("these tasks", "tasks like these") for row in design_rows(about, seeds, tasks)]
    return min(row.coverage for row in rows if row.method == method)
