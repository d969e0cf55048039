"""What one further task brings, apart from which task it is: a mixed model over the subsets that were trained on.

    score = level + first [k >= 1] + further (k - 1) + sum of the effects of its tasks + combination + seed + rest

for a model trained on k tasks. The number of tasks is fixed, and so is the step from none to the first, which is
seldom as large as a later one. A model has a part of each of its tasks (multiple membership), so the effect of a
task is apart from the number of tasks as far as subsets of one size differ. "Combination" is what a subset does
beyond the sum of its tasks. Seeds are shared by all settings. A chain of nested subsets is no factor of its own: what
its members share is their tasks. Effects of tasks are random: those of few data are drawn to their mean, and the
interval of "one further task" is about tasks such as these, not these alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.answers.part import Part
from analysis.errors import InputError
from analysis.mixed import MixedFit, effect, fit_mixed, levels_of
from analysis.seeds.interval import Interval


@dataclass(frozen=True, slots=True)
class Trained:
    """The score of one model."""

    tasks: tuple[str, ...]
    """That it was trained on; empty: none."""
    seed: str
    value: float


@dataclass(frozen=True)
class Separated:
    """What a number of tasks does apart from which they are.

    Attributes
    ----------
    further, first : points per further task, and of the first (None where no model has none)
    tasks : task -> points that adding it brings, shrunken towards `further`
    deviations : "how many", "which tasks", "combination", "seed", "rest" -> standard deviation between the
        models of this design that it makes, points
    """

    fit: MixedFit
    further: Interval
    first: Interval | None
    tasks: dict[str, Interval]
    deviations: dict[str, float]

    @property
    def shares(self) -> dict[str, float]:
        """Shares of the variance."""
        squares = {name: sd**2 for name, sd in self.deviations.items()}
        total = sum(squares.values()) or 1.0
        return {name: one / total for name, one in squares.items()}


def separate(models: Sequence[Trained], level: float = 0.95) -> Separated | str:
    """Return what the number of tasks does apart from which they are, or why it cannot be told.

    Parameters
    ----------
    models : one score per subset and seed
    """
    taught = [one for one in models if one.tasks]
    subsets = list(dict.fromkeys(one.tasks for one in taught))
    sizes = {len(subset) for subset in subsets}
    if len(sizes) < 2:
        return "models were trained on fewer than two numbers of tasks"
    if len(subsets) == len(sizes):
        return "each number of tasks has one subset, so that how many and which are one thing"
    k = np.array([len(one.tasks) for one in models], dtype=float)
    fixed = {"further": np.maximum(k - 1, 0)}
    if (k == 0).any():
        fixed = {"first": (k > 0).astype(float), **fixed}
    labels = {
        "combination": ["+".join(one.tasks) or "none" for one in models],
        "seed": [one.seed for one in models],
    }
    y = [one.value for one in models]
    try:
        fit = fit_mixed(y, _told_apart(labels), fixed, members={"task": [one.tasks for one in models]})
        df = max(len(set(labels["combination"])) - len(fixed) - 2, 1)  # of subsets beyond the fixed effects
        told = levels_of(fit, "task", "further", df, level=level)
        first = effect(fit, "first", level=level).interval if "first" in fixed else None
    except (InputError, np.linalg.LinAlgError) as error:
        return f"the model cannot be fitted to {len(models)} scores: {error}"
    if not fit.converged:
        return f"the likelihood of {len(models)} scores has no clear maximum"
    return Separated(fit, told.contrast, first, told.levels, _deviations(fit, subsets))


def _told_apart(labels: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Factors with several levels, fewer than scores, that group the scores otherwise than an earlier one."""
    found: dict[str, list[str]] = {}
    seen: list[list[int]] = []
    for name, values in labels.items():
        at = {label: place for place, label in enumerate(dict.fromkeys(values))}
        code = [at[label] for label in values]
        if 1 < len(at) < len(values) and code not in seen:
            seen.append(code)
            found[name] = values
    return found


def _deviations(fit: MixedFit, subsets: Sequence[tuple[str, ...]]) -> dict[str, float]:
    """Standard deviation between models of the design by source.

    Of k tasks out of T, drawn without replacement, the sum of effects has the variance k (1 - k / T) times that of
    one: nothing where all are in.
    """
    sizes = np.array([len(subset) for subset in subsets], dtype=float)
    every = len({task for subset in subsets for task in subset})
    variance = fit.variance
    found = {
        "how many": abs(fit.fixed["further"]) * float(sizes.std()),
        "which tasks": float(np.sqrt(variance["task"] * np.mean(sizes * (1 - sizes / every)))),
    }
    found |= {name: float(np.sqrt(variance[name])) for name in ("combination", "seed") if name in variance}
    return found | {"rest": float(np.sqrt(variance["residual"]))}


def answer_next_task(
    id: str, question: str, series: Mapping[str, Sequence[Trained]], *, level: float = 0.95
) -> Part:
    """Return the answer over several series; the first is told in full and drawn, the others in one clause each."""
    rows: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    words: list[str] = []
    limits = [
        "The effect of one further task is an average from one task to all; whether it falls is another question.",
        "Tasks are drawn to their mean as far as the data are few; the best of them is a choice, and its interval is"
        " not adjusted for that.",
        "With more tasks come more rows and steps: the three are not told apart.",
    ]
    for name, models in series.items():
        found = separate(models, level)
        if isinstance(found, str):
            words.append(f"{_capital(name)}: cannot be told apart, because {found}.")
            continue
        rows += _rows(name, found)
        if not figures:
            figures.append(_figure(id, name, found, level))
            words.append(_full(name, found))
            if found.fit.boundary:
                limits.append(
                    f"Estimated as 0, and possibly larger: the variance of {', '.join(found.fit.boundary)}."
                )
        else:
            words.append(f"{_capital(name)}: {_points(found.further)} per further task.")
    return Part(id, question, " ".join(words), tuple(limits) if rows else (), tuple(rows), tuple(figures))


def _full(name: str, found: Separated) -> str:
    """All of one series in words."""
    share, sd = found.shares, found.deviations
    ordered = sorted(found.tasks.items(), key=lambda item: -float(item[1].estimate))
    (best, most), (worst, least) = ordered[0], ordered[-1]
    said = f"{_capital(name)}: one further task changes it by {_points(found.further)}"
    said += f", the first by {_points(found.first)}" if found.first is not None else ""
    noise = sum(share.get(one, 0.0) for one in ("seed", "rest"))
    said += (
        f". Of the variance between the models {share['how many']:.0%} is how many tasks"
        f" ({sd['how many']:.2f} points), {share['which tasks']:.0%} which tasks ({sd['which tasks']:.2f}),"
        f" {noise:.0%} seeds and what is left."
    )
    if found.fit.variance["task"] == 0:
        return f"{said} The tasks cannot be told apart."
    return f"{said} Best further task: {best}, {_points(most)}; worst: {worst}, {_points(least)}."


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _points(interval: Interval) -> str:
    return (
        f"{float(interval.estimate):+.2f} points ({float(interval.low):+.2f} to {float(interval.high):+.2f})"
    )


def _rows(name: str, found: Separated) -> list[dict[str, Any]]:
    """One line per quantity."""
    told = {"one further task": found.further}
    told |= {"the first task": found.first} if found.first is not None else {}
    told |= {f"further task {task}": one for task, one in found.tasks.items()}
    intervals = [
        {"series": name, "quantity": label}
        | {end: float(getattr(one, end)) for end in ("estimate", "low", "high")}
        | {"share_of_variance": None}
        for label, one in told.items()
    ]
    spread = [
        {"series": name, "quantity": f"deviation by {label}", "estimate": sd, "low": None, "high": None}
        | {"share_of_variance": found.shares[label]}
        for label, sd in found.deviations.items()
    ]
    return intervals + spread


def _figure(id: str, name: str, found: Separated, level: float) -> dict[str, Any]:
    """A forest of the tasks, with their mean."""
    ordered = sorted(found.tasks.items(), key=lambda item: -float(item[1].estimate))
    told = [(task, one, False) for task, one in ordered] + [("one further task", found.further, True)]
    return {
        "kind": "forest",
        "name": id,
        "what": f"What one further task brings: {name}",
        "unit": "points",
        "level": level,
        "method": "multiple-membership mixed model, REML",
        "effects": [
            {
                "label": label,
                "estimate": float(one.estimate),
                "low": float(one.low),
                "high": float(one.high),
                "n": one.n,
                "pooled": pooled,
            }
            for label, one, pooled in told
        ],
    }
