"""XLM-R over ragged batches: hidden states (T, d) of any layer, computing no more layers than asked for.

The modules are those of transformers' `XLMRobertaModel`, so public checkpoints load by name; only the walk
through them is ours. Positions count from `padding_idx + 1` = 2: ids that start at 0, which flattening
collators of several libraries produced, give other hidden states without any error.

`Decoder` is the same blocks with a causal mask and nothing else, so that a comparison of the two is one of
architecture and not of normalisation, positions or initialisation, in which XLM-R and public decoders differ.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import torch
from torch import Tensor, nn
from transformers import XLMRobertaConfig, XLMRobertaModel

from replicate.model.attention import NAME, Layout
from replicate.model.backbone import Backbone, first_token, last_token
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Family

SHAPE_KEYS: Final = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
    "max_position_embeddings", "hidden_dropout_prob", "attention_probs_dropout_prob", "initializer_range",
    "layer_norm_eps", "pad_token_id", "bos_token_id", "eos_token_id", "type_vocab_size",
)  # fmt: skip


class Encoder(Backbone):
    """XLM-R without its pooler, which masked language modelling never trains.

    Parameters
    ----------
    config : XLMRobertaConfig
        Shape of the encoder; it is marked to use the attention of this floor.
    layout : {"packed", "padded", "masked"} or None
        How attention keeps sequences apart. None chooses by device: packed on CUDA, padded elsewhere.
    """

    family: ClassVar[Family] = "encoder"

    def __init__(self, config: XLMRobertaConfig, layout: Layout | None = None) -> None:
        super().__init__()
        config._attn_implementation = NAME
        config.is_decoder = self.family == "decoder"
        self.xlmr = XLMRobertaModel(config, add_pooling_layer=False)
        self.layout = layout

    @property
    def config(self) -> XLMRobertaConfig:
        """The shape of the model, as transformers knows it."""
        return self.xlmr.config

    @property
    def width(self) -> int:
        """d, the number of features of a hidden state."""
        return int(self.config.hidden_size)

    @property
    def depth(self) -> int:
        """Number of transformer layers."""
        return int(self.config.num_hidden_layers)

    @property
    def longest(self) -> int:
        """Longest row: two positions are lost to padding_idx + 1."""
        return int(self.config.max_position_embeddings) - int(self.config.pad_token_id) - 1

    @property
    def dropout(self) -> float:
        """Dropout of hidden states."""
        return float(self.config.hidden_dropout_prob)

    @property
    def spread(self) -> float:
        """Standard deviation of fresh weights."""
        return float(self.config.initializer_range)

    @property
    def word_embeddings(self) -> nn.Embedding:
        """The (V, d) table that the MLM head shares."""
        table: nn.Embedding = self.xlmr.embeddings.word_embeddings
        return table

    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of layer `layer` (0: embeddings; None: the last), without computing later layers.

        Raises
        ------
        ValueError
            For a layer that the model does not have, or a sequence longer than the position table.
        """
        wanted = self.check(batch, layer)
        layout = self.layout or ("packed" if batch.ids.is_cuda else "padded")
        hidden = self.embedded(batch)
        for block in self.xlmr.encoder.layer[:wanted]:
            hidden = block(hidden, ragged=batch, layout=layout)
        output: Tensor = hidden[0]
        return output

    def embedded(self, batch: Ragged) -> Tensor:
        """(1, T, d) embeddings of words and positions."""
        first = int(self.config.pad_token_id) + 1
        found: Tensor = self.xlmr.embeddings(
            input_ids=batch.ids[None], position_ids=(batch.column + first)[None]
        )
        return found

    def rows(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, d) state of the first token."""
        return first_token(hidden, batch)

    def describe(self) -> dict[str, Any]:
        """The shape."""
        return self.shape(self.config)

    def rebuild(self) -> None:
        """Position and token type ids."""
        super().rebuild()
        size = int(self.config.max_position_embeddings)
        self.xlmr.embeddings.position_ids = torch.arange(size).expand((1, -1))
        self.xlmr.embeddings.token_type_ids = torch.zeros((1, size), dtype=torch.long)

    @staticmethod
    def shape(config: XLMRobertaConfig) -> dict[str, Any]:
        """The numbers of a configuration that make the modules what they are."""
        return {name: getattr(config, name) for name in SHAPE_KEYS}


class Decoder(Encoder):
    """The same blocks, in which a token sees itself and earlier ones."""

    family: ClassVar[Family] = "decoder"

    def rows(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, d) state of the last token."""
        return last_token(hidden, batch)


def build(config: XLMRobertaConfig, seed: int, layout: Layout | None = None) -> Encoder:
    """Encoder with fresh weights that are a function of `seed`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Encoder(config, layout)
