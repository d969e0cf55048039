"""Scores with kept keys and values are those of whole rows; draws fall where the probabilities say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from transformers import BloomConfig, BloomModel, Qwen2Config, Qwen2Model

from replicate.model.draw import drawn
from replicate.model.families import fresh
from replicate.model.language import LanguageHead
from replicate.model.public import wrapped
from replicate.model.ragged import Ragged
from replicate.model.stepwise import writing
from replicate.recipes.recipe import Shape

SMALL: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


def own() -> Any:
    return fresh("decoder", Shape(hidden=16, layers=2, heads=2, ffn=32, positions=30), 50, 3)


def bloom() -> Any:
    torch.manual_seed(0)
    return wrapped("decoder", BloomModel(BloomConfig(**{**SMALL, "n_layer": 2, "n_head": 2})))


def qwen() -> Any:
    torch.manual_seed(0)
    config = Qwen2Config(**SMALL, intermediate_size=32, num_key_value_heads=1, max_position_embeddings=64)
    return wrapped("decoder", Qwen2Model(config))


@pytest.mark.parametrize("make", [own, bloom, qwen])
@torch.no_grad()
def test_kept_keys_change_no_score(make: Any) -> None:
    model = make()
    with torch.no_grad():
        model.word_embeddings.weight.mul_(20)  # fresh weights score all words alike
    head = LanguageHead(model.word_embeddings)
    writer = writing(model, head, torch.no_grad)
    random = np.random.default_rng(0)
    prompt, copies = random.integers(4, 50, 7), 3
    more = random.integers(4, 50, (5, copies))
    found = [writer.start(torch.from_numpy(prompt), copies)]
    found += [writer.step(torch.from_numpy(ids)) for ids in more]
    for done, scores in enumerate(found):
        rows = [np.concatenate([prompt, more[:done, copy]]) for copy in range(copies)]
        batch = Ragged.of(rows)
        whole = head.next(model(batch), batch)
        assert scores.shape == (copies, 50)
        torch.testing.assert_close(scores.double(), whole.double(), rtol=1e-4, atol=1e-4)
        if done and make is own:
            assert (scores - whole).abs().max() < 1e-12
            assert scores.std() > 0.1
    again = writer.start(torch.from_numpy(prompt), copies)
    assert torch.equal(again, found[0]), "a second prompt starts from nothing"


def test_a_row_beyond_the_positions_is_refused() -> None:
    model = own()
    writer = writing(model, LanguageHead(model.word_embeddings), torch.no_grad)
    with pytest.raises(ValueError, match="beyond the 30 positions"):
        writer.start(torch.full((31,), 5), 1)


def test_draws_follow_the_probabilities_and_the_nucleus() -> None:
    scores = torch.log(torch.tensor([0.1, 0.5, 0.4]))
    uniform = torch.from_numpy(np.random.default_rng(1).random(20_000))
    shares = torch.bincount(drawn(scores.expand(20_000, -1), uniform, 1.0, 1.0), minlength=3) / 20_000
    assert shares.tolist() == pytest.approx([0.1, 0.5, 0.4], abs=0.015)
    nucleus = torch.bincount(drawn(scores.expand(20_000, -1), uniform, 1.0, 0.8), minlength=3) / 20_000
    assert nucleus.tolist() == pytest.approx([0.0, 5 / 9, 4 / 9], abs=0.015)
    sharp = torch.bincount(drawn(scores.expand(20_000, -1), uniform, 0.5, 1.0), minlength=3) / 20_000
    assert sharp.tolist() == pytest.approx([0.01 / 0.42, 0.25 / 0.42, 0.16 / 0.42], abs=0.015)
    assert drawn(scores[None], torch.tensor([0.999]), 0.0, 1.0).tolist() == [1]
    assert drawn(torch.zeros(4, 3), torch.tensor([0.0, 0.4, 0.7, 1 - 1e-16]), 1.0, 1.0).tolist() == [
        0,
        1,
        2,
        2,
    ]
