"""The rows that each bootstrap resample draws, keyed by name; chunks keep memory bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError, Problem
from analysis.resampling.philox import random_words

CHUNK_VALUES: Final = 1 << 20
"""Values gathered at once (8 MiB of float64); results do not depend on it."""
WORK_LIMIT: Final = 2 * 10**9
"""Draws above which a bootstrap is refused: minutes of one core for an interval that normal theory gives as well."""
ONE_WORD_ROWS: Final = 1 << 16
"""Up to this many rows one 32-bit word per draw leaves each row's probability within 2**-16 of 1/n, relatively;
beyond, two words are used (2**-32)."""


def drawable(rows: int) -> None:
    """Raise InputError unless rows of that number can be drawn with 32-bit words."""
    if not 0 < rows < 1 << 32:
        raise InputError(Problem(f"cannot resample {rows} rows", "give between 1 and 2**32 - 1 rows"))


def resample_indices(
    name: str, rows: int, resamples: range, draws: int | None = None, stream: int = 0
) -> NDArray[np.intp]:
    """Return the row drawn at each draw of each resample, of shape (len(resamples), draws).

    A draw is the high part of word x rows (Lemire 2019, "Fast random integer generation in an interval", without
    rejection: a rejected draw would make later draws depend on earlier ones).

    Parameters
    ----------
    name : str
        Key, as a rule the claim id: the same name gives the same rows on every machine.
    rows : int
        Number of rows to draw from, below 2**32.
    resamples : range
        Numbers of the resamples wanted.
    draws : int, optional
        Draws per resample; as many as there are rows where not given.
    stream : int
        Stratum, arm or level, where one resample needs several independent draws.
    """
    drawable(rows)
    draws = rows if draws is None else draws
    if rows <= ONE_WORD_ROWS:
        words = random_words(name, resamples, draws, stream)
        words = words * np.uint64(rows) >> np.uint64(32)
    else:
        pair = random_words(name, resamples, 2 * draws, stream)
        high, low = pair[:, 0::2] * np.uint64(rows), pair[:, 1::2] * np.uint64(rows) >> np.uint64(32)
        words = (high + low) >> np.uint64(32)
    return words.view(np.int64).astype(np.intp, copy=False)


def stratified_indices(
    name: str, sizes: Sequence[int], resamples: range, stream: int = 0
) -> NDArray[np.intp]:
    """Return rows drawn within each stratum, strata side by side, of shape (len(resamples), sum(sizes)).

    Parameters
    ----------
    sizes : sequence of int
        Rows of each stratum, below 65,536 each; the strata lie one after the other in the data.
    """
    size = np.asarray(sizes, dtype=np.int64)
    if size.size == 0 or size.min() < 1 or size.max() > ONE_WORD_ROWS:
        raise InputError(
            Problem(f"strata of {list(sizes)} rows", f"give each stratum 1 to {ONE_WORD_ROWS:,} rows")
        )
    rows = np.repeat(size, size)
    offset = np.repeat(np.cumsum(size) - size, size)
    words = random_words(name, resamples, int(size.sum()), stream) * rows.astype(np.uint64) >> np.uint64(32)
    return words.view(np.int64).astype(np.intp, copy=False) + offset


def chunks(resamples: int, values_per_resample: int, limit: int = CHUNK_VALUES) -> Iterator[range]:
    """Yield ranges of resample numbers, each small enough that its values stay under the limit.

    Raises
    ------
    InputError
        Where all resamples together would draw more than `WORK_LIMIT` values.
    """
    if resamples < 1:
        raise InputError(
            Problem(f"{resamples} resamples were asked for", "ask for at least 1, as a rule 9,999")
        )
    draws = resamples * values_per_resample
    if draws > WORK_LIMIT:
        raise InputError(
            Problem(
                f"{resamples:,} resamples of {values_per_resample:,} values are {draws:,} draws",
                "take fewer resamples, or the t interval: with this many values both agree to a few digits",
            )
        )
    size = max(1, limit // max(1, values_per_resample))
    for start in range(0, resamples, size):
        yield range(start, min(start + size, resamples))
