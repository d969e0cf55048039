"""Task gains of a results table under an averaging rule: one number per setting and target, in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from analysis.answers.noise import Gain
from analysis.errors import InputError, Problem
from claims.averages import Member
from claims.statistics.questions import Deviation

if TYPE_CHECKING:
    import pandas

Filters = Mapping[str, str | list[str]]
CELL: Final = ("intermediate", "variant", "target", "metric")
"""Columns that a printed gain is told apart by."""


def select(frame: pandas.DataFrame, where: Filters) -> pandas.DataFrame:
    """Return the rows that match every filter; InputError where none does."""
    chosen = frame
    for column, words in where.items():
        wanted = words if isinstance(words, list) else [words]
        chosen = chosen[chosen[column].astype(str).isin(wanted)]
    if not len(chosen):
        raise InputError(
            Problem(f"no row of the tables matches {dict(where)}", "check the words against the tables")
        )
    if chosen["value"].isna().any():
        raise InputError(
            Problem(f"a row that matches {dict(where)} has no value", "a missing value is not 0")
        )
    return chosen


def each_once(rows: pandas.DataFrame, names: Sequence[str], where: Filters) -> pandas.DataFrame:
    """Return the rows; InputError where two of them are about one cell, because either would be taken in silence."""
    double = rows.duplicated(list(names), keep=False)
    if double.any():
        cell = " ".join(str(rows[double].iloc[0][name]) for name in names)
        raise InputError(
            Problem(
                f"{int(double.sum())} rows that match {dict(where)} are doubles, of {cell} among others",
                "narrow `where` (split, language, source) until one row is left for each cell",
            )
        )
    return rows


def setting_name(intermediate: str, variant: str) -> str:
    """Return the name of a setting: the intermediate task, with the variant where it is not plain."""
    return intermediate if variant in ("plain", "") else f"{intermediate} {variant}"


def borrowed(frame: pandas.DataFrame, deviations: Sequence[Deviation]) -> dict[str, tuple[float, float, str]]:
    """Return target -> (deviation, degrees of freedom, where it is from)."""
    out = {}
    for item in deviations:
        rows = select(frame, item.of)
        metric = rows["metric"].astype(str)
        spread, freedom = rows[metric.str.startswith("sd_")], rows[metric.str.startswith("df_")]
        if len(spread) != 1 or len(freedom) > 1:
            raise InputError(
                Problem(
                    f"the deviation of {item.target} matches {len(spread)} rows with a metric sd_...",
                    "narrow `of` until one row matches",
                )
            )
        df = float(freedom["value"].iloc[0]) if len(freedom) else float("inf")
        source = f"{spread['source'].iloc[0]}, {spread['locator'].iloc[0]}"
        out[item.target] = (float(spread["value"].iloc[0]), df, source)
    return out


def printed_gains(
    frame: pandas.DataFrame, where: Filters, known: Mapping[str, tuple[float, float, str]]
) -> list[Gain]:
    """Return every printed gain (metric gain_...) of single cells, with its deviation where one is known."""
    rows = select(frame, where)
    rows = rows[
        rows["metric"].astype(str).str.startswith("gain_") & (rows["target"].astype(str) != "average")
    ]
    each_once(rows, CELL, where)
    out = []
    row: Any
    for row in rows.itertuples():
        deviation, df, source = known.get(str(row.target), (None, float("inf"), ""))
        name = setting_name(str(row.intermediate), str(row.variant))
        out.append(Gain(name, str(row.target), float(row.value), deviation, df, source))
    return out


def task_gains(
    frame: pandas.DataFrame,
    where: Filters,
    members: Sequence[Member],
    known: Mapping[str, tuple[float, float, str]],
) -> list[Gain]:
    """Return one gain per setting and task; a task of several metrics (F1 and EM) counts their mean.

    Settings that lack a task are left out: an average over other tasks would be another quantity.
    """
    rows = select(frame, where)
    each_once(rows[rows["metric"].astype(str).str.startswith("gain_")], CELL, where)
    tasks = list(dict.fromkeys(member.task for member in members))
    out: list[Gain] = []
    for (intermediate, variant), block in rows.groupby(
        ["intermediate", "variant"], observed=True, sort=False
    ):
        cells = {
            (str(row.target), str(row.metric).removeprefix("gain_")): float(row.value)
            for row in cast(Any, block.itertuples())
            if str(row.metric).startswith("gain_")
        }
        if not cells:
            continue
        gains: list[Gain] = []
        for task in tasks:
            own = [(str(m.filters["target"]), str(m.filters["metric"])) for m in members if m.task == task]
            if any(key not in cells for key in own):
                break
            points = sum(cells[key] for key in own) / len(own)
            deviation, df, source = known.get(task, (None, float("inf"), ""))
            gains.append(
                Gain(setting_name(str(intermediate), str(variant)), task, points, deviation, df, source)
            )
        else:
            out += gains
    if not out:
        raise InputError(
            Problem(f"no setting that matches {dict(where)} has a gain for every task", "check `mean`")
        )
    return out
