"""Random generators that are pure functions of a key: nothing random has state, so nothing random can be lost.

A killed run repeats exactly because the order of an epoch, the masked tokens of a step and the dropout of a
step are each drawn from a generator that is made on the spot from (seed, stage, step). Counter-based
generators were made for this: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import numpy as np

Key: TypeAlias = int | str


def digest(*key: Key) -> bytes:
    """16 bytes that name `key`; different keys, also ("a", "bc") and ("ab", "c"), give different bytes."""
    text = "\x1f".join(f"{type(part).__name__[0]}{part}" for part in key)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def generator(*key: Key) -> np.random.Generator:
    """NumPy generator for `key`; the same key gives the same numbers in every process.

    Examples
    --------
    >>> generator(0, "mlm", 7).integers(100) == generator(0, "mlm", 7).integers(100)
    np.True_
    """
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest(*key), "big")))


def torch_seed(*key: Key) -> int:
    """Seed below 2^63 for `torch.manual_seed`, which dropout reads on every device."""
    return int.from_bytes(digest(*key)[:8], "big") >> 1
