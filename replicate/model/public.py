"""Public checkpoints of each family, and their own modules behind the protocol of this floor.

XLM-R's weights go into our `Encoder`. Decoders (XGLM, BLOOM, Qwen, ...) and encoder-decoders (mT5, T5) keep
transformers' modules, whose attention has position schemes of its own (ALiBi, rotary, relative): they see padded
rectangles, and everything outside sees flat tokens. Padding stands behind the end of a row and is masked, so no
token sees it; it costs time and changes no number.

mT5's released weights have an output matrix apart from the embeddings. transformers 5.23 ties the two whatever the
checkpoint says (`MT5Config.__post_init__`), which scores words with the wrong matrix and tells nothing; here the
matrix is read from the checkpoint itself and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedModel

from replicate.model.backbone import Backbone, last_token
from replicate.model.encoder_decoder import Writer
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Family


class Wrapped(Backbone):
    """What transformers' modules have in common."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    @property
    def config(self) -> Any:
        """The configuration, as transformers knows it."""
        return self.model.config

    @property
    def width(self) -> int:
        """Number of features of a hidden state."""
        return int(self.config.hidden_size)

    @property
    def depth(self) -> int:
        """Number of layers."""
        return int(self.config.num_hidden_layers)

    @property
    def longest(self) -> int | None:
        """Size of the position table; None for ALiBi and relative positions."""
        found = getattr(self.config, "max_position_embeddings", None)
        return None if found is None else int(found)

    @property
    def dropout(self) -> float:
        """Dropout of hidden states, under whichever name the configuration has it; 0 where it has none."""
        names = ("hidden_dropout_prob", "hidden_dropout", "dropout_rate", "dropout")
        return next((float(getattr(self.config, n)) for n in names if hasattr(self.config, n)), 0.0)

    @property
    def spread(self) -> float:
        """Standard deviation of fresh weights; 0.02 where the configuration has none."""
        names = ("initializer_range", "init_std")
        return next((float(getattr(self.config, n)) for n in names if hasattr(self.config, n)), 0.02)

    @property
    def word_embeddings(self) -> nn.Embedding:
        """The (V, d) table of the words."""
        table = self.model.get_input_embeddings()
        assert isinstance(table, nn.Embedding)
        return table

    def describe(self) -> dict[str, Any]:
        """The configuration as JSON values; `model_type` names its class."""
        told: dict[str, Any] = self.config.to_dict()
        return told

    def run(self, module: nn.Module, batch: Ragged, layer: int | None, **more: Any) -> Tensor:
        """(T, d) states of a module of transformers for the rows of `batch`."""
        wanted = self.check(batch, layer)
        output = module(
            input_ids=batch.pad(batch.ids, int(getattr(self.config, "pad_token_id", None) or 0)),
            attention_mask=batch.pad(torch.ones_like(batch.ids), 0),
            output_hidden_states=layer is not None,
            use_cache=False,
            **more,
        )
        found: Tensor = output.last_hidden_state if layer is None else output.hidden_states[wanted]
        return batch.unpad(found)


class PublicDecoder(Wrapped):
    """A causal model of transformers."""

    family: ClassVar[Family] = "decoder"

    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of a layer; the last is behind the final normalisation."""
        return self.run(self.model, batch, layer)

    def rows(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, d) state of the last token."""
        return last_token(hidden, batch)


class PublicWriter(Wrapped, Writer):
    """An encoder-decoder of the T5 family."""

    family: ClassVar[Family] = "encoder-decoder"
    SHARED: ClassVar = ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight")

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__(model)
        # One table is one module and has one name on disk: safetensors refuse two names for the same memory.
        model.encoder.set_input_embeddings(model.shared)
        model.decoder.set_input_embeddings(model.shared)
        self.register_state_dict_post_hook(_without_shared)  # type: ignore[no-untyped-call]
        self.register_load_state_dict_pre_hook(_with_shared)  # type: ignore[no-untyped-call]

    @property
    def word_scale(self) -> float:  # type: ignore[override]
        """d^-1/2 in T5, whose words share one table (Raffel et al. 2020); 1 in mT5."""
        return float(self.width) ** -0.5 if getattr(self.config, "scale_decoder_outputs", False) else 1.0

    @property
    def longest(self) -> None:
        """Positions are relative."""
        return None

    @property
    def start(self) -> int:
        """<pad>, as T5 has it."""
        return int(self.config.decoder_start_token_id)

    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of a layer of the encoder."""
        return self.run(self.model.encoder, batch, layer)

    def write(self, hidden: Tensor, batch: Ragged, texts: Ragged) -> Tensor:
        """(T', d) decoder states of the texts."""
        seen = {
            "encoder_hidden_states": batch.pad(hidden, 0.0),
            "encoder_attention_mask": batch.pad(torch.ones_like(batch.ids), 0),
        }
        return self.run(self.model.decoder, texts, None, **seen)


def _without_shared(module: nn.Module, state: dict[str, Tensor], prefix: str, _: Any) -> None:
    for name in PublicWriter.SHARED:
        state.pop(prefix + name, None)


def _with_shared(module: nn.Module, state: dict[str, Tensor], prefix: str, *_: Any) -> None:
    for name in PublicWriter.SHARED:
        state[prefix + name] = state[prefix + "model.shared.weight"]


def of_description(family: Family, told: Mapping[str, Any]) -> Backbone:
    """A model without its weights from `Wrapped.describe`."""
    rest = {name: value for name, value in told.items() if name != "model_type"}
    return wrapped(family, AutoModel.from_config(AutoConfig.for_model(told["model_type"], **rest)))


def wrapped(family: Family, model: PreTrainedModel) -> Backbone:
    """A base model of transformers behind the protocol."""
    if family == "encoder":
        raise ValueError("encoders have a walk of their own: `Encoder`")
    return PublicDecoder(model) if family == "decoder" else PublicWriter(model)
