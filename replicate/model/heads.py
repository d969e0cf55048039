"""Heads on flat hidden states, written once for every attention layout and every family of models.

Each head has `forward(hidden, batch)` for predictions and `loss(hidden, batch, labels)`, which returns a
*sum* and the number of units (rows, tagged tokens, masked tokens) it is over. A batch that is computed in
several pieces then has exactly the loss of the whole batch: add the sums, divide by the units of all pieces.
"""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.model.backbone import RowStates, first_token
from replicate.model.ragged import Ragged

IGNORED = -100
"""Label of a token that bears none: continuation pieces, special tokens, tokens that are not masked."""


def precise(scores: Tensor) -> Tensor:
    """`scores` in at least single precision: bf16 logits would round the loss."""
    return scores.float() if scores.dtype in (torch.bfloat16, torch.float16) else scores


class Head(Protocol):
    """What the training loop needs of a head."""

    def __call__(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """Predictions for the batch."""

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Summed loss and the number of units that it is over."""


class ClassifyHead(nn.Module):
    """Scores from the state that stands for a row: RoBERTa's classification head.

    Which state that is, is asked of the model (`Backbone.rows`): the first token of an encoder, the last of a
    decoder, the decoder's start beside an encoder. With `choices` > 1 the rows come in groups of that many
    candidates, each row gets one score, and the groups may have different sizes no more than rows may: 4-way
    choice is 4 consecutive rows.
    """

    def __init__(
        self,
        width: int,
        classes: int,
        choices: int = 1,
        dropout: float = 0.1,
        rows: RowStates = first_token,
    ) -> None:
        super().__init__()
        self.choices = choices
        self.rows = rows
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, classes)

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, classes), or (N / choices, choices) for multiple choice."""
        state = self.dropout(self.rows(hidden, batch))
        scores: Tensor = self.out_proj(self.dropout(torch.tanh(self.dense(state))))
        return scores.view(-1, self.choices) if self.choices > 1 else scores

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy; labels (N,) or (N / choices,)."""
        return F.cross_entropy(precise(self(hidden, batch)), labels, reduction="sum"), labels.numel()


class TagHead(nn.Module):
    """One label per token; continuation pieces are ignored."""

    def __init__(self, width: int, classes: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(width, classes)

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(T, classes)."""
        scores: Tensor = self.classifier(self.dropout(hidden))
        return scores

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy over the tokens that bear a label; labels (T,)."""
        marked = labels != IGNORED
        units = int(marked.sum())
        return F.cross_entropy(
            precise(self(hidden, batch)), labels, ignore_index=IGNORED, reduction="sum"
        ), units


class SpanHead(nn.Module):
    """Start and end of an answer; a question without one points at the first token (Rajpurkar et al. 2018)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.qa_outputs = nn.Linear(width, 2)

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, longest, 2) logits, minus infinity behind the end of a sequence: two floats per token are cheap."""
        return batch.pad(precise(self.qa_outputs(hidden)), float("-inf"))

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Mean of start and end cross-entropy; labels (N, 2) are token places."""
        logits = self(hidden, batch)
        start = F.cross_entropy(logits[..., 0], labels[:, 0], reduction="sum")
        end = F.cross_entropy(logits[..., 1], labels[:, 1], reduction="sum")
        return (start + end) / 2, labels.shape[0]


class MaskedHead(nn.Module):
    """Masked language modelling on the masked tokens only, with the output matrix tied to the embeddings.

    At 250,002 words the output matrix costs more than the encoder; 15 % of the tokens are masked, so
    computing only those saves 85 % of it.
    """

    def __init__(self, words: nn.Embedding, eps: float = 1e-5) -> None:
        super().__init__()
        width = words.embedding_dim
        self.dense, self.layer_norm = nn.Linear(width, width), nn.LayerNorm(width, eps=eps)
        self.bias = nn.Parameter(torch.zeros(words.num_embeddings))
        self._words = [words]  # in a list: tied, and registered with the encoder alone

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(T, V) scores of the words for every token given."""
        x = self.layer_norm(F.gelu(self.dense(hidden)))
        return F.linear(x, self._words[0].weight, self.bias)

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy over the masked tokens; labels (T,) are IGNORED elsewhere."""
        masked = (labels != IGNORED).nonzero().squeeze(1)
        scores = self(hidden[masked], batch)
        return F.cross_entropy(precise(scores), labels[masked], reduction="sum"), masked.numel()


def mean_pool(hidden: Tensor, batch: Ragged, skip_special: bool = False) -> Tensor:
    """(N, d) mean of the token states of each sequence, not normalised.

    Parameters
    ----------
    skip_special : bool
        Leave out the first and last token. XTREME's scripts and jiant include them, so that is the default.
    """
    offsets, lengths = batch.offsets, batch.lengths
    if skip_special:
        inner = (batch.column > 0) & (batch.column < (lengths - 1)[batch.row])
        hidden = hidden[inner]
        lengths = (lengths - 2).clamp(min=0)
        offsets = torch.cat([offsets[:1], lengths.cumsum(0)])
    # index_add is not deterministic on CUDA; a segmented reduction is.
    sums = torch.segment_reduce(hidden, "sum", offsets=offsets, axis=0, unsafe=True)
    return sums / lengths.clamp(min=1)[:, None]


def initialise(head: nn.Module, spread: float = 0.02) -> nn.Module:
    """`head` with RoBERTa's initialisation (normal, standard deviation `spread`), from torch's current seed."""
    for module in head.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0.0, spread)
            nn.init.zeros_(module.bias)
    return head
