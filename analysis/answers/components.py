"""Where the variance of measured scores comes from: targets, languages, their interaction, runs.

One crossed mixed model per metric with the settings as fixed effects. A run is one seed of one setting on one
target; its languages share it, so it is a factor of its own beside the residual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError
from analysis.mixed import effect, fit_mixed, predict_new

if TYPE_CHECKING:
    import pandas

FACTORS = ("target", "language", "target:language", "run")


def variance_components(
    id: str, question: str, frame: pandas.DataFrame, baseline: str = "none"
) -> Part | None:
    """Return the components per metric, the mean gain over all settings, and where a new target's mean would fall.

    None where no metric has at least two targets or two languages with seeds.
    """
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    measured = frame[frame["seed"].notna() & frame["value"].notna()]
    for keys, block in measured.groupby(["metric", "split", "model", "variant"], observed=True, dropna=False):
        name = str(keys[0])
        try:
            found = _one(block, baseline)
        except InputError as error:
            refused.append(f"{name}: {error}")
            continue
        except np.linalg.LinAlgError:
            # one score per cell, or answers that never vary: the factors leave nothing for the residual
            refused.append(f"{name}, {keys[3]}: the scores leave no residual variance to compare with.")
            continue
        if found is not None:
            rows.append({"metric": name, **found})
    if not rows:
        return None
    words = []
    for row in rows:
        parts = {factor: row[f"sd_{factor}"] for factor in (*FACTORS, "residual") if f"sd_{factor}" in row}
        largest = max(parts, key=lambda factor: float(parts[factor]))
        words.append(
            f"{row['metric']}: standard deviations "
            + ", ".join(f"{factor} {value:.2f}" for factor, value in parts.items())
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
        "target:language": np.char.add(
            np.char.add(columns["target"].astype(str), "/"), columns["language"].astype(str)
        ),
        "run": np.array(
            ["/".join(parts) for parts in zip(columns["intermediate"], columns["target"], seed, strict=True)]
        ),
    }
    seen: list[np.ndarray] = []
    for name, labels in joined.items():
        position = {label: i for i, label in enumerate(dict.fromkeys(labels.tolist()))}
        code = np.array([position[label] for label in labels.tolist()])
        # one level, a level per score, or the groups of an earlier factor have no variance of their own
        if 1 < len(position) < len(code) and not any(np.array_equal(code, other) for other in seen):
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
