"""Decides whether a recomputed number bears out a printed one: three outcomes for equality, three for a threshold.

Equality: the point reproduces the print; or only some admissible values do; or none does, and then the gap between
the two intervals is how wrong the claim is at least. Judging by the point alone would falsely accuse 2-8 % of honest
means and 25 % of honest differences of two cells (simulation in benchmarks/).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, NamedTuple

from analysis.printed import Printed, parse_printed
from claims.amount import Amount
from claims.finding import Reason


class Outcome(NamedTuple):
    """Reason, distance to the edge of the verdict, and the claimed number."""

    reason: Reason
    claimed: str
    margin: Fraction
    """Contradicted: at least so far off. Else: how far the sum may move before the verdict changes."""
    farthest: Fraction = Fraction(0)
    """Open against a threshold: how far off the worst admissible value is."""


CONTRADICTED: Final = (Reason.OUTSIDE_ROUNDING, Reason.DOES_NOT_HOLD)


def compare(amount: Amount, assertion: Any) -> Outcome:
    """Outcome of the one comparison that an assertion makes; what needs its tolerance to agree says so.

    A contradicted number agrees within a tolerance of at least its margin; one that rounding leaves open agrees if
    all its admissible values do.
    """
    strict, granted = _compare(amount, assertion, Fraction(0)), tolerance_of(assertion)
    open_ = strict.reason is Reason.ROUNDING_DECIDES
    if not granted or not (open_ or strict.reason in CONTRADICTED):
        return strict
    widened = _compare(amount, assertion, granted).reason
    if widened in CONTRADICTED or (open_ and widened is not Reason.HOLDS):
        return strict
    return strict._replace(reason=Reason.WITHIN_TOLERANCE, margin=strict.farthest if open_ else strict.margin)


def tolerance_of(assertion: Any) -> Fraction:
    """How far beyond the printed precision an assertion still grants agreement; zero without a tolerance."""
    granted = getattr(assertion, "tolerance", None)
    return parse_printed(granted.by).value if granted is not None else Fraction(0)


def _compare(amount: Amount, assertion: Any, granted: Fraction) -> Outcome:
    if assertion.equals is not None:
        claimed = parse_printed(assertion.equals)
        if claimed.bound == "none":
            return _equal(amount, claimed, granted)
        up = claimed.bound == "at_least"
        return _threshold(
            amount, claimed.value - granted * (1 if up else -1), claimed.text, up=up, strict=False
        )
    for name, up, strict in (
        ("at_least", True, False),
        ("at_most", False, False),
        ("above", True, True),
        ("below", False, True),
    ):
        text = getattr(assertion, name, None)
        if text is not None:
            edge = parse_printed(text).value - granted * (1 if up else -1)
            return _threshold(amount, edge, text, up=up, strict=strict)
    raise ValueError("an assertion without comparison")


def _equal(amount: Amount, claimed: Printed, granted: Fraction) -> Outcome:
    gap = max(amount.lower - claimed.upper, claimed.lower - amount.upper) - granted
    if gap > 0:
        return Outcome(Reason.OUTSIDE_ROUNDING, claimed.text, gap)
    exact = claimed.lower <= amount.point <= claimed.upper
    reason = Reason.REPRODUCES if exact else Reason.REPRODUCES_WITHIN_ROUNDING
    return Outcome(reason, claimed.text, min(claimed.upper - amount.lower, amount.upper - claimed.lower))


def _threshold(amount: Amount, edge: Fraction, text: str, *, up: bool, strict: bool) -> Outcome:
    """Outcome of a threshold; an interval that touches it in one point lies beyond it, as 8.3 lies above 8.2."""
    low, high = (
        (amount.lower - edge, amount.upper - edge) if up else (edge - amount.upper, edge - amount.lower)
    )
    if low > 0 or (low == 0 and (high > 0 or not strict)):
        return Outcome(Reason.HOLDS, text, high)
    if high < 0 or (high == 0 and strict):
        return Outcome(Reason.DOES_NOT_HOLD, text, -high)
    return Outcome(Reason.ROUNDING_DECIDES, text, min(-low, high), -low)
