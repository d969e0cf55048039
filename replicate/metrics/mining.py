"""Mining of translations by margin, and the threshold that is tuned on dev (BUCC).

A pair scores by its cosine relative to the mean cosine of both sides to their k nearest neighbours (Artetxe and
Schwenk 2019, equation 2; margin ratio, k = 4, as XTREME). Candidates are the best target of every source and the
best source of every target; taken from the best score down, each sentence is used once. Repeated sentences are
one: they share an embedding row, and a sentence that occurs twice in a pool can be no predicted pair, because its
id is ambiguous. Source: google-research/xtreme@838c13b `third_party/utils_retrieve.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from replicate.examples import Sentence
from replicate.metrics.neighbours import Vectors, both_ways, nearest, unit
from replicate.metrics.paired import paired

Margin: TypeAlias = Literal["ratio", "distance", "absolute"]
NEIGHBOURS: Final = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mined pair with its margin score."""

    source: str
    target: str
    score: float


def mine(
    source: Sequence[Sentence],
    target: Sequence[Sentence],
    source_vectors: Vectors,
    target_vectors: Vectors,
    margin: Margin = "ratio",
    k: int = NEIGHBOURS,
    device: str | None = None,
) -> tuple[Candidate, ...]:
    """Candidates, best first.

    Parameters
    ----------
    source_vectors, target_vectors
        (n, d), one row per sentence, in order; scaled to length 1 here.
    device
        Torch device for the neighbours, or None for NumPy.
    """
    paired(source_vectors, source, "source embeddings")
    paired(target_vectors, target, "target embeddings")
    x_rows, x_ids = _unique(source)
    y_rows, y_ids = _unique(target)
    x, y = unit(source_vectors[x_rows]), unit(target_vectors[y_rows])
    if device is None:
        (near_y, at_y), (near_x, at_x) = both_ways(x, y, k)
    else:
        near_y, at_y = nearest(x, y, k, device=device)
        near_x, at_x = nearest(y, x, k, device=device)
    mean_x, mean_y = near_y.mean(axis=1), near_x.mean(axis=1)
    forward = _scores(x, y, at_y, mean_x, mean_y, margin)
    backward = _scores(y, x, at_x, mean_y, mean_x, margin)
    best_y = at_y[np.arange(len(x)), forward.argmax(axis=1)]
    best_x = at_x[np.arange(len(y)), backward.argmax(axis=1)]
    i_all = np.concatenate((np.arange(len(x)), best_x))
    j_all = np.concatenate((best_y, np.arange(len(y))))
    scores = np.concatenate((forward.max(axis=1), backward.max(axis=1)))
    used_i, used_j = set[int](), set[int]()
    found: list[Candidate] = []
    for row in np.argsort(-scores, kind="stable"):
        i, j = int(i_all[row]), int(j_all[row])
        if i in used_i or j in used_j:
            continue
        used_i.add(i)
        used_j.add(j)
        # XTREME writes no pair at or below 0 and drops sentences whose text occurs under two ids.
        if scores[row] > 0 and (a := x_ids[i]) is not None and (b := y_ids[j]) is not None:
            found.append(Candidate(a, b, float(scores[row])))
    return tuple(found)


def tuned_threshold(candidates: Sequence[Candidate], gold: Collection[tuple[str, str]]) -> float:
    """Threshold with the best F1 on these gold pairs: halfway between the last pair kept and the next one.

    Returns
    -------
    float
        0.0, that is every candidate, where no candidate is right.
    """
    listed = sorted(candidates, key=lambda candidate: -candidate.score)
    pairs = set(gold)
    right, best, threshold = 0, 0.0, 0.0
    for kept, candidate in enumerate(listed, 1):
        right += (candidate.source, candidate.target) in pairs
        if not right:
            continue
        precision, recall = right / kept, right / len(pairs)
        f1 = 2 * precision * recall / (precision + recall)
        if f1 > best:
            best = f1
            # The official code reads one past the end here if all candidates are kept; then it is the last score.
            following = listed[kept].score if kept < len(listed) else candidate.score
            threshold = (candidate.score + following) / 2
    return threshold


def kept(candidates: Sequence[Candidate], threshold: float) -> tuple[tuple[str, str], ...]:
    """Pairs at or above the threshold, best first."""
    return tuple((item.source, item.target) for item in candidates if item.score >= threshold)


def mining_scores(
    predictions: Collection[tuple[str, str]], gold: Collection[tuple[str, str]]
) -> dict[str, float]:
    """{"f1", "precision", "recall"} in percent over sets of pairs; 0 where no pair is right."""
    guessed, true = set(predictions), set(gold)
    right = len(guessed & true)
    if not right:
        return {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    precision, recall = right / len(guessed), right / len(true)
    f1 = 2 * precision * recall / (precision + recall)
    return {"f1": f1 * 100, "precision": precision * 100, "recall": recall * 100}


def _unique(sentences: Sequence[Sentence]) -> tuple[NDArray[np.int64], list[str | None]]:
    """Row of the last occurrence and id of every distinct text; None for a text with several ids."""
    last: dict[str, int] = {}
    ids: dict[str, str | None] = {}
    for row, sentence in enumerate(sentences):
        ids[sentence.text] = None if sentence.text in ids else sentence.id
        last[sentence.text] = row
    return np.fromiter(last.values(), dtype=np.int64), list(ids.values())


def _scores(
    x: Vectors,
    y: Vectors,
    candidates: NDArray[np.int64],
    mean_x: Vectors,
    mean_y: Vectors,
    margin: Margin,
) -> NDArray[np.float64]:
    """Margin score of every candidate, (n, k).

    One dot product at a time: a batched product adds in another order, and in float32 that moves the tuned
    threshold by 6e-8 against the official scorer. It is a small part of the cost of the neighbours.
    """
    cosine = np.array(
        [[row.dot(y[j]) for j in near] for row, near in zip(x, candidates, strict=True)], np.float32
    )
    around = (mean_x[:, None] + mean_y[candidates]) / np.float32(2)
    if margin == "ratio":
        return np.asarray(cosine / around, dtype=np.float64)
    if margin == "distance":
        return np.asarray(cosine - around, dtype=np.float64)
    return np.asarray(cosine, dtype=np.float64)
