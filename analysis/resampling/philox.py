"""Random 32-bit words as a pure function of (key, stream, resample, draw): Philox4x32-10.

Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11, section 3.3;
checked against the known answers that the authors publish with Random123. A counter-based generator has no state,
so no batch size, thread or chunk boundary can change a word. numpy's own Philox (4x64) is a stream with a state and
64-bit multiplications that torch lacks; the 32-bit form needs nothing but integer products below 2**64.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
"""32-bit words, held in 64 bits so that products need no cast."""

ROUNDS: Final = 10
MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS: Final = (0x9E3779B9, 0xBB67AE85)
LOW: Final = 0xFFFFFFFF
WORDS_PER_BLOCK: Final = 4
BLOCKS_AT_ONCE: Final = 1 << 14
"""Counter blocks worked on together: 128 KiB per operand, so that ten rounds stay in the processor's cache."""


def key_of(name: str) -> tuple[int, int]:
    """Return the two key words that belong to a claim id (or any other name).

    The first 64 bits of SHA-256, so that neighbouring names ("a/1", "a/2") give unrelated resamples.

    Examples
    --------
    >>> key_of("xstilts.squad.dev-gain")
    (3754539966, 2859649523)
    """
    digest = sha256(name.encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def philox(
    counter: tuple[Words, Words, Words, Words], key: tuple[int, int]
) -> tuple[Words, Words, Words, Words]:
    """Return the four output words of each counter (Salmon et al. 2011, equation for Philox-4x32, ten rounds).

    Parameters
    ----------
    counter : four ndarrays of uint64, one shape, values below 2**32
    key : two integers below 2**32
    """
    zero, one, two, three = counter
    low, shift = np.uint64(LOW), np.uint64(32)
    for round_ in range(ROUNDS):
        first = zero * np.uint64(MULTIPLIERS[0])
        second = two * np.uint64(MULTIPLIERS[1])
        key_zero = np.uint64((key[0] + round_ * KEY_STEPS[0]) & LOW)
        key_one = np.uint64((key[1] + round_ * KEY_STEPS[1]) & LOW)
        zero = (second >> shift) ^ one ^ key_zero
        two = (first >> shift) ^ three ^ key_one
        one = second & low
        three = first & low
    return zero, one, two, three


def random_words(name: str, resamples: range, words: int, stream: int = 0) -> Words:
    """Return `words` random 32-bit words for each of the resamples, of shape (len(resamples), words).

    Parameters
    ----------
    name : str
        What the words belong to, as a rule the claim id.
    resamples : range
        Numbers of the resamples (any part of them: chunks fit together without a seam).
    words : int
        Words per resample.
    stream : int
        Which of several independent draws of the same resample: the stratum, the arm, the level of a hierarchy.
    """
    blocks = -(-words // WORDS_PER_BLOCK)
    numbers = np.arange(resamples.start, resamples.stop, resamples.step, dtype=np.uint64)
    out = np.empty((len(numbers), blocks, WORDS_PER_BLOCK), dtype=np.uint64)
    flat = out.reshape(-1, WORDS_PER_BLOCK)
    key = key_of(name)
    for start in range(0, len(flat), BLOCKS_AT_ONCE):
        position = np.arange(start, min(start + BLOCKS_AT_ONCE, len(flat)), dtype=np.uint64)
        number = numbers[(position // np.uint64(max(blocks, 1))).astype(np.intp)]
        counter = (
            position % np.uint64(max(blocks, 1)),
            number & np.uint64(LOW),
            number >> np.uint64(32),
            np.full_like(position, stream),
        )
        for lane, word in enumerate(philox(counter, key)):
            flat[start : start + len(position), lane] = word
    return out.reshape(len(numbers), blocks * WORDS_PER_BLOCK)[:, :words]
