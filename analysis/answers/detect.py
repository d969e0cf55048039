"""Seeds needed and differences that can be detected, per target with a stated seed deviation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError
from analysis.power.design import Design
from analysis.power.two_sided import power, seeds_needed, smallest_difference

NAMED: Final = 4
"""Targets that the sentence names; of more, those with the smallest and the largest deviation."""


def detectable(
    id: str,
    question: str,
    deviations: Mapping[str, float],
    *,
    differences: Sequence[float],
    seeds: Sequence[int] = (3, 5, 10),
    wanted: float = 0.8,
    notes: Sequence[str] = (),
) -> Part:
    """Return seeds per arm for each difference, and the smallest difference for each number of seeds."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for target, deviation in deviations.items():
        design = Design(deviation=deviation)
        row: dict[str, Any] = {"target": target, "deviation": deviation}
        for difference in differences:
            try:
                row[f"seeds_for_{difference:g}"] = seeds_needed(design, difference, wanted)
            except InputError:
                row[f"seeds_for_{difference:g}"] = None
        for n in seeds:
            row[f"detectable_with_{n}"] = smallest_difference(design, n, wanted)
        rows.append(row)
        grid = np.linspace(0.0, 6 * deviation, 31)[1:]
        figures.append(
            {
                "kind": "power",
                "name": f"{id}-{target}",
                "what": f"Power on {target}",
                "unit": "points",
                "sd": deviation,
                "curves": [
                    {
                        "seeds": n,
                        "effects": grid.tolist(),
                        "power": [power(design, float(d), n) for d in grid],
                    }
                    for n in seeds
                ],
            }
        )
    first = f"{seeds[0]}"
    ordered = sorted(rows, key=lambda row: float(row["deviation"]))
    named = rows if len(rows) <= NAMED else [ordered[0], ordered[-1]]
    others = f" ({len(rows) - 2} other targets lie between)" if len(rows) > NAMED else ""
    answer = (
        f"With {first} seeds per arm the smallest gain found with power {wanted:g} (two-sided t test, 5 %) is "
        + ", ".join(f"{row[f'detectable_with_{first}']:.1f} on {row['target']}" for row in named)
        + f" points{others}. "
        + " ".join(
            f"{difference:g} {'point needs' if difference == 1 else 'points need'} "
            + ", ".join(
                f"{row[f'seeds_for_{difference:g}'] or 'more than any practical number of'} seeds on {row['target']}"
                for row in named
            )
            + "."
            for difference in differences
        )
    )
    return Part(id, question, answer, tuple(notes), tuple(rows), tuple(figures))
