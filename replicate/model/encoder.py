"""XLM-R over ragged batches: hidden states (T, d) of any layer, computing no more layers than asked for.

The modules are those of transformers' `XLMRobertaModel`, so public checkpoints load by name; only the walk
through them is ours. Positions count from `padding_idx + 1` = 2: ids that start at 0, which flattening
collators of several libraries produced, give other hidden states without any error.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import XLMRobertaConfig, XLMRobertaModel

from replicate.model.attention import NAME, Layout
from replicate.model.ragged import Ragged


class Encoder(nn.Module):
    """XLM-R without its pooler, which masked language modelling never trains.

    Parameters
    ----------
    config : XLMRobertaConfig
        Shape of the encoder; it is marked to use the attention of this floor.
    layout : {"packed", "padded", "masked"} or None
        How attention keeps sequences apart. None chooses by device: packed on CUDA, padded elsewhere.
    """

    def __init__(self, config: XLMRobertaConfig, layout: Layout | None = None) -> None:
        super().__init__()
        config._attn_implementation = NAME
        self.xlmr = XLMRobertaModel(config, add_pooling_layer=False)
        self.layout = layout

    @property
    def config(self) -> XLMRobertaConfig:
        """The shape of the encoder, as transformers knows it."""
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
    def word_embeddings(self) -> nn.Embedding:
        """The (V, d) table that the MLM head shares."""
        table: nn.Embedding = self.xlmr.embeddings.word_embeddings
        return table

    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of layer `layer` (0: embeddings; None: the last), without computing later layers.

        Raises
        ------
        ValueError
            For a layer that the encoder does not have, or a sequence longer than the position table.
        """
        wanted = self.depth if layer is None else layer
        if not 0 <= wanted <= self.depth:
            raise ValueError(f"there is no layer {layer}; this encoder has layers 0 to {self.depth}")
        first = self.config.pad_token_id + 1
        if batch.longest + first > self.config.max_position_embeddings:
            room = self.config.max_position_embeddings - first
            raise ValueError(
                f"a sequence of {batch.longest} tokens exceeds the {room} positions of the encoder"
            )
        layout = self.layout or ("packed" if batch.ids.is_cuda else "padded")
        hidden = self.xlmr.embeddings(input_ids=batch.ids[None], position_ids=(batch.column + first)[None])
        for block in self.xlmr.encoder.layer[:wanted]:
            hidden = block(hidden, ragged=batch, layout=layout)
        output: Tensor = hidden[0]
        return output


def build(config: XLMRobertaConfig, seed: int, layout: Layout | None = None) -> Encoder:
    """Encoder with fresh weights that are a function of `seed`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Encoder(config, layout)
