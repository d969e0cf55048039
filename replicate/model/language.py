"""Heads that write: the next token of a decoder, and the text that an encoder-decoder answers with.

Both score words with the table of the embeddings (tied), or with a matrix of their own where a public checkpoint
has one: mT5's released weights do, and tying them silently would score with a matrix that was trained as input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.model.heads import IGNORED, precise
from replicate.model.ragged import Ragged

if TYPE_CHECKING:
    from replicate.model.encoder_decoder import Writer


class Words(nn.Module):
    """(T, V) scores of all words for (T, d) states.

    Parameters
    ----------
    table : nn.Embedding
        The (V, d) embeddings that it is tied to.
    own : Tensor or None
        A (V, d) matrix of its own in their place.
    """

    def __init__(self, table: nn.Embedding, own: Tensor | None = None) -> None:
        super().__init__()
        self._table = [table]  # in a list: tied, and registered with the model alone
        self.own = None if own is None else nn.Parameter(own)

    def forward(self, hidden: Tensor) -> Tensor:
        """(T, V)."""
        return F.linear(hidden, self._table[0].weight if self.own is None else self.own)


class LanguageHead(nn.Module):
    """Scores of the next token, from left to right."""

    def __init__(self, table: nn.Embedding, own: Tensor | None = None) -> None:
        super().__init__()
        self.words = Words(table, own)

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(T, V) scores of the token that follows each token given."""
        scores: Tensor = self.words(hidden)
        return scores

    def next(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, V) scores of the token that follows each row: one step of writing on."""
        return self(hidden[batch.offsets[1:] - 1], batch)  # type: ignore[no-any-return]

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy; labels (T,) are the next tokens, IGNORED at the end of a row."""
        asked = (labels != IGNORED).nonzero().squeeze(1)
        scores = self(hidden[asked], batch)
        return F.cross_entropy(precise(scores), labels[asked], reduction="sum"), asked.numel()


class WritingHead(nn.Module):
    """What the decoder beside an encoder writes, given what the encoder has read."""

    def __init__(self, model: Writer, own: Tensor | None = None) -> None:
        super().__init__()
        self._model = [model]
        self.words = Words(model.word_embeddings, own)
        self.scale = model.word_scale

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, V) scores of the first token that is written."""
        scores: Tensor = self.words(self._model[0].rows(hidden, batch) * self.scale)
        return scores

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy; labels (N, M) are the texts to write, IGNORED behind their ends."""
        scores, wanted = self.scores(hidden, batch, labels)
        return F.cross_entropy(precise(scores), wanted, reduction="sum"), wanted.numel()

    def scores(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, Tensor]:
        """((T', V) scores, (T',) tokens) of all tokens of the texts, each given those before it."""
        there = labels != IGNORED
        sizes = there.sum(1)
        wanted = labels[there]
        offsets = torch.cat([sizes.new_zeros(1), sizes.cumsum(0)])
        texts = Ragged(wanted, offsets, labels.shape[1])
        begun = wanted.roll(1)
        begun[offsets[:-1]] = self._model[0].start
        states = self._model[0].write(hidden, batch, texts.with_ids(begun))
        return self.words(states * self.scale), wanted
