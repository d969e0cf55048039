"""A label's score is the log-probability that the model writes its text: transformers', and token by token."""

from __future__ import annotations

import pytest
import torch
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    MT5Config,
    MT5ForConditionalGeneration,
    MT5Model,
    T5Config,
    T5ForConditionalGeneration,
    T5Model,
)

from replicate.model.answering import ContinuedHead, WrittenHead
from replicate.model.families import fresh
from replicate.model.heads import IGNORED
from replicate.model.language import LanguageHead, WritingHead
from replicate.model.public import PublicDecoder, PublicWriter
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Numerics, Shape, Training
from replicate.text.rows import Rows
from replicate.train import order
from replicate.train.device import Device
from replicate.train.loop import Job, train
from replicate.train.sources import TaskSource

ROWS = [[0, 7, 8, 9, 2], [0, 5, 2], [0, 30, 31, 32, 33, 34, 2], [0, 40, 2]]
BATCH = Ragged.of(ROWS)
TEXTS = ((11, 12, 2), (11, 2), (13, 14, 15, 16, 2))
SMALL = {"vocab_size": 50, "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
SHAPE = Shape(hidden=16, layers=2, heads=2, ffn=32, positions=30, dropout=0.0, attention_dropout=0.0)
BOTH = SHAPE.model_copy(update={"decoder_layers": 2})


def behind(rows):
    """Every row with each text behind it, as a decoder reads them."""
    return Ragged.of([[*row, *text] for row in rows for text in TEXTS])


@pytest.mark.parametrize("family", ["t5", "mt5"])
def test_the_score_of_a_label_is_the_loss_of_transformers(family):
    torch.manual_seed(0)
    if family == "t5":
        whole = T5ForConditionalGeneration(T5Config(**SMALL, dropout_rate=0.0, decoder_start_token_id=0))
        base = T5Model(whole.config)
    else:
        whole = MT5ForConditionalGeneration(MT5Config(**SMALL, dropout_rate=0.0))
        base = MT5Model(whole.config)
    whole = whole.double().eval()
    base.shared, base.encoder, base.decoder = whole.shared, whole.encoder, whole.decoder
    model = PublicWriter(base)
    head = WrittenHead(WritingHead(model), TEXTS)
    with torch.no_grad():
        found = head(model(BATCH), BATCH)
        for row, scores in zip(ROWS, found, strict=True):
            for text, score in zip(TEXTS, scores, strict=True):
                mean = whole(input_ids=torch.tensor([row]), labels=torch.tensor([text])).loss
                assert abs(float(score + mean * len(text))) < 1e-5
    assert found.std() > 0.1, "scores that are all alike would show nothing"


def test_a_public_decoder_scores_what_transformers_says_of_the_whole_row():
    torch.manual_seed(0)
    whole = BloomForCausalLM(BloomConfig(vocab_size=50, hidden_size=16, n_layer=2, n_head=2)).double().eval()
    model = PublicDecoder(whole.base_model)
    rows = behind(ROWS)
    with torch.no_grad():
        found = ContinuedHead(LanguageHead(model.word_embeddings), TEXTS)(model(rows), rows)
        for row, scores in zip(ROWS, found, strict=True):
            for text, score in zip(TEXTS, scores, strict=True):
                logits = whole(input_ids=torch.tensor([[*row, *text]])).logits[0].log_softmax(-1)
                wanted = sum(logits[len(row) - 1 + place, token] for place, token in enumerate(text))
                assert abs(float(score - wanted)) < 1e-5


@pytest.mark.parametrize("own", [False, True], ids=["tied", "own matrix"])
def test_our_writer_scores_a_text_as_its_tokens_one_after_the_other(own):
    model = fresh("encoder-decoder", BOTH, 50, 0).double().eval()
    matrix = torch.randn(50, 16, dtype=torch.double) if own else None
    table = model.word_embeddings.weight if matrix is None else matrix
    head = WrittenHead(WritingHead(model, matrix), TEXTS)
    with torch.no_grad():
        hidden = model(BATCH)
        found = head(hidden, BATCH)
        for place, row in enumerate(ROWS):
            alone = Ragged.of([row])
            for label, text in enumerate(TEXTS):
                wanted = 0.0
                for done in range(len(text)):
                    begun = Ragged.of([[model.start, *text[:done]]])
                    state = model.write(model(alone), alone, begun)[-1]
                    wanted += float((table @ state).log_softmax(-1)[text[done]])
                assert abs(float(found[place, label]) - wanted) < 1e-9


def test_our_decoder_scores_a_text_as_its_tokens_one_after_the_other():
    model = fresh("decoder", SHAPE, 50, 0).double().eval()
    rows = behind(ROWS)
    with torch.no_grad():
        found = ContinuedHead(LanguageHead(model.word_embeddings), TEXTS)(model(rows), rows)
        for place, row in enumerate(ROWS):
            for label, text in enumerate(TEXTS):
                wanted = 0.0
                for done, token in enumerate(text):
                    state = model(Ragged.of([[*row, *text[:done]]]))[-1]
                    wanted += float((model.word_embeddings.weight @ state).log_softmax(-1)[token])
                assert abs(float(found[place, label]) - wanted) < 1e-9


def test_the_loss_is_over_the_pieces_of_the_right_texts():
    labels = [2, 0, 1, 1]
    units = sum(len(TEXTS[label]) for label in labels)
    writer = fresh("encoder-decoder", BOTH, 50, 0).eval()
    head = WrittenHead(WritingHead(writer), TEXTS)
    hidden = writer(BATCH)
    total, count = head.loss(hidden, BATCH, torch.tensor(labels))
    assert count == units
    assert torch.allclose(total, -head(hidden, BATCH)[range(4), labels].sum(), rtol=1e-5)
    decoder = fresh("decoder", SHAPE, 50, 0).eval()
    head = ContinuedHead(LanguageHead(decoder.word_embeddings), TEXTS)
    whole = Ragged.of([[*row, *TEXTS[label]] for row, label in zip(ROWS, labels, strict=True)])
    asked = [
        token
        for row, label in zip(ROWS, labels, strict=True)
        for token in [*[IGNORED] * (len(row) - 1), *TEXTS[label], IGNORED]
    ]
    total, count = head.loss(decoder(whole), whole, torch.tensor(asked))
    rows = behind(ROWS)
    assert count == units
    assert torch.allclose(total, -head(decoder(rows), rows)[range(4), labels].sum(), rtol=1e-5)


@pytest.mark.parametrize("family", ["encoder-decoder", "decoder"])
def test_a_score_does_not_depend_on_what_stands_in_the_batch(family):
    model = fresh(family, BOTH if family == "encoder-decoder" else SHAPE, 50, 0).double().eval()
    if family == "encoder-decoder":
        head, batches = WrittenHead(WritingHead(model), TEXTS), [Ragged.of([row]) for row in ROWS]
        together = BATCH
    else:
        head = ContinuedHead(LanguageHead(model.word_embeddings), TEXTS)
        batches, together = [behind([row]) for row in ROWS], behind(ROWS)
    with torch.no_grad():
        apart = torch.cat([head(model(batch), batch) for batch in batches])
        assert apart.shape == (4, 3)
        assert (head(model(together), together) - apart).abs().max() < 1e-12


@pytest.mark.parametrize("family", ["encoder-decoder", "decoder"])
def test_a_training_learns_to_write_the_right_label(family, tmp_path):
    """The label is which of three words stands in the row."""
    random = torch.Generator().manual_seed(0)
    texts = ((11, 12, 2), (11, 13, 2), (14, 2))
    labels = torch.randint(3, (96,), generator=random).tolist()
    filled = torch.randint(30, 50, (96, 3), generator=random).tolist()
    rows = [[0, *more, 20 + label, 2] for more, label in zip(filled, labels, strict=True)]
    model = fresh(family, BOTH if family == "encoder-decoder" else SHAPE, 50, 0)
    if family == "encoder-decoder":
        words = WritingHead(model, torch.randn(50, 16) * 0.02)
        head, before = WrittenHead(words, texts), words.words.own.detach().clone()
        trained, asked = Rows.of(rows, labels, "example"), Ragged.of(rows)
    else:
        words = LanguageHead(model.word_embeddings)
        head = ContinuedHead(words, texts)
        whole = [[*row, *texts[label]] for row, label in zip(rows, labels, strict=True)]
        marks = [[*[IGNORED] * 5, *texts[label], IGNORED] for label in labels]
        trained = Rows.of(whole, [one for mark in marks for one in mark], "token")
        asked = Ragged.of([[*row, *text] for row in rows for text in texts])
    assert list(head.parameters()) == [], "the matrix is shared and belongs to no task"
    job = Job(
        key=(0, "toy"),
        encoder=model,
        heads={"answers": words, "toy": head},
        sources=[TaskSource("toy", trained, 16, (0, "toy"))],
        order=order.single(TaskSource("toy", trained, 16, (0, "toy")), None, 120),
        training=Training(lr=1e-2, batch=16, steps=120),
        device=Device.of("cpu", Numerics()),
        folder=tmp_path,
    )
    progress = train(job)
    assert progress.losses[-1][1] < 0.2 * progress.losses[0][1]
    with torch.no_grad():
        assert head(model(asked), asked).argmax(1).tolist() == labels
    if family == "encoder-decoder":
        assert not torch.equal(words.words.own, before), "an output matrix of its own is trained along"
