"""All distinct bootstrap resamples of a few rows, with their probabilities: the ideal bootstrap, no Monte Carlo.

Of the n**n resamples only C(2n - 1, n) differ (Efron and Tibshirani 1993, "An introduction to the bootstrap",
section 4.2 and problem 4.2): 10 for n = 3, 126 for n = 5, 6,435 for n = 8. Each has a multinomial probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from math import comb, factorial, prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError, Problem

LARGEST_ENUMERATED: Final = 8
"""Rows up to which every distinct resample is listed (6,435 of them)."""
PRODUCT_LIMIT: Final = 200_000
"""Joint resamples of several samples up to which the product is listed (two arms of 5: 15,876; of 6: 213,444)."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Every distinct resample of n rows."""

    indices: NDArray[np.intp]
    """Rows drawn, shape (resamples, n), each row in ascending order."""
    counts: NDArray[np.float64]
    """How often each row is drawn, shape (resamples, n)."""
    probability: NDArray[np.float64]
    """Multinomial probability of each, shape (resamples,); sums to 1."""


def distinct_resamples(rows: int) -> int:
    """Return how many resamples of so many rows differ: C(2n - 1, n)."""
    return comb(2 * rows - 1, rows)


@cache
def enumerate_resamples(rows: int) -> Enumeration:
    """Return all distinct resamples of 1 to 8 rows.

    Raises
    ------
    InputError
        For more rows than `LARGEST_ENUMERATED`.
    """
    if not 1 <= rows <= LARGEST_ENUMERATED:
        raise InputError(
            Problem(
                f"{rows} rows are too many to list every resample",
                f"list at most {LARGEST_ENUMERATED}, or draw",
            )
        )
    indices = np.array(list(combinations_with_replacement(range(rows), rows)), dtype=np.intp)
    counts = np.stack([(indices == row).sum(axis=1) for row in range(rows)], axis=1)
    ways = [factorial(rows) // prod(factorial(int(count)) for count in line) for line in counts]
    probability = np.array([way / rows**rows for way in ways])
    for array in (indices, probability):
        array.setflags(write=False)
    return Enumeration(indices, counts.astype(float), probability)
