"""Exact nearest neighbours in blocks: memory is bounded, the pairs are those of brute force.

NumPy in float32, because XTREME's scorer (faiss, flat index) ranks in float32. A block of queries meets a
block of keys, and only the best k so far stay, so 500,000 x 500,000 sentences need no 10^12 matrix. The product
is nine tenths of the work, and mining, which needs it by rows and by columns, takes it once (`both_ways`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError, Problem

Vectors: TypeAlias = NDArray[np.float32]
BestOfBlock: TypeAlias = Callable[[Vectors, Vectors, int], tuple[Vectors, NDArray[np.int64]]]


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero.

    Raises
    ------
    InputError
        If a value is not finite.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if not np.isfinite(rows).all():
        raise InputError(
            Problem(
                "an embedding holds NaN or infinity",
                "the encoder diverged; lower the learning rate or use fp32",
            )
        )
    # Times 1/sqrt of a plain dot product, as faiss does: the last bit decides ties and the tuned threshold.
    squared = np.fromiter((row.dot(row) for row in rows), dtype=np.float32, count=len(rows))
    inverse = np.float32(1) / np.sqrt(np.where(squared > 0, squared, np.float32(1)))
    return np.asarray(rows * inverse[:, None], dtype=np.float32)


def nearest(
    queries: Vectors,
    keys: Vectors,
    k: int,
    block: int = 1024,
    keys_block: int = 8192,
    device: str | None = None,
) -> tuple[Vectors, NDArray[np.int64]]:
    """Largest inner products of each query with all keys.

    Parameters
    ----------
    queries, keys
        (n, d) and (m, d).
    k
        How many; cut to m.
    block, keys_block
        Rows per block; memory is about 5 * block * keys_block bytes, on a device 64 times that.
    device
        Torch device for the products, for example "cuda"; None: NumPy. The pairs are the same unless two
        similarities differ in the last bit.

    Returns
    -------
    tuple
        Similarities and key indices, both (n, min(k, m)), best first; equal similarities by smaller index.
    """
    best_of_block = _block if device is None else _on_device(device)
    if device is not None:  # every block of keys crosses the bus once per block of queries: few, large blocks
        block, keys_block = 8 * block, 8 * keys_block
    found = Best.of_none(len(queries), min(k, len(keys)))
    for at in range(0, len(queries), block):
        part = slice(at, at + block)
        for start in range(0, len(keys), keys_block):
            found.meet(part, start, *best_of_block(queries[part], keys[start : start + keys_block], found.k))
    return found.similarity, found.index


def both_ways(
    left: Vectors, right: Vectors, k: int, block: int = 4096, other_block: int = 8192, small: int = 1024
) -> tuple[tuple[Vectors, NDArray[np.int64]], tuple[Vectors, NDArray[np.int64]]]:
    """`nearest(left, right, k)` and `nearest(right, left, k)` from one product, as pools of many blocks are searched.

    Sums of products may differ in the last bit from those of two searches, because a matrix product adds in an
    order that depends on its shape. Pools of at most `small` sentences are therefore searched twice, which costs
    nothing there and keeps published records what they are. Memory is about 5 * block * other_block bytes.
    """
    if max(len(left), len(right)) <= small:
        return nearest(left, right, k), nearest(right, left, k)
    forward = Best.of_none(len(left), min(k, len(right)))
    backward = Best.of_none(len(right), min(k, len(left)))
    for at in range(0, len(left), block):
        own = slice(at, at + block)
        for start in range(0, len(right), other_block):
            other = slice(start, start + other_block)
            product = left[own] @ right[other].T
            forward.meet(own, start, *_top(product, forward.k))
            backward.meet(other, at, *_top(product.T, backward.k))
    return (forward.similarity, forward.index), (backward.similarity, backward.index)


@dataclass(frozen=True)
class Best:
    """The best k of every query among the keys met so far."""

    similarity: Vectors
    """(n, k), best first."""
    index: NDArray[np.int64]
    """(n, k), -1 where fewer keys were met."""

    @classmethod
    def of_none(cls, queries: int, k: int) -> Best:
        """Before the first key."""
        return cls(np.full((queries, k), -np.inf, np.float32), np.full((queries, k), -1, np.int64))

    @property
    def k(self) -> int:
        """How many are kept."""
        return int(self.index.shape[1])

    def meet(self, queries: slice, start: int, own: Vectors, where: NDArray[np.int64]) -> None:
        """Take in the best of a block of keys, whose first is number `start`; blocks come in order."""
        width = own.shape[1]
        if start == 0 and width == self.k:
            self.similarity[queries], self.index[queries] = own, where
            return
        # Stable, and earlier keys come first: ties keep the smaller index.
        both = np.concatenate((self.similarity[queries], own), axis=1)
        ids = np.concatenate((self.index[queries], where + start), axis=1)
        order = np.argsort(-both, axis=1, kind="stable")[:, : self.k]
        self.similarity[queries] = np.take_along_axis(both, order, axis=1)
        self.index[queries] = np.take_along_axis(ids, order, axis=1)


GROUPS: Final = 16
"""Columns of a group; a power of two, for the maximum is taken by halving."""
SLICE: Final = 64
"""Rows whose groups are made at once: a slice of a block stays in the cache."""


def _top(product: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Best k of each row, sorted, ties by smaller column.

    The k best stand in the k groups of columns with the largest maxima, so only those are looked into.
    """
    height, width = product.shape
    groups = width // GROUPS
    if k == 1:
        first = product.argmax(axis=1)[:, None]
        return np.take_along_axis(product, first, axis=1), first
    if groups < 4 * k:
        order = np.argsort(-product, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(product, order, axis=1), order
    best = _maxima(product, groups)
    chosen = np.argpartition(best, groups - k, axis=1)[:, groups - k :]
    columns = (chosen[:, :, None] + np.arange(GROUPS) * groups).reshape(height, -1)
    rest = np.arange(groups * GROUPS, width)
    columns = np.concatenate((columns, np.broadcast_to(rest, (height, len(rest)))), axis=1)
    values = product[np.arange(height)[:, None], columns]
    places = np.argpartition(values, values.shape[1] - k, axis=1)[:, -k:]
    who = np.sort(np.take_along_axis(columns, places, axis=1), axis=1)
    found = product[np.arange(height)[:, None], who]
    floor = found.min(axis=1, keepdims=True)
    # More than k values, or more than k groups, that reach the last one kept: a tie, which the smaller column wins.
    tied = ((values >= floor).sum(axis=1) > k) | ((best >= floor).sum(axis=1) > k)
    for row in np.flatnonzero(tied):
        who[row] = np.sort(np.argsort(-product[row], kind="stable")[:k])
        found[row] = product[row, who[row]]
    order = np.argsort(-found, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(who, order, axis=1)


def _maxima(product: Vectors, groups: int) -> Vectors:
    """(n, groups) largest value of each group; group g is the columns g, g + groups, g + 2 groups, ..."""
    best = np.empty((len(product), groups), dtype=np.float32)
    # Of a transposed product a wide slice, whose columns are long runs of memory.
    size = SLICE if product.flags.c_contiguous else 16 * SLICE
    for at in range(0, len(product), size):
        half = product[at : at + size, : groups * GROUPS]
        while half.shape[1] > groups:
            middle = half.shape[1] // 2
            half = np.maximum(half[:, :middle], half[:, middle:])
        best[at : at + size] = half
    return best


def _block(queries: Vectors, keys: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
    return _top(queries @ keys.T, min(k, len(keys)))


def _on_device(device: str) -> BestOfBlock:
    """Best k of a block on a torch device; only k columns come back."""
    import torch

    def best(queries: Vectors, keys: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
        # In full float32, the process default: TF32 would reorder neighbours.
        with torch.no_grad():
            x = torch.from_numpy(np.ascontiguousarray(queries)).to(device)
            y = torch.from_numpy(np.ascontiguousarray(keys)).to(device)
            values, index = torch.topk(x @ y.T, min(k, len(keys)), dim=1)
            return values.cpu().numpy(), index.cpu().numpy()

    return best
