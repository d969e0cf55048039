"""Tolerances: how much agreement they grant, and that the finding says by how much it needs them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from claims.amount import Amount
from claims.assertions import Value
from claims.finding import Reason
from claims.kinds.comparison import compare


def assertion(by: str | None = None, **comparison: str) -> Value:
    granted: Any = {"tolerance": {"by": by, "why": "w", "until": "2030-01-01"}} if by else {}
    return Value(kind="value", of={"target": "a"}, **comparison, **granted)


def amount(point: str, half: str = "0") -> Amount:
    return Amount(Fraction(point), Fraction(half))


@pytest.mark.parametrize(
    ("by", "reason"),
    [(None, Reason.OUTSIDE_ROUNDING), ("0.14", Reason.OUTSIDE_ROUNDING), ("0.15", Reason.WITHIN_TOLERANCE)],
)
def test_an_equality_agrees_from_the_gap_on(by: str | None, reason: Reason) -> None:
    outcome = compare(amount("8.4"), assertion(by, equals="8.2"))
    assert outcome.reason is reason and outcome.margin == Fraction("0.15")


def test_a_tolerance_that_is_not_needed_changes_nothing() -> None:
    assert compare(amount("8.2"), assertion("5", equals="8.2")) == compare(
        amount("8.2"), assertion(equals="8.2")
    )


@pytest.mark.parametrize(
    ("by", "reason", "margin"),
    [
        (None, Reason.DOES_NOT_HOLD, "0.15"),
        ("0.1", Reason.DOES_NOT_HOLD, "0.15"),
        ("0.2", Reason.WITHIN_TOLERANCE, "0.15"),
    ],
)
def test_a_threshold_moves_by_the_tolerance(by: str | None, reason: Reason, margin: str) -> None:
    for comparison, point in (({"at_least": "50"}, "49.8"), ({"at_most": "50"}, "50.2")):
        outcome = compare(amount(point, "0.05"), assertion(by, **comparison))
        assert (outcome.reason, outcome.margin) == (reason, Fraction(margin))


def test_what_rounding_leaves_open_needs_the_tolerance_of_its_worst_value() -> None:
    seen = amount("50.02", "0.05")
    assert compare(seen, assertion(at_least="50")).reason is Reason.ROUNDING_DECIDES
    assert compare(seen, assertion("0.02", at_least="50")).reason is Reason.ROUNDING_DECIDES
    granted = compare(seen, assertion("0.03", at_least="50"))
    assert granted.reason is Reason.WITHIN_TOLERANCE and granted.margin == Fraction("0.03")


@given(
    st.integers(-999, 999), st.integers(0, 99), st.integers(-999, 999), st.integers(1, 99), st.integers(1, 99)
)
def test_a_wider_tolerance_never_agrees_less(point: int, half: int, claimed: int, by: int, more: int) -> None:
    seen = Amount(Fraction(point, 10), Fraction(half, 20))
    good = (Reason.REPRODUCES, Reason.REPRODUCES_WITHIN_ROUNDING, Reason.HOLDS, Reason.WITHIN_TOLERANCE)
    for word in ("equals", "at_least", "below"):
        said = {word: f"{claimed / 10:.1f}"}
        narrow = compare(seen, assertion(f"{by / 10:.1f}", **said)).reason in good
        wide = compare(seen, assertion(f"{(by + more) / 10:.1f}", **said)).reason in good
        assert wide or not narrow


@pytest.mark.parametrize(
    "wrong", [{"by": "0"}, {"by": "-1"}, {"until": "soon"}, {"until": "2030-02-30"}, {"why": ""}]
)
def test_a_tolerance_needs_a_distance_a_reason_and_a_date(wrong: dict[str, str]) -> None:
    whole = {"by": "0.1", "why": "w", "until": "2030-01-01"}
    with pytest.raises(ValidationError):
        Value.model_validate({"kind": "value", "of": {}, "equals": "1", "tolerance": whole | wrong})
    for name in whole:
        left = {key: word for key, word in whole.items() if key != name}
        with pytest.raises(ValidationError):
            Value.model_validate({"kind": "value", "of": {}, "equals": "1", "tolerance": left})
