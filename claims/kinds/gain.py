"""Decides whether the gain of one setting over another is the claimed number, and shows what carries it."""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import decimal_text, parse_printed
from claims.amount import Combination
from claims.finding import Alternative, Contribution
from claims.kinds.case import Case, Decision
from claims.kinds.comparison import compare
from claims.kinds.recomputed import recomputed
from claims.model import Gain
from claims.selector import Missing, described


def decide(case: Case) -> Decision:
    """Decision about a `gain` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Gain)
    total = case.calculator.apart(case.full(assertion.of), assertion.over, assertion.mean)
    return recomputed(case, assertion, total, "gain")._replace(
        contributions=contributions(case, total, assertion.mean),
        alternatives=(*_baselines(case, assertion), *_without(case, total, assertion.mean)),
    )


def contributions(case: Case, total: Combination, mean: str | None) -> tuple[Contribution, ...]:
    """What each declared cell group adds to an averaged gain."""
    rule = case.setting.file.averages.get(mean or "")
    if rule is None:
        return ()
    of = decimal_text(total.amount.point, 2)
    return tuple(
        Contribution(group, tuple(members), decimal_text(total.part(members), 2), of)
        for group, members in rule.groups.items()
    )


def _without(case: Case, total: Combination, mean: str | None) -> tuple[Alternative, ...]:
    """The mean over the other members, for every group that carries more than half of the gain."""
    rule = case.setting.file.averages.get(mean or "")
    found = []
    for group, members in (rule.groups if rule else {}).items():
        part, share = total.part(members), total.share_of(members)
        if share < 1 and abs(part) > abs(total.amount.point) / 2:
            rest = (total.amount.point - part) / (Fraction(1) - share)
            note = f"{group}: {decimal_text(part, 2)} of {decimal_text(total.amount.point, 2)} points"
            found.append(Alternative(f"without {group}", decimal_text(rest, 2, sign=True), note))
    return tuple(found)


def _baselines(case: Case, assertion: Gain) -> tuple[Alternative, ...]:
    """The same gain over the other declared baselines."""
    found = []
    for label, over in assertion.alternatives.items():
        try:
            other = case.calculator.gain(case.full(assertion.of), over, assertion.mean).amount
        except Missing as missing:
            found.append(Alternative(label, "unknown", f"no cells with {described(missing.filters[0])}"))
            continue
        reason = compare(other, assertion).reason
        note = (
            f"against the claimed {parse_printed(assertion.equals).text}: {reason}"
            if assertion.equals
            else str(reason)
        )
        found.append(Alternative(label, decimal_text(other.point, 2), note))
    return tuple(found)
