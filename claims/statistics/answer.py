"""Every question of a study answered from its tables: one JSON object, see `analysis.answers.part.merged`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from analysis.answers.detect import detectable
from analysis.answers.doses import Dose, answer_doses
from analysis.answers.noise import Gain, beyond_noise
from analysis.answers.part import Part, merged
from analysis.answers.pooled import Effect, pooled_effects
from analysis.answers.spread import heterogeneity
from analysis.answers.without import with_and_without
from analysis.errors import InputError, Problem
from analysis.results import read_results
from claims.averages import Member, members_of
from claims.evidence import sha256
from claims.model import ClaimsFile
from claims.statistics.gains import borrowed, each_once, printed_gains, select, setting_name, task_gains
from claims.statistics.questions import Doses, Effects, Noise, Power, Question, QuestionsFile, Spread, Without

if TYPE_CHECKING:
    import pandas

Known = Mapping[str, tuple[float, float, str]]


def answer_study(folder: Path, file: ClaimsFile, asked: QuestionsFile, **head: Any) -> dict[str, Any]:
    """Return the analysis of a study.

    Raises
    ------
    InputError : a table is absent or broken, or a question names rows, averages or groups that are not there
    """
    paths = [folder / name for name in asked.tables]
    for path, name in zip(paths, asked.tables, strict=True):
        if folder.resolve() not in path.resolve().parents:
            raise InputError(
                Problem(f"the table {name!r} lies outside the study", "keep tables inside its folder")
            )
    frame = read_results(*paths, base=folder).frame()
    frame = frame[frame["status"] != "recalled"]
    known = borrowed(frame, asked.deviations)
    parts = [_answer(question, asked, file, frame, known) for question in asked.questions]
    inputs = {name: sha256(path) for name, path in zip(asked.tables, paths, strict=True)}
    return merged(parts, study=file.study, title=file.title, inputs=inputs, **head)


def _answer(
    question: Question, asked: QuestionsFile, file: ClaimsFile, frame: pandas.DataFrame, known: Known
) -> Part:
    own = {d.target: known[d.target] for d in asked.deviations if d.proxy is None}
    proxies = [d.proxy for d in asked.deviations if d.proxy is not None]
    match question:
        case Noise():
            mark = question.highlight
            made = beyond_noise(
                question.id, question.text, printed_gains(frame, question.where, own),
                highlight=None if mark is None else (mark.setting, mark.target),
            )  # fmt: skip
        case Spread():
            gains = task_gains(frame, question.where, _members(file, question.mean), known)
            made = heterogeneity(question.id, question.text, gains, proxies=proxies)
        case Without():
            gains = task_gains(frame, question.where, _members(file, question.mean), known)
            group = _group(file, question.mean, question.group)
            made = with_and_without(question.id, question.text, gains, group, question.group)
        case Doses():
            made = _doses(question, file, frame, known, proxies)
        case Effects():
            made = _pooled(question, frame)
        case Power():
            spread = {target: value[0] for target, value in own.items()}
            if not spread:
                raise InputError(
                    Problem(f"{question.id}: no target has a deviation of its own", "state `deviations`")
                )
            made = detectable(
                question.id, question.text, spread, differences=[float(d) for d in question.differences],
                seeds=question.seeds, notes=("The deviations are borrowed, and taken as known.",),
            )  # fmt: skip
        case _:
            raise AssertionError(question)
    from dataclasses import replace

    return replace(made, limits=tuple(dict.fromkeys((*made.limits, *question.notes))))


def _members(file: ClaimsFile, name: str) -> tuple[Member, ...]:
    if name not in file.averages:
        raise InputError(
            Problem(
                f"there is no averaging rule {name!r}",
                f"claims.yaml has: {', '.join(file.averages) or 'none'}",
            )
        )
    return members_of(file.averages[name])


def _group(file: ClaimsFile, mean: str, name: str) -> list[str]:
    groups = file.averages[mean].groups if mean in file.averages else {}
    if name not in groups:
        raise InputError(
            Problem(f"{mean} has no group {name!r}", f"its groups are: {', '.join(groups) or 'none'}")
        )
    return groups[name]


def _doses(
    question: Doses, file: ClaimsFile, frame: pandas.DataFrame, known: Known, proxies: Sequence[str]
) -> Part:
    """Return the doses with and without the group; seed errors where every task has a deviation."""
    members = _members(file, question.mean)
    gains = task_gains(frame, question.where, members, known)
    group = [] if question.group is None else _group(file, question.mean, question.group)
    tasks = list(dict.fromkeys(member.task for member in members))
    kept = {"all targets": tasks}
    if group:
        kept[f"without {question.group}"] = [task for task in tasks if task not in group]
    series = {name: _series(question.doses, gains, chosen) for name, chosen in kept.items()}
    for stated in question.stated:
        series[stated.name] = [Dose(f"k = {p.dose}", p.dose, float(p.gain)) for p in stated.points]
    notes = [*(stated.note for stated in question.stated), *proxies]
    return answer_doses(question.id, question.text, series, notes=notes)


def _series(doses: Mapping[str, int], gains: Sequence[Gain], tasks: Sequence[str]) -> list[Dose]:
    """Return the averaged gain of each setting; the seed error is that of a single run, the baseline's included."""
    by = {(gain.setting, gain.target): gain for gain in gains}
    spreads = [next((g.deviation for g in gains if g.target == task), None) for task in tasks]
    error = None if None in spreads else math.sqrt(sum(float(s or 0) ** 2 for s in spreads)) / len(tasks)
    out = []
    for setting, dose in doses.items():
        name = setting_name(setting, "plain")
        if dose == 0:
            out.append(Dose(name, 0.0, 0.0, error))
            continue
        absent = [task for task in tasks if (name, task) not in by]
        if absent:
            raise InputError(
                Problem(f"{setting} has no gain on {absent[0]}", "leave it out of `doses`, or add the row")
            )
        out.append(Dose(name, float(dose), sum(by[name, task].points for task in tasks) / len(tasks), error))
    return out


def _pooled(question: Effects, frame: pandas.DataFrame) -> Part:
    """Return the pooled gains of treated models over seed-averaged baselines.

    A treated score is the median over m models: the median of m normals has variance pi/2 sigma^2 / m, of two or one
    sigma^2 / m. Sigma is the larger of what seeds say, sd, and what the models' own spread says, mad / 0.6745; the
    baseline adds sd^2 / seeds.
    """
    names = ("model", "intermediate", "target", "metric")
    rows = each_once(select(frame, question.where), names, question.where)
    table = {
        (str(r.model), str(r.intermediate), str(r.target), str(r.metric)): float(r.value)
        for r in cast(Any, rows.itertuples())
    }
    effects = []
    for (model, setting, target, metric), value in table.items():
        if metric != "median":
            continue
        try:
            mean, sd = table[model, "none", target, "mean"], table[model, "none", target, "sd"]
        except KeyError:
            raise InputError(
                Problem(f"{model} has no baseline mean and sd on {target}", "add both rows")
            ) from None
        m = table.get((model, setting, target, "models"), 1.0)
        if not (sd > 0 and m >= 1):
            seen = f"{model} on {target}: a baseline sd of {sd:g}, {m:g} models after {setting}"
            raise InputError(Problem(seen, "give a positive deviation between seeds, and at least one model"))
        spread = table.get((model, setting, target, "mad"), 0.0) / 0.6745
        lost = math.pi / 2 if m > 2 else 1.0
        variance = lost * max(sd, spread) ** 2 / m + sd**2 / question.baseline_seeds
        effects.append(Effect(setting, f"{model} {setting}", target, value - mean, variance))
    if not effects:
        raise InputError(
            Problem(f"{question.id}: no row that matches has the metric median", "check `where`")
        )
    deviations = np.array([value for key, value in table.items() if key[3] == "sd"])
    note = (
        f"Seed deviations of the {len(deviations)} baselines: median {np.median(deviations):.2f} points, "
        f"from {deviations.min():.2f} to {deviations.max():.2f}."
    )
    return pooled_effects(question.id, question.text, effects, notes=(note,))
