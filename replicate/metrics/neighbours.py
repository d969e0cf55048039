"""Exact nearest neighbours in blocks: memory is bounded, the pairs are those of brute force.

NumPy in float32, because XTREME's scorer (faiss, flat index) ranks in float32. A block of queries meets a
block of keys, and only the best k so far stay, so 500,000 x 500,000 sentences need no 10^12 matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

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
        Rows per block; memory is about 20 * block * keys_block bytes.
    device
        Torch device for the products, for example "cuda"; None: NumPy. The pairs are the same unless two
        similarities differ in the last bit.

    Returns
    -------
    tuple
        Similarities and key indices, both (n, min(k, m)), best first; equal similarities by smaller index.
    """
    k = min(k, len(keys))
    best_of_block = _block if device is None else _on_device(device)
    similarity = np.empty((len(queries), k), dtype=np.float32)
    index = np.empty((len(queries), k), dtype=np.int64)
    for at in range(0, len(queries), block):
        part = queries[at : at + block]
        best = np.full((len(part), k), -np.inf, dtype=np.float32)
        who = np.full((len(part), k), -1, dtype=np.int64)
        for start in range(0, len(keys), keys_block):
            own, where = best_of_block(part, keys[start : start + keys_block], k)
            both = np.concatenate((best, own), axis=1)
            ids = np.concatenate((who, where + start), axis=1)
            # Stable: earlier keys come first in `both`, so ties keep the smaller index.
            order = np.argsort(-both, axis=1, kind="stable")[:, :k]
            best = np.take_along_axis(both, order, axis=1)
            who = np.take_along_axis(ids, order, axis=1)
        similarity[at : at + block], index[at : at + block] = best, who
    return similarity, index


def _top(product: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Best k of each row, sorted, ties by smaller column."""
    width = product.shape[1]
    if k >= width:
        order = np.argsort(-product, axis=1, kind="stable")
        return np.take_along_axis(product, order, axis=1), order
    if k == 1:
        first = product.argmax(axis=1)[:, None]
        return np.take_along_axis(product, first, axis=1), first
    # argpartition may drop the smaller of two tied columns; sort all columns that reach the k-th value instead.
    chosen = np.sort(np.argpartition(-product, k - 1, axis=1)[:, :k], axis=1)
    values = np.take_along_axis(product, chosen, axis=1)
    floor = values.min(axis=1, keepdims=True)
    tied = (product >= floor).sum(axis=1) > k
    for row in np.flatnonzero(tied):
        chosen[row] = np.sort(np.argsort(-product[row], kind="stable")[:k])
        values[row] = product[row, chosen[row]]
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1), np.take_along_axis(chosen, order, axis=1)


def _block(queries: Vectors, keys: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
    return _top(queries @ keys.T, k)


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
