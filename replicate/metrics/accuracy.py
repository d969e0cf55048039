"""Share of right predictions, in percent, per example or per word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from replicate.metrics.paired import paired


def accuracy(predictions: Sequence[Any], gold: Sequence[Any]) -> dict[str, float]:
    """{"acc": percent of equal pairs}.

    >>> accuracy([1, 0, 2], [1, 1, 2])["acc"]
    66.66666666666666
    """
    paired(predictions, gold, "predictions")
    right = sum(a == b for a, b in zip(predictions, gold, strict=True))
    return {"acc": right / len(gold) * 100}


def token_accuracy(predictions: Sequence[Sequence[int]], gold: Sequence[Sequence[int]]) -> dict[str, float]:
    """{"acc": percent of words with the right tag} over all sentences (CCG)."""
    paired(predictions, gold, "sentences")
    right = total = 0
    for number, (found, tags) in enumerate(zip(predictions, gold, strict=True)):
        paired(found, tags, f"tags in sentence {number}")
        right += sum(a == b for a, b in zip(found, tags, strict=True))
        total += len(tags)
    return {"acc": right / total * 100}
