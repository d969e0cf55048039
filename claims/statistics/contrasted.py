"""Decides `contrast`: whether runs of ours still have the outcome, the number and the seeds that a file asserts.

The contrasts of one claim, study and scale are one family and are decided together, as they were registered
(`analysis.contrast.decide`): a t interval over seeds, a test of no difference and two one-sided tests against the
margin, both with p values adjusted over the family. That nothing can be said at a scale is an outcome like the
others, so that a file can assert it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from analysis import contrast as registered
from analysis.printed import parse_printed
from claims.assertions import weight_of
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.kinds.in_words import OUTCOMES
from claims.model import Contrast

if TYPE_CHECKING:
    import pandas

SHOWN_ROWS: Final = 200
"""Cells that a finding lists; a contrast over designs may have more."""


def decide(case: Case, assertion: Contrast) -> Decision:
    """Decision of one contrast within its family."""
    family = [
        one
        for one in case.claim.assertions
        if isinstance(one, Contrast) and (one.study, one.scale) == (assertion.study, assertion.scale)
    ]
    rule = rule_of(assertion)
    decided = registered.decide(_scores(case, assertion), [contrast_of(one) for one in family], rule)
    found = decided[family.index(assertion)]
    words = _differs(assertion, found)
    rows = _rows(case, assertion)
    if found.found.missing and assertion.seeds != 0:
        return Decision(
            Reason.CELLS_MISSING,
            Level.STATED,
            f"The runs of {assertion.study} lack {', '.join(found.found.missing[:4])}.",
            assertion.equals,
            rows=rows,
            needs=(f"verify-claims replicate {assertion.study} --scale {assertion.scale}",),
        )
    numbers = f"{_number(found)} over {len(found.found.seeds)} seeds"
    why = f" ({found.reason})" if found.reason else ""
    return Decision(
        Reason.INTERVAL_EXCLUDES if words else Reason.INTERVAL_AGREES,
        Level.REGENERATED if found.found.seeds else Level.STATED,
        f"{numbers[:1].upper()}{numbers[1:]}: {OUTCOMES[found.outcome]}{why}; "
        + (f"the file asserts otherwise: {'; '.join(words)}." if words else "as the file asserts."),
        assertion.equals,
        computed=_text(_mean(found)),
        computed_interval=_interval(found),
        rows=rows,
        statistics=_statistics(found, rule, len(family)),
    )


def _scores(case: Case, assertion: Contrast) -> pandas.DataFrame:
    """The runs of the study at the scale, as the analysis takes them."""
    frame = case.evidence.results.frame()
    own = (frame["source"] == f"run:{assertion.study}") & (frame["scale"] == assertion.scale)
    return frame[own]


def rule_of(assertion: Contrast) -> registered.Rule:
    """The rule that decides the assertion with its family."""
    return registered.Rule(float(parse_printed(assertion.alpha).value), assertion.multiplicity)


def contrast_of(assertion: Contrast) -> registered.Contrast:
    """The assertion as the analysis takes it."""

    def listed(where: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
        return {name: (words,) if isinstance(words, str) else tuple(words) for name, words in where.items()}

    return registered.Contrast(
        assertion.name or "contrast",
        assertion.text,
        tuple(registered.Term(float(weight_of(one)), listed(one.where)) for one in assertion.terms),
        float(parse_printed(assertion.margin).value),
        assertion.alternative,
        listed(assertion.where),
    )


def _rows(case: Case, assertion: Contrast) -> tuple[int, ...]:
    """The rows behind the contrast, each once."""
    asked = contrast_of(assertion)
    own = {"source": f"run:{assertion.study}", "scale": assertion.scale}
    cells = (cell for term in asked.terms for cell in asked.cells(term))
    found = dict.fromkeys(row for cell in cells for row in case.evidence.rows({**cell, **own}))
    return tuple(found)[:SHOWN_ROWS]


def _differs(assertion: Contrast, found: registered.Decision) -> list[str]:
    """What of the assertion is not so, in words."""
    said = []
    if found.outcome != assertion.outcome:
        said.append(f"{OUTCOMES[assertion.outcome]}")
    if assertion.equals is not None:
        number, mean = parse_printed(assertion.equals), _mean(found)
        if mean is None or not float(number.lower) - 1e-9 <= mean <= float(number.upper) + 1e-9:
            said.append(f"{assertion.equals} points")
    if assertion.seeds is not None and len(found.found.seeds) != assertion.seeds:
        said.append(f"{assertion.seeds} seeds")
    return said


def _mean(found: registered.Decision) -> float | None:
    """The contrast over the seeds that are there; None without any."""
    return float(found.found.values.mean()) if len(found.found.seeds) else None


def _number(found: registered.Decision) -> str:
    mean = _mean(found)
    if mean is None:
        return "no number"
    if found.interval is None:
        return f"{mean:+.2f} points"
    low, high = float(found.interval.low), float(found.interval.high)
    return f"{mean:+.2f} points, {100 * found.interval.level:g} % interval {low:+.2f} to {high:+.2f},"


def _text(number: float | None) -> str | None:
    return None if number is None or not math.isfinite(number) else f"{number:.4g}"


def _interval(found: registered.Decision) -> tuple[str, str] | None:
    if found.interval is None:
        return None
    return f"{float(found.interval.low):.4g}", f"{float(found.interval.high):.4g}"


def _statistics(found: registered.Decision, rule: registered.Rule, family: int) -> dict[str, Any]:
    """What the finding says of its test; without p values of its own for the suite, which the family replaces."""
    said: dict[str, Any] = {
        "method": "t",
        "unit": "seeds",
        "n": len(found.found.seeds),
        "outcome": found.outcome,
        "p_adjusted": found.p,
        "p_beyond_margin": found.p_beyond,
        "multiplicity": rule.multiplicity,
        "decided_together": family,
        "margin": found.contrast.margin,
        "smallest_detectable": found.detectable,
        "alpha": rule.alpha,
    }
    if found.interval is not None:
        said |= {name: float(getattr(found.interval, name)) for name in ("estimate", "low", "high")}
    return said
