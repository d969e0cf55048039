"""Batches, mixtures, masking and the loop: functions of their key, and of nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from replicate.keyed import generator, torch_seed
from replicate.model.encoder import build
from replicate.model.families import fresh, pretraining_head
from replicate.model.heads import IGNORED, ClassifyHead, initialise
from replicate.model.ragged import Ragged
from replicate.model.weights import configuration
from replicate.recipes.recipe import Numerics, Selection, Shape, Training
from replicate.recipes.running_text import MaskedModelling
from replicate.text.corpus import encode
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows
from replicate.text.unigram import train as train_tokenizer
from replicate.train import order
from replicate.train.device import Device
from replicate.train.left_to_right import next_token
from replicate.train.loop import Diverged, Job, train
from replicate.train.masking import masked
from replicate.train.optimiser import rate
from replicate.train.running_text import TextSource
from replicate.train.sources import TaskSource
from replicate.train.spans import spans


def rows(n=50, seed=0):
    random = np.random.default_rng(seed)
    return Rows.of(
        [[0, *random.integers(5, 90, random.integers(2, 20)), 2] for _ in range(n)],
        random.integers(3, size=n),
        "example",
    )


@pytest.mark.parametrize("window", [1, 4])
def test_an_epoch_is_every_row_once_and_batch_k_needs_no_history(window):
    source = TaskSource("a", rows(), 8, (0, "s"), window)
    epoch = [source.batch(k).tolist() for k in range(source.per_epoch)]
    assert sorted(i for batch in epoch for i in batch) == list(range(50))
    fresh = TaskSource("a", rows(), 8, (0, "s"), window)
    assert fresh.batch(11).tolist() == [source.batch(k).tolist() for k in range(14)][11]
    assert source.batch(0).tolist() != TaskSource("a", rows(), 8, (1, "s"), window).batch(0).tolist()


def test_sorting_in_windows_saves_padding():
    lengths = rows(400).lengths

    def waste(window):
        source = TaskSource("a", rows(400), 8, (0, "s"), window)
        batches = [lengths[source.batch(k)] for k in range(source.per_epoch)]
        return sum(len(b) * b.max() for b in batches) / lengths.sum()

    assert waste(16) < 1.15 < waste(1)


class Counted:
    def __init__(self, name, examples, batch_size):
        self.name, self.examples, self.batch_size = name, examples, batch_size

    def passes(self, k, budget):
        return []


def test_an_epoch_ends_with_a_batch_that_may_be_short():
    source = Counted("a", 101, 8)
    assert [order.epochs_to_steps(source, epochs) for epochs in (1, 3, 0.5)] == [13, 39, 6.5]


def test_the_mixture_follows_the_capped_sizes():
    sources = [Counted("big", 1_000_000, 8), Counted("mid", 2000, 8), Counted("small", 500, 8)]
    steps = order.proportional(sources, 2000, 4.0, (0, "m"))
    assert len(steps) == 4 * (250 + 250 + 63)
    shares = np.bincount(steps, minlength=3) / len(steps)
    expected = np.array([2000, 2000, 500]) / 4500
    assert np.abs(shares - expected).max() < 5 * math.sqrt(0.25 / len(steps))


def test_masked_modelling_comes_on_top_of_the_tasks():
    sources = [Counted("a", 100, 4), Counted("mlm", 300, 4)]
    main = np.zeros(25, dtype=np.int64)
    mixed = order.with_masking(main, sources, 200, (0, "m"))
    assert (mixed == 0).sum() == 25 and (mixed == 1).sum() == 50


def test_masking_is_keyed_and_leaves_special_tokens_alone():
    texts = {"a": ["the dog is big"] * 50, "b": ["una casa grande"] * 5}
    pieces = Pieces.of(train_tokenizer([line for several in texts.values() for line in several], 60))
    rows = encode(texts, pieces, 32, blocks=False)
    source = TextSource("mlm", rows, masked(pieces, 0.15), 16, (0, "p"), alpha=0.3)
    assert source.shares["b"] == pytest.approx(5**0.3 / (5**0.3 + 50**0.3))
    (one, labels), *_ = source.passes(3, 10_000)
    (again, same), *_ = source.passes(3, 10_000)
    assert torch.equal(one.ids, again.ids) and torch.equal(labels, same)
    asked = labels != IGNORED
    assert not (set(labels[asked].tolist()) & {0, 1, 2, 3})
    assert (one.ids[~asked] != pieces.mask).all()
    parts = [part for k in range(200) for part in source.passes(k, 10_000)]
    share = np.mean([(labels != IGNORED).float().mean().item() for _, labels in parts])
    lengths = [len(ids) for several in texts.values() for ids in pieces.ids(several)]
    inner = np.mean([length / (length + 2) for length in lengths])
    assert share == pytest.approx(0.15 * inner, abs=0.03)


def test_rows_are_drawn_evenly_where_the_recipe_asks_for_it():
    texts = {"a": [" ".join(["dog"] * n) for n in range(1, 101)]}
    pieces = Pieces.of(train_tokenizer(texts["a"], 40))
    rows = encode(texts, pieces, 128, blocks=False)
    drawn = {}
    for evenly in (True, False):
        source = TextSource("mlm", rows, masked(pieces, 0.15), 8, (0, "p"), evenly=evenly)
        counts = np.bincount(np.concatenate([source.batch(k) for k in range(4000)]), minlength=100)
        drawn[evenly] = counts.reshape(10, 10).sum(axis=1) / counts.sum()
        spread = [np.ptp(source.batch(k)) for k in range(200)]
        assert np.median(spread) <= 10, "rows of a batch are of one length"
    assert drawn[True] == pytest.approx(np.full(10, 0.1), abs=0.012)
    assert max(drawn[False][[0, -1]]) < 0.07 < min(drawn[False][1:-1])
    plain = MaskedModelling(mask=0.15)
    assert "evenly" not in plain.model_dump() and MaskedModelling(evenly=True).model_dump()["evenly"]


def job(folder, steps=6, score=None, **numbers):
    told = {"lr": 1e-2, "batch": 8, "steps": steps, "clip": 1.0, **numbers}
    training = Training(**told)
    shape = Shape(hidden=16, layers=1, heads=2, ffn=32, positions=40, dropout=0.1, attention_dropout=0.1)
    encoder = build(configuration(shape, 100), 0)
    torch.manual_seed(torch_seed(0, "head"))
    source = TaskSource("a", rows(), 8, (0, "s"))
    device = Device.of("cpu", Numerics(threads=1, tokens_per_pass=64))
    device.prepare()
    return Job(
        (0, "s"), encoder, {"a": ClassifyHead(16, 3)}, [source], order.single(source, None, steps), training,
        device, folder, score, every_seconds=0,
    )  # fmt: skip


def state(one):
    return {name: value.clone() for name, value in one.model.state_dict().items()}


@pytest.mark.parametrize("stop", [1, 3, 5])
def test_going_on_from_a_checkpoint_gives_the_same_bits(tmp_path, stop):
    whole = job(tmp_path / "whole")
    train(whole)

    class Stopped(Exception):
        pass

    def interrupt(event):
        if event.step == stop:
            raise Stopped

    broken = job(tmp_path / "broken")
    broken.reporter = interrupt
    with pytest.raises(Stopped):
        train(broken)
    resumed = job(tmp_path / "broken")
    progress = train(resumed)
    assert progress.step == 6
    for name, value in state(whole).items():
        assert torch.equal(value, state(resumed)[name]), name


def test_the_best_model_is_kept_and_patience_stops(tmp_path):
    scores = iter([1.0, 3.0, 2.0, 2.5, 9.0, 9.0])
    seen = []

    def score():
        seen.append(state(one))
        return next(scores)

    one = job(tmp_path, steps=12, score=score, select=Selection(every=2, patience=2))
    progress = train(one)
    assert [s for _, s in progress.scores] == [1.0, 3.0, 2.0, 2.5] and progress.step == 8
    assert progress.best_step == 4
    for name, value in seen[1].items():
        assert torch.equal(value, one.model.state_dict()[name])


def test_a_loss_that_is_not_a_number_is_named(tmp_path):
    with pytest.raises(Diverged, match=r"step \d+ is (nan|inf).*lower `lr`"):
        train(job(tmp_path, steps=40, lr=1e30, clip=None))


def test_warm_up_and_decay():
    numbers = Training(lr=2.0, batch=1, epochs=1, warmup=0.5, decay="constant")
    assert [rate(s, 4, numbers) for s in range(4)] == [1.0, 2.0, 2.0, 2.0]


def test_keys_do_not_run_together():
    assert generator("a", "bc").random() != generator("ab", "c").random()
    assert generator(1).random() != generator("1").random()


def rebuilt(read, text, first):
    """The row that a text belongs to: each sentinel replaced by what stands behind it in the text."""
    lost, row = {}, []
    for token in text[:-1]:
        if token >= first:
            lost[token] = []
        else:
            lost[max(lost)].append(token)
    for token in read:
        row += lost.get(token, [token])
    return row


def test_spans_that_are_taken_out_can_be_put_back():
    random = np.random.default_rng(0)
    rows = [[0, *random.integers(5, 90, random.integers(1, 40)).tolist(), 2] for _ in range(200)]
    ask = spans(0.15, 3.0, 100, 8, 2)
    read, labels = ask(Ragged.of(rows), generator("spans"))
    texts = [[token for token in row if token != IGNORED] for row in labels.tolist()]
    parts = [part.tolist() for part in read.ids.split(read.lengths.tolist())]
    assert [rebuilt(part, text, 100) for part, text in zip(parts, texts, strict=True)] == rows
    assert all(
        text[-1] == 2 and part[0] == 0 and part[-1] == 2 for part, text in zip(parts, texts, strict=True)
    )
    assert all(
        sorted(set(p) & set(range(100, 108))) == [t for t in x if t >= 100]
        for p, x in zip(parts, texts, strict=True)
    )
    gone = sum(token < 100 for text in texts for token in text[:-1])
    assert gone / sum(len(row) - 2 for row in rows) == pytest.approx(0.15, abs=0.02)
    long = [text for row, text in zip(rows, texts, strict=True) if len(row) > 35]
    assert np.mean([sum(t < 100 for t in x[:-1]) / sum(t >= 100 for t in x) for x in long]) == pytest.approx(
        3, abs=0.6
    )
    again, same = ask(Ragged.of(rows), generator("spans"))
    assert torch.equal(again.ids, read.ids) and torch.equal(same, labels)


@pytest.mark.parametrize("family", ["decoder", "encoder-decoder"])
def test_every_family_learns_its_objective(family, tmp_path):
    texts = {"a": ["the dog is big and the cat is small"] * 60}
    pieces = Pieces.of(train_tokenizer(texts["a"], 60))
    layers = 1 if family == "encoder-decoder" else None
    shape = Shape(
        hidden=16,
        layers=1,
        heads=2,
        ffn=32,
        positions=60,
        dropout=0.0,
        attention_dropout=0.0,
        decoder_layers=layers,
    )
    model = fresh(family, shape, pieces.size + 4, 0)
    head = initialise(pretraining_head(model))
    ask = next_token if family == "decoder" else spans(0.15, 3.0, pieces.size, 4, pieces.eos)
    source = TextSource("text", encode(texts, pieces, 32, blocks=False), ask, 8, (0, "p"))
    job = Job(
        (0, "p"),
        model,
        {"text": head},
        [source],
        np.zeros(40, dtype=np.int64),
        Training(lr=0.01, batch=8, steps=40),
        Device.of("cpu", Numerics()),
        tmp_path,
    )
    losses = train(job).losses
    assert losses[-1][1] < losses[0][1] - 1


def test_no_more_than_two_best_models_lie_on_the_disk(tmp_path):
    """One that the checkpoint names and one that is newer: of published size each has 2 GB."""
    scores = iter(range(100))
    held = []

    def score():
        held.append(len(list(tmp_path.glob("best-*"))))
        return float(next(scores))

    one = job(tmp_path, steps=12, score=score, select=Selection(every=1))
    one.every_seconds = 3600.0  # no checkpoint before the last step: the case in which they would pile up
    progress = train(one)
    assert held[0] == 0 and max(held) == 1 and progress.best_step == 12
    assert [path.name for path in tmp_path.glob("best-*")] == [progress.best_file]
    again = job(tmp_path / "saved", steps=12, score=score, select=Selection(every=1))
    held.clear()
    assert train(again).best_step == 12 and max(held) == 1  # a checkpoint after every step


def test_a_kill_behind_a_better_model_goes_on_from_the_one_that_was_named(tmp_path):
    values = [1.0, 2.0, 3.0, 2.5, 2.0, 1.0]

    def scored(first, last=6):
        left = iter(values[first:last])

        def score():
            for value in left:
                return value
            raise KeyboardInterrupt

        return score

    whole = job(tmp_path / "whole", score=scored(0), select=Selection(every=1))
    kept = train(whole)
    broken = job(tmp_path / "broken", score=scored(0, 2), select=Selection(every=1))
    with pytest.raises(KeyboardInterrupt):
        train(broken)
    # As if the kill came between the third best model and the checkpoint that would have named it.
    (named,) = (tmp_path / "broken").glob("best-*")
    (tmp_path / "broken" / f"best-000000003-{'0' * 24}.safetensors").write_bytes(named.read_bytes())
    resumed = job(tmp_path / "broken", score=scored(2), select=Selection(every=1))
    progress = train(resumed)
    assert progress.best_step == kept.best_step == 3
    assert progress.scores == kept.scores == list(enumerate(values, 1))
    assert [path.name for path in (tmp_path / "broken").glob("best-*")] == [progress.best_file]
    for name, value in state(whole).items():
        assert torch.equal(value, state(resumed)[name]), name
