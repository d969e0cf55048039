"""Scores of the next token, one token after the other, with the keys and values of earlier tokens kept.

Several copies of one prompt are written on together, so all rows have one length and nothing is padded: what a row
is computed with depends on its own problem and on nothing that happens to stand beside it in a batch. `Stepwise`
walks through the blocks of our `Decoder`; public decoders keep transformers' own cache, whose position schemes we
do not repeat. Both give the scores that a forward pass over the whole row gives.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from replicate.model.backbone import Backbone
from replicate.model.encoder import Decoder
from replicate.model.language import LanguageHead
from replicate.model.ragged import Ragged


class Writing(Protocol):
    """Writes on from one prompt."""

    def start(self, prompt: Tensor, copies: int) -> Tensor:
        """(copies, V) scores of the token behind the prompt, whose ids are (L,)."""

    def step(self, ids: Tensor) -> Tensor:
        """(copies, V) scores of the token behind `ids`, the (copies,) tokens that were written last."""


class Stepwise:
    """Our decoder, block by block.

    Parameters
    ----------
    model : Decoder
        In evaluation mode: dropout is left out.
    """

    def __init__(self, model: Decoder, head: LanguageHead) -> None:
        self.model, self.head = model, head
        self.kept: list[tuple[Tensor, Tensor]] = []
        self.place = 0

    def start(self, prompt: Tensor, copies: int) -> Tensor:
        """Scores behind the prompt; raises ValueError where it is longer than the model's positions."""
        self.kept, self.place = [], 0
        scores = self._walk(prompt[None])
        self.kept = [(k.expand(copies, -1, -1, -1), v.expand(copies, -1, -1, -1)) for k, v in self.kept]
        return scores.expand(copies, -1)

    def step(self, ids: Tensor) -> Tensor:
        """Scores behind one more token of every copy."""
        return self._walk(ids[:, None])

    def _walk(self, ids: Tensor) -> Tensor:
        rows, length = ids.shape
        if self.place + length > self.model.longest:
            raise ValueError(f"token {self.place + length} is beyond the {self.model.longest} positions")
        first = int(self.model.config.pad_token_id) + 1 + self.place
        places = torch.arange(first, first + length, device=ids.device).expand(rows, -1)
        hidden = self.model.xlmr.embeddings(input_ids=ids, position_ids=places)
        kept = []
        for number, block in enumerate(self.model.xlmr.encoder.layer):
            before = self.kept[number] if self.kept else None
            hidden, after = _block(block, hidden, before)
            kept.append(after)
        self.kept, self.place = kept, self.place + length
        last = hidden[:, -1]
        scores: Tensor = self.head(last, Ragged(ids[:, -1], torch.arange(rows + 1), 1))
        return scores


def _block(
    block: Any, hidden: Tensor, before: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """(states behind a block, keys and values of all tokens so far); hidden is (N, tokens, d)."""
    own = block.attention.self
    heads = own.num_attention_heads
    q, k, v = (
        part(hidden).unflatten(-1, (heads, -1)).transpose(1, 2) for part in (own.query, own.key, own.value)
    )
    if before is not None:
        k, v = torch.cat([before[0], k], dim=2), torch.cat([before[1], v], dim=2)
    # Without earlier tokens the prompt looks back over itself; one further token may look at everything.
    seen = F.scaled_dot_product_attention(q, k, v, is_causal=before is None)
    told = block.attention.output(seen.transpose(1, 2).flatten(2), hidden)
    return block.output(block.intermediate(told), told), (k, v)


class Cached:
    """A decoder of transformers with the library's own cache."""

    def __init__(self, model: Any, head: nn.Module, autocast: Any) -> None:
        self.model, self.head, self.autocast = model, head, autocast
        self.kept: Any = None

    def start(self, prompt: Tensor, copies: int) -> Tensor:
        """Scores behind the prompt; every copy reads it, because libraries keep their caches in many shapes."""
        self.kept = None
        return self._walk(prompt.expand(copies, -1))

    def step(self, ids: Tensor) -> Tensor:
        """Scores behind one more token of every copy."""
        return self._walk(ids[:, None])

    def _walk(self, ids: Tensor) -> Tensor:
        with self.autocast():
            output = self.model(input_ids=ids, past_key_values=self.kept, use_cache=True)
            self.kept = output.past_key_values
            last = output.last_hidden_state[:, -1]
            scores: Tensor = self.head(last, Ragged(ids[:, -1], torch.arange(len(ids) + 1), 1))
        return scores.float()


def writing(model: Backbone, head: LanguageHead, autocast: Any) -> Writing:
    """What writes on with this model.

    Our own decoders are switched to double precision: a draw that falls between two tokens then does so by their
    probabilities and not by how a batch was rounded, and at their size it costs nothing.

    Raises
    ------
    ValueError
        For a model that is no decoder.
    """
    model.eval()
    if isinstance(model, Decoder):
        return Stepwise(model.double(), head.double())
    if model.family != "decoder":
        raise ValueError(f"an {model.family} does not write on from a prompt")
    return Cached(model.model, head, autocast)
