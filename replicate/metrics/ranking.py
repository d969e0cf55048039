"""Retrieval: nearest sentence (Tatoeba) and mean average precision at 20 (LAReQA, Mewsli-X).

Tatoeba's direction: for each *English* sentence the nearest foreign one. XTREME-R's mAP@20 divides by the number
of relevant candidates, at most 20; with one relevant candidate (Mewsli-X) it is the reciprocal rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError, Problem
from replicate.metrics.neighbours import Vectors, nearest, unit
from replicate.metrics.paired import paired


def nearest_source(source: Vectors, target: Vectors, cosine: bool = True) -> NDArray[np.int64]:
    """For every target (English) row the index of the nearest source row.

    Parameters
    ----------
    source, target
        (n, d) and (m, d).
    cosine
        By cosine, XTREME's setting; otherwise by Euclidean distance of the raw vectors.
    """
    if cosine:
        return nearest(unit(target), unit(source), 1)[1][:, 0]
    x, y = np.asarray(source, dtype=np.float32), np.asarray(target, dtype=np.float32)
    # |y - x|^2 = |y|^2 - 2 (yx - |x|^2 / 2): the largest bracket is the nearest row.
    half = (x * x).sum(axis=1, keepdims=True) / 2
    queries = np.concatenate((y, -np.ones((len(y), 1), dtype=np.float32)), axis=1)
    return nearest(queries, np.concatenate((x, half), axis=1), 1)[1][:, 0]


def best_candidates(
    queries: Vectors, candidates: Vectors, ids: Sequence[str], k: int = 20, device: str | None = None
) -> list[list[str]]:
    """Ids of the k candidates with the largest cosine, best first, per query row; `device` as in `nearest`."""
    paired(candidates, ids, "candidate embeddings")
    _, index = nearest(unit(queries), unit(candidates), k, device=device)
    return [[ids[j] for j in row] for row in index]


def map_at(
    predictions: Mapping[str, Sequence[str]], relevant: Mapping[str, Sequence[str]], k: int = 20
) -> float:
    """Mean average precision at k in percent, over all queries that have a relevant candidate.

    A query without a prediction scores 0. A candidate that is listed twice takes two ranks, as officially, and
    counts once.

    >>> map_at({"q": ["x", "a", "y", "b"]}, {"q": ["a", "b"]})
    50.0

    Raises
    ------
    InputError
        Without queries, or for a query without a relevant candidate.
    """
    if not relevant:
        raise InputError(Problem("no queries to score", "an empty split has no score, and not the score 0"))
    total = 0.0
    for query, wanted in relevant.items():
        if not wanted:
            raise InputError(
                Problem(f"query {query!r} has no relevant candidate", "drop it or repair the gold file")
            )
        found, precision = set[str](), 0.0
        for rank, candidate in enumerate(predictions.get(query, ())[:k], 1):
            if candidate in wanted and candidate not in found:
                found.add(candidate)
                precision += len(found) / rank
        total += precision / min(len(wanted), k)
    return 100 * total / len(relevant)
