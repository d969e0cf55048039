"""The answer of a study from its run records: contrasts that were registered, per language, and what is not answered.

Nothing is run here. A contrast whose cells are not all there is "not run", and the answer says which; what the
scale cannot show is said in words instead of a number; the last part names the command, and the hours, that would
answer the question at published size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.answers.part import Part, merged
from analysis.answers.table import answer_table
from analysis.contrast import Contrast, answer_contrasts
from analysis.errors import InputError, Problem
from replicate.at_hand import partial, with_means
from replicate.by_language import by_language, seen_in_pretraining
from replicate.by_number import by_number
from replicate.ledger import Ledger
from replicate.made import made
from replicate.pictures import pictures
from replicate.pictures.power import power_of
from replicate.stages.names import printed
from replicate.studies.dated import decided, exploratory, under
from replicate.studies.nameable import nameable
from replicate.studies.registration import Registration
from replicate.studies.registry import Entry, entries
from replicate.studies.study import Grid, grid, study

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
    ledger = Ledger(runs) if runs.is_dir() else None  # a ledger makes its folder
    frame = ledger.results() if ledger is not None else None
    if frame is not None and len(frame):
        frame = frame[(frame["source"] == f"run:{found.name}") & (frame["scale"] == scale)]
    if ledger is None or frame is None or not len(frame):
        what = f"there is no score of study {found.name} at scale {scale} in {str(runs)!r}"
        raise InputError(Problem(what, f"run it first: {command} --runs {runs}"))
    _one_version(frame, runs)
    frame = with_means(frame, scale, one)
    head = {"study": found.name, "title": found.title, "scale": scale, **head}
    registration = found.fixed(scale)
    if registration is None:
        return answer_table(frame, **head)
    family = registration.family(one.names, len(one.multi))
    rule = registration.deciding()
    first = answer_contrasts(frame, family, rule, question=found.question, scale=scale)
    log = entries(ledger.root, found.name, scale)
    first = replace(first, limits=(*first.limits, *partial(frame, one), *one.notes))
    for said in exploratory(log, registration):
        first = _opened(first, said)
    parts = [_provisional(first, one.seeds, outside(family, one))]
    parts.append(power_of(frame, family, rule))
    parts += pictures(frame, one, 1 - rule.alpha)
    parts += by_language(frame, family, rule, one, seen_in_pretraining(ledger, frame))
    parts += by_number(frame, one, 1 - rule.alpha) if one.subsets else []
    parts.append(_registered(registration, log, ledger, frame))
    parts.append(made(frame, Ledger(runs)))
    if scale != "paper" and "paper" in found.scales:
        parts.append(_paper(name))
    return merged(parts, **head)


def outside(family: tuple[Contrast, ...], one: Grid) -> tuple[str, ...]:
    """Contrasts with a cell that the grid of this scale does not have: one scale may ask less than another."""
    has = {column: set(names) for column, names in nameable([one]).items()}
    for column in ("intermediate", "target"):
        has[column] = {printed(name, len(one.multi)) for name in has[column]}

    def lacks(contrast: Contrast) -> bool:
        cells = (cell for term in contrast.terms for cell in contrast.cells(term))
        return any(value not in has[column] for cell in cells for column, value in cell.items())

    return tuple(contrast.id for contrast in family if lacks(contrast))


def _provisional(part: Part, planned: int, outside: tuple[str, ...] = ()) -> Part:
    """The part; where a contrast has fewer seeds than planned, that it comes before the stopping rule.

    What the grid of the scale does not hold is not waited for.
    """
    if outside:
        note = f"Cells of {', '.join(outside)} are not in the grid of this scale."
        part = replace(part, limits=(*part.limits, note))
    counts = [row["seeds"] for row in part.rows if row["contrast"] not in outside]
    if max(counts, default=planned) > planned:
        note = f"There are up to {max(counts)} seeds, and {planned} were planned: the rule was to stop there."
        part = replace(part, limits=(*part.limits, note))
    fewest = min(counts, default=planned)
    if fewest >= planned:
        return part
    said = (
        f"Provisional: {fewest} of {planned} planned seeds are there for some contrast, so this comes before the"
        " registered stopping rule."
    )
    return _opened(part, said)


def _opened(part: Part, said: str) -> Part:
    """The part with a sentence before all others."""
    return replace(part, answer=f"{said} {part.answer}", sentences=(said, *part.sentences))


def _one_version(frame: pandas.DataFrame, runs: Path) -> None:
    """Refuse two scores of one cell: their mean would answer neither version of a study that was changed."""
    cell = ["model", "split", "intermediate", "variant", "target", "language", "metric", "seed"]
    values = frame.groupby(cell, observed=True, dropna=False)["value"].nunique()
    twice = values[values > 1].reset_index()
    if not len(twice):
        return
    first = twice.iloc[[0]].drop(columns="value")
    keys = ", ".join(dict.fromkeys(frame.merge(first, on=cell)["locator"].astype(str)))
    named = " ".join(str(first[column].iloc[0]) for column in ("model", "intermediate", "variant", "target"))
    raise InputError(
        Problem(
            f"{len(twice)} scores have more than one value, among them {named}, seed {first['seed'].iloc[0]}: {keys}",
            "the study, its recipe or its data changed between runs: give the changed one another --runs, or take the"
            " records of the older one away",
            str(runs),
        )
    )


def _registered(
    registration: Registration, log: Sequence[Entry], ledger: Ledger, frame: pandas.DataFrame
) -> Part:
    """When each contrast was decided, and under which registration the evaluations were begun."""
    records = (ledger.record(key) for key in dict.fromkeys(map(str, frame["locator"])))
    begun = [record["started"] for record in records if record and record.get("kind") == "evaluate"]
    intent = [f"Hypothesis: {registration.hypothesis}", f"Stopping: {registration.stopping}"]
    told = tuple(filter(None, [*intent, *decided(log, registration), under(log, begun)]))
    question = "What was decided before the results, and what after?"
    return Part("registered", question, " ".join(told), registration.notes, sentences=told)


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
        f" about {hours:,.{0 if hours >= 10 else 1}f} GPU hours with one stage at a time (throughput {known}:"
        f" {speed.name}). It was not run.",
    )
