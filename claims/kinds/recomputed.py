"""The decision about a number that was recomputed from several cells, in one plain sentence."""

from __future__ import annotations

from typing import Any, Final

from claims.amount import Combination
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, moved_by, number_text
from claims.kinds.comparison import compare
from claims.kinds.in_words import compared

WORDS: Final = {
    Reason.REPRODUCES: "reproduces {claimed}",
    Reason.REPRODUCES_WITHIN_ROUNDING: "gives {claimed} only within the rounding of the cells",
    Reason.WITHIN_TOLERANCE: "agrees with {claimed} only within its tolerance",
    Reason.OUTSIDE_ROUNDING: "contradicts {claimed} by at least {margin}",
    Reason.HOLDS: "bears out that it {compared}",
    Reason.DOES_NOT_HOLD: "excludes that it {compared}, by at least {margin}",
    Reason.ROUNDING_DECIDES: "is too coarse to decide whether it {compared}",
}


def recomputed(case: Case, assertion: Any, total: Combination, name: str) -> Decision:
    """Decision by comparing a weighted sum of cells with the claimed number."""
    amount = total.amount
    outcome = compare(amount, assertion)
    margin = number_text(outcome.margin)
    words = WORDS[outcome.reason].format(claimed=outcome.claimed, margin=margin, compared=compared(assertion))
    interval = f"[{number_text(amount.lower)}, {number_text(amount.upper)}]"
    cells = "1 cell" if len(total.rows) == 1 else f"{len(total.rows)} cells"
    return Decision(
        outcome.reason,
        Level.RECOMPUTED,
        f"Recomputed from {cells} the {name} is {number_text(amount.point)}, in {interval}; that {words}.",
        outcome.claimed,
        amount,
        margin=margin,
        sensitivity=moved_by(case, total, outcome.margin),
        rows=total.rows,
    )
