"""Scores of every setting with their seeds, and what each intermediate brings over none."""

from __future__ import annotations

from typing import Any, Final

from analysis.answers.part import Part
from replicate.pictures.cells import CONTROLS, Cells, effect, interval

NOT_TESTED: Final = (
    "This describes: intervals are over seeds and not adjusted. Tests are those of the registered contrasts."
)


def scores(cells: Cells, level: float) -> Part | None:
    """Every setting on every target: one strip with all seeds, mean and interval."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    labels = cells.intermediates
    found_variants = sorted({key[2] for key in cells.scores} - {"plain", "retained", *CONTROLS})
    variants = ["plain", *found_variants]
    for target in cells.targets:
        strips: list[dict[str, Any]] = []
        for model in cells.models:
            for name, label in labels.items():
                for variant in variants:
                    found = cells.of(model, name, target, variant)
                    if not found:
                        continue
                    mean, low, high = interval(found.values(), level)
                    said = label + (f", {variant}" if variant != "plain" else "") + cells.suffix(model)
                    strip = {"label": said, "scores": list(found.values()), "mean": mean}
                    strips.append({**strip, "low": low, "high": high})
                    rows.append(
                        {"target": target, "setting": said, "seeds": len(found), "mean": mean}
                        | {"low": low, "high": high}
                    )
        if not strips:
            continue
        best, worst = max(strips, key=lambda one: one["mean"]), min(strips, key=lambda one: one["mean"])
        floor = cells.constant(target)
        known = "" if floor is None else f"; constant answers score {floor:.1f}"
        told.append(
            f"{target}: from {worst['mean']:.1f} ({worst['label']}) to {best['mean']:.1f} ({best['label']}){known}."
        )
        figures.append(
            {"kind": "seeds", "name": f"scores-{target}", "what": f"Scores on {target}", "unit": "percent"}
            | {"strips": strips, "level": level}
        )
    if not rows:
        return None
    question = "What did every setting score?"
    return Part("scores", question, " ".join(told), (NOT_TESTED,), tuple(rows), tuple(figures), tuple(told))


def gains(cells: Cells, level: float) -> Part | None:
    """What each intermediate brings over none on each target, paired by seed."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    for target in cells.targets:
        effects: list[dict[str, Any]] = []
        for model in cells.models:
            without = cells.of(model, "none", target)
            for name, label in cells.intermediates.items():
                found = cells.of(model, name, target)
                seeds = sorted(found.keys() & without.keys())
                said = label + cells.suffix(model)
                made = effect(said, (found[seed] - without[seed] for seed in seeds), level)
                if name == "none" or made is None:
                    continue
                effects.append(made)
                gain = {name: made[name] for name in ("low", "high")}
                rows.append(
                    {"target": target, "intermediate": said, "gain": made["estimate"], **gain}
                    | {"seeds": made["n"]}
                )
        if not effects:
            continue
        above, below = sum(one["low"] > 0 for one in effects), sum(one["high"] < 0 for one in effects)
        least, most = (pick(effects, key=lambda one: one["estimate"]) for pick in (min, max))
        told.append(
            f"{target}: from {least['estimate']:+.1f} ({least['label']}) to {most['estimate']:+.1f}"
            f" ({most['label']}); of {len(effects)} intervals {above} lie above 0 and {below} below."
        )
        figure = {"kind": "forest", "name": f"gains-{target}", "unit": "points", "level": level}
        what = f"Gain over no intermediate task on {target}"
        figures.append(figure | {"what": what, "effects": effects})
    if not rows:
        return None
    question = "What does each intermediate task bring over none?"
    return Part("gains", question, " ".join(told), (NOT_TESTED,), tuple(rows), tuple(figures), tuple(told))
