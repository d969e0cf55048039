"""Effects of many studies pooled: overall, by subgroup and by target, with the dependence between effects.

Effects on one target share its baseline, effects of one setting share its checkpoint. The pooled estimate is
therefore tested with two-way cluster-robust errors (CR2, Satterthwaite) around a random-effects working model.
Groups and targets are told apart from 0 after Holm over them; their intervals are not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError, Problem
from analysis.meta import pool, predict_mixture, q_profile
from analysis.meta.robust import robust
from analysis.meta.tau2_interval import BELOW
from analysis.multiplicity import adjust

TRUSTED: Final = 4
"""Satterthwaite degrees of freedom below which cluster-robust errors are too small (Tipton 2015)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect with its sampling variance; `target` and `setting` are the two ways in which effects depend."""

    group: str
    setting: str
    target: str
    estimate: float
    variance: float


def pooled_effects(
    id: str, question: str, effects: Sequence[Effect], *, notes: Sequence[str] = (), level: float = 0.95
) -> Part:
    """Return the pooled effect overall, by group and by target.

    Raises
    ------
    InputError : fewer than three effects
    """
    if len(effects) < 3:
        raise InputError(Problem(f"{id}: {len(effects)} effects", "pool at least 3"))
    yi, vi = np.array([e.estimate for e in effects]), np.array([e.variance for e in effects])
    fit = pool(yi, vi, method="REML", level=level)
    new, span = predict_mixture(fit), q_profile(fit)
    rows = [_row("all", effects, level) | {"new_low": float(new.pi_low), "new_high": float(new.pi_high)}]
    rows[0] |= {"tau_low": float(np.sqrt(span.tau2_low)), "tau_high": float(np.sqrt(span.tau2_high))}
    for group in dict.fromkeys(e.group for e in effects):
        own = [e for e in effects if e.group == group]
        if len(own) >= 3:
            rows.append(_row(f"intermediate {group}", own, level))
    by_target = []
    for target in dict.fromkeys(e.target for e in effects):
        own = [e for e in effects if e.target == target]
        if len(own) >= 3:
            by_target.append(_row(f"target {target}", own, level))
    by_target.sort(key=lambda row: -float(row["pooled"]))
    rows += by_target
    first = rows[0]
    corrected = adjust([float(row["p"]) for row in rows[1:]], "holm").tolist() if rows[1:] else []
    for row, q in zip(rows[1:], corrected, strict=True):
        row["p_holm"] = q
    clear = [row for row in by_target if float(row["p_holm"]) <= 1 - level and float(row["pooled"]) > 0]
    harmed = [row for row in by_target if float(row["p_holm"]) <= 1 - level and float(row["pooled"]) < 0]
    loose = sum(float(row["p"]) <= 1 - level for row in by_target)
    answer = (
        f"Pooled over {len(effects)} effects the gain is {first['pooled']:+.2f} points ({first['low']:+.2f} to "
        f"{first['high']:+.2f}, {first['method']}); tau {first['tau']:.1f} (Q-profile "
        f"{first['tau_low']:.1f} to {first['tau_high']:.1f}), I^2 {100 * float(first['I2']):.0f} %, "
        f"a new setting and target may fall anywhere from {first['new_low']:+.1f} to {first['new_high']:+.1f} "
        f"({level:.0%} prediction interval)."
    )
    if by_target:
        answer += (
            f" Of {len(by_target)} targets {len(clear)} gain{_names(clear)} and {len(harmed)} lose{_names(harmed)} "
            f"after Holm over the {len(rows) - 1} groups and targets, {loose} differ from 0 without correction."
        )
    forest = {
        "kind": "forest",
        "name": id,
        "what": "Pooled gains by target",
        "unit": "points",
        "level": level,
        "method": "REML, floored Knapp-Hartung; overall two-way CR2",
        "effects": [
            {
                "label": str(r["what"]).removeprefix("target "),
                "estimate": r["pooled"],
                "low": r["low"],
                "high": r["high"],
                "n": r["effects"],
            }
            for r in by_target
        ]
        + [
            {
                "label": "all",
                "estimate": first["pooled"],
                "low": first["low"],
                "high": first["high"],
                "pooled": True,
                "prediction": (first["new_low"], first["new_high"]),
            }
        ],
    }
    funnel = {
        "kind": "funnel",
        "name": f"{id}-funnel",
        "what": "Gains of single settings",
        "unit": "points",
        "pooled": first["pooled"],
        "studies": [
            {"label": f"{e.setting} on {e.target}", "estimate": e.estimate, "se": float(np.sqrt(e.variance))}
            for e in effects
        ],
    }
    weak = [str(row["what"]) for row in rows if float(row["df"]) < TRUSTED]
    said = (
        [f"Fewer than {TRUSTED} degrees of freedom, so perhaps surer than true: {', '.join(weak)}."]
        if weak
        else []
    )
    said += [BELOW] if float(fit.tau2) < float(span.tau2_low) else []
    return Part(id, question, answer, (*said, *notes), tuple(rows), (forest, funnel))


def _names(rows: Sequence[dict[str, Any]]) -> str:
    named = ", ".join(str(row["what"]).removeprefix("target ") for row in rows)
    return f" ({named})" if named else ""


def _row(what: str, effects: Sequence[Effect], level: float) -> dict[str, Any]:
    """Return the pooled effect of some effects; robust errors where both ways have at least two clusters."""
    yi, vi = np.array([e.estimate for e in effects]), np.array([e.variance for e in effects])
    fit = pool(yi, vi, method="REML", level=level)
    low, high = (float(end) for end in fit.interval)
    method, df, p = "REML, floored Knapp-Hartung", float(fit.df), float(fit.p_value[0])
    settings, targets = [e.setting for e in effects], [e.target for e in effects]
    if len(set(settings)) > 1 and len(set(targets)) > 1 and len(set(targets)) < len(effects):
        tested = robust(fit, settings, targets)
        low, high, method = float(tested.ci_low[0]), float(tested.ci_high[0]), "two-way CR2"
        df, p = float(tested.df[0]), float(tested.p_value[0])
    return {
        "what": what,
        "effects": len(effects),
        "pooled": float(fit.mean),
        "low": low,
        "high": high,
        "tau": float(np.sqrt(fit.tau2)),
        "I2": float(fit.i2),
        "method": method,
        "df": df,
        "p": p,
    }
