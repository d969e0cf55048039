"""What scores at several doses say about diminishing returns, and what they cannot say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from analysis.answers.part import Part
from analysis.curves.diminishing import Diminishing, diminishing_returns
from analysis.curves.profile import band

Measure: TypeAlias = Literal["gain", "score"]
"""What stands at a dose; a score is told without a sign."""


@dataclass(frozen=True, slots=True)
class Dose:
    """One averaged gain or score at a number of tasks; `se` is its seed error where one can be stated."""

    label: str
    dose: float
    gain: float
    se: float | None = None
    run: str | None = None


def series(
    name: str, doses: Sequence[Dose], unit: str, measure: Measure = "gain"
) -> tuple[Diminishing, dict[str, Any], dict[str, Any]]:
    """Return the verdict, its row and its figure for one series of doses.

    The replication for "k tasks" is the choice of tasks (or the seed): `run` names it. Seed errors alone enter a
    second test, which speaks about these very runs only.
    """
    x, y = [d.dose for d in doses], [d.gain for d in doses]
    runs = [d.run for d in doses]
    result = diminishing_returns(x, y, seed=None if None in runs else [str(run) for run in runs], key=name)
    row: dict[str, Any] = {"series": name, "verdict": result.verdict, "points": len(doses)}
    sign = "+" if measure == "gain" else ""
    for dose in sorted(set(x)):
        at = [d.gain for d in doses if d.dose == dose]
        low, high = min(at), max(at)
        row[f"k={dose:g}"] = f"{np.mean(at):{sign}.2f}" + (
            f" (range {low:{sign}.1f} to {high:{sign}.1f} of {len(at)})" if len(at) > 1 else ""
        )
    if result.concavity is not None:
        slow = result.concavity.slowing
        row["bend"] = f"{slow.estimate:+.2f} ({slow.low:+.2f} to {slow.high:+.2f})"
    if result.next_gain is not None and result.next_gain.bounded:
        gain = result.next_gain
        row["next_gain"] = f"{gain.estimate:+.2f} ({gain.low:+.2f} to {gain.high:+.2f})"
    if all(d.se is not None for d in doses) and len(set(x)) > 2:
        seeds = diminishing_returns(x, y, se=[float(d.se or 0) for d in doses], key=name)
        if seeds.concavity is not None:
            bend, rise = seeds.concavity.slowing, seeds.concavity.rise
            row["bend_against_seed_noise"] = f"{bend.estimate:+.2f} ({bend.low:+.2f} to {bend.high:+.2f})"
            row["rise_against_seed_noise"] = f"{rise.estimate:+.2f} ({rise.low:+.2f} to {rise.high:+.2f})"
    figure: dict[str, Any] = {
        "kind": "trend",
        "name": "doses-" + "-".join(re.findall(r"[A-Za-z0-9]+", name)),
        "what": f"{measure.capitalize()} against number of tasks: {name}",
        "dose_unit": unit,
        "unit": "points",
        "doses": [{"dose": d.dose, "score": d.gain} | _seed(d.run) for d in doses],
        "method": "no curve: fewer than four doses" if result.comparison is None else "",
    }
    if result.comparison is not None:
        best = result.comparison.best
        grid = np.linspace(0, max(x) * 1.2, 41)
        bounds = band(best, grid)
        closed = all(bound.bounded for bound in bounds)
        drawn = "pointwise profile band" if closed else "no band: the data leave the curve open somewhere"
        figure |= {
            "grid": grid.tolist(),
            "fit": best.predict(grid).tolist(),
            "low": [bound.low for bound in bounds] if closed else [],
            "high": [bound.high for bound in bounds] if closed else [],
            "method": f"{best.family.name}, {drawn}",
        }
    return result, row, figure


def _seed(run: str | None) -> dict[str, int]:
    """Return the seed of a point for its figure, where the run is named by one."""
    return {"seed": int(run)} if run is not None and run.isdecimal() else {}


def _steps(doses: Sequence[Dose], measure: Measure) -> str:
    """Return how the mean changes from dose to dose, in words, where there are three doses or more."""
    levels = sorted({d.dose for d in doses})
    means = [float(np.mean([d.gain for d in doses if d.dose == level])) for level in levels]
    if len(levels) < 3:
        return ""
    told = [
        f"{after - before:+.2f} from {low:g} to {high:g}"
        for low, high, before, after in zip(levels, levels[1:], means, means[1:], strict=False)
    ]
    return f" The mean {measure} changes by {', '.join(told)}."


def _bend(result: Diminishing) -> str:
    """Return the change of slope that decides, and what the next dose brings, each with its interval."""
    found = ""
    if result.concavity is not None:
        slow = result.concavity.slowing
        found = (
            f" The gain per task changes by {slow.estimate:+.2f} after {result.concavity.split:g} "
            f"(95 % interval {slow.low:+.2f} to {slow.high:+.2f}, {slow.unit})."
        )
    return f"{found} {result.outlook}" if result.outlook else found


def answer_doses(
    id: str,
    question: str,
    all_series: Mapping[str, Sequence[Dose]],
    *,
    notes: Sequence[str] = (),
    unit: str = "tasks",
    measure: Measure = "gain",
) -> Part:
    """Return the answer over several series (for example with and without a group of targets) of gains or scores."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    words: list[str] = []
    limits: list[str] = []
    for name, doses in all_series.items():
        result, row, figure = series(name, doses, unit, measure)
        rows.append(row)
        figures.append(figure)
        steps = ", ".join(f"k = {key[2:]}: {value}" for key, value in row.items() if key.startswith("k="))
        against = ""
        if "bend_against_seed_noise" in row:
            against = (
                f" Against seed noise alone (borrowed) these very runs rise by {row['rise_against_seed_noise']} and "
                f"bend by {row['bend_against_seed_noise']} per task."
            )
        words.append(
            f"{name[:1].upper()}{name[1:]}: {result.verdict} ({steps}).{_steps(doses, measure)}{_bend(result)}"
            f"{against}"
        )
        limits += [text[0].upper() + text[1:] + "." for text in result.open]
    return Part(
        id, question, " ".join(words), tuple(dict.fromkeys((*limits, *notes))), tuple(rows), tuple(figures)
    )
