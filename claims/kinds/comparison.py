"""Decides whether a recomputed number bears out a printed one: three outcomes for equality, three for a threshold.

Equality: the point reproduces the print; or only some admissible values do; or none does, and then the gap between
the two intervals is how wrong the claim is at least. Judging by the point alone would falsely accuse 2-8 % of honest
means and 25 % of honest differences of two cells (simulation in benchmarks/).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from analysis.printed import Printed, parse_printed
from claims.amount import Amount
from claims.finding import Reason


class Outcome(NamedTuple):
    """Reason, distance to the edge of the verdict, and the claimed number."""

    reason: Reason
    claimed: str
    margin: Fraction
    """Contradicted: at least so far off. Else: how far the sum may move before the verdict changes."""


def compare(amount: Amount, assertion: Any) -> Outcome:
    """Outcome of the one comparison that an assertion makes."""
    if assertion.equals is not None:
        claimed = parse_printed(assertion.equals)
        if claimed.bound == "none":
            return _equal(amount, claimed)
        return _threshold(amount, claimed.value, claimed.text, up=claimed.bound == "at_least", strict=False)
    for name, up, strict in (
        ("at_least", True, False),
        ("at_most", False, False),
        ("above", True, True),
        ("below", False, True),
    ):
        text = getattr(assertion, name, None)
        if text is not None:
            return _threshold(amount, parse_printed(text).value, text, up=up, strict=strict)
    raise ValueError("an assertion without comparison")


def _equal(amount: Amount, claimed: Printed) -> Outcome:
    gap = max(amount.lower - claimed.upper, claimed.lower - amount.upper)
    if gap > 0:
        return Outcome(Reason.OUTSIDE_ROUNDING, claimed.text, gap)
    exact = claimed.lower <= amount.point <= claimed.upper
    reason = Reason.REPRODUCES if exact else Reason.REPRODUCES_WITHIN_ROUNDING
    return Outcome(reason, claimed.text, min(claimed.upper - amount.lower, amount.upper - claimed.lower))


def _threshold(amount: Amount, edge: Fraction, text: str, *, up: bool, strict: bool) -> Outcome:
    low, high = (
        (amount.lower - edge, amount.upper - edge) if up else (edge - amount.upper, edge - amount.lower)
    )
    if low > 0 or (low == 0 and not strict):
        return Outcome(Reason.HOLDS, text, high)
    if high < 0 or (high == 0 and strict):
        return Outcome(Reason.DOES_NOT_HOLD, text, -high)
    return Outcome(Reason.ROUNDING_DECIDES, text, min(-low, high))
