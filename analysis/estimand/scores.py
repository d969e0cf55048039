"""Scores whose axes have names: task, language, seed, run.

An array of shape (5, 9) says nothing about which axis is the replication; people transpose it and get intervals
of no width, or stack languages as runs and get intervals far too narrow. So an array without names is refused,
and the results table, whose columns are names, is the usual way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import numbers
from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas

AXES: Final = ("task", "language", "seed", "run")
"""task: target task. language: evaluation language of one trained model. seed: one training run of a target task.
run: one intermediate checkpoint (or pretraining run) that serves several tasks."""


@dataclass(frozen=True)
class Scores:
    """Scores in long form.

    Attributes
    ----------
    labels : axis -> (n,) labels; an axis that is absent has no key
    value : (n,) points
    """

    labels: dict[str, NDArray[np.object_]]
    value: NDArray[np.float64]

    def levels(self, axis: str) -> list[str]:
        """Return the labels of an axis in order of appearance; one empty label where the axis is absent."""
        if axis not in self.labels:
            return [""]
        return list(dict.fromkeys(self.labels[axis].tolist()))

    @property
    def sizes(self) -> dict[str, int]:
        """Axis -> number of labels."""
        return {axis: len(self.levels(axis)) for axis in AXES if axis in self.labels}

    def average_languages(self) -> Scores:
        """Return the scores with languages averaged within each task, seed and run.

        The languages of one zero-shot model share its weights, so they are never replications. A seed that lacks
        a language another seed has would shift the mean, so the sets must agree within a task.
        """
        if "language" not in self.labels:
            return self
        keep = [axis for axis in AXES if axis in self.labels and axis != "language"]
        cells: dict[tuple[str, ...], dict[str, float]] = {}
        for i in range(len(self.value)):
            key = tuple(self.labels[axis][i] for axis in keep)
            language = self.labels["language"][i]
            if language in cells.setdefault(key, {}):
                raise InputError(
                    Problem(f"two scores for {key} in {language!r}", "one score per cell: drop or average")
                )
            cells[key][language] = float(self.value[i])
        sets: dict[str, set[str]] = {}
        place = keep.index("task") if "task" in keep else None
        for key, row in cells.items():
            task = "" if place is None else key[place]
            if sets.setdefault(task, set(row)) != set(row):
                lacking = sorted(sets[task] ^ set(row))[0]
                raise InputError(
                    Problem(
                        f"language {lacking!r} is missing in some runs of {task or 'the scores'}",
                        "use the languages that every run has",
                    )
                )
        labels: dict[str, NDArray[np.object_]] = {
            axis: np.array([key[i] for key in cells], dtype=object) for i, axis in enumerate(keep)
        }
        return Scores(labels, np.array([np.mean(list(row.values())) for row in cells.values()]))


def named_scores(values: ArrayLike, axes: Sequence[str] | None) -> Scores:
    """Return scores from an array whose axes are named in order, e.g. ``("task", "seed")``.

    Raises
    ------
    InputError : no names, an unknown or repeated name, another number of names than axes, or a value not finite
    """
    array = numbers(values, "scores")
    if axes is None:
        raise InputError(
            Problem(
                f"an array of shape {array.shape} without axis names",
                f"name them in order, from {', '.join(AXES)}: which one is the replication decides the error",
            )
        )
    unknown = [axis for axis in axes if axis not in AXES]
    if unknown or len(set(axes)) != len(axes) or len(axes) != array.ndim:
        raise InputError(
            Problem(
                f"axes {tuple(axes)} for shape {array.shape}",
                f"give one name per axis, from {', '.join(AXES)}",
            )
        )
    if not array.size:
        raise InputError(Problem(f"an array of shape {array.shape} holds no score", "give at least one"))
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        where = ", ".join(f"{axis} {i}" for axis, i in zip(axes, bad[0], strict=True))
        raise InputError(
            Problem(f"the score at {where} is not finite", "leave the run out, or give its score")
        )
    index = np.indices(array.shape).reshape(array.ndim, -1)
    labels = {axis: np.array([str(i) for i in index[j]], dtype=object) for j, axis in enumerate(axes)}
    return Scores(labels, array.ravel())


def scores_of(
    frame: pandas.DataFrame, where: Mapping[str, object] | None = None, run: str | None = None
) -> Scores:
    """Return the scores of a selection of the results table.

    Parameters
    ----------
    frame : results table; `target` becomes the axis task, `language` and `seed` keep their names
    where : column -> value (or list of values) filters
    run : column that names the shared checkpoint, where one serves several targets

    Raises
    ------
    InputError : nothing selected, or a row without a value (missing is not 0)
    """
    chosen = frame
    for column, wanted in (where or {}).items():
        if column not in frame.columns:
            raise InputError(
                Problem(f"there is no column {column!r}", f"columns are: {', '.join(frame.columns)}")
            )
        values = wanted if isinstance(wanted, (list, tuple, set)) else [wanted]
        chosen = chosen[chosen[column].isin(list(values))]
    if not len(chosen):
        raise InputError(
            Problem(f"no row matches {dict(where or {})}", "check the filters against the table")
        )
    if chosen["value"].isna().any():
        raise InputError(
            Problem("a selected row has no value", "leave the row out: a missing value is not 0")
        )
    for column in ("metric", "split", "model", "scale"):
        if column in chosen.columns and chosen[column].nunique() > 1:
            seen = ", ".join(map(str, chosen[column].unique()[:4]))
            raise InputError(Problem(f"the selection mixes {column}s: {seen}", f"filter on {column}"))
    sources: dict[str, Any] = {"task": chosen["target"], "language": chosen["language"]}
    if chosen["seed"].isna().nunique() > 1:
        lacking = int(chosen["seed"].isna().sum())
        remedy = "filter on status or source: a published number is no further run"
        raise InputError(Problem(f"{lacking} of {len(chosen)} selected rows have no seed", remedy))
    if chosen["seed"].notna().any():
        sources["seed"] = chosen["seed"]
    if run is not None:
        sources["run"] = chosen[run]
    labels = {
        axis: np.array([str(item) for item in column], dtype=object) for axis, column in sources.items()
    }
    return Scores(labels, chosen["value"].to_numpy(dtype=float))
