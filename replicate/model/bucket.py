"""A batch in one of a dozen shapes: filled up with one dummy example, so that CUDA graphs can be replayed.

Capturing a graph (or compiling) costs seconds per shape, and ragged batches have a new shape each. The token
axis is filled up to a multiple of a block by one more example, whose labels are ignored; the longest length is
rounded up as well, because the attention of the padded layout depends on it. Rows do not see each other, so
the other rows' values, and with ignored labels all gradients, stay what they are.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged


def bucketed(
    batch: Ragged,
    labels: Tensor,
    per: Literal["example", "token"],
    group: int = 1,
    block: int = 256,
    round_longest: int = 64,
) -> tuple[Ragged, Tensor]:
    """`batch` with one dummy example of 1 to `block` tokens more, and the labels with IGNORED for it.

    Parameters
    ----------
    labels : Tensor
        (E,) or (E, 2) with `per` "example"; (T,) with `per` "token".
    group : int
        Rows per example (multiple choice): the dummy has as many.
    block, round_longest : int
        Multiples that the number of tokens and the longest length are rounded up to.
    """
    tokens = batch.ids.numel()
    filling = block - tokens % block
    filling += 0 if filling >= group else block
    lengths = [filling // group + (number < filling % group) for number in range(group)]
    ends = tokens + torch.tensor(lengths, device=batch.offsets.device).cumsum(0)
    longest = -(-max(batch.longest, *lengths) // round_longest) * round_longest
    more = labels.new_full((filling if per == "token" else 1, *labels.shape[1:]), IGNORED)
    filled = Ragged(
        torch.cat([batch.ids, batch.ids.new_full((filling,), 3)]),
        torch.cat([batch.offsets, ends]),
        longest,
        min(batch.shortest, *lengths),
    )
    return filled, torch.cat([labels, more])
