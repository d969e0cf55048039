"""Decides whether one quantity is larger than another for every value that the printed cells can stand for."""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import parse_printed
from claims.amount import difference
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, moved_by, number_text
from claims.model import Order
from claims.selector import Unfit


def decide(case: Case) -> Decision:
    """Decision about an `order` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Order)
    settings = (case.full(assertion.larger), case.full(assertion.smaller))
    first, second = case.calculator.compared(settings, assertion.over, assertion.mean)
    apart = difference(first, second)
    if not apart.terms:
        raise Unfit("Both sides of the order are the same cells.", "another setting", first.rows)
    by = parse_printed(assertion.by).value if assertion.by else Fraction(0)
    amount = apart.amount
    if amount.lower >= by and (amount.point > by or assertion.by is not None):
        reason, margin = Reason.HOLDS, amount.lower - by
    elif (amount.upper <= by and amount.point < by) or amount.upper == amount.lower == by:
        reason, margin = Reason.DOES_NOT_HOLD, by - amount.upper
    else:
        reason, margin = Reason.ROUNDING_DECIDES, min(amount.upper - by, by - amount.lower)
    words = {Reason.HOLDS: "holds", Reason.DOES_NOT_HOLD: "does not hold"}.get(
        reason, "is a matter of rounding"
    )
    values = f"{number_text(first.amount.point)} against {number_text(second.amount.point)}"
    return Decision(
        reason,
        Level.RECOMPUTED,
        f"{values}: the order {words}.",
        assertion.by,
        amount,
        margin=number_text(margin),
        sensitivity=moved_by(case, apart, abs(amount.point - by)),
        rows=apart.rows,
    )
