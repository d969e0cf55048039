"""Weights survive the way out and in, and public checkpoints load into our encoder and head."""

from __future__ import annotations

import torch
from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

from replicate.model import weights
from replicate.model.encoder import build
from replicate.model.heads import ClassifyHead
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Shape

BATCH = Ragged.of([[0, 5, 6, 7, 2], [0, 8, 2]])


def test_a_saved_encoder_is_the_same_encoder(tmp_path):
    encoder = build(
        weights.configuration(Shape(hidden=16, layers=2, heads=2, ffn=32, positions=30), 50), 3
    ).eval()
    head = ClassifyHead(16, 3)
    weights.save(tmp_path, encoder, {"xnli": head})
    again = weights.load(tmp_path).eval()
    assert torch.equal(encoder(BATCH), again(BATCH))
    assert all(parameter.requires_grad for parameter in again.parameters())
    other = ClassifyHead(16, 3)
    other.load_state_dict(weights.load_head(tmp_path, "xnli"))
    assert torch.equal(other.dense.weight, head.dense.weight)


def test_the_same_seed_builds_the_same_weights_and_leaves_the_global_state_alone():
    shape = weights.configuration(Shape(hidden=16, layers=1, heads=2, ffn=32, positions=30), 50)
    torch.manual_seed(11)
    before = torch.rand(1)
    torch.manual_seed(11)
    one, two, other = build(shape, 0), build(shape, 0), build(shape, 1)
    assert torch.equal(torch.rand(1), before)
    assert torch.equal(one(BATCH), two(BATCH)) or one.training
    assert torch.equal(one.word_embeddings.weight, two.word_embeddings.weight)
    assert not torch.equal(one.word_embeddings.weight, other.word_embeddings.weight)


def test_a_public_checkpoint_gives_its_own_hidden_states_and_scores(tmp_path):
    config = XLMRobertaConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=30, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    public = XLMRobertaForMaskedLM(config).eval()
    public.save_pretrained(tmp_path)
    encoder, head = weights.from_hub(str(tmp_path), "main")
    encoder.eval()
    ids, mask = BATCH.pad(BATCH.ids, 1), BATCH.pad(torch.ones_like(BATCH.ids), 0)
    expected = BATCH.unpad(public(ids, attention_mask=mask).logits)
    assert torch.allclose(head.eval()(encoder(BATCH), BATCH), expected, atol=1e-5)
    weights.save(tmp_path, encoder, {"mlm": head})
    assert torch.equal(weights.load(tmp_path).eval()(BATCH), encoder(BATCH))
