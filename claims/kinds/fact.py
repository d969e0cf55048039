"""Decides about counts, sums, extremes and enumerations.

Counts are exact, no rounding is granted; sums and extremes of scores carry the rounding of their cells.
"""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import parse_printed
from claims.amount import Amount
from claims.averages import OF_ALL
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.kinds.comparison import compare
from claims.model import Fact, Selector
from claims.selector import Filter, Missing


def decide(case: Case) -> Decision:
    """Decision about a `fact` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Fact)
    selectors = assertion.cells if isinstance(assertion.cells, list) else [assertion.cells]
    plus, minus = _rows(case, selectors), _rows(case, assertion.minus)
    if assertion.take == "words":
        return _words(case, assertion, plus)
    if assertion.take == "count":
        assert assertion.column is not None
        text = case.evidence.results.text
        found = dict.fromkeys(text(assertion.column, row) for row in plus)
        words = [word for word in found if word not in OF_ALL]
        total, whole, listed = Amount(Fraction(len(words)), Fraction(0)), True, ", ".join(words[:12])
        many = "1 distinct word" if len(words) == 1 else f"{len(words)} distinct words"
        detail = f"{many} in the column {assertion.column}: {listed}"
    else:
        total, whole, detail = _reckoned(case, assertion.take, plus, minus)
    outcome = compare(total, assertion)
    claimed = parse_printed(outcome.claimed)
    equal = assertion.equals is not None and claimed.bound == "none"
    reason, margin, sensitivity = outcome.reason, outcome.margin, None
    if whole:
        margin = abs(total.point - claimed.value)
        if equal:
            reason = Reason.REPRODUCES if margin == 0 else Reason.DOES_NOT_HOLD
            sensitivity = "flips if any of the counts changes by 1"
        else:
            sensitivity = f"flips if a count changes by {number_text(margin + 1)}"
    elif total.half:
        sensitivity = f"flips if one cell moves by {number_text(margin)}"
    return Decision(
        _worded(reason, assertion.take),
        Level.RECOMPUTED,
        f"{detail[0].upper()}{detail[1:]}; claimed is {outcome.claimed}.",
        outcome.claimed,
        total,
        margin=number_text(margin),
        sensitivity=sensitivity,
        rows=(*plus, *minus),
    )


def _worded(reason: Reason, take: str) -> Reason:
    """The same outcome in the word of the kind: sums reproduce, counts and extremes hold."""
    if take == "sum":
        return Reason.REPRODUCES if reason is Reason.HOLDS else reason
    words = {Reason.REPRODUCES: Reason.HOLDS, Reason.OUTSIDE_ROUNDING: Reason.DOES_NOT_HOLD}
    return words.get(reason, reason)


def _reckoned(
    case: Case, take: str, plus: tuple[int, ...], minus: tuple[int, ...]
) -> tuple[Amount, bool, str]:
    """Sum or extreme, whether it is a count (whole numbers are exact, scores carry their rounding), and how."""
    added, taken = ([case.evidence.amount(row) for row in rows] for rows in (plus, minus))
    cells = (*added, *taken)
    whole = all(cell.point.denominator == 1 and (cell.half == 0 or 2 * cell.half >= 1) for cell in cells)
    if take == "sum":
        signed = [*((1, cell.point) for cell in added), *((-1, cell.point) for cell in taken)]
        point = sum((sign * number for sign, number in signed), Fraction(0))
        half = sum((cell.half for cell in cells), Fraction(0))
        shown = " ".join(f"{'+' if sign > 0 else '-'} {_said(number)}" for sign, number in signed)
        detail = f"{shown.removeprefix('+ ')} = {_said(point)}"
    else:
        way = max if take == "largest" else min
        point = way(cell.point for cell in added)
        edges = way(cell.lower for cell in added), way(cell.upper for cell in added)
        half = max(point - edges[0], edges[1] - point)
        detail = f"the {take} of {len(plus)} cells is {number_text(point)}"
    return Amount(point, Fraction(0) if whole else half), whole, detail


def _said(number: Fraction) -> str:
    """A number with thousands separated, as counts are printed."""
    return f"{int(number):,}" if number.denominator == 1 else number_text(number)


def _rows(case: Case, selectors: list[Selector]) -> tuple[int, ...]:
    """Rows of the selectors; each single filter must name exactly one row, a starred one at least one."""
    rows: list[int] = []
    missing: list[Filter] = []
    for selector in selectors:
        try:
            for filters in case.frame.enumerate(case.full(selector)):
                rows.append(case.frame.row(filters))
        except Missing as absent:
            missing += absent.filters
    if missing:
        raise Missing(missing)
    return tuple(rows)


def _words(case: Case, assertion: Fact, rows: tuple[int, ...]) -> Decision:
    """Whether every claimed word is printed in one of the cells."""
    text = case.evidence.results.text
    printed = {" ".join(text("printed", row).casefold().split()): row for row in rows}
    absent = [word for word in assertion.include if " ".join(word.casefold().split()) not in printed]
    seen = ", ".join(dict.fromkeys(f'"{text("printed", row)}"' for row in rows))
    if not absent:
        return Decision(Reason.HOLDS, Level.QUOTED, f"The cells print {seen}.", rows=rows)
    listed = ", ".join(f'"{word}"' for word in absent)
    return Decision(
        Reason.DOES_NOT_HOLD,
        Level.QUOTED,
        f"The cells print {seen}, and not {listed}.",
        margin=str(len(absent)),
        rows=rows,
    )
