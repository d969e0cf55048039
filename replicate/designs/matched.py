"""Pairs of tasks, one from each of two sets, that agree in what must not differ and are close in what should not.

A domain effect is read from pairs that agree in format (inference, reading, choice) and are close in size; what is
left different is printed, because it stays a rival explanation. Exact matching on the first, smallest total
distance on the second: Rosenbaum (1989), "Optimal matching for observational studies".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Unit:
    """One task as far as matching sees it."""

    name: str
    format: str
    """Must be equal within a pair."""
    size: int
    """Should be close: training rows."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Matched pairs, and who found no partner."""

    pairs: tuple[tuple[Unit, Unit], ...]
    alone: tuple[Unit, ...]

    def rows(self) -> dict[str, int]:
        """Task -> training rows that make its pair equal in size: the smaller of the two."""
        return {one.name: min(pair[0].size, pair[1].size) for pair in self.pairs for one in pair}

    def lines(self) -> list[str]:
        """What a plan prints: pairs, what is left different, who stays out."""
        told = [
            f"{a.name} ~ {b.name}: {a.format}, {a.size} and {b.size} rows, {min(a.size, b.size)} of each used"
            for a, b in self.pairs
        ]
        return told + [f"{one.name}: no partner of format {one.format}, left out" for one in self.alone]


def matched(first: Mapping[str, tuple[str, int]], second: Mapping[str, tuple[str, int]]) -> Pairing:
    """Pairs of equal format with the smallest total distance of log sizes, as many as there can be.

    Parameters
    ----------
    first, second : mapping
        Task -> (format, training rows).

    Raises
    ------
    InputError
        For a task in both sets, a size that is not positive, or no pair at all.
    """
    ours = [Unit(name, *told) for name, told in first.items()]
    theirs = [Unit(name, *told) for name, told in second.items()]
    problems = [
        Problem(f"task {name!r} is in both sets", "put it into one") for name in first.keys() & second.keys()
    ] + [
        Problem(f"task {one.name!r} has {one.size} rows", "give its training rows")
        for one in (*ours, *theirs)
        if one.size < 1
    ]
    if problems:
        raise InputError(*problems)
    pairs: list[tuple[Unit, Unit]] = []
    for kind in dict.fromkeys(one.format for one in ours):
        pairs += _closest([u for u in ours if u.format == kind], [u for u in theirs if u.format == kind])
    if not pairs:
        raise InputError(
            Problem(
                f"no two tasks share a format ({', '.join(f'{u.name}: {u.format}' for u in (*ours, *theirs))})",
                "add a task of a format that the other set has",
            )
        )
    taken = {one.name for pair in pairs for one in pair}
    return Pairing(tuple(pairs), tuple(one for one in (*ours, *theirs) if one.name not in taken))


def _closest(ours: list[Unit], theirs: list[Unit]) -> list[tuple[Unit, Unit]]:
    """The assignment with the smallest sum of |log(size ratio)|."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not ours or not theirs:
        return []
    cost = np.array([[abs(math.log(a.size / b.size)) for b in theirs] for a in ours])
    return [(ours[i], theirs[j]) for i, j in zip(*linear_sum_assignment(cost), strict=True)]
