"""An encoder with a decoder beside it, of the same blocks, over ragged batches.

The encoder reads a row in both directions; the decoder writes, seeing its own earlier tokens and all of the row.
Words and positions have one table for both, as in T5. A row without anything to write is classified from the
decoder's state at the start token (EncT5, arXiv:2110.08426); tags and spans come from the encoder's states, because
the decoder has none for the tokens of a row.
"""

from __future__ import annotations

import copy
from abc import abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from transformers import XLMRobertaConfig
from transformers.models.xlm_roberta.modeling_xlm_roberta import XLMRobertaEncoder

from replicate.model.attention import NAME, Layout
from replicate.model.backbone import Backbone
from replicate.model.encoder import Encoder
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Family


class Writer(Backbone):
    """What an encoder-decoder offers beyond other models."""

    family: ClassVar[Family] = "encoder-decoder"
    word_scale: float = 1.0
    """Factor of a decoder state before it meets the table of the words (T5 scales where they are tied)."""

    @property
    @abstractmethod
    def start(self) -> int:
        """The token that the decoder begins with."""

    @abstractmethod
    def write(self, hidden: Tensor, batch: Ragged, texts: Ragged) -> Tensor:
        """(T', d) decoder states of `texts`, one text per row of `batch`, whose encoder states are `hidden`."""

    def rows(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, d) state of the decoder at its start token."""
        count = len(batch)
        places = torch.arange(count + 1, device=hidden.device)
        starts = torch.full((count,), self.start, dtype=torch.long, device=hidden.device)
        return self.write(hidden, batch, Ragged(starts, places, 1, 1))


class EncoderDecoder(Writer):
    """XLM-R's blocks with a decoder beside them.

    Parameters
    ----------
    config : XLMRobertaConfig
        Shape of the encoder; the decoder has its numbers.
    decoder_layers : int
        Layers of the decoder.
    """

    def __init__(self, config: XLMRobertaConfig, decoder_layers: int, layout: Layout | None = None) -> None:
        super().__init__()
        config._attn_implementation = NAME
        self.encoder = Encoder(config, layout)
        own = copy.deepcopy(config)
        own.is_decoder, own.add_cross_attention, own.num_hidden_layers = True, True, decoder_layers
        own._attn_implementation = NAME
        self.decoder = XLMRobertaEncoder(own)
        self.decoder.apply(self.encoder.xlmr._init_weights)
        self.layout = layout

    @property
    def config(self) -> XLMRobertaConfig:
        """The shape of the encoder."""
        return self.encoder.config

    @property
    def width(self) -> int:
        """d, the number of features of a hidden state."""
        return self.encoder.width

    @property
    def depth(self) -> int:
        """Number of layers of the encoder."""
        return self.encoder.depth

    @property
    def longest(self) -> int:
        """Longest row, and longest text."""
        return self.encoder.longest

    @property
    def dropout(self) -> float:
        """Dropout of hidden states."""
        return self.encoder.dropout

    @property
    def spread(self) -> float:
        """Standard deviation of fresh weights."""
        return self.encoder.spread

    @property
    def word_embeddings(self) -> nn.Embedding:
        """The (V, d) table of both sides."""
        return self.encoder.word_embeddings

    @property
    def start(self) -> int:
        """<s>."""
        return int(self.config.bos_token_id)

    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of a layer of the encoder."""
        self.encoder.layout = self.layout
        states: Tensor = self.encoder(batch, layer)
        return states

    def write(self, hidden: Tensor, batch: Ragged, texts: Ragged) -> Tensor:
        """(T', d) decoder states of the texts."""
        layout = self.layout or ("packed" if texts.ids.is_cuda else "padded")
        state = self.encoder.embedded(texts)
        for block in self.decoder.layer:
            state = block(state, encoder_hidden_states=hidden[None], ragged=texts, keys=batch, layout=layout)
        output: Tensor = state[0]
        return output

    def rebuild(self) -> None:
        """Those of the encoder."""
        super().rebuild()
        self.encoder.rebuild()

    def describe(self) -> dict[str, Any]:
        """The shape, and the layers of the decoder."""
        return {**self.encoder.describe(), "decoder_layers": len(self.decoder.layer)}
