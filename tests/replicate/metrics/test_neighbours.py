"""Neighbours in blocks are those of brute force, ties included, in one direction and in both."""

import tracemalloc

import numpy as np
import pytest

from replicate.metrics import mining, neighbours
from replicate.metrics.neighbours import both_ways, nearest


def brute(queries, keys, k):
    product = queries @ keys.T
    order = np.argsort(-product, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(product, order, axis=1), order


def tied(random, count):
    """Small whole numbers: products are exact in any order of addition, and most rows have ties."""
    return random.integers(-2, 3, (count, 8)).astype(np.float32)


@pytest.mark.parametrize("k", [1, 2, 4, 20])
@pytest.mark.parametrize(("n", "m"), [(1, 1), (7, 3), (130, 700), (65, 1000), (300, 333)])
def test_blocks_and_ties_change_nothing(n, m, k):
    random = np.random.default_rng([n, m, k])
    queries, keys = tied(random, n), tied(random, m)
    expected = brute(queries, keys, k)
    for block, keys_block in ((1024, 8192), (50, 400), (3, 17)):
        if k > keys_block:
            continue
        for one, other in zip(expected, nearest(queries, keys, k, block, keys_block), strict=True):
            assert (one == other).all()
    for one, there in zip(
        (expected, brute(keys, queries, k)), both_ways(queries, keys, k, 64, 90, 0), strict=True
    ):
        assert (one[0] == there[0]).all() and (one[1] == there[1]).all()


def test_without_ties_the_best_are_those_of_brute_force():
    random = np.random.default_rng(0)
    queries, keys = (random.normal(size=(size, 32)).astype(np.float32) for size in (200, 1500))
    expected = brute(queries, keys, 4)
    assert (nearest(queries, keys, 4)[1] == expected[1]).all()


def test_equal_keys_all_tie():
    queries, keys = np.ones((5, 4), np.float32), np.ones((900, 4), np.float32)
    assert (nearest(queries, keys, 3)[1] == [0, 1, 2]).all()


def test_small_pools_are_searched_as_published_records_were(monkeypatch):
    random = np.random.default_rng(1)
    left, right = (random.normal(size=(size, 16)).astype(np.float32) for size in (200, 300))
    (_, there), (_, back) = both_ways(left, right, 4)
    assert (there == nearest(left, right, 4)[1]).all() and (back == nearest(right, left, 4)[1]).all()
    seen = []
    shipped = neighbours.nearest
    monkeypatch.setattr(neighbours, "nearest", lambda *told: seen.append(1) or shipped(*told))
    both_ways(left, right, 4)
    assert len(seen) == 2


def test_memory_is_that_of_a_block():
    random = np.random.default_rng(2)
    left, right = (random.normal(size=(size, 16)).astype(np.float32) for size in (6000, 8000))
    tracemalloc.start()
    both_ways(left, right, 4, 256, 1024)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 256 * 1024 < 4 * len(left) * len(right) / 20


def test_mining_in_one_product_finds_the_pairs_of_two_searches(monkeypatch):
    from replicate.examples import Sentence

    random = np.random.default_rng(3)
    left = random.normal(size=(400, 24)).astype(np.float32)
    right = left[random.permutation(400)] + 0.3 * random.normal(size=(400, 24)).astype(np.float32)
    pools = [[Sentence(f"{side}{n}", f"{side} text {n}") for n in range(400)] for side in "xy"]
    two = mining.mine(*pools, left, right)
    monkeypatch.setattr(mining, "both_ways", lambda x, y, k: both_ways(x, y, k, 128, 100, 0))
    one = mining.mine(*pools, left, right)
    assert [(c.source, c.target) for c in one] == [(c.source, c.target) for c in two]
    assert [c.score for c in one] == pytest.approx([c.score for c in two], rel=1e-5)
