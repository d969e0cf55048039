"""Running text as a source: languages drawn by n^alpha, and a question asked of every batch anew.

Conneau et al. (2020), section 3.1: a language with n rows is drawn with probability proportional to n^alpha,
alpha = 0.3. Which question (masked tokens, the next token, spans that were taken out) is the objective's; the rows
of step k are the same for all of them, so models of different families see the same text in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from torch import Tensor

from replicate.keyed import Key, generator
from replicate.model.ragged import Ragged
from replicate.text.corpus import Corpus
from replicate.text.rows import passes

Ask: TypeAlias = Callable[[Ragged, np.random.Generator], tuple[Ragged, Tensor]]
"""A batch of text -> what the model reads, and the labels that its head is given."""


@dataclass
class TextSource:
    """Batches of text in several languages, each with a question."""

    name: str
    corpus: Corpus
    ask: Ask
    batch_size: int
    key: tuple[Key, ...]
    alpha: float = 0.3
    weight: int | None = None
    """Examples that it counts as in a mixture; None: its rows."""
    evenly: bool = False
    """Whether every row of a language is drawn equally often (`replicate.recipes.running_text.Text`)."""

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
        """Row numbers of the k-th batch, all from the same tenth of lengths in their language."""
        random = generator(*self.key, "mlm", "rows", k)
        bounds = np.array(list(self.corpus.bounds.values()))
        languages = random.choice(len(bounds), self.batch_size, p=list(self.shares.values()))
        # Rows stand sorted by length: one narrow quantile for all languages means little padding.
        if self.evenly:  # around the end, so that each quantile has the same density
            quantile = (random.random() + 0.1 * random.random(self.batch_size)) % 1.0
        else:
            quantile = random.random() * 0.9 + 0.1 * random.random(self.batch_size)
        first, end = bounds[languages, 0], bounds[languages, 1]
        return np.asarray(first + (quantile * (end - first)).astype(np.int64))

    def passes(self, k: int, budget: int) -> list[tuple[Ragged, Tensor]]:
        """The k-th batch in pieces, each with its question."""
        chosen = self.batch(k)
        pieces = []
        for number, part in enumerate(passes(self.corpus.rows.lengths[chosen], budget)):
            batch, _ = self.corpus.rows.take(chosen[part])
            pieces.append(self.ask(batch, generator(*self.key, "mlm", "mask", k, number)))
        return pieces
