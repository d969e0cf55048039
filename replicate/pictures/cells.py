"""Scores per seed of every cell of a study, by model; how settings are named in figures; means over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from replicate.stages.names import printed
from replicate.studies.study import Grid

if TYPE_CHECKING:
    import pandas

CONTROLS: Final = ("constant", "random-init")
Seeds = Mapping[int, float]


@dataclass(frozen=True)
class Cells:
    """Scores over all languages (metric `score`), percent."""

    grid: Grid
    scores: Mapping[tuple[str, str, str, str], Seeds]
    """(model, intermediate, variant, target) -> seed -> score."""
    models: tuple[str, ...]
    """Models that were trained, in the order of the table."""

    def of(self, model: str, intermediate: str, target: str, variant: str = "plain") -> Seeds:
        """Scores of a cell per seed, on the split that the recipe evaluates; empty where it was not run."""
        return self.scores.get((model, intermediate, variant, target), {})

    def mean(
        self, model: str, intermediates: Iterable[str], target: str, variant: str = "plain"
    ) -> dict[int, float]:
        """Mean over several intermediates per seed, for the seeds that all of them have."""
        found = [self.of(model, name, target, variant) for name in intermediates]
        shared = set.intersection(*(set(one) for one in found)) if found else set()
        return {seed: sum(one[seed] for one in found) / len(found) for seed in sorted(shared)}

    def constant(self, target: str) -> float | None:
        """Score of constant answers; None where the control was not run."""
        found = [
            value
            for (_, _, variant, name), seeds in self.scores.items()
            if variant == "constant" and name == target
            for value in seeds.values()
        ]
        return sum(found) / len(found) if found else None

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets in the words of the results table."""
        return tuple(dict.fromkeys(printed(target) for target in self.grid.targets))

    @property
    def intermediates(self) -> dict[str, str]:
        """Intermediate in the words of the results table -> its label, short enough for a figure."""
        labels = {printed(name, len(self.grid.multi)): printed(name) for name in self.grid.columns}
        if self.grid.subsets:
            for size, several in self.grid.subsets.by_size().items():
                for number, subset in enumerate(several, 1):
                    name = printed("+".join(subset))
                    tasks = f"{size} tasks" + (f", subset {number}" if len(several) > 1 else "")
                    labels[name] = name if size == 1 else tasks
        return labels

    def suffix(self, model: str) -> str:
        """What tells a figure of one model from that of another; empty where there is one."""
        return f", {model}" if len(self.models) > 1 else ""


def cells_of(frame: pandas.DataFrame, one: Grid) -> Cells:
    """The cells of a results table of one study and scale."""
    usable = frame[
        (frame["language"].astype(str) == "all")
        & (frame["metric"].astype(str) == "score")
        & frame["value"].notna()
        & frame["seed"].notna()
    ]
    columns = ["model", "intermediate", "variant", "target", "seed"]
    means = usable.groupby([usable[name].astype(str) for name in columns])["value"].mean()
    scores: dict[tuple[str, str, str, str], dict[int, float]] = {}
    for key, value in zip(means.index.tolist(), means, strict=True):
        model, intermediate, variant, target, seed = map(str, key)
        cell = (model, intermediate, variant, target)
        scores.setdefault(cell, {})[int(float(seed))] = float(value)
    trained = [key[0] for key in scores if key[2] not in CONTROLS]
    return Cells(one, scores, tuple(dict.fromkeys(trained)))


def interval(values: Iterable[float], level: float) -> tuple[float, float | None, float | None]:
    """(mean, low, high) over seeds; without bounds where there are fewer than two seeds or no spread."""
    import numpy as np

    from analysis.seeds.scores import TIE
    from analysis.seeds.student import mean_interval

    array = np.array(list(values), float)
    if len(array) < 2 or array.std(ddof=1) <= TIE * np.abs(array).max():
        return float(array.mean()), None, None
    made = mean_interval(array, level)
    return float(made.estimate), float(made.low), float(made.high)


def effect(label: str, values: Iterable[float], level: float) -> dict[str, Any] | None:
    """Row of a forest plot; None where there is no interval."""
    kept = list(values)
    if len(kept) < 2:
        return None
    mean, low, high = interval(kept, level)
    if low is None or high is None:
        return None
    return {"label": label, "estimate": mean, "low": low, "high": high, "n": len(kept)}


def point(at: float, values: Iterable[float], level: float) -> dict[str, Any]:
    """Point of a line."""
    kept = list(values)
    mean, low, high = interval(kept, level)
    return {"at": at, "mean": mean, "low": low, "high": high, "n": len(kept)}
