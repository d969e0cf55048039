"""Models of each family: with fresh weights from a shape, or without weights from what a record says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from transformers import XLMRobertaConfig

from replicate.model.backbone import Backbone
from replicate.model.encoder import Decoder, Encoder
from replicate.model.encoder_decoder import EncoderDecoder, Writer
from replicate.model.heads import MaskedHead
from replicate.model.language import LanguageHead, WritingHead
from replicate.recipes.recipe import Family, Shape


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


def fresh(family: Family, shape: Shape, vocabulary: int, seed: int) -> Backbone:
    """A model whose weights are a function of `seed`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return described(
            family,
            {**Encoder.shape(configuration(shape, vocabulary)), "decoder_layers": shape.decoder_layers},
        )


def described(family: Family, told: Mapping[str, Any]) -> Backbone:
    """A model of the shape that `Backbone.describe` told; its weights are those of torch's current seed."""
    if "model_type" in told:
        from replicate.model.public import of_description

        return of_description(family, told)
    numbers = {name: value for name, value in told.items() if name != "decoder_layers"}
    config = XLMRobertaConfig(**numbers)
    if family == "encoder-decoder":
        return EncoderDecoder(config, int(told["decoder_layers"]))
    return (Encoder if family == "encoder" else Decoder)(config)


def pretraining_head(model: Backbone) -> nn.Module:
    """A fresh head for what the family of the model is pretrained on."""
    if isinstance(model, Writer):
        return WritingHead(model)
    if model.family == "decoder":
        return LanguageHead(model.word_embeddings)
    return MaskedHead(model.word_embeddings)
