"""Masked language modelling as a source: languages drawn by n^alpha, tokens masked anew in every batch.

Conneau et al. (2020), section 3.1: a language with n rows is drawn with probability proportional to n^alpha,
alpha = 0.3. Devlin et al. (2019): of the masked tokens 80 % become <mask>, 10 % a random piece, 10 % stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from replicate.keyed import Key, generator
from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged
from replicate.text.corpus import Corpus
from replicate.text.pieces import Pieces
from replicate.text.rows import passes


@dataclass
class MaskedSource:
    """Batches of masked text in several languages."""

    name: str
    corpus: Corpus
    pieces: Pieces
    batch_size: int
    key: tuple[Key, ...]
    alpha: float = 0.3
    mask: float = 0.15
    weight: int | None = None
    """Examples that it counts as in a mixture; None: its rows."""

    @property
    def examples(self) -> int:
        """Number of examples for proportional sampling."""
        return len(self.corpus.rows) if self.weight is None else self.weight

    @property
    def shares(self) -> dict[str, float]:
        """Language -> probability that a row is drawn from it."""
        sizes = np.array(list(self.corpus.sizes.values()), dtype=float) ** self.alpha
        return dict(zip(self.corpus.sizes, (sizes / sizes.sum()).tolist(), strict=True))

    def batch(self, k: int) -> np.ndarray:
        """Row numbers of the k-th batch, all from the same quantile of length in their language."""
        random = generator(*self.key, self.name, "rows", k)
        bounds = np.array(list(self.corpus.bounds.values()))
        languages = random.choice(len(bounds), self.batch_size, p=list(self.shares.values()))
        # Rows stand sorted by length: one narrow quantile for all languages means little padding.
        quantile = random.random() * 0.9 + 0.1 * random.random(self.batch_size)
        first, end = bounds[languages, 0], bounds[languages, 1]
        return np.asarray(first + (quantile * (end - first)).astype(np.int64))

    def passes(self, k: int, budget: int) -> list[tuple[Ragged, Tensor]]:
        """The k-th batch in pieces, masked."""
        chosen = self.batch(k)
        pieces = []
        for number, part in enumerate(passes(self.corpus.rows.lengths[chosen], budget)):
            batch, _ = self.corpus.rows.take(chosen[part])
            pieces.append(self._mask(batch, generator(*self.key, self.name, "mask", k, number)))
        return pieces

    def _mask(self, batch: Ragged, random: np.random.Generator) -> tuple[Ragged, Tensor]:
        ids = batch.ids.numpy().copy()
        special = np.isin(ids, (self.pieces.bos, self.pieces.pad, self.pieces.eos, self.pieces.unk))
        picked = (random.random(len(ids)) < self.mask) & ~special
        if not picked.any():  # a loss over no token is not a number
            picked[random.choice(np.flatnonzero(~special)) if (~special).any() else 0] = True
        labels = np.where(picked, ids, IGNORED)
        kind = random.random(len(ids))
        ids[picked & (kind < 0.8)] = self.pieces.mask
        swapped = picked & (kind >= 0.8) & (kind < 0.9)
        ids[swapped] = random.integers(self.pieces.unk + 1, self.pieces.mask, int(swapped.sum()))
        return batch.with_ids(torch.from_numpy(ids)), torch.from_numpy(labels)
