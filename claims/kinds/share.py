"""Decides whether at least, at most or exactly m of n cells pass a test; rounding leaves some cells undecided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analysis.printed import parse_printed
from claims.amount import Amount, Combination, difference
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.model import Share
from claims.selector import Filter, Filters, Missing, Unfit, described


class Unit(NamedTuple):
    """One cell that counts: its label, its rows, its distance to the test's edge, and whether it passes."""

    label: str
    rows: tuple[int, ...]
    distance: Amount
    passes: bool | None
    """None where rounding decides."""


def decide(case: Case) -> Decision:
    """Decision about a `share` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Share)
    units = list(_units(case, assertion))
    if len(units) != assertion.out_of:
        return _miscounted(case, assertion, units)
    passing = sum(unit.passes is True for unit in units)
    most = passing + sum(unit.passes is None for unit in units)
    low, high = _asked(assertion)
    reason = (
        Reason.HOLDS if low <= passing and most <= high
        else Reason.DOES_NOT_HOLD if most < low or passing > high
        else Reason.ROUNDING_DECIDES
    )  # fmt: skip
    odd = [unit for unit in units if unit.passes is not (2 * passing >= len(units))]
    named = ", ".join(f"{unit.label} ({number_text(unit.distance.point)})" for unit in odd[:6])
    more = f" and {len(odd) - 6} more" if len(odd) > 6 else ""
    which = f"; the exceptions are {named}{more}" if odd and len(odd) < len(units) else ""
    return Decision(
        reason,
        Level.RECOMPUTED,
        f"{passing} of {len(units)}{f' (or up to {most}, rounding decides)' if most > passing else ''}{which}.",
        computed=str(passing),
        computed_interval=(str(passing), str(most)),
        margin=str(max(low - most, passing - high, 0)) if reason is Reason.DOES_NOT_HOLD else None,
        sensitivity=_sensitivity(units, passing, low, high),
        rows=tuple(dict.fromkeys(row for unit in units for row in unit.rows)),
    )


def _asked(assertion: Share) -> tuple[int, int]:
    if assertion.exactly is not None:
        return assertion.exactly, assertion.exactly
    if assertion.at_least is not None:
        return assertion.at_least, assertion.out_of
    return 0, assertion.at_most or 0


def _miscounted(case: Case, assertion: Share, units: list[Unit]) -> Decision:
    """Decision where the evidence has another number of cells than the claim counts."""
    cells = described(case.full(assertion.cells))
    detail = f"The claim counts {assertion.out_of} cells, the evidence has {len(units)} with {cells}."
    rows = tuple(dict.fromkeys(row for unit in units for row in unit.rows))
    if len(units) < assertion.out_of:
        needs = (f"{assertion.out_of - len(units)} more cells with {cells}",)
        return Decision(Reason.CELLS_MISSING, Level.STATED, detail, rows=rows, needs=needs)
    needs = ("a narrower selector, or the right out_of",)
    return Decision(Reason.AMBIGUOUS_CELLS, Level.STATED, detail, rows=rows, needs=needs)


def _units(case: Case, assertion: Share) -> Iterator[Unit]:
    over = assertion.over
    cells = case.full(assertion.cells)
    if assertion.tasks_of is not None:
        tasks = [f"{assertion.tasks_of}/{member.task}" for member in case.setting.rules[assertion.tasks_of]]
        single = {name: word for name, word in cells.items() if isinstance(word, str)}
        asked: list[tuple[Filter, str | None, str]] = [
            (single, rule, rule.partition("/")[2]) for rule in dict.fromkeys(tasks)
        ]
    else:
        columns = [name for name, word in cells.items() if isinstance(word, list) or word == "*"]
        asked = [
            (
                one,
                assertion.mean,
                " ".join(one[name] for name in columns if one[name] != "plain") or "the cell",
            )
            for one in case.frame.enumerate(cells, over)
        ]
    missing: list[Filter] = []
    for filters, mean, label in asked:
        try:
            quantity = case.calculator.apart(filters, over, mean)
            yield _tested(case, assertion, label, quantity, filters, over, mean)
        except Missing as absent:
            missing += absent.filters
            missing += _missing_rivals(case, assertion, filters, over, mean)
    if missing:
        raise Missing(list({tuple(sorted(wanted.items())): wanted for wanted in missing}.values()))


def _missing_rivals(
    case: Case, assertion: Share, filters: Filter, over: Filters | None, mean: str | None
) -> list[Filter]:
    """Cells that the comparison would need besides; all that is missing is told at once."""
    missing: list[Filter] = []
    for rival in case.frame.enumerate({**filters, **(assertion.above_cell or {})}):
        try:
            case.calculator.gain(rival, over, mean)
        except Missing as absent:
            missing += absent.filters
    return missing


def _tested(
    case: Case,
    assertion: Share,
    label: str,
    quantity: Combination,
    filters: Filter,
    over: Filters | None,
    mean: str | None,
) -> Unit:
    """One unit against its edge: a threshold, or the largest of other cells."""
    if assertion.above_cell is None:
        edge = parse_printed(assertion.above or assertion.below or "0").value
        amount = quantity.amount
        distance = Amount(amount.point - edge, amount.half)
        if assertion.below is not None:
            distance = Amount(edge - amount.point, amount.half)
        passes = True if distance.definitely_positive else False if distance.upper <= 0 else None
        return Unit(label, quantity.rows, distance, passes)
    others = case.frame.enumerate({**filters, **assertion.above_cell})
    quantity, *rivals = case.calculator.compared((filters, *others), over, mean)
    # "*" among the rivals finds the cell itself, which is no rival
    distances = [difference(quantity, rival) for rival in rivals]
    apart = [distance.amount for distance in distances if distance.terms]
    if not apart:
        raise Unfit(
            f"Both sides are the same cells: {described(filters)}.",
            "another setting in above_cell",
            quantity.rows,
        )
    nearest = min(apart, key=lambda amount: amount.point)
    wins = all(distance.definitely_positive for distance in apart)
    loses = any(distance.upper <= 0 for distance in apart)
    rows = tuple(dict.fromkeys((*quantity.rows, *(row for rival in rivals for row in rival.rows))))
    return Unit(label, rows, nearest, True if wins else False if loses else None)


def _sensitivity(units: list[Unit], passing: int, low: int, high: int) -> str | None:
    """How few cells, moved how little, would change the verdict."""
    choices = []
    pass_near = sorted(abs(unit.distance.point) for unit in units if unit.passes)
    fail_near = sorted(abs(unit.distance.point) for unit in units if not unit.passes)
    if low <= passing <= high:
        choices = [(passing - low + 1, pass_near), (high - passing + 1, fail_near)]
    elif passing < low:
        choices = [(low - passing, fail_near)]
    else:
        choices = [(passing - high, pass_near)]
    found = [(count, near[count - 1]) for count, near in choices if 0 < count <= len(near)]
    if not found:
        return None
    count, far = min(found, key=lambda pair: (pair[0], pair[1]))
    cells = "one cell moves" if count == 1 else f"{count} cells move"
    return f"flips if {cells} by {number_text(far)}"
