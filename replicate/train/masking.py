"""Masked tokens as the question: tokens are masked anew in every batch.

Devlin et al. (2019): of the masked tokens 80 % become <mask>, 10 % a random piece, 10 % stay.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from analysis.errors import InputError, Problem
from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged
from replicate.text.pieces import Pieces
from replicate.train.running_text import Ask


def masked(pieces: Pieces, share: float) -> Ask:
    """Masks `share` of the tokens that are not special; labels (T,) are the tokens that were there.

    Raises InputError for a tokenizer without a token that masks.
    """
    mask = pieces.mask
    if mask is None:
        raise InputError(
            Problem("the tokenizer has no <mask>", "pretrain an encoder with a tokenizer that has one")
        )

    def ask(batch: Ragged, random: np.random.Generator) -> tuple[Ragged, Tensor]:
        ids = batch.ids.numpy().copy()
        special = np.isin(ids, (pieces.bos, pieces.pad, pieces.eos, pieces.unk))
        picked = (random.random(len(ids)) < share) & ~special
        if not picked.any():  # a loss over no token is not a number
            picked[random.choice(np.flatnonzero(~special)) if (~special).any() else 0] = True
        labels = np.where(picked, ids, IGNORED)
        kind = random.random(len(ids))
        ids[picked & (kind < 0.8)] = mask
        swapped = picked & (kind >= 0.8) & (kind < 0.9)
        ids[swapped] = random.integers(pieces.unk + 1, mask, int(swapped.sum()))
        return batch.with_ids(torch.from_numpy(ids)), torch.from_numpy(labels)

    return ask
