"""The table that a study ends with: intermediate x target x language, with seeds and intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Cell:
    """Mean of a score over seeds, with its 95 % interval."""

    mean: float
    half: float | None
    """Half width of the t interval; None with one seed, where nothing is known about the spread."""
    seeds: int

    def __str__(self) -> str:
        return f"{self.mean:.1f}" if self.half is None else f"{self.mean:.1f} ±{self.half:.1f}"


def cell(values: list[float]) -> Cell:
    """Mean and 95 % Student interval over seeds.

    >>> str(cell([70.0, 72.0, 74.0])), str(cell([70.0]))
    ('72.0 ±5.0', '70.0')
    """
    mean = sum(values) / len(values)
    if len(values) < 2:
        return Cell(mean, None, len(values))
    from scipy.stats import t

    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return Cell(mean, float(t.ppf(0.975, len(values) - 1)) * spread / math.sqrt(len(values)), len(values))


def primary(results: pandas.DataFrame) -> pandas.DataFrame:
    """Rows with one score per target and language; questions have the mean of F1 and EM."""
    import pandas

    rows = results[~results.metric.str.contains("@") | results.metric.isin(("map@20", "pass@1"))]
    questions = set(rows[rows.metric == "em"].target)
    plain = rows[~rows.target.isin(questions) & rows.metric.isin(("acc", "f1", "map@20", "pass@1"))]
    asked = rows[rows.target.isin(questions) & rows.metric.isin(("f1", "em")) & (rows.language != "all")]
    keys = ["model", "intermediate", "variant", "target", "language", "seed"]
    means = asked.groupby(keys, observed=True, as_index=False).value.mean()
    both: list[pandas.DataFrame] = [plain[[*keys, "value"]], pandas.DataFrame(means)]
    every = pandas.concat(both, ignore_index=True)
    return every[every.language != "all"]


def table(results: pandas.DataFrame, targets: list[str]) -> list[list[str]]:
    """Lines of cells: per target a head with its languages, then one line per intermediate (and model, if several).

    The column `mean` is over the languages that were evaluated; its interval is over seeds only, because the
    languages of one model are not independent runs.
    """
    scores = primary(results)
    several = results.model.nunique() > 1
    lines: list[list[str]] = []
    for target in targets:
        of_target = scores[scores.target == target]
        languages = sorted(of_target.language.unique(), key=lambda code: (code != "en", code))
        if not languages:
            continue
        lines.append([target, "seeds", "mean", *languages])
        order = results[["model", "intermediate", "variant"]].drop_duplicates()
        for model, intermediate, variant in order.itertuples(index=False, name=None):
            rows = of_target[
                (of_target.model == model)
                & (of_target.intermediate == intermediate)
                & (of_target.variant == variant)
            ]
            if rows.empty:
                continue
            label = (
                str(intermediate)
                if variant == "plain"
                else f"({variant})"
                if intermediate == "none"
                else f"{intermediate} ({variant})"
            )
            label = f"{model}: {label}" if several else label
            by_seed = rows.groupby("seed").value.mean().tolist()
            each = [cell(rows[rows.language == code].value.tolist()) for code in languages]
            lines.append([label, str(len(by_seed)), str(cell(by_seed)), *map(str, each)])
    return lines
