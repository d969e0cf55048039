"""What the planned seeds could have found, and how many would find the margin, for every registered contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.answers.part import Part
from analysis.contrast import Contrast, Rule, decide
from analysis.contrast.reach import seeds_for, seeds_for_none
from analysis.power.design import Design
from analysis.power.two_sided import power

if TYPE_CHECKING:
    import pandas

PLANS = (3, 5, 10)
"""Numbers of seeds whose curves are drawn beside that of the seeds that ran."""


def power_of(frame: pandas.DataFrame, family: tuple[Contrast, ...], rule: Rule) -> Part:
    """One sentence, row and curve per contrast, from the spread of its values over seeds."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    level = rule.level(len(family))
    for one in decide(frame, family, rule):
        if one.design is None or one.detectable is None:
            continue
        n, margin, design = len(one.found.seeds), one.contrast.margin, one.design
        needed = seeds_for(design, margin, rule, len(family))
        none = seeds_for_none(design, margin, rule, len(family))
        told.append(
            f"{one.contrast.id}: with {n} seeds the smallest detectable difference is {one.detectable:.1f} points;"
            f" {_many(needed)} would find the margin of {margin:g}, and {_many(none)} that there is no such"
            " difference, where there is none."
        )
        rows.append(
            {"contrast": one.contrast.id, "seeds": n, "spread_between_seeds": design.deviation}
            | {"smallest_detectable": one.detectable, "margin": margin, "seeds_for_the_margin": needed}
            | {"seeds_for_no_difference": none}
        )
        figures.append(_figure(one.contrast.id, design, n, max(2 * one.detectable, 2 * margin), level))
    return Part(
        "power",
        "What could these seeds have found?",
        " ".join(told) or "Cannot be said: no contrast has a spread over seeds.",
        (
            f"Power {rule.power:g} at level {rule.alpha:g} for all {len(family)} contrasts together ({level:.2g} for"
            " one, whatever becomes of the others). The spread is itself estimated from these seeds, and power is"
            " averaged over what it may be.",
        ),
        tuple(rows),
        tuple(figures),
        tuple(told),
    )


def _many(seeds: int | None) -> str:
    return "no practical number of seeds" if seeds is None else f"{seeds:,} seeds"


def _figure(name: str, design: Design, seeds: int, most: float, level: float) -> dict[str, Any]:
    """Power against the true difference, for the seeds that ran and for other plans."""
    effects = [most * step / 16 for step in range(1, 17)]
    curves = [
        {
            "seeds": plan,
            "effects": effects,
            "power": [power(design, size, plan, level) for size in effects],
        }
        for plan in sorted({seeds, *PLANS})
    ]
    return {
        "kind": "power",
        "name": f"power-{name}",
        "what": f"Chance to find contrast {name}",
        "unit": "points",
        "curves": curves,
        "alpha": level,
        "sd": design.deviation,
    }
