"""Weights in and out: safetensors for what was trained here, transformers for public checkpoints.

Only safetensors are read from run records: a pickle could run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import XLMRobertaConfig

from replicate.model.encoder import Encoder
from replicate.model.heads import MaskedHead
from replicate.recipes.recipe import Shape

SHAPE_KEYS = (
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
    "max_position_embeddings", "hidden_dropout_prob", "attention_probs_dropout_prob", "initializer_range",
    "layer_norm_eps", "pad_token_id", "bos_token_id", "eos_token_id", "type_vocab_size",
)  # fmt: skip


def configuration(shape: Shape, vocabulary: int) -> XLMRobertaConfig:
    """XLM-R's configuration in another size; two position ids are lost to padding_idx + 1."""
    return XLMRobertaConfig(
        vocab_size=vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions + 2,
        hidden_dropout_prob=shape.dropout,
        attention_probs_dropout_prob=shape.attention_dropout,
        initializer_range=shape.spread,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
    )


def save(folder: Path, encoder: Encoder, heads: Mapping[str, nn.Module]) -> dict[str, Path]:
    """Write `model.safetensors` and `encoder.json`; returns name -> path."""
    tensors = {f"encoder.{name}": tensor for name, tensor in encoder.state_dict().items()}
    for task, head in heads.items():
        tensors |= {f"head.{task}.{name}": tensor for name, tensor in head.state_dict().items()}
    paths = {"model.safetensors": folder / "model.safetensors", "encoder.json": folder / "encoder.json"}
    save_file(
        {name: t.detach().cpu().contiguous() for name, t in tensors.items()}, paths["model.safetensors"]
    )
    values = {name: getattr(encoder.config, name) for name in SHAPE_KEYS}
    paths["encoder.json"].write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    return paths


def load_encoder(folder: Path) -> Encoder:
    """Encoder of a run record, with its weights."""
    values: dict[str, Any] = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        encoder = Encoder(XLMRobertaConfig(**values))
    tensors = _part(folder, "encoder.")
    encoder.load_state_dict(tensors, assign=True)
    _buffers(encoder)
    return encoder


def load_head(folder: Path, task: str) -> dict[str, torch.Tensor]:
    """State of one head of a run record."""
    return _part(folder, f"head.{task}.")


def from_hub(model: str, revision: str) -> tuple[Encoder, MaskedHead]:
    """Encoder and masked-language-modelling head of a public checkpoint, at a pinned revision."""
    from transformers import XLMRobertaForMaskedLM

    public = XLMRobertaForMaskedLM.from_pretrained(model, revision=revision, use_safetensors=True)
    with torch.device("meta"):
        encoder = Encoder(public.config)
    encoder.load_state_dict({f"xlmr.{n}": t for n, t in public.roberta.state_dict().items()}, assign=True)
    _buffers(encoder)
    head = MaskedHead(encoder.word_embeddings, public.config.layer_norm_eps)
    head.dense.load_state_dict(public.lm_head.dense.state_dict())
    head.layer_norm.load_state_dict(public.lm_head.layer_norm.state_dict())
    head.bias.data.copy_(public.lm_head.bias.data)
    return encoder, head


def _part(folder: Path, prefix: str) -> dict[str, torch.Tensor]:
    tensors = load_file(folder / "model.safetensors")
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}


def _buffers(encoder: Encoder) -> None:
    """Rebuild the buffers that no checkpoint holds: position and token type ids."""
    embeddings = encoder.xlmr.embeddings
    size = int(encoder.config.max_position_embeddings)
    embeddings.position_ids = torch.arange(size).expand((1, -1))
    embeddings.token_type_ids = torch.zeros((1, size), dtype=torch.long)
    for parameter in encoder.parameters():
        parameter.requires_grad_(True)
