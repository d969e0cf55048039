"""Encoded rows on the host: flat ids, offsets and labels, the ragged format before it is a batch.

Two flat arrays instead of a list of rows: 1.1 million premises and hypotheses are 200 MB rather than 4 GB of
Python lists, and a batch is a gather.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from replicate.model.ragged import Ragged


@dataclass(frozen=True)
class Rows:
    """R token rows that form E examples of `group` consecutive rows each."""

    ids: np.ndarray
    """(T,) int32."""
    offsets: np.ndarray
    """(R + 1,) int64."""
    labels: np.ndarray
    """(E,) or (E, 2) int64 with `per` "example"; (T,) with `per` "token"; (0,) with `per` "none"."""
    per: Literal["example", "token", "none"] = "none"
    group: int = 1

    @classmethod
    def of(
        cls,
        rows: Sequence[Sequence[int] | np.ndarray],
        labels: Sequence[int] | np.ndarray | None = None,
        per: Literal["example", "token", "none"] = "none",
        group: int = 1,
    ) -> Rows:
        """Pack lists of ids; an empty list of rows is allowed and has no batch."""
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        flat = (
            np.concatenate([np.asarray(r, dtype=np.int32) for r in rows])
            if len(rows)
            else np.empty(0, np.int32)
        )
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return cls(flat, offsets, np.asarray([] if labels is None else labels, dtype=np.int64), per, group)

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], per: Literal["example", "token", "none"], group: int = 1
    ) -> Rows:
        """The inverse of `arrays`."""
        return cls(arrays["ids"], arrays["offsets"], arrays["labels"], per, group)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name, for a shelf; `per` and `group` belong to the kind of task."""
        return {"ids": self.ids, "offsets": self.offsets, "labels": self.labels}

    def __len__(self) -> int:
        """E, the number of examples."""
        return (len(self.offsets) - 1) // self.group

    @property
    def lengths(self) -> np.ndarray:
        """(E,) tokens per example."""
        ends = self.offsets[self.group :: self.group]
        return np.asarray(ends - self.offsets[: -1 : self.group][: len(ends)])

    def take(self, examples: np.ndarray) -> tuple[Ragged, Tensor]:
        """Batch of the given examples in the given order, with its labels."""
        rows = (examples[:, None] * self.group + np.arange(self.group)).ravel()
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        lengths = ends - starts
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        tokens = np.repeat(starts - bounds[:-1], lengths) + np.arange(bounds[-1])
        batch = Ragged(
            torch.from_numpy(self.ids[tokens].astype(np.int64)),
            torch.from_numpy(bounds.astype(np.int64)),
            int(lengths.max()),
            int(lengths.min()),
        )
        chosen = {"example": examples, "token": tokens, "none": np.empty(0, np.int64)}[self.per]
        return batch, torch.from_numpy(self.labels[chosen])


def passes(lengths: np.ndarray, budget: int) -> list[np.ndarray]:
    """Places of the examples in groups of at most `budget` tokens, similar lengths together.

    One example longer than the budget gets a pass of its own.
    """
    order = np.argsort(lengths, kind="stable")
    groups: list[np.ndarray] = []
    start, used = 0, 0
    for place, index in enumerate(order):
        if place > start and used + int(lengths[index]) > budget:
            groups.append(order[start:place])
            start, used = place, 0
        used += int(lengths[index])
    groups.append(order[start:])
    return groups
