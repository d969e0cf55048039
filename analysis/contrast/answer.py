"""The decisions of a family of contrasts as parts of an analysis: one sentence, one row and one bar each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.answers.part import Part
from analysis.contrast.contrast import Contrast, Rule, Where
from analysis.contrast.decide import Decision, decide

if TYPE_CHECKING:
    import pandas

WIDEST: Final = 50
"""Characters that the values of a term may take."""
NAMED: Final = 4
"""Cells that a limit names."""
_OPENING: Final = {
    "shown": "Yes at {scale} scale",
    "opposite": "No, the opposite at {scale} scale",
    "no difference": "No difference that matters at {scale} scale",
    "open": "Cannot be answered at {scale} scale",
}


def answer_contrasts(
    frame: pandas.DataFrame,
    contrasts: Sequence[Contrast],
    rule: Rule | None = None,
    *,
    id: str = "contrasts",
    question: str,
    scale: str,
) -> Part:
    """Return one part for the family: its answer is one sentence per contrast.

    Parameters
    ----------
    frame : results table of the scale
    question : what the study asks
    scale : named in every sentence, because no answer holds beyond it
    """
    rule = rule or Rule()
    decided = decide(frame, contrasts, rule)
    limits = [
        f"This is scale {scale}: it says nothing about the same contrast at another.",
        f"p values are adjusted over all {len(decided)} contrasts ({rule.multiplicity});"
        " intervals are of one contrast each and not adjusted.",
        "The unit of replication is the seed of training; all seeds start from one pretrained encoder.",
    ]
    for one in decided:
        named = ", ".join(filter(None, one.found.at_floor))
        if one.outcome != "open" and named:
            limits.append(f"{one.contrast.id}: at the floor, and so without a say, are {named}.")
    sentences = tuple(sentence(one, scale) for one in decided)
    return Part(
        id,
        question,
        " ".join(sentences),
        (*limits, *guessing(decided)),
        tuple(row(one) for one in decided),
        (_figure(id, decided, rule),) if any(one.interval for one in decided) else (),
        sentences,
    )


def sentence(decision: Decision, scale: str) -> str:
    """The decision in one plain sentence."""
    text = decision.contrast.text.rstrip(".")
    opening = _OPENING[decision.outcome].format(scale=scale)
    said = f"{opening}: {text} ({decision.contrast.id})"
    if decision.interval is not None:
        interval, n = decision.interval, len(decision.found.seeds)
        said += (
            f": {float(interval.estimate):+.2f} points,"
            f" {100 * interval.level:g} % interval {float(interval.low):+.2f} to {float(interval.high):+.2f}"
            f" over {n} seeds, adjusted p = {decision.p:.2g}"
        )
    means = f" (means: {_means(decision)})" if decision.found.levels else ""
    return f"{said}{_ending(decision)}{means}."


def _ending(decision: Decision) -> str:
    """Why it is open, or how it lies to the margin."""
    margin = decision.contrast.margin
    if decision.reason:
        return f"; {decision.reason}"
    if decision.outcome == "no difference":
        # two one-sided tests at alpha are the interval at 1 - 2 alpha, not the one that is told before
        within = decision.within
        between = "" if within is None else f" {float(within.low):+.2f} to {float(within.high):+.2f}"
        level = "" if within is None else f"{100 * within.level:g} % "
        p = f"adjusted p = {decision.p_beyond:.2g}"
        return f"; the {level}interval{between} lies within the margin of {margin:g}, {p} for that"
    if decision.relevant:
        return f", all beyond the margin of {margin:g}"
    if decision.interval is not None and max(-decision.interval.low, decision.interval.high) < margin:
        return f", all within the margin of {margin:g}: a difference, and too small to matter"
    return f", not all beyond the margin of {margin:g}"


def guessing(decided: Sequence[Decision]) -> list[str]:
    """One sentence on cells that do no better than guessing, with their contrasts; none where there are none."""
    within: dict[str, list[str]] = {}
    for one in decided:
        for cell in one.found.guessing if one.interval is not None else ():
            within.setdefault(cell, []).append(one.contrast.id)
    if not within:
        return []
    named = "; ".join(f"{cell}, in {', '.join(ids)}" for cell, ids in list(within.items())[:NAMED])
    more = f"; and {len(within) - NAMED} more cells" if len(within) > NAMED else ""
    return [
        f"No better than constant answers by the margin: {named}{more}. A difference from such a cell is first of all"
        " the step off the floor, which other amounts of data may bring as well."
    ]


def row(decision: Decision) -> dict[str, Any]:
    """The decision as plain data."""
    interval = decision.interval
    return {
        "contrast": decision.contrast.id,
        "hypothesis": decision.contrast.text,
        "outcome": decision.outcome,
        "estimate": None if interval is None else float(interval.estimate),
        "low": None if interval is None else float(interval.low),
        "high": None if interval is None else float(interval.high),
        "p_adjusted": decision.p,
        "p_beyond_margin": decision.p_beyond,
        "margin": decision.contrast.margin,
        "smallest_detectable": decision.detectable,
        "seeds": len(decision.found.seeds),
        "reason": decision.reason,
        "means": _means(decision),
    }


def _means(decision: Decision) -> str:
    """The mean of each term over seeds: what the estimate is made of, and what there was to gain or to lose."""
    terms = zip(decision.contrast.terms, decision.found.levels, strict=False)
    return ", ".join(f"{_term(term.where)} {level:.1f}" for term, level in terms)


def _term(where: Where) -> str:
    """What a term names beyond the whole contrast, in few words."""
    return " ".join(_several(column, values) for column, values in where.items())


def _several(column: str, values: Sequence[str]) -> str:
    """Values in few words; sets of tasks by their number and size.

    >>> _several("intermediate", ["mnli", "anli-plus"]), _several("intermediate", ["a+b+c", "a+b+d", "b+c+d"])
    ('mnli or anli-plus', '3 sets of 3 tasks')
    """
    sizes = {value.count("+") + 1 for value in values}
    size = sizes.pop() if len(sizes) == 1 else 1
    if len(values) > 1 and size > 1:
        return f"{len(values)} sets of {size} tasks"
    joined = " or ".join(values)
    if len(joined) <= WIDEST:
        return joined
    return f"{size} tasks together" if size > 1 else f"{values[0]} and {len(values) - 1} more {column}s"


def _figure(id: str, decided: Sequence[Decision], rule: Rule) -> dict[str, Any]:
    """A forest of the contrasts that have an interval."""
    effects = [
        {
            "label": one.contrast.id,
            "estimate": float(one.interval.estimate),
            "low": float(one.interval.low),
            "high": float(one.interval.high),
            "n": len(one.found.seeds),
        }
        for one in decided
        if one.interval is not None
    ]
    return {
        "kind": "forest",
        "name": id,
        "what": "The registered contrasts",
        "unit": "points",
        "level": 1 - rule.alpha,
        "method": "t intervals over seeds, not adjusted",
        "effects": effects,
    }
