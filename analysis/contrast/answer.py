"""The decisions of a family of contrasts as parts of an analysis: one sentence, one row and one bar each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.answers.part import Part
from analysis.contrast.contrast import Contrast, Rule
from analysis.contrast.decide import Decision, decide

if TYPE_CHECKING:
    import pandas

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
        f"All contrasts were fixed before the runs; p values are adjusted over the {len(decided)} of them"
        f' ({rule.multiplicity}). "No difference" rests on two one-sided tests at {rule.alpha:g} each, not adjusted.',
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
        tuple(limits),
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
    if decision.reason:
        return f"{said}; {decision.reason}."
    margin = decision.contrast.margin
    if decision.outcome in ("shown", "opposite"):
        if decision.relevant:
            return f"{said}, all beyond the margin of {margin:g}."
        if decision.interval is not None and max(-decision.interval.low, decision.interval.high) < margin:
            return f"{said}, all within the margin of {margin:g}: a difference, and too small to matter."
        return f"{said}, not all beyond the margin of {margin:g}."
    within = decision.within
    if within is None:
        return f"{said}."
    # two one-sided tests at alpha are the interval at 1 - 2 alpha, not the one that is told before
    return (
        f"{said}; the {100 * within.level:g} % interval {float(within.low):+.2f} to {float(within.high):+.2f} lies"
        f" within the margin of {margin:g}."
    )


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
        "margin": decision.contrast.margin,
        "smallest_detectable": decision.detectable,
        "seeds": len(decision.found.seeds),
        "reason": decision.reason,
        "levels": ", ".join(f"{level:.1f}" for level in decision.found.levels),
    }


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
        "what": "Contrasts that were fixed before the runs",
        "unit": "points",
        "level": 1 - rule.alpha,
        "method": "t intervals over seeds, not adjusted",
        "effects": effects,
    }
