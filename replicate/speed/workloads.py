"""Named batches of the published protocol, with random rows of the tasks' lengths, new in every step.

Speed does not depend on what the tokens say, and measuring one batch again and again would measure the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import torch
from torch import Tensor

from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged

Kind = Literal["classify", "choice", "span", "masked", "evaluate"]


@dataclass(frozen=True)
class Workload:
    """One kind of step."""

    name: str
    kind: Kind
    batch: int
    """Examples."""
    group: int
    """Rows per example."""
    mean: float
    """Pieces per row."""
    spread: float
    """Standard deviation of the log length."""
    longest: int

    def draw(self, number: int, words: int) -> tuple[Ragged, Tensor]:
        """The batch of a step and its labels, a function of the number."""
        random = np.random.default_rng([number, self.batch, self.longest])
        drawn = random.lognormal(np.log(self.mean) - self.spread**2 / 2, self.spread, self.batch * self.group)
        lengths = np.clip(drawn, 4, self.longest).astype(int)
        if self.kind == "evaluate":
            lengths.sort()
        batch = Ragged.of([random.integers(5, words, n) for n in lengths])
        if self.kind == "masked":
            picked = random.random(batch.ids.numel()) < 0.15
            picked[0] = True
            return batch, torch.where(torch.from_numpy(picked), batch.ids, IGNORED)
        if self.kind == "span":
            ends = np.sort(random.integers(0, lengths[:, None], (len(lengths), 2)), axis=1)
            return batch, torch.from_numpy(ends)
        classes = self.group if self.kind == "choice" else 3
        return batch, torch.from_numpy(random.integers(0, classes, self.batch))


PUBLISHED: Final = (
    Workload("XNLI, batch 4", "classify", 4, 1, 46, 0.51, 256),
    Workload("XNLI, batch 32", "classify", 32, 1, 46, 0.51, 256),
    Workload("SQuAD, batch 8", "span", 8, 1, 195, 0.41, 384),
    Workload("HellaSwag, batch 24 x 4", "choice", 24, 4, 98, 0.54, 192),
    Workload("MLM, batch 8", "masked", 8, 1, 40, 0.50, 256),
    Workload("evaluation, 16k tokens", "evaluate", 256, 1, 60, 0.50, 384),
)
"""Lengths: those of `reference/costs.yaml`."""
