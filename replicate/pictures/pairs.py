"""Data of a domain against general data of the same format: one row per pair of tasks, and one per format."""

from __future__ import annotations

from typing import Any

from analysis.answers.part import Part
from replicate.pictures.cells import Cells, effect
from replicate.pictures.scores import NOT_TESTED
from replicate.stages.names import printed


def pairs(cells: Cells, level: float) -> Part | None:
    """Difference of each matched pair on each target, paired by seed; formats with one side only stay out."""
    matched = {
        name: (tuple(map(printed, sides.special)), tuple(map(printed, sides.general)))
        for name, sides in cells.grid.formats.items()
        if sides.special and sides.general
    }
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    for target in cells.targets:
        for model in cells.models:
            effects = []
            for name, (special, general) in matched.items():
                against = cells.mean(model, general, target)
                for one in (*([special] if len(special) > 1 else []), *((task,) for task in special)):
                    found = cells.mean(model, one, target)
                    seeds = sorted(found.keys() & against.keys())
                    label = f"{' and '.join(one)} over {' and '.join(general)}"
                    made = effect(label, (found[seed] - against[seed] for seed in seeds), level)
                    if made is None:
                        continue
                    effects.append(made)
                    rows.append(
                        {
                            "target": target + cells.suffix(model),
                            "format": name,
                            "of_a_domain": " and ".join(one),
                        }
                        | {"general": " and ".join(general), "difference": made["estimate"]}
                        | {"low": made["low"], "high": made["high"], "seeds": made["n"]}
                    )
            if not effects:
                continue
            least, most = (pick(effects, key=lambda one: one["estimate"]) for pick in (min, max))
            clear = sum(one["low"] > 0 or one["high"] < 0 for one in effects)
            told.append(
                f"{target}{cells.suffix(model)}: from {least['estimate']:+.1f} ({least['label']}) to"
                f" {most['estimate']:+.1f} ({most['label']}); {clear} of {len(effects)} intervals leave 0 out."
            )
            figures.append(
                {"kind": "forest", "name": f"pairs-{target}" + (f"-{model}" if cells.suffix(model) else "")}
                | {
                    "what": f"Domain-specific over general data of one format on {target}{cells.suffix(model)}"
                }
                | {"unit": "points", "level": level, "effects": effects}
            )
    if not rows:
        return None
    question = "What does the domain do within each format?"
    return Part("pairs", question, " ".join(told), (NOT_TESTED,), tuple(rows), tuple(figures), tuple(told))
