"""Decides at which rank a setting stands among others, for every value that the printed cells can stand for."""

from __future__ import annotations

from fractions import Fraction

from claims.amount import Amount, difference
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.model import Best
from claims.selector import Filters, Unfit, described


def decide(case: Case) -> Decision:
    """Decision about a `best` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Best)
    ours: Filters = case.full(assertion.of)
    rivals = case.frame.enumerate(case.full(assertion.of, assertion.among))
    settings = [ours, *(setting for setting in rivals if setting != ours)]
    sums = case.calculator.compared(settings, assertion.over, assertion.mean)
    own = sums[0].amount
    # what "*" finds may be the setting itself, written with more columns
    others = [at for at in range(1, len(sums)) if difference(sums[0], sums[at]).terms]
    apart = [difference(sums[0], sums[at]).amount for at in others]
    if not apart:
        detail = "The setting is the only one of its list: there is nothing to rank it against."
        raise Unfit(detail, "further settings in among", sums[0].rows)
    best = 1 + sum(distance.definitely_negative for distance in apart)
    worst = 1 + sum(not distance.definitely_positive for distance in apart)
    if best == worst == assertion.rank:
        reason = Reason.HOLDS
    elif best <= assertion.rank <= worst:
        reason = Reason.ROUNDING_DECIDES
    else:
        reason = Reason.DOES_NOT_HOLD
    top = max(others, key=lambda at: sums[at].amount.point)
    rank = str(best) if best == worst else f"{best} to {worst}"
    rival = described({name: word for name, word in settings[top].items() if name in assertion.among})
    detail = (
        f"Rank {rank} of {len(others) + 1}: {number_text(own.point)}, "
        f"the best of the others is {rival} with {number_text(sums[top].amount.point)}."
    )
    edge = _edge(apart, assertion.rank)
    return Decision(
        reason,
        Level.RECOMPUTED,
        detail,
        amount=own,
        margin=number_text(max(abs(edge.point) - edge.half, Fraction(0))),
        sensitivity=f"flips if the distance of {number_text(abs(edge.point))} to {_next(assertion.rank)} is made up",
        rows=tuple(dict.fromkeys(row for sum_ in sums for row in sum_.rows)),
    )


def _next(rank: int) -> str:
    return "the best of the others" if rank == 1 else "the setting at the next rank"


def _edge(apart: list[Amount], rank: int) -> Amount:
    """Distance to the setting whose passing would make or break the claimed rank."""
    ordered = sorted(apart, key=lambda distance: distance.point)
    above, below = ordered[: rank - 1], ordered[rank - 1 :]
    near = ([above[-1]] if above else []) + ([below[0]] if below else [])
    return min(near or ordered[-1:], key=lambda distance: abs(distance.point))
