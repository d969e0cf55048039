"""The ideal bootstrap lists every distinct resample once, with its multinomial probability."""

from itertools import product

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.resampling.enumeration import distinct_resamples, enumerate_resamples


def test_three_rows_by_brute_force():
    made = enumerate_resamples(3)
    brute = {}
    for rows in product(range(3), repeat=3):
        brute[tuple(sorted(rows))] = brute.get(tuple(sorted(rows)), 0) + 1 / 27
    assert {
        tuple(row): p for row, p in zip(made.indices.tolist(), made.probability, strict=True)
    } == pytest.approx(brute)


@pytest.mark.parametrize(("rows", "number"), [(1, 1), (2, 3), (3, 10), (5, 126), (8, 6435)])
def test_counts_and_probabilities(rows, number):
    made = enumerate_resamples(rows)
    assert len(made.indices) == distinct_resamples(rows) == number
    assert made.probability.sum() == pytest.approx(1, abs=1e-12)
    assert np.array_equal(made.counts.sum(axis=1), np.full(number, rows))
    # Every row is drawn once on average, with the binomial variance 1 - 1/n.
    assert made.probability @ made.counts == pytest.approx(np.ones(rows))
    assert made.probability @ (made.counts - 1) ** 2 == pytest.approx(np.full(rows, 1 - 1 / rows))


def test_nine_rows_are_refused():
    with pytest.raises(InputError, match="at most 8"):
        enumerate_resamples(9)
