"""Where the variance of measured scores comes from: targets, languages, checkpoints, runs, and which gains differ.

One crossed mixed model per metric with the settings as fixed effects. A run is one seed of one setting on one
target; its languages share it, so it is a factor of its own beside the residual. A checkpoint is one seed of one
setting: runs of several targets may start from it. How the settings differ between targets is "setting:target"; left
out, the gains of this model would be surer than targets like these allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.part import Part
from analysis.answers.runs import parts
from analysis.errors import InputError
from analysis.mixed import effect, fit_mixed, predict_new

if TYPE_CHECKING:
    import pandas

FACTORS = ("target", "language", "target:language", "setting:target", "run", "checkpoint")


def variance_components(
    id: str, question: str, frame: pandas.DataFrame, baseline: str = "none"
) -> Part | None:
    """Return the components per metric, the mean gain of each setting, and where a new target's mean would fall.

    Languages are taken one by one where they are there, not their average. None where no metric has at least two
    targets or two languages with seeds.
    """
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    measured = frame[frame["seed"].notna() & frame["value"].notna()]
    groups = [
        (f"{metric}, {name}" if name else str(metric), block)
        for name, part in parts(measured)
        for metric, block in part.groupby("metric", observed=True)
    ]
    for name, whole in groups:
        block = _by_language(whole)
        try:
            found = _one(block, baseline)
        except InputError as error:
            refused.append(f"{name}: {error}")
            continue
        except np.linalg.LinAlgError:
            # one score per cell, or answers that never vary: the factors leave nothing for the residual
            refused.append(f"{name}: the scores leave no residual variance to compare with.")
            continue
        if found is None:
            continue
        rows.append({"metric": name, **found})
        lost = sorted(set(whole["target"].astype(str)) - set(block["target"].astype(str)))
        if lost:
            refused.append(f"{name}: left out, of an average over languages alone: {', '.join(lost)}.")
    if not rows:
        said = "Cannot be told: no metric has scores that the factors leave a residual of."
        return Part(id, question, said, tuple(refused)) if refused else None
    words = []
    for row in rows:
        told = {factor: row[f"sd_{factor}"] for factor in (*FACTORS, "residual") if f"sd_{factor}" in row}
        largest = max(told, key=lambda factor: float(told[factor]))
        words.append(
            f"{row['metric']}: standard deviations "
            + ", ".join(f"{factor} {value:.2f}" for factor, value in told.items())
            + f" points; the largest is {largest}."
        )
    return Part(id, question, " ".join(words), tuple(refused), tuple(rows))


def _one(block: pandas.DataFrame, baseline: str) -> dict[str, Any] | None:
    """Return the components of one metric; None where there is nothing to divide."""
    columns = {name: block[name].astype(str).to_numpy() for name in ("target", "language", "intermediate")}
    seed = block["seed"].astype(str).to_numpy()
    random: dict[str, Any] = {}
    joined = {
        "target": columns["target"],
        "language": columns["language"],
        "target:language": _joined(columns["target"], columns["language"]),
        "setting:target": _joined(columns["intermediate"], columns["target"]),
        "run": _joined(columns["intermediate"], columns["target"], seed),
        "checkpoint": _joined(columns["intermediate"], seed),
    }
    seen: list[np.ndarray] = [_codes(columns["intermediate"])[0]]
    for name, labels in joined.items():
        code, position = _codes(labels)
        # one level, a level per score, or the groups of an earlier factor (or of the settings) have no variance of
        # their own
        if 1 < position < len(code) and not any(np.array_equal(code, other) for other in seen):
            seen.append(code)
            random[name] = labels
    if "target" not in random and "language" not in random:
        return None
    settings = [s for s in dict.fromkeys(columns["intermediate"]) if s != baseline]
    fixed = {f"gain of {s}": (columns["intermediate"] == s).astype(float) for s in settings}
    if baseline not in columns["intermediate"]:
        fixed.pop(next(iter(fixed)))
    fit = fit_mixed(block["value"].to_numpy(dtype=float), random, fixed)
    found: dict[str, Any] = {"scores": len(block)}
    found |= {f"sd_{factor}": float(np.sqrt(value)) for factor, value in fit.variance.items()}
    for term in list(fixed)[:12]:
        made = effect(fit, term).interval
        found[term] = f"{float(made.estimate):+.2f} ({float(made.low):+.2f} to {float(made.high):+.2f})"
    if "target" in random:
        new = predict_new(fit, ["target"])
        found["mean_of_a_new_target"] = f"{float(new.low):.1f} to {float(new.high):.1f}"
    found["zero_variances"] = ", ".join(fit.boundary)
    return found


def _by_language(block: pandas.DataFrame) -> pandas.DataFrame:
    """Return the rows of single languages where there are any, else those of their average."""
    single = block[block["language"].astype(str) != "all"]
    return single if len(single) else block


def _joined(*columns: np.ndarray) -> np.ndarray:
    return np.array(["/".join(words) for words in zip(*columns, strict=True)])


def _codes(labels: np.ndarray) -> tuple[np.ndarray, int]:
    """Return a number per label in order of appearance, and how many labels there are."""
    position = {label: i for i, label in enumerate(dict.fromkeys(labels.tolist()))}
    return np.array([position[label] for label in labels.tolist()]), len(position)
