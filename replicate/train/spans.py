"""Spans that were taken out as the question: the encoder reads the rest, the decoder writes what is gone.

Raffel et al. (2020), section 3.1.4 and figure 2: 15 % of the tokens in spans of 3 on average; each span is one
sentinel in what is read, and stands behind the same sentinel in what is written; an end closes it. The number of
spans and their lengths are T5's (`random_spans_noise_mask`): exact counts, random segmentation.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged
from replicate.train.running_text import Ask


def spans(share: float, mean: float, first: int, sentinels: int, eos: int) -> Ask:
    """Takes spans out of each row; labels (N, M) are the texts to write.

    Parameters
    ----------
    share, mean : float
        Share of the tokens that is taken out, and mean length of a span.
    first, sentinels : int
        Id of the first sentinel, and how many there are: no row loses more spans.
    eos : int
        The end of a row and of a text; it and the token at the start of a row are never taken out.
    """

    def ask(batch: Ragged, random: np.random.Generator) -> tuple[Ragged, Tensor]:
        read: list[np.ndarray] = []
        written: list[list[int]] = []
        flat, bounds = batch.ids.numpy(), batch.offsets.tolist()
        for start, end in pairwise(bounds):
            row = flat[start:end]
            gone = _gone(len(row) - 2, share, mean, sentinels, random)
            gone = np.concatenate([[False], gone, [False]]) if len(row) > 2 else np.zeros(len(row), bool)
            opens = gone & ~np.concatenate([[False], gone[:-1]])
            number = np.cumsum(opens) - 1
            kept = np.where(opens, first + number, row)[~gone | opens]
            starts = np.flatnonzero(opens[gone])
            text = np.insert(row[gone], starts, first + np.arange(len(starts)))
            read.append(kept)
            written.append([*text.tolist(), eos])
        labels = torch.full((len(written), max(map(len, written))), IGNORED)
        for place, one in enumerate(written):
            labels[place, : len(one)] = torch.tensor(one)
        return Ragged.of(read), labels

    return ask


def _gone(length: int, share: float, mean: float, most: int, random: np.random.Generator) -> np.ndarray:
    """(length,) which inner tokens of a row are taken out; at least one where there are two or more."""
    if length < 2:
        return np.zeros(max(0, length), bool)
    lost = min(max(round(length * share), 1), length - 1)
    count = min(max(round(lost / mean), 1), lost, length - lost, most)
    of_lost, of_kept = _parts(lost, count, random), _parts(length - lost, count, random)
    lengths = np.stack([of_kept, of_lost], 1).ravel()
    return np.repeat(np.arange(2 * count) % 2 == 1, lengths)


def _parts(total: int, count: int, random: np.random.Generator) -> np.ndarray:
    """`total` cut at random into `count` parts of at least one."""
    cuts = np.sort(random.choice(total - 1, count - 1, replace=False) + 1) if count > 1 else np.empty(0, int)
    return np.diff(np.concatenate([[0], cuts, [total]])).astype(np.int64)
