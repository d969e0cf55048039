"""Means over the languages that the data hold, where they lack languages of a task: below published size only.

The score of a task is the mean over all its languages, and a run whose data lack one has no such row. A study at a
scale below paper asks about differences between its own models, which were all evaluated on the same languages; so
there the mean over the languages at hand stands in, and what it is a mean of is told with every answer. At scale
paper it does not: a mean over fewer languages is another quantity than the one that was published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from replicate.stages.names import printed
from replicate.studies.study import Grid
from replicate.tasks import Task, get

if TYPE_CHECKING:
    import pandas

ALL: Final = "all"
CELL: Final = ["source", "locator", "scale", "split", "model", "intermediate", "variant", "seed"]
"""What names the run that a mean is of."""


def with_means(results: pandas.DataFrame, scale: str, grid: Grid) -> pandas.DataFrame:
    """The results with a row of language `all` for every cell of a target that has none.

    Parameters
    ----------
    results : pandas.DataFrame
        Results table of one study at one scale, or the empty one of a run without scores. Rows that are there stay
        as they are.

    Returns
    -------
    pandas.DataFrame
        New means are over the languages that every cell of a target has; their status is `derived`.
    """
    import pandas

    rows: list[dict[str, Any]] = []
    if results.empty:  # it has no columns either
        return results
    for name in grid.targets if scale != "paper" else ():
        own = results[results["target"].astype(str) == printed(name)]
        if (own["language"].astype(str) == ALL).any():
            continue
        for _, scores in own.groupby(own["split"].astype(str)):
            rows += _means(scores[scores["language"].astype(str).isin(_shared(scores))], get(name))
    if not rows:
        return results
    return pandas.concat([results, pandas.DataFrame(rows, columns=list(results.columns))], ignore_index=True)


def partial(results: pandas.DataFrame, grid: Grid) -> tuple[str, ...]:
    """One sentence per target whose mean is over fewer languages than the task has."""
    notes = []
    for name in grid.targets:
        own = results[results["target"].astype(str) == printed(name)]
        whole = set(get(name).languages)
        mean = own["language"].astype(str) == ALL
        held = _shared(own[~mean]) if mean.any() else whole
        if held < whole:
            notes.append(
                f"{printed(name)}: the mean is over {len(held)} of {len(whole)} languages, those that the data"
                " of this run hold."
            )
    return tuple(notes)


def _shared(scores: pandas.DataFrame) -> set[str]:
    """Languages that every cell has."""
    cells = scores.groupby(CELL, observed=True, dropna=False)["language"]
    return set.intersection(*(set(map(str, held)) for _, held in cells))


def _means(scores: pandas.DataFrame, task: Task) -> Iterator[dict[str, Any]]:
    """Rows of the means of each cell of a task; its primary metric is named `score` too."""
    for key, cell in scores.groupby(CELL, observed=True, dropna=False):
        named = dict(zip(CELL, key, strict=True)) | {
            "target": printed(task.name),
            "language": ALL,
            "printed": None,
        }
        metrics = cell.groupby(cell["metric"].astype(str))
        means = {str(metric): float(of["value"].mean()) for metric, of in metrics}
        means.setdefault("score", means[task.primary])
        total = int(cell[cell["metric"].astype(str) == task.primary]["n"].sum())
        for metric, value in means.items():
            yield {**named, "metric": metric, "value": value, "n": total, "status": "derived"}
