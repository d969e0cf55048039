"""Packed = padded = masked = stock transformers, in double precision to 1e-12, forward and backward."""

import numpy as np
import pytest
import torch
from transformers import (
    XLMRobertaConfig,
    XLMRobertaForMaskedLM,
    XLMRobertaForQuestionAnswering,
    XLMRobertaForSequenceClassification,
    XLMRobertaForTokenClassification,
)

from replicate.model.encoder import Encoder
from replicate.model.heads import ClassifyHead, MaskedHead, SpanHead, TagHead, mean_pool
from replicate.model.ragged import Ragged

LAYOUTS = ("packed", "padded", "masked")
EXACT = 1e-12


def shape(**more):
    return XLMRobertaConfig(
        vocab_size=300,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=66,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        attn_implementation="eager",
        **more,
    )


def rows(seed=0, n=12, longest=60):
    random = np.random.default_rng(seed)
    return [[0, *random.integers(5, 300, random.integers(1, longest - 2)).tolist(), 2] for _ in range(n)]


def rectangle(batch):
    return batch.pad(batch.ids, 1), batch.pad(torch.ones_like(batch.ids), 0)


def ours(stock, layout):
    encoder = Encoder(shape(), layout).double().eval()
    encoder.xlmr.load_state_dict(stock.roberta.state_dict())
    return encoder


@pytest.fixture(scope="module")
def batch():
    return Ragged.of(rows())


def gradient(module):
    return torch.cat([p.grad.flatten() for _, p in sorted(module.named_parameters()) if p.grad is not None])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layer_equals_the_stock_hidden_state(batch, layout):
    stock = XLMRobertaForMaskedLM(shape()).double().eval()
    ids, mask = rectangle(batch)
    reference = stock.roberta(ids, attention_mask=mask, output_hidden_states=True).hidden_states
    encoder = ours(stock, layout)
    for layer in range(encoder.depth + 1):
        difference = (encoder(batch, layer=layer) - batch.unpad(reference[layer])).abs().max().item()
        assert difference < EXACT, (layer, difference)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["classify", "tag", "span", "masked"])
def test_head_loss_and_gradients_equal_stock(batch, layout, kind):
    torch.manual_seed(1)
    ids, mask = rectangle(batch)
    n = len(batch)
    if kind == "classify":
        stock = XLMRobertaForSequenceClassification(shape(num_labels=3)).double().eval()
        head = ClassifyHead(32, 3).double().eval()
        head.dense.load_state_dict(stock.classifier.dense.state_dict())
        head.out_proj.load_state_dict(stock.classifier.out_proj.state_dict())
        labels = torch.arange(n) % 3
        reference = stock(ids, attention_mask=mask, labels=labels)
    elif kind == "tag":
        stock = XLMRobertaForTokenClassification(shape(num_labels=5)).double().eval()
        head = TagHead(32, 5).double().eval()
        head.classifier.load_state_dict(stock.classifier.state_dict())
        labels = torch.where(batch.ids % 3 == 0, -100, batch.ids % 5)
        reference = stock(ids, attention_mask=mask, labels=batch.pad(labels, -100))
    elif kind == "span":
        stock = XLMRobertaForQuestionAnswering(shape()).double().eval()
        head = SpanHead(32).double().eval()
        head.qa_outputs.load_state_dict(stock.qa_outputs.state_dict())
        labels = torch.stack([batch.lengths // 3, batch.lengths // 2], 1)
        # The stock head lets padding take part in the softmax, so it is compared row by row, unpadded.
        reference = None
        total = sum(
            stock(batch.ids[a:b][None], start_positions=labels[i, :1], end_positions=labels[i, 1:]).loss
            for i, (a, b) in enumerate(zip(batch.offsets, batch.offsets[1:], strict=False))
        )
        stock_loss = total / n
    else:
        stock = XLMRobertaForMaskedLM(shape()).double().eval()
        labels = torch.where(batch.ids % 7 == 0, batch.ids, -100)
        reference = stock(ids, attention_mask=mask, labels=batch.pad(labels, -100))
    encoder = ours(stock, layout)
    if kind == "masked":
        head = MaskedHead(encoder.word_embeddings).double().eval()
        head.dense.load_state_dict(stock.lm_head.dense.state_dict())
        head.layer_norm.load_state_dict(stock.lm_head.layer_norm.state_dict())
        head.bias.data.copy_(stock.lm_head.bias.data)
    if reference is not None:
        stock_loss = reference.loss
    total, units = head.loss(encoder(batch), batch, labels)
    loss = total / units
    assert abs(loss.item() - stock_loss.item()) < EXACT
    loss.backward()
    stock_loss.backward()
    difference = (gradient(encoder.xlmr) - gradient(stock.roberta)).abs().max().item()
    assert difference < EXACT


def test_zero_based_positions_would_be_noticed(batch):
    """The guard of the position rule: shifting positions to 0 changes the hidden states by far more than rounding."""
    encoder = Encoder(shape(), "padded").double().eval()
    right = encoder(batch, layer=0)
    table = encoder.xlmr.embeddings
    wrong = table(input_ids=batch.ids[None], position_ids=batch.column[None])[0]
    expected = table(input_ids=batch.ids[None], position_ids=(batch.column + 2)[None])[0]
    assert torch.equal(right, expected)
    assert (right - wrong).abs().max() > 0.1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_does_not_see_its_neighbours(layout):
    encoder = Encoder(shape(), layout).double().eval()
    first = rows()
    second = [[0, 9, 9, 2], *first[1:]]
    a, b = Ragged.of(first), Ragged.of(second)
    keep_a, keep_b = a.offsets[1], b.offsets[1]
    assert (encoder(a)[keep_a:] - encoder(b)[keep_b:]).abs().max() < EXACT


def test_a_batch_in_pieces_has_the_loss_of_the_batch():
    encoder, head = Encoder(shape(), "padded").double().eval(), TagHead(32, 4).double().eval()
    all_rows = rows(3)
    whole = Ragged.of(all_rows)
    labels = torch.where(whole.ids % 2 == 0, -100, whole.ids % 4)
    total, units = head.loss(encoder(whole), whole, labels)
    sums = counts = 0.0
    for part in (slice(0, 5), slice(5, 12)):
        piece = Ragged.of(all_rows[part])
        some = torch.where(piece.ids % 2 == 0, -100, piece.ids % 4)
        s, u = head.loss(encoder(piece), piece, some)
        sums, counts = sums + s.item(), counts + u
    assert counts == units and abs(sums - total.item()) < 1e-10


def test_mean_pool_is_the_mean_of_each_row(batch):
    hidden = torch.randn(batch.ids.numel(), 7, dtype=torch.double)
    for skip in (False, True):
        pooled = mean_pool(hidden, batch, skip_special=skip)
        for n, (a, b) in enumerate(zip(batch.offsets, batch.offsets[1:], strict=False)):
            part = hidden[a + 1 : b - 1] if skip else hidden[a:b]
            assert torch.allclose(pooled[n], part.mean(0), atol=EXACT)


def test_choice_groups_consecutive_rows():
    batch = Ragged.of(rows(n=12))
    head = ClassifyHead(32, 1, choices=4).eval()
    hidden = torch.randn(batch.ids.numel(), 32)
    assert head(hidden, batch).shape == (3, 4)


def test_too_long_a_sequence_and_an_unknown_layer_are_refused():
    encoder = Encoder(shape(), "padded")
    with pytest.raises(ValueError, match="exceeds the 64 positions"):
        encoder(Ragged.of([[0] * 65]))
    with pytest.raises(ValueError, match="no layer 4"):
        encoder(Ragged.of([[0, 2]]), layer=4)
    with pytest.raises(ValueError, match="no row may be empty"):
        Ragged.of([[1], []])
