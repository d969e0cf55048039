"""The value of a contrast for each seed, from cells that are all there; what is missing is named, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.contrast.contrast import SELECTABLE, USUAL, Contrast
from analysis.seeds.scores import Floats

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Measured:
    """A contrast over seeds."""

    seeds: tuple[int, ...]
    """Seeds that every cell has."""
    values: Floats
    """Value of the contrast per seed, points, shape (len(seeds),)."""
    levels: tuple[float, ...]
    """Mean of each term over seeds, points; empty where nothing was measured."""
    missing: tuple[str, ...]
    """Cells without any seed, in words."""
    at_floor: tuple[str, ...]
    """Targets on which no cell of some model is further than the margin above constant answers."""
    at_ceiling: tuple[str, ...]
    """Targets on which every cell of some model is within the margin of 100."""
    floor_unknown: tuple[str, ...] = ()
    """Targets without constant answers in the table: that two of their scores are equal may be that both guess."""
    guessing: tuple[str, ...] = ()
    """Cells of other targets that are no further than the margin above constant answers, with both, in words."""


def measured(frame: pandas.DataFrame, contrast: Contrast) -> Measured:
    """The contrast per seed.

    Parameters
    ----------
    frame : results table of one scale; rows that are recalled or have no value or no seed are not looked at.
    """
    import numpy as np

    usable = frame[(frame["status"] != "recalled") & frame["value"].notna() & frame["seed"].notna()]
    cells: list[list[Any]] = []
    missing = []
    for term in contrast.terms:
        found = []
        for cell in contrast.cells(term):
            scores = _per_seed(usable, cell)
            found.append((cell, scores))
            if not scores:
                missing.append(_named(cell))
        cells.append(found)
    everyone = [set(scores) for several in cells for _, scores in several]
    seeds = tuple(sorted(set.intersection(*everyone))) if everyone else ()
    if not seeds:
        return Measured((), np.empty(0), (), tuple(dict.fromkeys(missing)), (), ())
    terms = np.array([[np.mean([s[seed] for _, s in several]) for seed in seeds] for several in cells])
    weights = np.array([term.weight for term in contrast.terms])
    floors = _constant(usable)
    reached: dict[tuple[str, str], list[float]] = {}
    low: dict[str, str] = {}
    for several in cells:
        for cell, scores in several:
            target, mean = cell.get("target", ""), float(np.mean([scores[seed] for seed in seeds]))
            reached.setdefault((target, cell.get("model", "")), []).append(mean)
            if target in floors and mean <= floors[target] + contrast.margin:
                low[f"{_named(cell)} {mean:.1f} (constant answers {floors[target]:.1f})"] = target
    named = [(cell.get("target", ""), cell.get("variant", "")) for several in cells for cell, _ in several]
    at_floor = dict.fromkeys(
        t for (t, _), v in reached.items() if t in floors and max(v) <= floors[t] + contrast.margin
    )
    at_ceiling = dict.fromkeys(t for (t, _), v in reached.items() if min(v) >= 100 - contrast.margin)
    return Measured(
        seeds,
        weights @ terms,
        tuple(float(level) for level in terms.mean(1)),
        (),
        tuple(at_floor),
        tuple(at_ceiling),
        tuple(dict.fromkeys(t for t, variant in named if t and t not in floors and variant != "retained")),
        tuple(said for said, target in low.items() if target not in at_floor),
    )


def _named(cell: Mapping[str, str]) -> str:
    """What sets a cell apart, in the order of the columns of a results table."""
    return " ".join(
        cell[column] for column in SELECTABLE if column in cell and (cell[column],) != USUAL.get(column)
    )


def _per_seed(frame: pandas.DataFrame, cell: Mapping[str, str]) -> dict[int, float]:
    """Seed -> mean value of the rows of a cell."""
    chosen = frame
    for column, value in cell.items():
        chosen = chosen[chosen[column].astype(str) == value]
    means = chosen.groupby("seed")["value"].mean()
    return {int(seed): float(value) for seed, value in means.items()}  # type: ignore[call-overload]


def _constant(frame: pandas.DataFrame) -> dict[str, float]:
    """Target -> score of constant answers, where the table has that control."""
    rows = frame[
        (frame["variant"].astype(str) == "constant")
        & (frame["language"].astype(str) == "all")
        & (frame["metric"].astype(str) == "score")
    ]
    return {str(t): float(v) for t, v in rows.groupby(rows["target"].astype(str))["value"].mean().items()}
