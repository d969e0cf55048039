"""The runs of a results table as the questions need them: what counts, what stands twice, what belongs together.

A cell is one setting on one target; its replication is the seed. Languages of one run are averaged, and so are the
metrics of one target (F1 and EM), because one model gives them all: as targets of their own they would count twice.
Where a target has task scores (metric `score`, language `all`), those are taken and what they were made of is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas

APART: Final = ("source", "scale", "split", "model", "variant")
"""Columns that separate comparisons: nothing is averaged or compared over them."""
CELL: Final = (*APART, "metric", "intermediate", "target", "language", "seed")
"""Columns that a score of a run is named by."""
SHOWN: Final = 5
"""Doubles that an error lists."""
Place: TypeAlias = Callable[[int], tuple[str, int]]
"""File and line of a row."""


def counted(frame: pandas.DataFrame, place: Place | None = None) -> tuple[pandas.DataFrame, tuple[str, ...]]:
    """Return the rows that count, and in words which were left out.

    Raises
    ------
    InputError
        No row has a value; or two rows are the same score of the same run: an average of copies would look surer
        than one run.
    """
    if not frame["value"].notna().any():
        raise InputError(Problem("no row of the table has a value", "give scores to analyse"))
    told = (
        (frame["status"] == "recalled", "recalled: never evidence"),
        (frame["value"].isna(), "without a value: a missing value is not 0"),
        (frame["target"].astype(str) == "average", "an average over targets: it would count them twice"),
    )
    kept = np.ones(len(frame), bool)
    notes = []
    for wrong, why in told:
        out = kept & wrong.to_numpy(bool)
        if out.any():
            kept &= ~out
            notes.append(f"{int(out.sum())} row{'s' * (int(out.sum()) != 1)} left out, {why}.")
    _refuse_doubles(frame, kept, place)
    return frame[kept], tuple(notes)


def _refuse_doubles(frame: pandas.DataFrame, kept: np.ndarray, place: Place | None) -> None:
    position = np.flatnonzero(kept & frame["seed"].notna().to_numpy(bool))
    runs = frame.iloc[position]
    names = [name for name in CELL if name in runs.columns]
    again = runs.duplicated(names).to_numpy(bool)
    if not again.any():
        return
    first: dict[tuple[str, ...], int] = {}
    rows = zip(*(runs[name].astype(str) for name in names), strict=True)
    problems = []
    for at, key, double in zip(position.tolist(), rows, again.tolist(), strict=True):
        if not double:
            first[key] = at
            continue
        words = dict(zip(names, key, strict=True))
        what = (
            f"{words['intermediate']} on {words['target']} ({words['metric']}), seed {float(words['seed']):g}"
        )
        file, line = place(at) if place is not None else (None, None)
        before = f"line {place(first[key])[1]}" if place is not None else f"row {first[key] + 1}"
        found = [str(frame["locator"].iloc[row]) for row in (at, first[key])] if "locator" in frame else []
        before += f" (locators {found[0]}, {found[1]})" if len(set(found)) > 1 else ""
        here = "" if place is not None else f" in row {at + 1}"
        problems.append(
            Problem(
                f"{what} stands twice{here}: also in {before}",
                "one row per score: remove the copy, or give another run its own seed",
                file,
                line,
            )
        )
    rest = len(problems) - SHOWN
    more = [Problem(f"{rest} more scores stand twice")] if rest > 0 else []
    raise InputError(*problems[:SHOWN], *more)


def task_scores(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Return the rows of task scores where a target of a comparison has them, else all of that target."""
    whole = (frame["metric"].astype(str) == "score") & (frame["language"].astype(str) == "all")
    names = [frame[name] for name in (*APART, "target") if name in frame.columns]
    has = whole.groupby(names, observed=True, dropna=False, sort=False).transform("any").astype(bool)
    return frame[whole | ~has]


def parts(frame: pandas.DataFrame) -> Iterator[tuple[str, pandas.DataFrame]]:
    """Yield the scores of each comparison, with the words that tell it from the others (empty where there is one).

    Scores without a seed are taken where a comparison has no other: a published number is no further run.
    """
    runs = frame[frame["value"].notna()]
    names = [name for name in APART if name in runs.columns]
    vary = [name for name in names if runs[name].astype(str).nunique() > 1]
    for key, block in runs.groupby(names, observed=True, dropna=False, sort=False):
        words = dict(zip(names, key, strict=True))
        seeded = block["seed"].notna()
        name = ", ".join(str(words[name]) for name in vary if str(words[name]) not in ("", "nan"))
        yield name, block[seeded] if seeded.any() else block


def seed_means(block: pandas.DataFrame) -> tuple[dict[tuple[str, str], dict[str, float]], tuple[str, ...]]:
    """Return (setting, target) -> seed -> score of one comparison, and which cells were left out and why.

    The seed is empty for a score without one. A run that lacks a language or a metric which another run on its target
    has would shift the mean, so such cells are left out.
    """
    runs: dict[tuple[str, str], dict[str, dict[tuple[str, str], float]]] = {}
    twice = set()
    rows: Any = zip(
        block["intermediate"].astype(str), block["target"].astype(str), block["seed"],
        block["language"].astype(str), block["metric"].astype(str), block["value"], strict=True,
    )  # fmt: skip
    for setting, target, seed, language, metric, value in rows:
        cell = runs.setdefault((setting, target), {})
        scores = cell.setdefault("" if np.isnan(seed) else f"{float(seed):g}", {})
        if (language, metric) in scores:
            twice.add((setting, target))
        scores[language, metric] = float(value)
    parts_of: dict[str, set[tuple[str, str]]] = {}
    for (_, target), seeds in runs.items():
        for scores in seeds.values():
            parts_of.setdefault(target, set()).update(scores)
    found: dict[tuple[str, str], dict[str, float]] = {}
    odd = []
    for (setting, target), seeds in runs.items():
        if (setting, target) in twice or any(set(one) != parts_of[target] for one in seeds.values()):
            odd.append(f"{setting} on {target}")
            continue
        found[setting, target] = {seed: float(np.mean(list(s.values()))) for seed, s in seeds.items()}
    if not odd:
        return found, ()
    shown = ", ".join(odd[:SHOWN]) + (f" and {len(odd) - SHOWN} more" if len(odd) > SHOWN else "")
    why = "some run lacks a language or a metric that others have, or has two scores"
    return found, (f"Left out, because {why}: {shown}.",)
