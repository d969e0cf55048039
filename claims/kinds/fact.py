"""Decides about counts, sums, extremes and enumerations; counts are exact, no rounding is granted."""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import parse_printed
from claims.amount import Amount
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
        words = dict.fromkeys(text(assertion.column, row) for row in plus)
        total, listed = Fraction(len(words)), ", ".join(list(words)[:12])
        detail = f"{len(words)} distinct words in the column {assertion.column}: {listed}"
    else:
        points = [case.evidence.amount(row).point for row in plus]
        take_away = [case.evidence.amount(row).point for row in minus]
        if assertion.take == "sum":
            total = sum(points, Fraction(0)) - sum(take_away, Fraction(0))
            shown = " + ".join(f"{int(p):,}" if p.denominator == 1 else number_text(p) for p in points)
            detail = shown + "".join(f" - {int(p):,}" for p in take_away) + f" = {int(total):,}"
        else:
            total = (max if assertion.take == "largest" else min)(points)
            detail = f"the {assertion.take} of {len(points)} cells is {number_text(total)}"
    outcome = compare(Amount(total, Fraction(0)), assertion)
    claimed = parse_printed(outcome.claimed)
    exact = claimed.bound != "none" or assertion.at_least is not None or total == claimed.value
    holds = exact and outcome.reason in (Reason.HOLDS, Reason.REPRODUCES)
    supported = Reason.REPRODUCES if assertion.take == "sum" else Reason.HOLDS
    return Decision(
        supported if holds else Reason.DOES_NOT_HOLD,
        Level.RECOMPUTED,
        f"{detail[0].upper()}{detail[1:]}; claimed is {outcome.claimed}.",
        outcome.claimed,
        Amount(total, Fraction(0)),
        margin=number_text(abs(total - claimed.value)),
        sensitivity="flips if any of the counts changes by 1" if assertion.equals else None,
        rows=(*plus, *minus),
    )


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
