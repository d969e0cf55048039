"""Random orders and random signs, keyed by name: the Monte-Carlo part of permutation tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.resampling.philox import random_words


def random_orders(name: str, items: int, resamples: range, stream: int = 0) -> NDArray[np.intp]:
    """Return one random order of the items per resample, of shape (len(resamples), items).

    Items are sorted by 64 random bits each, so two equal keys have probability items**2 / 2**65.
    """
    words = random_words(name, resamples, 2 * items, stream)
    keys = words[:, 0::2] << np.uint64(32) | words[:, 1::2]
    return np.argsort(keys, axis=1, kind="stable")


def random_signs(name: str, items: int, resamples: range, stream: int = 0) -> NDArray[np.float64]:
    """Return +1 or -1 for each item of each resample, of shape (len(resamples), items)."""
    words = random_words(name, resamples, -(-items // 32), stream)
    bits = words[:, :, None] >> np.arange(32, dtype=np.uint64) & np.uint64(1)
    return 1.0 - 2.0 * bits.reshape(len(resamples), -1)[:, :items].astype(float)
