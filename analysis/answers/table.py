"""The questions that any results table can be asked: seeds, spread over targets, doses, power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from analysis.answers.components import variance_components
from analysis.answers.detect import detectable
from analysis.answers.doses import Dose, answer_doses
from analysis.answers.noise import Gain
from analysis.answers.part import Part, merged
from analysis.answers.runs import Place, counted, parts, seed_means, task_scores
from analysis.answers.seeds import over_seeds
from analysis.answers.spread import heterogeneity

if TYPE_CHECKING:
    import pandas

Scores: TypeAlias = Mapping[tuple[str, str], Mapping[str, float]]
"""(setting, target) -> seed -> score, of one comparison."""
SETS: Final = (
    "The verdict is about these sets of tasks: scores of sets of one size are averaged within the seed; where the"
    " sets have other seeds, each set and seed is a point of its own."
)
SHARED: Final = (
    "Targets are taken as independent. Where runs of one seed share a checkpoint, gains move together and intervals"
    " of pooled gains are too short; the means over targets of the first answer are right there too."
)


def dose_of(intermediate: str) -> int:
    """Return the number of tasks that a cell of `intermediate` names: 0 for none, members joined by '+' count."""
    return 0 if intermediate in ("none", "-", "") else intermediate.count("+") + 1


def answer_table(
    frame: pandas.DataFrame, *, baseline: str = "none", place: Place | None = None, **head: Any
) -> dict[str, Any]:
    """Return the analysis of a results table as plain data.

    Parameters
    ----------
    place : file and line of a row of the frame, for errors

    Raises
    ------
    InputError : no row has a value, or a score of a run stands twice
    """
    usable, left_out = counted(frame, place)
    scores = task_scores(usable)
    first = over_seeds("seeds", "Which gains exceed the spread over seeds?", scores, baseline, notes=left_out)
    answers = [first]
    components = variance_components(
        "components", "Where does the variance of the scores come from?", usable, baseline
    )
    answers += [components] if components is not None else []
    gains: list[Gain] = []
    deviations: dict[str, tuple[float, float]] = {}
    doses: dict[str, list[Dose]] = {}
    odd: list[str] = []
    for name, block in parts(scores):
        means, lacking = seed_means(block)
        odd += lacking
        spread = deviations_of(means)
        gains += gains_of(means, baseline, spread, name)
        deviations |= {f"{target} ({name})" if name else target: of for target, of in spread.items()}
        series = _doses(means)
        doses |= {name or "all targets": series} if series else {}
    answers += _further(gains, doses, deviations, tuple(odd))
    return merged(answers, **head)


def _further(
    gains: list[Gain],
    doses: dict[str, list[Dose]],
    deviations: dict[str, tuple[float, float]],
    odd: tuple[str, ...],
) -> list[Part]:
    """Return the parts about targets, numbers of tasks and power, as far as there is something to say."""
    out = []
    if gains:
        question = "How much do gains differ between targets?"
        out.append(heterogeneity("spread", question, gains, proxies=(SHARED, *odd)))
    if doses:
        notes = [SETS]
        notes += ["Each series is tested by itself, at 5 %."] if len(doses) > 1 else []
        question = "Do returns diminish with the number of intermediate tasks?"
        out.append(answer_doses("doses", question, doses, notes=(*notes, *odd), measure="score"))
    if deviations:
        question = "What could more seeds find?"
        known = {target: sd for target, (sd, _) in deviations.items()}
        least = min(df for _, df in deviations.values())
        note = f"Deviations are pooled over settings, with {least:g} degrees of freedom or more, and taken as known."
        out.append(detectable("power", question, known, differences=(0.5, 1.0, 2.0), notes=(note, *odd)))
    return out


def deviations_of(scores: Scores) -> dict[str, tuple[float, float]]:
    """Return target -> (deviation between seeds pooled over settings, its degrees of freedom)."""
    sums: dict[str, list[float]] = {}
    for (_, target), runs in scores.items():
        values = np.array(list(runs.values()))
        own = sums.setdefault(target, [0.0, 0.0])
        own[0] += float(((values - values.mean()) ** 2).sum())
        own[1] += len(values) - 1
    return {t: (float(np.sqrt(total / df)), df) for t, (total, df) in sums.items() if df and total > 0}


def gains_of(
    scores: Scores, baseline: str, spread: Mapping[str, tuple[float, float]], name: str = ""
) -> list[Gain]:
    """Return gains of settings with at least three targets that have a deviation; the error is that of seed means."""
    found: dict[str, list[Gain]] = {}
    for (setting, target), runs in scores.items():
        base = scores.get((baseline, target))
        if setting == baseline or base is None or target not in spread:
            continue
        sd, df = spread[target]
        error = sd * float(np.sqrt((1 / len(runs) + 1 / len(base)) / 2))
        points = float(np.mean(list(runs.values())) - np.mean(list(base.values())))
        label = f"{setting} ({name})" if name else setting
        found.setdefault(label, []).append(Gain(label, target, points, error, df))
    return [gain for own in found.values() if len(own) >= 3 for gain in own]


def _doses(scores: Scores) -> list[Dose]:
    """Return one point per number of tasks and seed: the mean over the targets that every setting has.

    Several sets of one size are averaged within the seed: runs of two sets are no replicates of each other.
    Where the sets of one size have other seeds, each set and seed is a point.
    """
    settings = list(dict.fromkeys(setting for setting, _ in scores))
    sizes = sorted({dose_of(setting) for setting in settings})
    shared = set.intersection(*({t for s, t in scores if s == setting} for setting in settings))
    if len(sizes) < 3 or not shared:
        return []
    points = []
    for size in sizes:
        own = [setting for setting in settings if dose_of(setting) == size]
        cells = [scores[setting, target] for setting in own for target in sorted(shared)]
        label = " or ".join(own)
        seeds = [set(cell) for cell in cells]
        if all(names == seeds[0] for names in seeds):
            points += [
                Dose(label, size, float(np.mean([c[s] for c in cells])), run=s or None) for s in cells[0]
            ]
            continue
        for setting in own:
            runs = [scores[setting, target] for target in sorted(shared)]
            both = [seed for seed in runs[0] if all(seed in one for one in runs)]
            points += [
                Dose(setting, size, float(np.mean([one[s] for one in runs])), run=s or None) for s in both
            ]
    return points if len({point.dose for point in points}) > 2 else []
