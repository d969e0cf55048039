"""The next token as the question: each token is asked for the one behind it, the last of a row for nothing.

Radford et al. (2018). All tokens are read and all but the first are asked for, where masking asks for 15 %: at equal
tokens and equal FLOPs a causal model gets more signal per step, which is part of what tells the families apart.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from replicate.model.heads import IGNORED
from replicate.model.ragged import Ragged


def next_token(batch: Ragged, random: np.random.Generator) -> tuple[Ragged, Tensor]:
    """The batch as it is; labels (T,) are the tokens behind, IGNORED at the end of a row. Nothing is drawn."""
    labels = batch.ids.roll(-1)
    labels[batch.offsets[1:] - 1] = IGNORED
    return batch, labels
