"""Intervals over seeds of a measured table: scores of each setting, and gains over the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError
from analysis.estimand import Estimand, gain_estimand, scores_of
from analysis.hypothesis.student import test_of
from analysis.multiplicity import adjust
from analysis.seeds.student import mean_interval

if TYPE_CHECKING:
    import pandas

AXES = ("split", "model", "variant", "metric", "scale")
"""Columns that separate one comparison from another."""
MOST = 60
"""Rows that a figure of one page can hold."""


def over_seeds(
    id: str, question: str, frame: pandas.DataFrame, baseline: str = "none", *, alpha: float = 0.05
) -> Part:
    """Return gains over the baseline intermediate, per target and over targets, with Holm over all of them.

    Rows without a seed are left out (published values); a comparison that cannot be made says why.
    """
    measured = frame[frame["seed"].notna() & frame["value"].notna()]
    rows: list[dict[str, Any]] = []
    strips: list[dict[str, Any]] = []
    refused: list[str] = []
    for key, block in measured.groupby([*AXES, "target"], observed=True, dropna=False):
        for setting, part in block.groupby("intermediate", observed=True):
            scores = part.groupby("seed", observed=True)["value"].mean().to_numpy()
            strip: dict[str, Any] = {
                "label": f"{key[-1]} ({key[3]}): {setting}{of_variant(key[2])}",
                "scores": scores.tolist(),
                "mean": float(scores.mean()),
            }
            if len(scores) > 1 and np.ptp(scores) > 0:
                made = mean_interval(scores)
                strip |= {"low": float(made.low), "high": float(made.high)}
            strips.append(strip)
    for key, block in measured.groupby(list(AXES), observed=True, dropna=False):
        names = [
            str(name) for name in dict.fromkeys(block["intermediate"].astype(str)) if str(name) != baseline
        ]
        for name in names:
            where = f"{key[3]}, {key[0] or 'split not stated'}"
            targets = sorted(
                set(block[block["intermediate"] == name]["target"])
                & set(block[block["intermediate"] == baseline]["target"])
            )
            choices = [[t] for t in targets] + ([targets] if len(targets) > 1 else [])
            for chosen in choices:
                label = chosen[0] if len(chosen) == 1 else f"mean of {len(chosen)}"
                try:
                    arms = [
                        scores_of(block, {"intermediate": arm, "target": chosen}) for arm in (name, baseline)
                    ]
                    made_gain = gain_estimand(*arms, quantity=f"gain of {name} over {baseline} on {label}")
                except InputError as error:
                    refused.append(f"{name} on {label} ({where}): {error}")
                    continue
                if isinstance(made_gain, Estimand):
                    interval = made_gain.interval
                    rows.append(
                        {
                            "setting": f"{name}{of_variant(key[2])}",
                            "target": label,
                            "metric": str(key[3]),
                            "gain": made_gain.estimate,
                            "low": float(interval.low),
                            "high": float(interval.high),
                            "seeds": interval.n,
                            "p": float(test_of(interval).p),
                            "method": interval.method,
                            "coverage": made_gain.coverage,
                        }
                    )
                else:
                    refused.append(f"{name} on {label} ({where}): {made_gain}")
    if rows:
        for row, q in zip(rows, adjust([float(row["p"]) for row in rows], "holm"), strict=True):
            row["p_holm"] = float(q)
        clear = sum(float(row["p_holm"]) <= alpha for row in rows)
        answer = f"{clear} of {len(rows)} gains over {baseline!r} differ from 0 after Holm."
    elif not len(measured):
        answer = "The table has no runs with seeds: nothing can be said about their spread."
    else:
        count = "1 setting has" if len(strips) == 1 else f"{len(strips)} settings have"
        answer = f"{count} seeds; none can be compared with {baseline!r}."
    figures: list[dict[str, Any]] = []
    if strips:
        figures.append(
            {
                "kind": "seeds",
                "name": f"{id}-strips",
                "what": "Scores by seed"
                + (f", the first {MOST} of {len(strips)} rows" if len(strips) > MOST else ""),
                "unit": "points",
                "strips": strips[:MOST],
            }
        )
    if rows:
        effects = [
            {
                "label": f"{r['setting']}: {r['target']} ({r['metric']})",
                "estimate": r["gain"],
                "low": r["low"],
                "high": r["high"],
                "n": r["seeds"],
                "pooled": str(r["target"]).startswith("mean of"),
            }
            for r in rows[:MOST]
        ]
        figures.append(
            {
                "kind": "forest",
                "name": f"{id}-forest",
                "what": f"Gains over {baseline}",
                "unit": "points",
                "effects": effects,
            }
        )
    return Part(id, question, answer, tuple(refused[:12]), tuple(rows), tuple(figures))


def of_variant(variant: object) -> str:
    """Return the variant as the end of a label; nothing for the plain one, or where none is stated."""
    return "" if str(variant) in ("plain", "", "-", "nan", "None") else f", {variant}"
