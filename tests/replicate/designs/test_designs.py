"""Designs are balanced, counted from outside; deterministic; and their limits are errors."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from replicate.designs import Balance, independent, lines, nested, orders, williams

NINE = ("anli_plus", "mnli", "qqp", "squad_v2", "squad", "hellaswag", "ccg", "cosmos_qa", "commonsense_qa")


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), st.data())
def test_independent_subsets_have_every_task_equally_often(tasks: int, data: st.DataObject) -> None:
    size, count = data.draw(st.integers(1, tasks)), data.draw(st.integers(1, 12))
    names = NINE[:tasks]
    design = independent(names, size, count, seed=3)
    assert len(design) == count and all(len(set(row)) == size for row in design)
    counts = Counter(task for row in design for task in row)
    assert max(counts[n] for n in names) - min(counts[n] for n in names) <= (
        0 if count * size % tasks == 0 else 1
    )
    assert design == independent(names, size, count, seed=3)


def test_subsets_differ_where_they_can_and_pairs_are_nearly_even() -> None:
    for size, count in ((1, 9), (3, 9), (5, 9), (7, 9)):
        design = independent(NINE, size, count)
        assert len(set(design)) == count
        found = Balance.of(NINE, design)
        assert found.appearances == (size, size) and found.pairs[1] - found.pairs[0] <= 3
    assert independent(NINE, 3, 9) != independent(NINE, 3, 9, seed=1)
    assert independent(NINE, 9, 2) == [NINE, NINE]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), st.integers(1, 12))
def test_chains_are_nested_and_balanced_at_every_size(tasks: int, count: int) -> None:
    names, sizes = NINE[:tasks], list(range(1, tasks + 1))
    chains = nested(names, sizes, count)
    for chain in chains:
        for small, large in pairwise(sizes):
            assert chain[large][:small] == chain[small] and len(set(chain[large])) == large
    for size in sizes:
        counts = Counter(task for chain in chains for task in chain[size])
        spread = max(counts[n] for n in names) - min(counts[n] for n in names)
        assert spread <= (0 if count % tasks == 0 else 2)


def test_chains_of_the_sizes_that_a_study_asks_for_are_as_even_as_can_be() -> None:
    chains = nested(NINE, (1, 3, 5, 7, 9), 3)
    for size in (1, 3, 5, 7, 9):
        counts = Counter(task for chain in chains for task in chain[size])
        assert max(counts.values()) - min(counts[n] for n in NINE) <= 1
    assert chains[0][9] != NINE and set(chains[0][9]) == set(NINE)


@pytest.mark.parametrize("n", range(2, 11))
def test_williams_is_balanced_for_place_and_for_what_stands_before(n: int) -> None:
    design = williams(n)
    assert len(design) == (n if n % 2 == 0 else 2 * n)
    places = Counter((place, one) for row in design for place, one in enumerate(row))
    followers = Counter(two for row in design for two in pairwise(row))
    times = len(design) // n
    assert all(sorted(row) == list(range(n)) for row in design)
    assert all(places[place, one] == times for place in range(n) for one in range(n))
    assert set(followers) == set(permutations(range(n), 2)) and set(followers.values()) == {times}


def test_orders_keep_the_balance_under_random_names() -> None:
    found = orders(("a", "b", "c", "d"), seed=5)
    told = Balance.of("abcd", found, ordered=True)
    assert told.places == (1, 1) and told.followers == (1, 1)
    assert found == orders(("a", "b", "c", "d"), seed=5) != orders(("a", "b", "c", "d"), seed=6)
    assert sorted(orders("abc", 6)) == sorted(permutations("abc"))
    assert len(orders("abcd", 3)) == 3 and len(set(orders("abcd", 8))) == 4


def test_a_plan_shows_design_and_balance() -> None:
    told = lines("abc", orders("abc"), ordered=True)
    assert len(told) == 8 and " > " in told[0]
    assert told[-2] == "each task 6 times, each pair together 6 times"
    assert told[-1] == "each task at each place 2 times, each after each other 2 times"
    assert "each task 1 to 2 times" in lines("abc", [("a", "b"), ("a", "c")])[-1]


def test_what_no_design_can_be_made_of_is_an_error() -> None:
    with pytest.raises(InputError, match="subsets of 4 of 3 tasks"):
        independent("abc", 4, 2)
    with pytest.raises(InputError, match="'a' is named 2 times"):
        orders(("a", "b", "a"))
    with pytest.raises(InputError, match="a design of 0 runs"):
        nested("abc", [1], 0)
    with pytest.raises(InputError, match=r"subsets of \[0\]"):
        nested("abc", [0, 1], 1)
    with pytest.raises(InputError, match="a design of 1 tasks"):
        orders(("a",))
