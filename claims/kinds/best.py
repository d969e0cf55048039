"""Decides at which rank a setting stands among others, for every value that the printed cells can stand for."""

from __future__ import annotations

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.model import Best
from claims.selector import Filter, Filters, Missing, described


def decide(case: Case) -> Decision:
    """Decision about a `best` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Best)
    over = case.full(assertion.over) if assertion.over else None
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
    own, others = sums[0].amount, sums[1:]
    best = 1 + sum(other.amount.definitely_above(own) for other in others)
    worst = 1 + sum(not own.definitely_above(other.amount) for other in others)
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
        margin=number_text(max(sums[top].amount.lower - own.upper, own.lower - sums[top].amount.upper)),
        sensitivity=f"flips if the distance of {number_text(abs(gap))} to the best of the others is made up",
        rows=tuple(dict.fromkeys(row for sum_ in sums for row in sum_.rows)),
    )
