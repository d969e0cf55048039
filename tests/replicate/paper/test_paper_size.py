"""XLM-R Large's full size (random weights) through one step of every kind of training, on a CPU.

About 10 GB of memory and some minutes: set VERIFY_CLAIMS_PAPER_SIZE=1 to run it.
"""

from __future__ import annotations

import os
import resource
import time

import numpy as np
import pytest
import torch
from transformers import XLMRobertaConfig

from replicate.model.encoder import Encoder
from replicate.model.heads import IGNORED, ClassifyHead, MaskedHead, SpanHead, TagHead, initialise, mean_pool
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Numerics, Training
from replicate.train.device import Device
from replicate.train.loop import Job, _step
from replicate.train.optimiser import adamw

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("VERIFY_CLAIMS_PAPER_SIZE") != "1", reason="VERIFY_CLAIMS_PAPER_SIZE is not 1"
    ),
]

LARGE = {
    "vocab_size": 250_002,
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "max_position_embeddings": 514,
    "type_vocab_size": 1,
    "layer_norm_eps": 1e-5,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}


class One:
    """A source of one batch."""

    examples = batch_size = 4

    def __init__(self, name, batch, labels):
        self.name, self.batch, self.labels = name, batch, labels

    def passes(self, k, budget):
        return [(self.batch, self.labels)]


def large():
    with torch.device("meta"):
        encoder = Encoder(XLMRobertaConfig(**LARGE))
    encoder = encoder.to_empty(device="cpu")
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter, 0, 0.02)
    table = encoder.xlmr.embeddings
    table.position_ids = torch.arange(514)[None]
    table.token_type_ids = torch.zeros((1, 514), dtype=torch.long)
    return encoder


def test_one_step_of_every_kind_of_training(tmp_path):
    encoder = large()
    assert sum(p.numel() for p in encoder.parameters()) == pytest.approx(559e6, rel=0.005)
    random = np.random.default_rng(0)
    batch = Ragged.of([[0, *random.integers(5, 250_000, n), 2] for n in (10, 20, 14, 20)])
    tokens = batch.ids.numel()
    every_seventh = torch.where(torch.arange(tokens) % 7 == 3, batch.ids, IGNORED)
    heads = {
        "pretraining": (MaskedHead(encoder.word_embeddings), every_seventh),
        "classification": (ClassifyHead(1024, 3), torch.tensor([0, 1, 2, 0])),
        "choice": (ClassifyHead(1024, 1, choices=4), torch.tensor([2])),
        "tagging": (TagHead(1024, 17), torch.arange(tokens) % 17),
        "span": (SpanHead(1024), torch.tensor([[1, 2]] * 4)),
    }
    device = Device.of("cpu", Numerics())
    sources = [One(name, batch, labels) for name, (_, labels) in heads.items()]
    modules = {name: initialise(head) for name, (head, _) in heads.items()}
    training = Training(lr=1e-5, batch=4, steps=5)
    job = Job((0, "paper"), encoder, modules, sources, np.arange(5), training, device, tmp_path)
    optimiser = adamw(job.model, training)
    before = encoder.xlmr.encoder.layer[23].output.dense.weight.detach().clone()
    for step, source in enumerate(sources):
        started = time.monotonic()
        loss, seen = _step(job, optimiser, source, 0, step, 5)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{source.name}: loss {loss:.3f}, {seen} tokens, {time.monotonic() - started:.1f} s, peak {peak:.1f} GB"
        )
        assert np.isfinite(loss)
    assert not torch.equal(before, encoder.xlmr.encoder.layer[23].output.dense.weight)
    encoder.eval()
    with torch.no_grad():
        pooled = mean_pool(encoder(batch, layer=14), batch)
    assert pooled.shape == (4, 1024) and bool(torch.isfinite(pooled).all())
    assert peak < 16
