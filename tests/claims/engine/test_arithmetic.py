"""Recomputing honest tables: no honest mean, difference, order or share is ever contradicted; real errors are."""

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.printed import parse_printed
from claims.finding import Verdict

from .one_assertion import decided

TENTH = Decimal("0.1")


def rounded(number: Fraction | Decimal, rounding: str, step: Decimal = TENTH) -> str:
    exact = number if isinstance(number, Decimal) else Decimal(number.numerator) / Decimal(number.denominator)
    return str(exact.quantize(step, rounding))


scores = st.decimals(min_value=0, max_value=100, places=4)
roundings = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN])


@settings(max_examples=80, deadline=None)
@given(st.lists(scores, min_size=1, max_size=12), roundings, roundings)
def test_an_honest_mean_is_never_contradicted(values: list[Decimal], cells: str, whole: str) -> None:
    targets = [f"t{at}" for at in range(len(values))]
    rows = [
        ("p", t, "acc", "none", "seen", "", rounded(v, cells)) for t, v in zip(targets, values, strict=True)
    ]
    mean = sum(map(Fraction, values), Fraction(0)) / len(values)
    claimed = rounded(mean, whole)
    finding = decided(
        rows, f'kind: value, of: {{intermediate: none}}, mean: all, equals: "{claimed}"', targets
    )
    assert finding.verdict is Verdict.SUPPORTED, finding.detail
    low, high = (Fraction(text) for text in finding.computed_interval or ())
    assert low - Fraction(1, 1000) <= mean <= high + Fraction(1, 1000)


@settings(max_examples=80, deadline=None)
@given(scores, scores, roundings, roundings)
def test_an_honest_difference_is_never_contradicted(a: Decimal, b: Decimal, cells: str, whole: str) -> None:
    rows = [
        ("p", "t", "acc", "squad", "seen", "", rounded(a, cells)),
        ("p", "t", "acc", "none", "seen", "", rounded(b, cells)),
    ]
    claimed = rounded(a - b, whole)
    selectors = "of: {intermediate: squad, target: t, metric: acc}, over: {intermediate: none}"
    finding = decided(rows, f'kind: gain, {selectors}, equals: "{claimed}"', ["t"])
    assert finding.verdict is Verdict.SUPPORTED, finding.detail


@settings(max_examples=80, deadline=None)
@given(st.lists(scores, min_size=1, max_size=12), st.decimals(min_value=2, max_value=50, places=1), roundings)
def test_what_is_off_by_more_than_all_rounding_is_contradicted(
    values: list[Decimal], off: Decimal, cells: str
) -> None:
    targets = [f"t{at}" for at in range(len(values))]
    printed = [rounded(v, cells) for v in values]
    rows = [("p", t, "acc", "none", "seen", "", v) for t, v in zip(targets, printed, strict=True)]
    mean = sum(map(Fraction, printed), Fraction(0)) / len(values)
    claimed = rounded(mean + Fraction(off), ROUND_HALF_EVEN)
    finding = decided(
        rows, f'kind: value, of: {{intermediate: none}}, mean: all, equals: "{claimed}"', targets
    )
    assert finding.verdict is Verdict.CONTRADICTED
    gap = Fraction(parse_printed(claimed).lower) - mean - Fraction(1, 20)
    assert abs(Fraction(finding.margin or "0") - gap) <= Fraction(1, 1000)


@settings(max_examples=60, deadline=None)
@given(scores, scores, roundings)
def test_an_honest_order_is_never_contradicted(a: Decimal, b: Decimal, cells: str) -> None:
    larger, smaller = max(a, b), min(a, b)
    rows = [
        ("p", "t", "acc", "squad", "seen", "", rounded(larger, cells)),
        ("p", "t", "acc", "none", "seen", "", rounded(smaller, cells)),
    ]
    cell = "target: t, metric: acc"
    selectors = f"larger: {{intermediate: squad, {cell}}}, smaller: {{intermediate: none, {cell}}}"
    finding = decided(rows, f"kind: order, {selectors}", ["t"])
    assert finding.verdict in (Verdict.SUPPORTED, Verdict.INCONCLUSIVE)
    if rows[0][-1] != rows[1][-1]:
        assert finding.verdict is Verdict.SUPPORTED


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(min_value=-5, max_value=5, places=3), min_size=1, max_size=10), roundings)
def test_an_honest_share_is_never_contradicted(gains: list[Decimal], cells: str) -> None:
    names = [f"i{at}" for at in range(len(gains))]
    rows = [
        ("p", "t", "gain_acc", n, "seen", "", rounded(g, cells)) for n, g in zip(names, gains, strict=True)
    ]
    true = sum(gain > 0 for gain in gains)
    listed = ", ".join(names)
    selectors = f"cells: {{intermediate: [{listed}], target: t, metric: acc}}, over: {{intermediate: none}}"
    known = [*rows, ("p", "t", "acc", "none", "seen", "", "50.0")]
    finding = decided(
        known, f'kind: share, {selectors}, above: "0", exactly: {true}, out_of: {len(gains)}', ["t"]
    )
    assert finding.verdict in (Verdict.SUPPORTED, Verdict.INCONCLUSIVE), finding.detail


def test_a_baseline_shared_by_two_gains_counts_its_rounding_once() -> None:
    scores = {"none": ("70.0", "60.0"), "x": ("71.0", "61.0"), "y": ("71.1", "61.1")}
    rows = [
        ("p", t, "acc", s, "seen", "", v)
        for s, pair in scores.items()
        for t, v in zip("ab", pair, strict=True)
    ]
    selectors = "of: {intermediate: y}, among: {intermediate: [x]}, over: {intermediate: none}"
    finding = decided(rows, f"kind: best, {selectors}, mean: all", "ab")
    assert finding.reason == "holds", finding.detail
