"""Parts of an answer about the number of tasks: whether returns diminish, what one further task brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.answers.components import variance_components
from analysis.answers.doses import Dose, answer_doses
from analysis.answers.next_task import Trained, answer_next_task
from analysis.answers.part import Part
from replicate.stages.names import printed
from replicate.studies.study import Grid
from replicate.tasks import get

if TYPE_CHECKING:
    import pandas


def by_number(frame: pandas.DataFrame, one: Grid, level: float = 0.95) -> list[Part]:
    """The parts of a grid with subsets of tasks.

    Parameters
    ----------
    frame : pandas.DataFrame
        Results table of the study at one scale.
    """
    assert one.subsets is not None
    plain = frame[
        (frame["variant"] == "plain") & frame["target"].isin({printed(name) for name in one.targets})
    ]
    components = _components(plain, one)
    return [
        _curve(plain, one),
        _further(plain, one, level),
        *([components] if components is not None else []),
    ]


def _means(plain: pandas.DataFrame) -> pandas.DataFrame:
    """Scores over languages."""
    return plain[(plain["language"] == "all") & (plain["metric"] == "score")]


def _named(plain: pandas.DataFrame, one: Grid) -> str:
    """The targets that are averaged, in words."""
    return f"mean of {', '.join(sorted(printed(name) for name in one.targets))}"


def _curve(plain: pandas.DataFrame, one: Grid) -> Part:
    """Whether returns diminish with the number of tasks: one point per subset, the mean over seeds and targets."""
    assert one.subsets is not None
    means = _means(plain).groupby(["intermediate", "target"])["value"].mean().unstack()
    whole = means.dropna().mean(axis=1)
    points = [Dose("none", 0, float(whole["none"]))] if "none" in whole.index else []
    for size, several in one.subsets.by_size().items():
        for subset in several:
            label = printed("+".join(subset))
            if label in whole.index:
                points.append(Dose(label, size, float(whole[label])))
    question = "Do returns diminish with the number of intermediate tasks?"
    if len({point.dose for point in points}) < 3:
        return Part(
            "doses", question, "Cannot be answered: fewer than three numbers of tasks have every target."
        )
    return answer_doses("doses", question, {_named(plain, one): points})


def _further(plain: pandas.DataFrame, one: Grid, level: float) -> Part:
    """What one further task brings, apart from which it is: the mean over targets, then every target."""
    assert one.subsets is not None
    subsets = {
        printed("+".join(subset)): tuple(map(printed, subset))
        for several in one.subsets.by_size().values()
        for subset in several
    } | {"none": ()}
    cells = _means(plain).dropna(subset=["seed", "value"])
    cells = cells[cells["intermediate"].isin(subsets)]
    scores = cells.groupby(["intermediate", "seed", "target"])["value"].mean().unstack()
    wanted = [printed(name) for name in one.targets if printed(name) in scores.columns]
    columns = (
        {_named(plain, one): scores[wanted].dropna().mean(axis=1)} if len(wanted) == len(one.targets) else {}
    )
    if len(wanted) > 1 or not columns:
        columns |= {name: scores[name].dropna() for name in wanted}
    series = {name: _trained(column, subsets) for name, column in columns.items()}
    question = "What does one further task bring, apart from which task it is?"
    return answer_next_task("next-task", question, series, level=level)


def _trained(column: pandas.Series[float], subsets: Mapping[str, tuple[str, ...]]) -> list[Trained]:
    """Scores by intermediate and seed as models."""
    rows = column.reset_index(name="score")
    return [
        Trained(subsets[str(setting)], f"{float(seed):g}", float(value))
        for setting, seed, value in zip(rows["intermediate"], rows["seed"], rows["score"], strict=True)
    ]


def _components(plain: pandas.DataFrame, one: Grid) -> Part | None:
    """Where the variance of the scores in single languages comes from, beside the settings."""
    primary = {printed(name): get(name).primary for name in one.targets}
    scores = plain[(plain["language"] != "all") & (plain["metric"] == plain["target"].map(primary))].copy()
    scores["metric"] = "primary"
    question = "Beside the settings, where does the variance of the scores come from?"
    return variance_components("components", question, scores)
