"""What the planned seeds could have found, and how many would find the margin, for every registered contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.answers.part import Part
from analysis.contrast import Contrast, Rule, decide
from analysis.errors import InputError
from analysis.power.design import Design
from analysis.power.two_sided import power, seeds_needed

if TYPE_CHECKING:
    import pandas

PLANS = (3, 5, 10)
"""Numbers of seeds whose curves are drawn beside that of the seeds that ran."""


def power_of(frame: pandas.DataFrame, family: tuple[Contrast, ...], rule: Rule) -> Part:
    """One sentence, row and curve per contrast, from the spread of its values over seeds."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    for one in decide(frame, family, rule):
        if one.interval is None or one.detectable is None:
            continue
        n, margin = len(one.found.seeds), one.contrast.margin
        design = Design(float(one.interval.standard_error) * n**0.5, arms=1)
        needed = _needed(design, margin, rule)
        many = "no practical number of seeds finds" if needed is None else f"{needed} seeds would find"
        told.append(
            f"{one.contrast.id}: with {n} seeds the smallest detectable difference is {one.detectable:.1f} points;"
            f" {many} the margin of {margin:g}."
        )
        rows.append(
            {"contrast": one.contrast.id, "seeds": n, "spread_between_seeds": design.deviation}
            | {"smallest_detectable": one.detectable, "margin": margin, "seeds_for_the_margin": needed}
        )
        figures.append(_figure(one.contrast.id, design, n, max(2 * one.detectable, 2 * margin), rule))
    return Part(
        "power",
        "What could these seeds have found?",
        " ".join(told) or "Cannot be said: no contrast has a spread over seeds.",
        (
            f"Power {rule.power:g} at level {rule.alpha:g} for one contrast, without the adjustment over the family,"
            " from a spread that is itself estimated from these seeds.",
        ),
        tuple(rows),
        tuple(figures),
        tuple(told),
    )


def _needed(design: Design, margin: float, rule: Rule) -> int | None:
    """Seeds that find a difference of the margin; None where no practical number does."""
    try:
        return seeds_needed(design, margin, rule.power, rule.alpha)
    except InputError:
        return None


def _figure(name: str, design: Design, seeds: int, most: float, rule: Rule) -> dict[str, Any]:
    """Power against the true difference, for the seeds that ran and for other plans."""
    effects = [most * step / 16 for step in range(1, 17)]
    curves = [
        {
            "seeds": plan,
            "effects": effects,
            "power": [power(design, size, plan, rule.alpha) for size in effects],
        }
        for plan in sorted({seeds, *PLANS})
    ]
    return {
        "kind": "power",
        "name": f"power-{name}",
        "what": f"Chance to find contrast {name}",
        "unit": "points",
        "curves": curves,
        "alpha": rule.alpha,
        "sd": design.deviation,
    }
