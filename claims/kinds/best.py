"""Decides at which rank a setting stands among others, for every value that the printed cells can stand for."""

from __future__ import annotations

from fractions import Fraction

from claims.amount import difference
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.model import Best
from claims.selector import Filter, Filters, Missing, described


def decide(case: Case) -> Decision:
    """Decision about a `best` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Best)
    over = assertion.over
    ours = case.full(assertion.of)
    missing: list[Filter] = []
    sums = []
    settings: list[Filters] = [
        ours,
        *(s for s in case.frame.enumerate(case.full(assertion.of, assertion.among)) if s != ours),
    ]
    for setting in settings:
        try:
            sums.append(case.calculator.gain(setting, over, assertion.mean))
        except Missing as absent:
            missing += absent.filters
    if missing:
        raise Missing(missing)
    own = sums[0].amount
    apart = [difference(sums[0], other).amount for other in sums[1:]]
    best = 1 + sum(distance.definitely_negative for distance in apart)
    worst = 1 + sum(not distance.definitely_positive for distance in apart)
    if best == worst == assertion.rank:
        reason = Reason.HOLDS
    elif best <= assertion.rank <= worst:
        reason = Reason.ROUNDING_DECIDES
    else:
        reason = Reason.DOES_NOT_HOLD
    top = max(range(1, len(sums)), key=lambda at: sums[at].amount.point, default=0)
    gap = own.point - sums[top].amount.point
    rank = str(best) if best == worst else f"{best} to {worst}"
    names = list(assertion.among)
    rival = described({name: word for name, word in settings[top].items() if name in names})
    detail = (
        f"Rank {rank} of {len(sums)}: {number_text(own.point)}, "
        f"the best of the others is {rival} with {number_text(sums[top].amount.point)}."
    )
    return Decision(
        reason,
        Level.RECOMPUTED,
        detail,
        amount=own,
        margin=number_text(max(abs(gap) - apart[top - 1].half, Fraction(0))) if apart else None,
        sensitivity=f"flips if the distance of {number_text(abs(gap))} to the best of the others is made up",
        rows=tuple(dict.fromkeys(row for sum_ in sums for row in sum_.rows)),
    )
