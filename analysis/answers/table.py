"""The questions that any results table can be asked: seeds, spread over targets, doses, power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.components import variance_components
from analysis.answers.detect import detectable
from analysis.answers.doses import Dose, answer_doses
from analysis.answers.noise import Gain
from analysis.answers.part import merged
from analysis.answers.seeds import over_seeds
from analysis.answers.spread import heterogeneity
from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas


def dose_of(intermediate: str) -> int:
    """Return the number of tasks that a cell of `intermediate` names: 0 for none, members joined by '+' count."""
    return 0 if intermediate in ("none", "-", "") else intermediate.count("+") + 1


def answer_table(frame: pandas.DataFrame, *, baseline: str = "none", **head: Any) -> dict[str, Any]:
    """Return the analysis of a results table as plain data.

    Raises
    ------
    InputError : no row has a value
    """
    if not frame["value"].notna().any():
        raise InputError(Problem("no row of the table has a value", "give scores to analyse"))
    usable = frame[(frame["status"] != "recalled") & frame["value"].notna()]
    parts = [over_seeds("seeds", "Which gains exceed the spread over seeds?", usable, baseline)]
    components = variance_components(
        "components", "Where does the variance of the scores come from?", usable, baseline
    )
    parts += [components] if components is not None else []
    spread = deviations_of(usable)
    gains = gains_of(usable, baseline, spread)
    if gains:
        parts.append(heterogeneity("spread", "How much do gains differ between targets?", gains))
    doses = _doses(usable)
    if doses:
        parts.append(
            answer_doses("doses", "Do returns diminish with the number of intermediate tasks?", doses)
        )
    if spread:
        parts.append(detectable("power", "What could more seeds find?", spread, differences=(0.5, 1.0, 2.0)))
    return merged(parts, **head)


def deviations_of(frame: pandas.DataFrame) -> dict[str, float]:
    """Return target -> deviation between seeds, pooled over settings (language averages first)."""
    measured = frame[frame["seed"].notna()]
    if not len(measured):
        return {}
    keys = ["target", "metric", "intermediate", "model", "split", "variant", "seed"]
    runs = measured.groupby(keys, observed=True, dropna=False)["value"].mean().reset_index()
    out: dict[str, float] = {}
    for (target, metric), block in runs.groupby(["target", "metric"], observed=True):
        cells = [
            c["value"].to_numpy()
            for _, c in block.groupby(
                ["intermediate", "model", "split", "variant"], observed=True, dropna=False
            )
        ]
        cells = [c for c in cells if len(c) > 1]
        df = sum(len(c) - 1 for c in cells)
        pooled = float(np.sqrt(sum(((c - c.mean()) ** 2).sum() for c in cells) / df)) if df else 0.0
        if pooled > 0:
            out[f"{target} {metric}"] = pooled
    return out


def gains_of(frame: pandas.DataFrame, baseline: str, spread: dict[str, float]) -> list[Gain]:
    """Return gains of settings with at least three targets that have a deviation; the error is that of seed means."""
    measured = frame[frame["seed"].notna()]
    keys = ["intermediate", "target", "metric"]
    table = (
        measured.groupby([*keys, "seed"], observed=True)["value"]
        .mean()
        .groupby(keys, observed=True)
        .agg(["mean", "count"])
    )
    out = []
    known: dict[Any, Any] = table.to_dict("index")
    for (setting, target, metric), row in known.items():
        name = f"{target} {metric}"
        if setting == baseline or name not in spread or (baseline, target, metric) not in known:
            continue
        base = known[baseline, target, metric]
        error = spread[name] * float(np.sqrt((1 / row["count"] + 1 / base["count"]) / 2))
        out.append(Gain(str(setting), name, float(row["mean"] - base["mean"]), error))
    kept = {s for s in {g.setting for g in out} if sum(g.setting == s for g in out) >= 3}
    return [gain for gain in out if gain.setting in kept]


def _doses(frame: pandas.DataFrame) -> dict[str, list[Dose]]:
    """Return one series per metric: mean over targets that every dose has, one point per setting and seed."""
    out: dict[str, list[Dose]] = {}
    for (metric, split, model), block in frame.groupby(
        ["metric", "split", "model"], observed=True, dropna=False
    ):
        settings = list(dict.fromkeys(block["intermediate"].astype(str)))
        if len({dose_of(s) for s in settings}) < 3:
            continue
        shared = set.intersection(*(set(block[block["intermediate"] == s]["target"]) for s in settings))
        chosen = block[block["target"].isin(shared)]
        points = []
        for s in settings:
            own = chosen[chosen["intermediate"] == s]
            runs = own.groupby("seed", observed=True, dropna=False)["value"].mean()
            points += [
                Dose(s, dose_of(s), float(value), run=None if np.isnan(seed) else f"{seed:g}")
                for seed, value in zip(runs.index.to_numpy(dtype=float), runs.to_numpy(), strict=True)
            ]
        if points and shared:
            out[" ".join(str(word) for word in (metric, split, model) if str(word) not in ("", "nan"))] = (
                points
            )
    return out
