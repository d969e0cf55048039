"""Recomputing honest tables: no honest mean, difference, order or share is ever contradicted; real errors are."""

from collections.abc import Sequence
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.printed import parse_printed
from analysis.results import Results
from analysis.results_text import encode
from claims.check import check_claims
from claims.evidence import Evidence
from claims.finding import Finding, Verdict
from claims.load import validated
from claims.model import ClaimsFile
from claims.yaml_marks import parse_yaml

COLUMNS = ("source", "target", "metric", "intermediate", "status", "value", "printed")
TENTH = Decimal("0.1")


def decided(rows: Sequence[Sequence[str]], assertion: str, targets: Sequence[str]) -> Finding:
    """Finding of one assertion over rows of `COLUMNS`."""
    members = ", ".join(f"{{target: {target}, metric: acc}}" for target in targets)
    text = f"""\
schema: verify-claims/1
study: s
title: t
averages: {{all: {{text: mean, mean: [{members}]}}}}
claims:
  - {{id: c, text: t, scope: {{source: p}}, assert: [{{{assertion}}}]}}
"""
    document = parse_yaml(text.encode(), "claims.yaml")
    table = Results(encode(rows, {name: at for at, name in enumerate(COLUMNS)}), ("r",), (0,), (None,))
    file = validated(ClaimsFile, document)
    return next(iter(check_claims(file, document, Evidence(table))))[2][0]


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


@pytest.mark.parametrize(
    ("printed", "claimed", "reason"),
    [
        ("8.3", "8.3", "matches_print"),
        ("8.3", "8", "matches_print"),
        ("8.25", "8.3", "matches_print"),
        ("8.25", "8.2", "matches_print"),
        ("8.3", "8.30", "matches_print"),
        ("8.3", "8.27", "rounding_decides"),
        ("8.3", "8.37", "differs_from_print"),
        ("8.3", "8.4", "differs_from_print"),
        ("84.4", "84.0", "differs_from_print"),
        ("0.34", "0.30", "differs_from_print"),
        ("-0.3", "−0.3", "matches_print"),
        ("40", "up to 40", "holds"),
        ("41", "up to 40", "does_not_hold"),
        ("1,104,934", "1104934", "matches_print"),
    ],
)
def test_print_against_print(printed: str, claimed: str, reason: str) -> None:
    rows = [("p", "t", "acc", "none", "seen", "", printed)]
    assert (
        decided(rows, f'kind: value, of: {{target: t, metric: acc}}, equals: "{claimed}"', ["t"]).reason
        == reason
    )


def test_a_measured_value_is_exact() -> None:
    rows = [("p", "t", "acc", "none", "measured", "84.37", "")]
    for claimed, reason in (("84.4", "reproduces"), ("84.0", "outside_rounding")):
        finding = decided(rows, f'kind: value, of: {{target: t, metric: acc}}, equals: "{claimed}"', ["t"])
        assert finding.reason == reason and finding.level == "recomputed"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12))
def test_any_claimed_text_is_refused_or_decided(text: str) -> None:
    import json

    rows = [("p", "t", "acc", "none", "seen", "", "8.3")]
    claimed = json.dumps(text, ensure_ascii=False)
    try:
        finding = decided(rows, f"kind: value, of: {{target: t, metric: acc}}, equals: {claimed}", ["t"])
    except InputError:
        return
    assert finding.verdict is not Verdict.ERROR


@pytest.mark.parametrize(("out_of", "reason"), [(3, "cells_missing"), (1, "ambiguous_cells"), (2, "holds")])
def test_a_share_of_another_number_of_cells_is_not_decided(out_of: int, reason: str) -> None:
    rows = [("p", t, "gain_acc", "squad", "seen", "", "1.0") for t in "ab"]
    cells = 'cells: {target: "*", metric: gain_acc, intermediate: squad}'
    finding = decided(rows, f'kind: share, {cells}, above: "0", at_least: 1, out_of: {out_of}', ["a"])
    assert finding.reason == reason, finding.detail


def test_the_mean_over_a_column_needs_no_rule() -> None:
    levels = {"none": ("70.0", "60.0"), "squad": ("72.0", "61.0")}
    rows = [
        ("p", t, "acc", s, "seen", "", v)
        for s, pair in levels.items()
        for t, v in zip("ab", pair, strict=True)
    ]
    asked = 'kind: gain, of: {intermediate: squad}, over: {intermediate: none}, mean: target, equals: "1.5"'
    assert decided(rows, asked, "ab").reason == "reproduces"


def test_printed_gains_are_never_taken_for_levels() -> None:
    rows = [("p", t, "acc", "none", "seen", "", "70.0") for t in "ab"]
    rows += [
        ("p", "a", "gain_acc", "squad", "seen", "", "2.0"),
        ("p", "b", "gain_acc", "squad", "seen", "", "1.0"),
    ]
    asked = 'kind: gain, of: {intermediate: squad}, over: {intermediate: none}, mean: target, equals: "1.5"'
    assert decided(rows, asked, "ab").computed == "1.5"
    two = [*rows, ("p", "a", "gain_em", "squad", "seen", "", "4.0")]
    assert decided(two, asked, "ab").reason == "ambiguous_cells"


def test_a_score_rounds_where_a_count_does_not() -> None:
    rows = [("p", "a", "acc", "none", "measured", "43.66", ""), ("p", "b", "acc", "none", "seen", "", "7.5")]
    rows += [("p", t, "rows", "none", "seen", "", v) for t, v in (("a", "392,702"), ("b", "162,865"))]
    largest = 'kind: fact, take: largest, cells: {target: "*", metric: acc}'
    assert decided(rows, f'{largest}, equals: "43.7"', "ab").reason == "holds"
    assert decided(rows, f'{largest}, equals: "43.6"', "ab").reason == "does_not_hold"
    total = 'kind: fact, take: sum, cells: {target: "*", metric: acc}'
    found = decided(rows, f'{total}, equals: "51.2"', "ab")
    assert found.reason == "reproduces" and "43.66 + 7.5 = 51.16" in found.detail
    count = 'kind: fact, take: sum, cells: {target: "*", metric: rows}'
    assert decided(rows, f'{count}, equals: "555,567"', "ab").reason == "reproduces"
    assert decided(rows, f'{count}, equals: "555,568"', "ab").reason == "does_not_hold"


def test_settings_are_averaged_over_the_same_words() -> None:
    rows = [("p", t, "acc", "squad", "seen", "", v) for t, v in (("a", "90.0"), ("b", "80.0"))]
    rows += [("p", t, "acc", "none", "seen", "", v) for t, v in (("a", "91.0"), ("b", "81.0"), ("c", "40.0"))]
    sides = "larger: {intermediate: squad}, smaller: {intermediate: none}"
    assert decided(rows, f"kind: order, {sides}, mean: target", "ab").reason == "cells_missing"
    of = "of: {intermediate: squad}"
    assert decided(rows, f"kind: best, {of}, among: {{intermediate: [none]}}, mean: target", "ab").needs
    gain = f'kind: gain, {of}, over: {{intermediate: none}}, mean: target, equals: "-1.0"'
    assert decided(rows, gain, "ab").reason == "cells_missing"
    both = "of: {intermediate: none, target: [a, b]}, mean: target"
    assert decided(rows, f'kind: value, {both}, equals: "86.0"', "ab").reason == "reproduces"


def test_neighbours_are_ordered_alike_by_every_kind() -> None:
    rows = [("p", "a", "acc", i, "seen", "", v) for i, v in (("x", "80.1"), ("y", "80.0"), ("z", "80.0"))]
    of, over = "of: {intermediate: x}", "over: {intermediate: y}"
    asked = (
        "kind: order, larger: {intermediate: x}, smaller: {intermediate: y}",
        'kind: best, of: {intermediate: x}, among: {intermediate: "*"}',
        f'kind: gain, {of}, {over}, above: "0"',
        f'kind: share, cells: {{intermediate: x}}, {over}, above: "0", at_least: 1, out_of: 1',
        'kind: share, cells: {intermediate: x}, above_cell: {intermediate: "*"}, at_least: 1, out_of: 1',
    )
    for assertion in asked:
        assert decided(rows, assertion, "a").reason == "holds", assertion
    tie = "kind: order, larger: {intermediate: y}, smaller: {intermediate: z}"
    assert decided(rows, tie, "a").reason == "rounding_decides"
    exact = [("p", "a", "acc", i, "measured", "80.0", "") for i in "yz"]
    assert decided(exact, tie, "a").reason == "does_not_hold"


def test_what_a_source_prints_is_at_least_what_it_prints() -> None:
    rows = [("p", "a", "languages", "none", "seen", "", "40")]
    for comparison, reason in (
        ('at_least: "40"', "holds"),
        ('equals: "up to 40"', "holds"),
        ('above: "40"', "rounding_decides"),
        ('at_least: "41"', "does_not_hold"),
    ):
        finding = decided(rows, f"kind: value, of: {{target: a}}, {comparison}", "a")
        assert finding.reason == reason, comparison


def test_a_printed_gain_is_checked_on_its_levels_where_there_are_some() -> None:
    rows = [("p", "a", "acc", i, "seen", "", v) for i, v in (("squad", "80.0"), ("none", "70.0"))]
    rows += [("p", "a", "gain_acc", "squad", "seen", "", "12.0")]
    asked = "kind: gain, of: {intermediate: squad, target: a, metric: acc}, over: {intermediate: none}"
    assert decided(rows, f'{asked}, equals: "12.0"', "a").reason == "outside_rounding"
    assert decided(rows[1:], f'{asked}, equals: "12.0"', "a").reason == "reproduces"
    other = [*rows[1:], ("p", "b", "acc", "none", "seen", "", "70.0")]
    moved = (
        "kind: gain, of: {intermediate: squad, target: a, metric: acc}, over: {intermediate: none, target: b}"
    )
    assert decided(other, f'{moved}, equals: "12.0"', "ab").reason == "cells_missing"


def test_an_average_is_no_member_of_what_is_counted() -> None:
    rows = [("p", t, "acc", "none", "seen", "", "70.0") for t in ("a", "b", "average", "")]
    asked = 'kind: fact, take: count, column: target, cells: {target: "*", metric: acc}, equals: "2"'
    assert decided(rows, asked, "ab").reason == "holds"


@pytest.mark.parametrize(
    ("comparison", "reason"),
    [
        ('at_least: "8.25"', "holds"),  # 8.3 stands for 8.25 to 8.35
        ('above: "8.25"', "holds"),
        ('above: "8.3"', "rounding_decides"),
        ('at_least: "8.35"', "rounding_decides"),  # one of its values reaches it
        ('above: "8.35"', "does_not_hold"),
        ('at_most: "8.25"', "rounding_decides"),
        ('below: "8.25"', "does_not_hold"),
        ('at_most: "8.35"', "holds"),
    ],
)
def test_a_threshold_at_the_edge_of_what_was_printed(comparison: str, reason: str) -> None:
    rows = [("p", "a", "acc", "none", "seen", "", "8.3")]
    finding = decided(rows, f"kind: value, of: {{target: a, metric: acc}}, {comparison}", "a")
    assert finding.reason == reason, finding.detail


def test_margins_say_how_far_a_cell_is_beyond_and_how_few_cells_would_flip_it() -> None:
    cells = (("x", "a", "71.5"), ("x", "b", "60.2"), ("none", "a", "70.0"), ("none", "b", "60.0"))
    rows = [("p", target, "acc", setting, "measured", value, "") for setting, target, value in cells]
    asked = "cells: {intermediate: x, target: [a, b], metric: acc}, over: {intermediate: none}"
    beyond = decided(rows, f'kind: no_gain, {asked}, margin: "1.0"', "ab")
    within = decided(rows, f'kind: no_gain, {asked}, margin: "2.0"', "ab")
    assert (beyond.reason, beyond.margin) == ("outside_margin", "0.5")
    assert (within.reason, within.margin) == ("within_margin", "0.5")
    for quantifier, flips in (
        ("at_least: 1", "2 cells move by 1.5"),  # 1.5 and 0.2 pass: both have to go
        ("at_least: 2", "one cell moves by 0.2"),
        ("exactly: 1", "one cell moves by 0.2"),
    ):
        share = decided(rows, f'kind: share, {asked}, above: "0", {quantifier}, out_of: 2', "ab")
        assert share.sensitivity == f"flips if {flips}"
    most = decided(rows, f'kind: share, {asked}, above: "1.0", at_most: 1, out_of: 2', "ab")
    assert most.sensitivity == "flips if one cell moves by 0.8"  # 0.2 would have to be above 1.0 too


def test_settings_that_are_exactly_alike_may_have_either_rank() -> None:
    rows = [("p", "a", "acc", s, "measured", v, "") for s, v in (("x", "80.0"), ("y", "80.0"), ("z", "79.0"))]
    best = 'kind: best, of: {intermediate: x}, among: {intermediate: "*"}'
    ranks = {rank: decided(rows, f"{best}, rank: {rank}", "a").reason for rank in (1, 2, 3)}
    assert ranks == {1: "rounding_decides", 2: "rounding_decides", 3: "does_not_hold"}
    assert decided(rows, best, "a").detail.startswith("Rank 1 to 2 of 3: 80,")
    last = decided(rows, 'kind: best, of: {intermediate: z}, among: {intermediate: "*"}, rank: 3', "a")
    assert last.reason == "holds" and last.detail.startswith("Rank 3 of 3: 79,")
