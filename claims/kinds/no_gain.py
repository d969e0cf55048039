"""Decides whether no cell gains (or moves) by more than a margin: equivalence on printed cells, without statistics.

Equality with zero can never be shown; staying inside a margin that was named beforehand can.
"""

from __future__ import annotations

from analysis.printed import parse_printed
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, cell_words, number_text
from claims.model import NoGain
from claims.selector import Filter, Missing


def decide(case: Case) -> Decision:
    """Decision about a `no_gain` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, NoGain)
    edge = parse_printed(assertion.margin).value
    over = assertion.over
    sums, missing = [], list[Filter]()
    for filters in case.frame.enumerate(case.full(assertion.cells), over):
        try:
            sums.append(case.calculator.apart(filters, over))
        except Missing as absent:
            missing += absent.filters
    if missing:
        raise Missing(missing)
    both = assertion.direction == "both"
    worst = max(sums, key=lambda s: abs(s.amount.point) if both else s.amount.point)
    inside = all(s.amount.upper <= edge and (not both or s.amount.lower >= -edge) for s in sums)
    beyond = [
        max(s.amount.lower - edge, -edge - s.amount.upper if both else s.amount.lower - edge) for s in sums
    ]
    outside = max(beyond)
    reason = (
        Reason.OUTSIDE_MARGIN if outside > 0 else Reason.WITHIN_MARGIN if inside else Reason.ROUNDING_DECIDES
    )
    number = sum(b > 0 for b in beyond)
    extreme = f"{number_text(worst.amount.point)} ({cell_words(case, worst.rows[0])})"
    words = {
        Reason.WITHIN_MARGIN: f"all {len(sums)} cells stay within"
        if len(sums) > 1
        else "the cell stays within",
        Reason.OUTSIDE_MARGIN: f"{number} of {len(sums)} cells {'leaves' if number == 1 else 'leave'}",
    }
    cells = words.get(reason, "rounding decides whether the cells leave")
    detail = f"{cells} the margin of {assertion.margin}; the largest is {extreme}."
    reach = abs(worst.amount.point) if both else worst.amount.point
    return Decision(
        reason,
        Level.RECOMPUTED,
        detail[0].upper() + detail[1:],
        amount=worst.amount,
        margin=number_text(outside if outside > 0 else edge - reach),
        sensitivity=f"flips if one cell moves by {number_text(abs(edge - reach))}",
        rows=tuple(dict.fromkeys(row for s in sums for row in s.rows)),
    )
