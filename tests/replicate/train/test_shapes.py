"""Trainings whose batches are filled up to few shapes end with the weights of those that are not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from replicate.model.encoder import build
from replicate.model.heads import ClassifyHead, SpanHead, TagHead
from replicate.model.weights import configuration
from replicate.recipes.load import recipe
from replicate.recipes.recipe import Numerics, Recipe, Shape, Training
from replicate.text.rows import Rows
from replicate.train.device import Device
from replicate.train.loop import Job, train
from replicate.train.shapes import shaped
from replicate.train.sources import TaskSource


def task(kind):
    random = np.random.default_rng(5)
    lengths = random.integers(4, 40, 48)
    ids = [random.integers(5, 90, n) for n in lengths]
    if kind == "tag":
        return Rows.of(ids, random.integers(0, 3, lengths.sum()), "token"), TagHead(16, 3, 0.0)
    if kind == "span":
        places = np.sort(random.integers(0, lengths[:, None], (48, 2)), axis=1)
        return Rows.of(ids, places, "example"), SpanHead(16)
    if kind == "choice":
        return Rows.of(ids, random.integers(4, size=12), "example", 4), ClassifyHead(16, 1, 4, dropout=0.0)
    return Rows.of(ids, random.integers(3, size=48), "example"), ClassifyHead(16, 3, dropout=0.0)


def trained(kind, shapes, folder):
    torch.manual_seed(0)
    rows, head = task(kind)
    still = Shape(hidden=16, layers=2, heads=2, ffn=32, positions=66, dropout=0.0, attention_dropout=0.0)
    job = Job(
        key=(0, "s"),
        encoder=build(configuration(still, 100), 0),
        heads={"x": head},
        sources=[TaskSource("x", rows, 5, (0, "s"))],
        order=np.zeros(7, dtype=np.int64),
        training=Training(lr=1e-3, batch=5, steps=7),
        device=Device.of("cpu", Numerics(threads=1, tokens_per_pass=70, shapes=shapes)),
        folder=folder,
    )
    job.model.double()
    progress = train(job)
    return job.model.state_dict(), progress


@pytest.mark.parametrize("kind", ["classify", "choice", "span", "tag"])
def test_filled_batches_train_the_same_weights(kind, tmp_path):
    expected, plain = trained(kind, "free", tmp_path / "free")
    found, filled = trained(kind, "bucketed", tmp_path / "bucketed")
    assert plain.tokens == filled.tokens  # real ones
    assert [loss for _, loss in filled.losses] == pytest.approx([loss for _, loss in plain.losses], rel=1e-9)
    moved = max(float((expected[name] - found[name]).abs().max()) for name in expected)
    assert moved < 1e-8  # AdamW divides by the root of tiny squares; the gradients agree to 1e-12


@pytest.mark.parametrize("shapes", ["compiled", "graphed"])
def test_without_cuda_compiling_is_bucketing(shapes, tmp_path):
    expected, _ = trained("classify", "bucketed", tmp_path / "bucketed")
    found, _ = trained("classify", shapes, tmp_path / shapes)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_shapes_are_few_and_within_the_positions():
    rows, _ = task("classify")
    device = Device.of("cpu", Numerics(shapes="bucketed"))
    source = TaskSource("x", rows, 5, (0, "s"))
    seen = set()
    for k in range(60):
        for batch, labels in source.passes(k, 10_000):
            filled, wanted, dummies = shaped(batch, labels, device, 64)
            assert len(wanted) == len(labels) + 1 and dummies == 1
            assert filled.longest <= 64 and int(filled.lengths.max()) <= 64
            seen.add((filled.ids.numel(), filled.longest))
    assert len(seen) <= 5


def test_free_shapes_leave_the_identity_of_stages_alone():
    assert "shapes" not in Numerics().identity
    assert set(Numerics().identity) == {"precision", "tokens_per_pass", "threads", "deterministic"}
    assert Numerics(shapes="compiled").identity["shapes"] == "compiled"


def test_shapes_are_for_encoders():
    told = recipe("miniature").model_dump(mode="json", by_alias=True)
    told["numerics"]["shapes"] = "bucketed"
    assert Recipe.model_validate(told).numerics.shapes == "bucketed"
    other = recipe("miniature-decoder").model_dump(mode="json", by_alias=True)
    other["numerics"]["shapes"] = "bucketed"
    with pytest.raises(ValidationError, match="encoder"):
        Recipe.model_validate(other)
