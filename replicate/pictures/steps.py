"""What changes along ordered steps: severity of noise, number of tasks, a task's place in an order, later phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.answers.part import Part
from replicate.pictures.cells import Cells, Seeds, effect, interval, point
from replicate.pictures.scores import NOT_TESTED
from replicate.stages.names import printed
from replicate.studies.designed import phases

ABOVE: Final = 2.0
"""Points above constant answers from which a share is told; the margin of the studies that ship."""
LEVEL: Final = (
    "What is lost in points goes with what there was to lose: where clean scores differ between settings, compare the"
    " shares that are left."
)


def severities(cells: Cells, level: float) -> Part | None:
    """What noise costs: score by severity, one line per intermediate, and the loss from clean text per seed."""
    if cells.grid.noise is None:
        return None
    steps = {"plain": 0} | {name: noise.severity for name, noise in cells.grid.noise.noises().items()}
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for target in cells.targets:
        for model in cells.models:
            lines = []
            for name, label in cells.intermediates.items():
                found = {variant: cells.of(model, name, target, variant) for variant in steps}
                points = [point(at, found[v].values(), level) for v, at in steps.items() if found[v]]
                if points:
                    lines.append({"label": label, "points": points})
                for variant, severity in steps.items():
                    seeds = sorted(found[variant].keys() & found["plain"].keys())
                    if variant == "plain" or not seeds:
                        continue
                    lost = (found[variant][seed] - found["plain"][seed] for seed in seeds)
                    mean, low, high = interval(lost, level)
                    rows.append(
                        {"target": target + cells.suffix(model), "intermediate": label, "severity": severity}
                        | {"change": mean, "low": low, "high": high, "seeds": len(seeds)}
                        | _left(found["plain"], found[variant], seeds, cells.constant(target), level)
                    )
            if lines:
                figures.append(
                    _lines(
                        f"severity-{target}", f"Score on {target} by severity of noise", lines, cells, model
                    )
                    | {"step_unit": "severity of noise", "constant": cells.constant(target), "level": level}
                )
    if not rows:
        return None
    told = []
    for severity in sorted({row["severity"] for row in rows}):
        at = [row for row in rows if row["severity"] == severity]
        least, most = max(at, key=lambda row: row["change"]), min(at, key=lambda row: row["change"])
        told.append(
            f"Severity {severity} changes scores by {least['change']:+.1f} ({least['target']} after"
            f" {least['intermediate']}) to {most['change']:+.1f} ({most['target']} after {most['intermediate']})."
        )
    most_severe = max(row["severity"] for row in rows)
    shares = [row for row in rows if row["severity"] == most_severe and row["left"] is not None]
    if shares:
        said = ", ".join(f"{row['target']} after {row['intermediate']} {row['left']:.0f} %" for row in shares)
        told.append(f"Of what stands above constant answers severity {most_severe} leaves: {said}.")
    question = "What does noise cost at each severity?"
    return Part(
        "severity", question, " ".join(told), (NOT_TESTED, LEVEL), tuple(rows), tuple(figures), tuple(told)
    )


def _left(
    clean: Seeds, noised: Seeds, seeds: Sequence[int], constant: float | None, level: float
) -> dict[str, float | None]:
    """Share of the score above constant answers that noise leaves, percent, mean over seeds with its interval.

    Empty where constant answers were not run, or where a seed's clean score is not above them by `ABOVE`: there is
    nothing that noise could take.
    """
    if constant is None or any(clean[seed] < constant + ABOVE for seed in seeds):
        return {"left": None, "left_low": None, "left_high": None}
    made = interval((100 * (noised[s] - constant) / (clean[s] - constant) for s in seeds), level)
    return dict(zip(("left", "left_low", "left_high"), made, strict=True))


def sizes(cells: Cells, level: float) -> Part | None:
    """Score by number of intermediate tasks, the mean over the subsets of a size per seed, one line per target."""
    if cells.grid.subsets is None:
        return None
    groups = {0: ["none"]} | {
        size: [printed("+".join(subset)) for subset in several]
        for size, several in cells.grid.subsets.by_size().items()
    }
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    for model in cells.models:
        lines = []
        for target in cells.targets:
            means = {size: cells.mean(model, names, target) for size, names in groups.items()}
            points = [point(size, means[size].values(), level) for size in sorted(means) if means[size]]
            if len(points) < 2:
                continue
            lines.append({"label": target, "points": points})
            rows += [
                {
                    "target": target + cells.suffix(model),
                    "tasks": one["at"],
                    "subsets": len(groups[one["at"]]),
                }
                | {name: one[name] for name in ("mean", "low", "high")}
                | {"seeds": one["n"]}
                for one in points
            ]
            said = ", ".join(f"{one['mean']:.1f} with {one['at']}" for one in points)
            told.append(f"{target}{cells.suffix(model)}: {said}.")
        if lines:
            figures.append(
                _lines("sizes", "Score by number of intermediate tasks", lines, cells, model)
                | {"step_unit": "intermediate tasks", "level": level}
            )
    if not rows:
        return None
    limit = (
        "Intervals are over seeds, with the subsets that were drawn; other subsets could give other means."
    )
    question = "How do scores change with the number of intermediate tasks?"
    return Part(
        "sizes", question, " ".join(told), (NOT_TESTED, limit), tuple(rows), tuple(figures), tuple(told)
    )


def places(cells: Cells, level: float) -> Part | None:
    """Score by the place of each task in a sequence: the mean over the orders that have it there, a line per task."""
    if cells.grid.orders is None:
        return None
    orders = cells.grid.orders.rows()
    tasks = cells.grid.orders.tasks
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    told: list[str] = []
    for target in cells.targets:
        for model in cells.models:
            lines = []
            for task in tasks:
                at: Mapping[int, list[str]] = {
                    place: [printed(">".join(row)) for row in orders if row[place - 1] == task]
                    for place in range(1, len(tasks) + 1)
                }
                means = {place: cells.mean(model, names, target) for place, names in at.items() if names}
                points = [point(place, found.values(), level) for place, found in means.items() if found]
                if len(points) < 2:
                    continue
                lines.append({"label": printed(task), "points": points})
                rows += [
                    {"target": target + cells.suffix(model), "task": printed(task), "place": one["at"]}
                    | {name: one[name] for name in ("mean", "low", "high")}
                    | {"seeds": one["n"]}
                    for one in points
                ]
                first, last = points[0]["mean"], points[-1]["mean"]
                told.append(
                    f"{target}{cells.suffix(model)}: {first:.1f} with {printed(task)} first, {last:.1f} with it last."
                )
            if lines:
                figures.append(
                    _lines(
                        f"places-{target}", f"Score on {target} by the place of a task", lines, cells, model
                    )
                    | {
                        "step_unit": "place in the sequence",
                        "constant": cells.constant(target),
                        "level": level,
                    }
                )
    if not rows:
        return None
    question = "Does the place of a task in the sequence matter?"
    return Part("places", question, " ".join(told), (NOT_TESTED,), tuple(rows), tuple(figures), tuple(told))


def retained(cells: Cells, level: float) -> Part | None:
    """How each intermediate task's own English dev score changes from its phase to the end of the sequence."""
    if not cells.grid.retained:
        return None
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for model in cells.models:
        effects = []
        for name in cells.grid.columns:
            row = phases(name)
            for place, task in enumerate(row[:-1], 1):
                before = cells.of(model, printed(">".join(row[:place])), printed(task), "retained")
                after = cells.of(model, printed(name), printed(task), "retained")
                seeds = sorted(before.keys() & after.keys())
                label = f"{printed(task)} in {printed(name)}"
                made = effect(label, (after[seed] - before[seed] for seed in seeds), level)
                if made is None:
                    continue
                effects.append(made)
                rows.append(
                    {"task": printed(task) + cells.suffix(model), "sequence": printed(name)}
                    | {"after_its_phase": sum(before[s] for s in seeds) / len(seeds)}
                    | {"at_the_end": sum(after[s] for s in seeds) / len(seeds), "change": made["estimate"]}
                    | {"low": made["low"], "high": made["high"], "seeds": made["n"]}
                )
        if effects:
            figures.append(
                {"kind": "forest", "name": f"retained{cells.suffix(model)}", "unit": "points", "level": level}
                | {"what": f"Change of a task's own dev score by later phases{cells.suffix(model)}"}
                | {"effects": effects}
            )
    if not rows:
        return None
    least, most = min(rows, key=lambda one: one["change"]), max(rows, key=lambda one: one["change"])
    lost = sum(one["high"] < 0 for one in rows)
    told = (
        f"Of {len(rows)} tasks with later phases {lost} have an interval below 0: from {least['change']:+.1f}"
        f" ({least['task']} in {least['sequence']}) to {most['change']:+.1f} ({most['task']} in {most['sequence']})."
    )
    question = "What do later phases leave of what an earlier one taught?"
    return Part("retained", question, told, (NOT_TESTED,), tuple(rows), tuple(figures))


def _lines(name: str, what: str, lines: list[dict[str, Any]], cells: Cells, model: str) -> dict[str, Any]:
    """Fields that all figures of lines share."""
    named = name + (f"-{model}" if cells.suffix(model) else "")
    return {
        "kind": "lines",
        "name": named,
        "what": what + cells.suffix(model),
        "unit": "percent",
        "lines": lines,
    }
