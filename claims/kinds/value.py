"""Decides whether one cell is the claimed number (level `quoted`), or the mean of cells (level `recomputed`)."""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import Printed, decimal_text, parse_printed
from claims.amount import Amount
from claims.averages import RUNS
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.kinds.comparison import compare, tolerance_of
from claims.kinds.recomputed import recomputed
from claims.model import Value


def decide(case: Case) -> Decision:
    """Decision about a `value` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Value)
    if assertion.mean is not None or case.full(assertion.of).get("seed") == RUNS:
        mean = case.calculator.score(case.full(assertion.of), assertion.mean)
        return recomputed(case, assertion, mean, "mean")
    row = case.frame.row(case.frame.single(case.full(assertion.of)))
    text = case.evidence.results.text
    amount = case.evidence.amount(row)
    print_ = text("printed", row)
    if print_ and text("status", row) == "seen":
        if assertion.equals is not None:
            return _as_printed(case, row, parse_printed(print_), parse_printed(assertion.equals))
        edge = assertion.at_least or assertion.at_most
        if edge is not None and parse_printed(edge).value == parse_printed(print_).value:
            # "at least 40" where the source prints 40 is what the source says, whatever lies behind its rounding
            amount = Amount(amount.point, Fraction(0))
    outcome = compare(amount, assertion)
    where = f"{text('locator', row) or 'the table'} gives {number_text(amount.point)}"
    return Decision(
        outcome.reason,
        Level.QUOTED if print_ else Level.RECOMPUTED,
        f"{where}; claimed is {outcome.claimed}.",
        outcome.claimed,
        amount,
        margin=number_text(outcome.margin),
        rows=(row,),
    )


def _as_printed(case: Case, row: int, seen: Printed, claimed: Printed) -> Decision:
    """A printed number against a printed number: the coarser of the two decides what can be said."""
    amount = case.evidence.amount(row)
    where = case.evidence.results.text("locator", row) or "the source"
    differ = abs(seen.value - claimed.value)
    if claimed.bound != "none":
        outcome = compare(Amount(seen.value, Fraction(0)), case.assertion)
        reason, detail = outcome.reason, f"{where} prints {seen.text}; claimed is {claimed.text}."
    elif differ == 0 or (claimed.places < seen.places and claimed.lower <= seen.value <= claimed.upper):
        reason, detail = Reason.MATCHES_PRINT, f"{where} prints {seen.text}."
    elif claimed.places > seen.places and seen.lower <= claimed.value <= seen.upper:
        reason = Reason.ROUNDING_DECIDES
        detail = f"{where} prints {seen.text}, too coarse to tell {claimed.text} from its neighbours."
    else:
        reason = Reason.DIFFERS_FROM_PRINT
        detail = f"{where} prints {seen.text}, not {claimed.text}: a difference of {decimal_text(differ)}."
    granted = tolerance_of(case.assertion)
    coarse = seen.half if reason is Reason.ROUNDING_DECIDES else Fraction(0)
    if (
        granted
        and reason in (Reason.ROUNDING_DECIDES, Reason.DIFFERS_FROM_PRINT)
        and differ + coarse <= granted
    ):
        reason = Reason.WITHIN_TOLERANCE
    return Decision(
        reason,
        Level.QUOTED,
        detail,
        claimed.text,
        amount,
        margin=decimal_text(differ),
        sensitivity=f"flips if the cell moves by {decimal_text(max(differ, 2 * claimed.half))}",
        rows=(row,),
    )
