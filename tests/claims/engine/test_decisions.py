"""Single decisions: print against print, edges of thresholds, ranks, margins, and what is counted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.finding import Verdict

from .one_assertion import decided


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


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        ("8.3", "matches_print"),  # what agrees needs no tolerance
        ("8.5", "within_tolerance"),
        ("8.27", "within_tolerance"),  # too coarse to tell, and every value of the cell is within
        ("8.6", "differs_from_print"),
    ],
)
def test_a_tolerance_between_two_prints(claimed: str, reason: str) -> None:
    rows = [("p", "t", "acc", "none", "seen", "", "8.3")]
    tolerance = 'tolerance: {by: "0.2", why: rounded by hand, until: 2099-12-31}'
    asked = f'kind: value, of: {{target: t, metric: acc}}, equals: "{claimed}", {tolerance}'
    assert decided(rows, asked, ["t"]).reason == reason


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
