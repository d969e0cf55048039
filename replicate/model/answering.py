"""Heads that answer with a label's text: its log-probability under the head that the model was pretrained with.

No weight of theirs is fresh (Raffel et al. 2020, section 2.4): the decoder and its output matrix write the words.
All tasks of a training share one matrix, so these heads do not own it; who builds them registers it once.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.model.heads import IGNORED, precise
from replicate.model.language import LanguageHead, WritingHead
from replicate.model.ragged import Ragged


class WrittenHead(nn.Module):
    """Log-probability of each label's text, written by the decoder beside an encoder.

    Parameters
    ----------
    head : WritingHead
        The head of the pretraining, shared by all tasks.
    texts : sequence of sequence of int
        Pieces of each label, the end included.
    """

    texts: Tensor

    def __init__(self, head: WritingHead, texts: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self._head = [head]
        longest = max(map(len, texts))
        table = torch.tensor([[*one, *[IGNORED] * (longest - len(one))] for one in texts])
        self.register_buffer("texts", table, persistent=False)

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, C) log-probabilities of the texts."""
        found = []
        for text in self.texts:
            own = text[text != IGNORED]
            scores, wanted = self._head[0].scores(hidden, batch, own.expand(len(batch), -1))
            found.append(_log_probability(scores, wanted.view(len(batch), -1)))
        return torch.stack(found, 1)

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy over the pieces of the right texts; labels (N,)."""
        return self._head[0].loss(hidden, batch, self.texts[labels])


class ContinuedHead(nn.Module):
    """Log-probability of each label's text behind the row that a decoder has read.

    Predictions are over groups of C rows, one per label, which end with their texts; training is over rows that end
    with the right one (`replicate.text.answer.continued`).

    Parameters
    ----------
    head : LanguageHead
        The head of the pretraining, shared by all tasks.
    texts : sequence of sequence of int
        Pieces of each label, the end included.
    """

    def __init__(self, head: LanguageHead, texts: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self._head = [head]
        self.sizes = [len(one) for one in texts]

    def forward(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N / C, C) log-probabilities of the texts."""
        found = []
        for label, size in enumerate(self.sizes):
            ends = batch.offsets[1:][label :: len(self.sizes)]
            places = ends[:, None] + torch.arange(-size, 0, device=ends.device)
            scores = self._head[0](hidden[places.flatten() - 1], batch)
            found.append(_log_probability(scores, batch.ids[places]))
        return torch.stack(found, 1)

    def loss(self, hidden: Tensor, batch: Ragged, labels: Tensor) -> tuple[Tensor, int]:
        """Cross-entropy over the pieces of the right texts; labels (T,) are the next tokens, IGNORED elsewhere."""
        return self._head[0].loss(hidden, batch, labels)


def _log_probability(scores: Tensor, wanted: Tensor) -> Tensor:
    """(N,) summed log-probabilities of the (N, M) tokens from the (N M, V) scores."""
    each = F.cross_entropy(precise(scores), wanted.flatten(), reduction="none")
    return -each.view(wanted.shape).sum(1)
