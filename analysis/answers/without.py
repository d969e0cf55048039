"""Gains with and without a group of targets: what carries an average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.answers.noise import Gain
from analysis.answers.part import Part
from analysis.seeds.student import t_interval


def with_and_without(
    id: str, question: str, gains: Sequence[Gain], group: Sequence[str], name: str, *, level: float = 0.95
) -> Part:
    """Return, per setting, the mean gain over all targets, the points from the group, and the mean of the others.

    The interval of the others is a t interval over targets: about targets like these, not about seeds.
    """
    rows: list[dict[str, Any]] = []
    for setting in dict.fromkeys(gain.setting for gain in gains):
        own = {gain.target: gain.points for gain in gains if gain.setting == setting}
        rest = np.array([points for target, points in own.items() if target not in group])
        inside = sum(points for target, points in own.items() if target in group)
        mean = float(np.mean(list(own.values())))
        made = t_interval(
            rest.mean(), rest.std(ddof=1) / np.sqrt(len(rest)), len(rest) - 1.0, level, "t", "targets", 0
        )
        rows.append(
            {
                "setting": setting,
                "mean_all": mean,
                "points_from_group": inside / len(own),
                "mean_without": float(rest.mean()),
                "low": float(made.low),
                "high": float(made.high),
                "targets_up": f"{int((rest > 0).sum())} of {len(rest)}",
            }
        )
    best = max(rows, key=lambda row: float(row["mean_all"]))
    above = [row for row in rows if float(row["low"]) > 0]
    answer = (
        f"{best['setting']} gains {best['mean_all']:.1f} points on average, of which {name} carry "
        f"{best['points_from_group']:.1f}; over the other targets it gains {best['mean_without']:+.2f} "
        f"({best['low']:+.2f} to {best['high']:+.2f}). Over all {len(rows)} settings the mean gain is "
        f"{np.mean([float(r['mean_all']) for r in rows]):+.1f} with {name} and "
        f"{np.mean([float(r['mean_without']) for r in rows]):+.2f} without; without them "
        f"{len(above)} of {len(rows)} settings gain with an interval above 0 ({level:.0%} each, not corrected)."
    )
    limits = (
        "The interval is over targets, each a single run: it says how targets differ, not how seeds do.",
    )
    figure = {
        "kind": "forest",
        "name": id,
        "what": f"Mean gain without {name}",
        "unit": "points",
        "level": level,
        "method": "t over targets",
        "effects": [
            {"label": str(r["setting"]), "estimate": r["mean_without"], "low": r["low"], "high": r["high"]}
            for r in rows
        ],
    }
    return Part(id, question, answer, limits, tuple(rows), (figure,))
