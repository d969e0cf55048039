"""The answer of a study from its run records: contrasts that were registered, per language, and what is not answered.

Nothing is run here. A contrast whose cells are not all there is "not run", and the answer says which; what the
scale cannot show is said in words instead of a number; the last part names the command, and the hours, that would
answer the question at published size.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.answers.doses import Dose, answer_doses
from analysis.answers.part import Part, merged
from analysis.answers.table import answer_table
from analysis.contrast import Contrast, Rule, answer_contrasts, decide, slope_over_languages
from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from replicate.data.typology import PROPERTIES, properties
from replicate.ledger import Ledger
from replicate.pictures import pictures
from replicate.pictures.power import power_of
from replicate.stages.names import printed
from replicate.studies.registration import AGGREGATES
from replicate.studies.registry import decided, entries
from replicate.studies.study import Grid, Study, grid, study
from replicate.tasks import get

if TYPE_CHECKING:
    import pandas


def answers(name: str, scale: str, runs: Path, **head: Any) -> dict[str, Any]:
    """The analysis of a study at a scale as plain data.

    Parameters
    ----------
    runs : Path
        Folder of run records.
    head
        Further fields of the object, e.g. the version of the tool.

    Raises
    ------
    InputError
        Unknown study or scale, or no score of the study in that folder.
    """
    found = study(name)
    one = grid(found, scale)
    command = f"verify-claims replicate {name} --scale {scale}"
    frame = Ledger(runs).results() if runs.is_dir() else None
    if frame is not None and len(frame):
        frame = frame[(frame["source"] == f"run:{found.name}") & (frame["scale"] == scale)]
    if frame is None or not len(frame):
        what = f"there is no score of study {found.name} at scale {scale} in {str(runs)!r}"
        raise InputError(Problem(what, f"run it first: {command} --runs {runs}"))
    head = {"study": found.name, "title": found.title, "scale": scale, **head}
    if found.registered is None:
        return answer_table(frame, **head)
    family = found.registered.family(one.names, len(one.multi))
    rule = found.registered.deciding()
    first = answer_contrasts(frame, family, rule, question=found.question, scale=scale)
    parts = [_provisional(first, one.seeds, outside(family, one))]
    parts.append(power_of(frame, family, rule))
    parts += pictures(frame, one, 1 - rule.alpha)
    parts += by_language(frame, family, rule, one)
    parts += [_doses(frame, one)] if one.subsets else []
    parts.append(_registered(found, scale, runs))
    if scale != "paper" and "paper" in found.scales:
        parts.append(_paper(name))
    return merged(parts, **head)


def outside(family: tuple[Contrast, ...], one: Grid) -> tuple[str, ...]:
    """Contrasts of which the grid of this scale has no target: a study may ask more at one scale than at another."""
    has = {printed(target) for target in (*one.targets, *one.tasks)} | set(AGGREGATES)
    named = {
        contrast.id: {
            cell["target"] for term in contrast.terms for cell in contrast.cells(term) if "target" in cell
        }
        for contrast in family
    }
    return tuple(name for name, targets in named.items() if targets and not targets & has)


def _provisional(part: Part, planned: int, outside: tuple[str, ...] = ()) -> Part:
    """The part; where a contrast has fewer seeds than planned, that it comes before the stopping rule.

    What the grid of the scale does not hold is not waited for.
    """
    if outside:
        note = f"The targets of {', '.join(outside)} are not in the grid of this scale."
        part = replace(part, limits=(*part.limits, note))
    fewest = min((row["seeds"] for row in part.rows if row["contrast"] not in outside), default=planned)
    if fewest >= planned:
        return part
    said = (
        f"Provisional: {fewest} of {planned} planned seeds are there for some contrast, so this comes before the"
        " registered stopping rule."
    )
    return replace(part, answer=f"{said} {part.answer}")


def by_language(frame: pandas.DataFrame, family: tuple[Contrast, ...], rule: Rule, one: Grid) -> list[Part]:
    """Two parts: every contrast in every language, and how it changes with properties of languages.

    A score in one language is the primary metric of its task, as in the averages. The rows are not tests: they show
    whether a mean hides opposite signs. English is left out of the second part: it is what the models are trained on.
    """
    scores = frame[frame["language"] != "all"].copy()
    primary = {printed(task): get(task).primary for task in (*one.targets, *one.tasks)}
    scores = scores[scores["metric"] == scores["target"].map(primary)]
    scores["metric"] = "score"
    rows, slopes, figures = [], [], []
    for contrast in family:
        values: dict[str, dict[int, float]] = {}
        for language in map(str, dict.fromkeys(scores["language"])):
            asked = replace(contrast, where={**contrast.where, "language": (language,)})
            (found,) = decide(scores, [asked], rule)
            if found.interval is not None:
                rows.append(_row(contrast.id, {"language": language}, found.interval))
                values[language] = dict(zip(found.found.seeds, map(float, found.found.values), strict=True))
        figures += _forest(contrast.id, [row for row in rows if row["contrast"] == contrast.id], rule)
        values.pop("en", None)
        for name in PROPERTIES:
            known = {one: properties(one)[name] for one in values if name in properties(one)}
            slope = slope_over_languages(values, known, 1 - rule.alpha)
            if slope is not None:
                counted = {"property": name, "languages": len(known), "with_it": int(sum(known.values()))}
                slopes.append(_row(contrast.id, counted, slope))
    told = " ".join(_signs(one.id, [row for row in rows if row["contrast"] == one.id]) for one in family)
    shared = (
        "The intervals are not adjusted, and languages share their models: this describes and does not test."
    )
    clear = [
        f"{r['contrast']} by {r['property']} ({r['estimate']:+.1f})"
        for r in slopes
        if r["low"] > 0 or r["high"] < 0
    ]
    said = (
        f"Of {len(slopes)} differences between languages with and without a property {len(clear)} have an interval"
        f" that leaves 0 out{': ' + ', '.join(clear) if clear else ''}."
    )
    few = "Few languages stand on each side, and properties go together: none of them is a cause."
    return [
        Part(
            "languages",
            "Do the contrasts differ between languages?",
            told.strip(),
            (shared,),
            tuple(rows),
            tuple(figures),
        ),
        Part(
            "properties",
            "Do the contrasts go with script, family, word order or shared words?",
            said
            if slopes
            else "Cannot be answered: fewer than three languages, or two seeds, have every cell.",
            (shared, few),
            tuple(slopes),
        ),
    ]


def _row(contrast: str, named: dict[str, Any], interval: Interval) -> dict[str, Any]:
    """An interval as plain data."""
    numbers = {name: float(getattr(interval, name)) for name in ("estimate", "low", "high")}
    return {"contrast": contrast, **named, **numbers, "seeds": interval.n}


def _forest(name: str, rows: list[dict[str, Any]], rule: Rule) -> list[dict[str, Any]]:
    """A contrast in every language as a figure; none without rows."""
    effects = [
        {"label": row["language"], "n": row["seeds"]}
        | {number: row[number] for number in ("estimate", "low", "high")}
        for row in rows
    ]
    if not effects:
        return []
    figure = {"kind": "forest", "name": f"languages-{name}", "what": f"Contrast {name} in every language"}
    return [figure | {"unit": "points", "level": 1 - rule.alpha, "effects": effects}]


def _signs(name: str, rows: list[dict[str, Any]]) -> str:
    """How many languages are on which side, in words; empty without rows."""
    if len(rows) < 2:
        return ""
    low, high = min(rows, key=lambda row: row["estimate"]), max(rows, key=lambda row: row["estimate"])
    above, below = sum(row["low"] > 0 for row in rows), sum(row["high"] < 0 for row in rows)
    return (
        f"{name}: from {low['estimate']:+.1f} ({low['language']}) to {high['estimate']:+.1f} ({high['language']});"
        f" of {len(rows)} languages {above} lie clearly above 0 and {below} clearly below."
    )


def _doses(frame: pandas.DataFrame, one: Grid) -> Part:
    """Whether returns diminish with the number of tasks: one point per subset, the mean over seeds and targets."""
    assert one.subsets is not None
    names = {printed(target) for target in one.targets}
    scores = frame[
        (frame["variant"] == "plain")
        & (frame["language"] == "all")
        & (frame["metric"] == "score")
        & frame["target"].isin(names)
    ]
    means = scores.groupby(["intermediate", "target"])["value"].mean().unstack()
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
    return answer_doses("doses", question, {f"mean of {', '.join(sorted(names))}": points})


def _registered(found: Study, scale: str, runs: Path) -> Part:
    """When each contrast was decided."""
    assert found.registered is not None
    told = decided(entries(runs, found.name, scale))
    return Part(
        "registered",
        "What was decided before the results, and what after?",
        " ".join([f"Hypothesis: {found.registered.hypothesis} Stopping: {found.registered.stopping}", *told]),
        found.registered.notes,
    )


def _paper(name: str) -> Part:
    """What would answer the question at published size: command and hours."""
    from replicate.cost import Estimate, throughput
    from replicate.launch import Request, launch

    speed = throughput("h200-assumed")
    one = launch(Request(name, "paper", planning=True))
    cost = Estimate(one)
    hours = sum(cost.of(stage).hours(speed) for stage in one.graph.stages.values())
    known = "measured" if speed.measured else "assumed and not measured"
    return Part(
        "paper",
        "What would answer it at published size?",
        f"`verify-claims replicate {name} --scale paper` with {one.seeds} seeds: {len(one.graph.stages)} stages,"
        f" about {hours:,.0f} GPU hours with one stage at a time (throughput {known}:"
        f" {speed.name}). It was not run.",
    )
