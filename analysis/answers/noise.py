"""Which published gains exceed seed noise, with a standard deviation borrowed from runs elsewhere.

A gain is the difference of two single runs, so its standard error is the borrowed deviation times sqrt(2), and the
t distribution has the degrees of freedom of that deviation. Holm over all gains tested together: among 48 gains
two or three exceed an uncorrected 5 % by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError, Problem
from analysis.hypothesis.student import test_of
from analysis.multiplicity import adjust
from analysis.power.design import Design
from analysis.power.two_sided import seeds_needed
from analysis.seeds.student import borrowed_interval
from analysis.selection.reported import expected_normal_maximum


@dataclass(frozen=True, slots=True)
class Gain:
    """A published gain of one setting on one target, in points, with its deviation where one is stated."""

    setting: str
    target: str
    points: float
    deviation: float | None = None
    df: float = float("inf")
    source: str = ""


def beyond_noise(
    id: str,
    question: str,
    gains: Sequence[Gain],
    *,
    highlight: tuple[str, str] | None = None,
    alpha: float = 0.05,
) -> Part:
    """Return which gains exceed seed noise after Holm; `highlight` (setting, target) is answered by name.

    Raises
    ------
    InputError : no gain has a stated deviation
    """
    tested = [gain for gain in gains if gain.deviation is not None]
    if not tested:
        raise InputError(
            Problem(f"{id}: no gain has a standard deviation", "state one per target, with its source")
        )
    made = [
        borrowed_interval(g.points, float(g.deviation or 0), (1, 1), g.df, 1 - alpha, g.source)
        for g in tested
    ]
    raw = np.array([float(test_of(interval).p) for interval in made])
    holm = adjust(raw, "holm")
    rows: list[dict[str, Any]] = []
    for gain, interval, p, q in zip(tested, made, raw, holm, strict=True):
        beyond = bool(q <= alpha)
        need = None if gain.points == 0 else _need(float(gain.deviation or 0), gain.points)
        rows.append(
            {
                "setting": gain.setting,
                "target": gain.target,
                "gain": gain.points,
                "low": float(interval.low),
                "high": float(interval.high),
                "p": float(p),
                "p_holm": float(q),
                "exceeds_noise": ("up" if gain.points > 0 else "down") if beyond else "no",
                "deviation": gain.deviation,
                "seeds_needed": need,
            }
        )
    up = [row for row in rows if row["exceeds_noise"] == "up"]
    down = [row for row in rows if row["exceeds_noise"] == "down"]
    loose = int((raw <= alpha).sum())
    words = [
        f"Of {len(rows)} gains with a stated seed deviation, {len(up)} exceed seed noise upwards and {len(down)} "
        f"downwards (Holm over all, {alpha:.0%}; {loose} do without correction)."
    ]
    for target in dict.fromkeys(gain.target for gain in tested):
        best = max((row for row in rows if row["target"] == target), key=lambda row: float(row["gain"]))
        words.append(
            f"Best on {target}: {best['setting']} {best['gain']:+.1f} "
            f"({best['low']:+.2f} to {best['high']:+.2f}), {_told(best)}."
        )
    if highlight is not None:
        chosen = [row for row in rows if (row["setting"], row["target"]) == highlight]
        if not chosen:
            raise InputError(
                Problem(f"{id}: no gain of {highlight[0]} on {highlight[1]}", "check the highlight")
            )
        same = [g for g in tested if g.target == highlight[1]]
        chance = float(same[0].deviation or 0) * expected_normal_maximum(len(same))
        words.append(
            f"{highlight[0]} on {highlight[1]} ({chosen[0]['gain']:+.1f}) {_told(chosen[0])}; the best of "
            f"{len(same)} runs that differ by seed alone is expected at {chance:+.2f}."
        )
    sources = "; ".join(dict.fromkeys(g.source.rpartition("; ")[0] or g.source for g in tested))
    untested = list(dict.fromkeys(g.target for g in gains if g.deviation is None))
    limits = [
        f"The deviations are borrowed ({sources}): another code base and selection rule than the paper's.",
        "The variance of the intermediate run itself is not in them, so true intervals are wider.",
    ]
    if untested:
        limits.append(f"No deviation is stated for {', '.join(untested)}: nothing is said about their gains.")
    figure = {
        "kind": "forest",
        "name": id,
        "what": "Published gains against seed noise (borrowed deviations)",
        "unit": "points",
        "level": 1 - alpha,
        "method": "t with borrowed deviations, single runs",
        "effects": [
            {
                "label": f"{row['target']}: {row['setting']}",
                "estimate": row["gain"],
                "low": row["low"],
                "high": row["high"],
                "n": 1,
            }
            for row in sorted(rows, key=lambda row: (str(row["target"]), -float(row["gain"])))
        ],
    }
    return Part(id, question, " ".join(words), tuple(limits), tuple(rows), (figure,))


def _told(row: dict[str, Any]) -> str:
    return {"up": "exceeds seed noise", "down": "is a loss beyond seed noise"}.get(
        str(row["exceeds_noise"]), "does not exceed seed noise"
    )


def _need(deviation: float, points: float) -> int | None:
    """Return the seeds per arm that find a gain of this size with power .8; None beyond any practical number."""
    try:
        return seeds_needed(Design(deviation=deviation), abs(points))
    except InputError:
        return None
