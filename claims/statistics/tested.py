"""Decides assertions whose cells are runs over seeds: level `tested`, or `regenerated` for runs of a study of ours.

The decision carries interval, test, number of seeds and, where it stays open, how many seeds would decide it. The
correction for the number of assertions tested together comes last, over the whole suite (`suite`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputError
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Best, Gain, NoGain, Order, Share, Trend, Value
from claims.statistics.compared import ALPHA, Compared, above, compared, p_in_words
from claims.statistics.runs import Seeded, TooFew, seeded
from claims.statistics.several import decide_best, decide_no_gain, decide_share
from claims.statistics.trend import decide_doses

if TYPE_CHECKING:
    from analysis.seeds.interval import Interval


def decide_tested(case: Case) -> Decision:
    """Decision about an assertion whose cells have several seeds."""
    try:
        return DECIDERS[case.assertion.kind](case)
    except TooFew as few:
        return too_few(few)


def too_few(few: TooFew, least: int = 2, level: Level = Level.TESTED) -> Decision:
    """Decision that the runs give no standard error."""
    return Decision(
        Reason.TOO_FEW_SEEDS,
        level,
        f"{few.text[:1].upper()}{few.text[1:]}; {few.seeds} of at least {max(least, 2)} seeds in the scarcest cell.",
        rows=few.rows,
        needs=(f"at least {max(least, 3)} seeds for every cell",),
    )


def _value(case: Case) -> Decision:
    assertion = case.assertion
    assert isinstance(assertion, Value)
    quantity = seeded(case, [(1.0, case.full(assertion.of))], assertion.mean)
    made = quantity.interval()
    return decision(quantity, made, compared(made, assertion, gain=False), "the score")


def _gain(case: Case) -> Decision:
    assertion = case.assertion
    assert isinstance(assertion, Gain)
    of = case.full(assertion.of)
    quantity = seeded(case, [(1.0, of), (-1.0, {**of, **assertion.over})], assertion.mean)
    made = quantity.interval()
    return decision(quantity, made, compared(made, assertion, gain=True), "the gain")


def _order(case: Case) -> Decision:
    from analysis.printed import parse_printed

    assertion = case.assertion
    assert isinstance(assertion, Order)
    terms = [(1.0, case.full(assertion.larger)), (-1.0, case.full(assertion.smaller))]
    if assertion.over is not None:
        terms += [(-sign, {**words, **assertion.over}) for sign, words in terms]
    quantity = seeded(case, terms, assertion.mean)
    made = quantity.interval()
    by = float(parse_printed(assertion.by).value) if assertion.by else 0.0
    return decision(quantity, made, above(made, by, assertion.by or "0"), "the difference")


def _trend(case: Case) -> Decision:
    assertion = case.assertion
    assert isinstance(assertion, Trend)
    return decide_doses(case, assertion)


DECIDERS: Final[dict[str, Callable[[Case], Decision]]] = {
    "value": _value,
    "gain": _gain,
    "order": _order,
    "best": lambda case: decide_best(case, _checked(case, Best)),
    "share": lambda case: decide_share(case, _checked(case, Share)),
    "no_gain": lambda case: decide_no_gain(case, _checked(case, NoGain)),
    "trend": _trend,
}
"""Kind -> function that decides it over seeds."""


def _checked(case: Case, kind: type[Any]) -> Any:
    assert isinstance(case.assertion, kind)
    return case.assertion


def decision(
    quantity: Seeded, made: Interval, against: Compared, what: str, level: Level = Level.TESTED
) -> Decision:
    """Decision of one quantity against one claimed number."""
    if against.p_holds <= ALPHA:
        reason = Reason.INTERVAL_AGREES
    elif against.p_fails <= ALPHA:
        reason = Reason.INTERVAL_EXCLUDES
    else:
        reason = Reason.INTERVAL_TOO_WIDE
    words = {
        Reason.INTERVAL_AGREES: "bears out",
        Reason.INTERVAL_EXCLUDES: "excludes",
        Reason.INTERVAL_TOO_WIDE: "decides nothing about",
    }
    low, high = float(made.low), float(made.high)
    claimed = f"{against.relation} {against.claimed}".strip()
    needs = seeds_sentence(quantity, made, against.distance) if reason is Reason.INTERVAL_TOO_WIDE else None
    return Decision(
        reason,
        level,
        f"Over {made.n} seeds {what} is {float(made.estimate):.2f}, 95 % interval {low:.2f} to {high:.2f} "
        f"({made.method}, {made.unit}); that {words[reason]} {claimed}{_by_what(reason, against)}.",
        against.claimed,
        computed=f"{float(made.estimate):.4g}",
        computed_interval=(f"{low:.4g}", f"{high:.4g}"),
        rows=quantity.rows,
        needs=(needs,) if needs else (),
        statistics=statistics(made, against),
    )


def _by_what(reason: Reason, against: Compared) -> str:
    """Return the test that decided: at 5 % one-sided, or twice so, it is not read off the 95 % interval."""
    within = (
        ""
        if against.margin is None
        else f"within {against.margin:g} point{'s' * (against.margin != 1)} of it"
    )
    if reason is Reason.INTERVAL_AGREES:
        test = "two one-sided t tests" if within else "one-sided t test"
        return f" ({f'{within}: ' if within else ''}{test}, {p_in_words(against.p_holds)})"
    if reason is Reason.INTERVAL_EXCLUDES:
        return f" ({'two-sided' if within else 'one-sided'} t test, {p_in_words(against.p_fails)})"
    return f" ({within})" if within else ""


def statistics(made: Interval, against: Compared) -> dict[str, Any]:
    """What a finding says of its test, as plain data."""
    df = None if made.df is None or float(made.df) == float("inf") else round(float(made.df), 2)
    return {
        "method": made.method,
        "unit": made.unit,
        "n": made.n,
        "estimate": float(made.estimate),
        "low": float(made.low),
        "high": float(made.high),
        "standard_error": float(made.standard_error),
        "df": df,
        "p_holds": against.p_holds,
        "p_fails": against.p_fails,
        "margin": against.margin,
        "alpha": ALPHA,
    }


def seeds_sentence(quantity: Seeded, made: Interval, distance: float) -> str | None:
    """How many seeds would decide it, if the truth is as estimated; None where that cannot be said."""
    from analysis.power.design import Design
    from analysis.power.sentences import needed_sentence

    arms = len(quantity.arms)
    deviation = float(made.standard_error) * (made.n / min(arms, 2)) ** 0.5
    if distance <= 0 or deviation <= 0:
        return None
    try:
        return needed_sentence(Design(deviation=deviation, arms=1 if arms == 1 else 2), distance)
    except InputError:
        return None
