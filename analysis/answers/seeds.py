"""Intervals over seeds of a measured table: scores of each setting, and gains over the baseline."""

from __future__ import annotations

from collections.abc import Sequence
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

AXES = ("split", "model", "variant", "metric", "scale", "source")
"""Columns that separate one comparison from another."""
NAMED = 4
"""Gains or cells that a sentence names."""
MOST = 60
"""Rows that a figure of one page can hold."""


def over_seeds(
    id: str,
    question: str,
    frame: pandas.DataFrame,
    baseline: str = "none",
    *,
    alpha: float = 0.05,
    notes: Sequence[str] = (),
) -> Part:
    """Return gains over the baseline intermediate, per target and over targets, with Holm over all of them.

    The unit is the seed. A mean over targets whose runs have the same seeds is taken per seed, because runs of one
    seed may share a checkpoint (as verdicts over seeds do); otherwise the seeds within targets are the unit. Rows
    without a seed are left out (published values); a comparison that cannot be made says why.
    """
    measured = frame[frame["seed"].notna() & frame["value"].notna()]
    rows: list[dict[str, Any]] = []
    refused: dict[str, list[str]] = {}
    strips, equal = _strips(measured)
    sources = measured["source"].nunique() > 1
    for key, block in measured.groupby(list(AXES), observed=True, dropna=False):
        words = (key[3], key[0], key[1], key[5] if sources else "")
        where = ", ".join(str(word) for word in words if str(word) not in ("", "nan"))
        settings = [str(name) for name in dict.fromkeys(block["intermediate"].astype(str))]
        for name in settings:
            if name == baseline:
                continue
            called = f"{name}{of_variant(key[2])}"
            targets = sorted(
                set(block[block["intermediate"] == name]["target"])
                & set(block[block["intermediate"] == baseline]["target"])
            )
            if not targets:
                why = f"no run of {baseline!r} with the same source, split, model, variant, metric and target"
                refused.setdefault(why, []).append(f"{called} ({where})")
            for chosen in [[t] for t in targets] + ([targets] if len(targets) > 1 else []):
                label = chosen[0] if len(chosen) == 1 else f"mean of {len(chosen)}"
                found = _gain(block, name, baseline, chosen)
                if isinstance(found, str):
                    refused.setdefault(found, []).append(f"{called} on {label} ({where})")
                    continue
                interval = found.interval
                rows.append(
                    {
                        "setting": called,
                        "target": label,
                        "metric": str(key[3]),
                        "where": where,
                        "gain": found.estimate,
                        "low": float(interval.low),
                        "high": float(interval.high),
                        "seeds": interval.n,
                        "p": float(test_of(interval).p),
                        "method": interval.method,
                        "unit": interval.unit,
                        "coverage": found.coverage,
                    }
                )
    limits = [*notes, *equal, *(f"{_several(names)}: {why}" for why, names in refused.items())]
    if rows:
        for row, q in zip(rows, adjust([float(row["p"]) for row in rows], "holm"), strict=True):
            row["p_holm"] = float(q)
        answer = _told(rows, baseline, alpha)
        limits.insert(
            0, "Intervals are 95 % each; only the p values are corrected for how many gains there are."
        )
    elif not len(measured):
        answer = "The table has no runs with seeds: nothing can be said about their spread."
    else:
        cells = _count(len(strips), "cell")
        answer = f"{cells} of a setting and a target with seeds; none can be compared with {baseline!r}."
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
    return Part(id, question, answer, tuple(limits), tuple(rows), tuple(figures))


def _strips(measured: pandas.DataFrame) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the scores of each cell over seeds for the figure, and in words which have no spread."""
    strips: list[dict[str, Any]] = []
    equal: list[str] = []
    for key, block in measured.groupby([*AXES, "target"], observed=True, dropna=False):
        for setting, part in block.groupby("intermediate", observed=True):
            scores = part.groupby("seed", observed=True)["value"].mean().to_numpy()
            label = f"{key[-1]} ({key[3]}): {setting}{of_variant(key[2])}"
            strip: dict[str, Any] = {"label": label, "scores": scores.tolist(), "mean": float(scores.mean())}
            if len(scores) > 1 and np.ptp(scores) > 0:
                made = mean_interval(scores)
                strip |= {"low": float(made.low), "high": float(made.high)}
            elif len(scores) > 1:
                equal.append(label)
            strips.append(strip)
    why = "all seeds have the same score: copies of one run, or a score too coarse to differ"
    return strips, [f"{_several(equal)}: {why}."] if equal else []


def _gain(block: pandas.DataFrame, name: str, baseline: str, targets: Sequence[str]) -> Estimand | str:
    """Return the gain over some targets, or why there is none."""
    where = {"target": list(targets)}
    per_run = len(targets) > 1 and all(_one_set_of_seeds(block, arm, targets) for arm in (name, baseline))
    try:
        arms = [
            scores_of(block, {"intermediate": arm, **where}, run="seed" if per_run else None)
            for arm in (name, baseline)
        ]
        made = gain_estimand(*arms, unit="run" if per_run else "seed")
    except InputError as error:
        return str(error)
    return made if isinstance(made, Estimand) else str(made)


def _one_set_of_seeds(block: pandas.DataFrame, setting: str, targets: Sequence[str]) -> bool:
    own = block[(block["intermediate"] == setting) & block["target"].isin(list(targets))]
    return len({frozenset(part["seed"]) for _, part in own.groupby("target", observed=True)}) == 1


def _told(rows: Sequence[dict[str, Any]], baseline: str, alpha: float) -> str:
    """Return how many gains differ from 0, in which direction, by which test, and the clearest of them."""
    clear = sorted(
        (row for row in rows if float(row["p_holm"]) <= alpha), key=lambda row: float(row["p_holm"])
    )
    up = sum(float(row["gain"]) > 0 for row in clear)
    loose = sum(float(row["p"]) <= alpha for row in rows)
    said = (
        f"Of {_count(len(rows), 'gain')} over {baseline!r} {up} {'is' if up == 1 else 'are'} above 0 and "
        f"{len(clear) - up} below (two-sided t tests over seeds, Holm over all {len(rows)}, {alpha:.0%}; "
        f"{loose} without correction)."
    )
    if clear:
        named = [
            f"{row['setting']} on {row['target']} ({row['where']}) {float(row['gain']):+.2f} "
            f"({float(row['low']):+.2f} to {float(row['high']):+.2f})"
            for row in clear[:NAMED]
        ]
        said += f" Clearest: {'; '.join(named)}."
    return said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _several(names: Sequence[str]) -> str:
    """Return some names and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def of_variant(variant: object) -> str:
    """Return the variant as the end of a label; nothing for the plain one, or where none is stated."""
    return "" if str(variant) in ("plain", "", "-", "nan", "None") else f", {variant}"
