"""Printed numbers: what they stand for, and that an honest rounding is never accused."""

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.printed import decimal_text, is_printed_number, parse_printed


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("8.7", "8.65", "8.75"),
        ("8.70", "8.695", "8.705"),
        ("+8.2", "8.15", "8.25"),
        ("−0.3", "-0.35", "-0.25"),
        ("-0.0", "-0.05", "0.05"),
        (".5", "0.45", "0.55"),
        ("42%", "41.5", "42.5"),
        ("1,104,934", "1104933.5", "1104934.5"),
        ("1 104 934", "1104933.5", "1104934.5"),
        ("5e-6", "0.0000045", "0.0000055"),
        ("1.5e3", "1450", "1550"),
    ],
)
def test_interval(text: str, lower: str, upper: str) -> None:
    number = parse_printed(text)
    assert (number.lower, number.upper) == (Fraction(lower), Fraction(upper))


@pytest.mark.parametrize("text", [">40", "≥40", "at least 40", "over 40", "more than 40"])
def test_lower_bounds(text: str) -> None:
    assert parse_printed(text).bound == "at_least" and parse_printed(text).value == 40


@pytest.mark.parametrize("text", ["<40", "≤ 40", "up to 40", "at most 40", "Less than 40"])
def test_upper_bounds(text: str) -> None:
    assert parse_printed(text).bound == "at_most" and parse_printed(text).value == 40


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "8,2",
        "1,10,493",
        "8.7O",
        "nan",
        "inf",
        "8..7",
        "--8",
        "8 points",
        "٣",
        "1e9999",
        "9" * 61,
        "1_000",
    ],
)
def test_not_a_printed_number(text: str) -> None:
    assert not is_printed_number(text)
    with pytest.raises(ValueError, match="is not a printed number"):
        parse_printed(text)


numbers = st.decimals(min_value=-1000, max_value=1000, places=6)
places = st.integers(0, 4)
roundings = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN])


@given(numbers, places, roundings)
def test_every_honest_rounding_contains_its_number(number: Decimal, digits: int, rounding: str) -> None:
    printed = parse_printed(str(number.quantize(Decimal(1).scaleb(-digits), rounding)))
    assert printed.lower <= Fraction(number) <= printed.upper


@given(numbers, st.integers(1, 4))
def test_a_cut_number_may_fall_outside(number: Decimal, digits: int) -> None:
    printed = parse_printed(str(number.quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)))
    assert abs(Fraction(number) - printed.value) < 2 * printed.half


@given(st.fractions(max_denominator=10**6), places)
def test_decimal_text_is_the_nearest_decimal(number: Fraction, digits: int) -> None:
    assert abs(Fraction(decimal_text(number, digits)) - number) <= Fraction(1, 2 * 10**digits)


@given(st.text(max_size=30))
def test_any_text_is_refused_or_read(text: str) -> None:
    if is_printed_number(text):
        number = parse_printed(text)
        assert number.lower <= number.value <= number.upper
