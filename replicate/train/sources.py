"""Which rows make the k-th batch of a task: a pure function of (seed, stage, task, k).

No iterator, so no iterator state: a resumed run asks for batch k and gets what an uninterrupted one got.
Length-sorted samplers of common trainers lose exactly this (their shuffle is redrawn on resume), and random
order wastes half of a padded batch; sorting inside a window of batches keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from torch import Tensor

from replicate.keyed import Key, generator
from replicate.model.ragged import Ragged
from replicate.text.rows import Rows, passes


class Source(Protocol):
    """Where the batches of one task come from."""

    name: str

    @property
    def examples(self) -> int:
        """Number of training examples, which examples-proportional sampling counts."""

    @property
    def batch_size(self) -> int:
        """Examples of a batch."""

    def passes(self, k: int, budget: int) -> list[tuple[Ragged, Tensor]]:
        """The k-th batch, in pieces of at most `budget` tokens, with labels."""


@dataclass
class TaskSource:
    """Batches of a supervised task: epochs of all rows in a keyed order."""

    name: str
    rows: Rows
    batch_size: int
    key: tuple[Key, ...]
    sort_window: int = 1
    _epoch: tuple[int, list[np.ndarray]] | None = field(default=None, repr=False)

    @property
    def examples(self) -> int:
        """Number of training examples."""
        return len(self.rows)

    @property
    def per_epoch(self) -> int:
        """Batches that one pass over the rows takes; the last may be smaller."""
        return -(-len(self.rows) // self.batch_size)

    def batch(self, k: int) -> np.ndarray:
        """Example numbers of the k-th batch."""
        epoch, place = divmod(k, self.per_epoch)
        if self._epoch is None or self._epoch[0] != epoch:
            self._epoch = (epoch, self._order(epoch))
        return self._epoch[1][place]

    def passes(self, k: int, budget: int) -> list[tuple[Ragged, Tensor]]:
        """The k-th batch in pieces."""
        chosen = self.batch(k)
        return [self.rows.take(chosen[part]) for part in passes(self.rows.lengths[chosen], budget)]

    def _order(self, epoch: int) -> list[np.ndarray]:
        random = generator(*self.key, self.name, "epoch", epoch)
        order = random.permutation(len(self.rows))
        lengths = self.rows.lengths
        window = self.sort_window * self.batch_size
        if self.sort_window > 1:
            windows = (order[at : at + window] for at in range(0, len(order), window))
            order = np.concatenate([part[np.argsort(lengths[part], kind="stable")] for part in windows])
        batches = [order[at : at + self.batch_size] for at in range(0, len(order), self.batch_size)]
        if self.sort_window > 1:
            batches = [batches[i] for i in random.permutation(len(batches))]
        return batches
