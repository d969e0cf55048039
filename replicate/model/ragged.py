"""A batch of token sequences of different lengths, concatenated: the one batch type of the floor.

N sequences are one vector of T token ids and N + 1 offsets. There is no padding to mask, to waste time on or
to leak into a mean; whoever needs a rectangle (`pad`) makes it and says with which value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Ragged:
    """N token sequences end to end."""

    ids: Tensor
    """(T,) int64 token ids."""
    offsets: Tensor
    """(N + 1,) int64, from 0 to T, strictly increasing: sequence n is ids[offsets[n]:offsets[n + 1]]."""
    longest: int
    """Length of the longest sequence, as an int: reading it from the device would stall the GPU."""
    shortest: int = 1

    @classmethod
    def of(cls, rows: Sequence[Sequence[int] | np.ndarray]) -> Ragged:
        """Batch of `rows`; raises ValueError for an empty batch or an empty row."""
        lengths = [len(row) for row in rows]
        if not lengths or min(lengths) == 0:
            raise ValueError("a ragged batch needs at least one row, and no row may be empty")
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
        offsets = torch.tensor([0, *np.cumsum(lengths).tolist()])
        return cls(torch.from_numpy(flat), offsets, max(lengths), min(lengths))

    def __len__(self) -> int:
        return self.offsets.numel() - 1

    @cached_property
    def lengths(self) -> Tensor:
        """(N,) number of tokens of each sequence."""
        return self.offsets.diff()

    @cached_property
    def row(self) -> Tensor:
        """(T,) index of the sequence that each token belongs to."""
        rows = torch.arange(len(self), device=self.ids.device)
        return torch.repeat_interleave(rows, self.lengths, output_size=self.ids.numel())

    @cached_property
    def column(self) -> Tensor:
        """(T,) place of each token in its sequence, from 0."""
        return torch.arange(self.ids.numel(), device=self.ids.device) - self.offsets[:-1][self.row]

    @cached_property
    def is_rectangle(self) -> bool:
        """Whether all sequences have one length, so that padding is a view."""
        return self.longest == self.shortest

    def pad(self, flat: Tensor, value: float) -> Tensor:
        """(T, ...) -> (N, longest, ...), filled with `value` behind the end of each sequence."""
        shape = (len(self), self.longest, *flat.shape[1:])
        if self.is_rectangle:
            return flat.reshape(shape)
        return flat.new_full(shape, value).index_put((self.row, self.column), flat)

    def unpad(self, padded: Tensor) -> Tensor:
        """(N, longest, ...) -> (T, ...): the inverse of `pad`."""
        if self.is_rectangle:
            return padded.reshape(self.ids.numel(), *padded.shape[2:])
        return padded[self.row, self.column]

    def with_ids(self, ids: Tensor) -> Ragged:
        """The same sequences with other token ids (masked ones, for example)."""
        return Ragged(ids, self.offsets, self.longest, self.shortest)

    def to(self, device: torch.device | str) -> Ragged:
        """The batch on `device`."""
        ids, offsets = self.ids.to(device, non_blocking=True), self.offsets.to(device, non_blocking=True)
        return Ragged(ids, offsets, self.longest, self.shortest)
