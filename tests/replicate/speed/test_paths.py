"""Every fast path gives the loss and the gradients of the plain one: to 1e-12 in double precision."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from transformers import XLMRobertaConfig

from replicate.model.bucket import bucketed
from replicate.model.encoder import build
from replicate.speed import floors, measure, table
from replicate.speed.paths import Stepper
from replicate.speed.workloads import PUBLISHED, Workload

CPU = torch.device("cpu")
SMALL = [
    Workload("classify", "classify", 5, 1, 12, 0.5, 40),
    Workload("choice", "choice", 3, 4, 12, 0.5, 40),
    Workload("span", "span", 4, 1, 20, 0.4, 50),
    Workload("masked", "masked", 4, 1, 20, 0.4, 50),
]


def shape(**more) -> XLMRobertaConfig:
    return XLMRobertaConfig(
        vocab_size=100, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=300, type_vocab_size=1, bos_token_id=0, pad_token_id=1, eos_token_id=2, **more,
    )  # fmt: skip


def gradients(work, path):
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    torch.manual_seed(3)
    stepper = Stepper(work, path, build(shape(**still), 0), CPU)
    stepper.model.double()
    batch, labels = stepper.prepare(*work.draw(1, 100))
    loss = stepper.loss(batch, labels)
    loss.backward()
    found = {name: p.grad for name, p in stepper.model.named_parameters() if p.grad is not None}
    return float(loss), found, batch


@pytest.mark.parametrize("work", SMALL, ids=lambda work: work.name)
@pytest.mark.parametrize("path", ["packed", "bucketed"])
def test_gradients_equal_the_plain_path(work, path):
    loss, expected, plain = gradients(work, "plain")
    other, found, batch = gradients(work, path)
    assert abs(loss - other) < 1e-12 * abs(loss) + 1e-12
    assert found.keys() == expected.keys() and len(found) > 30
    assert max(float((found[name] - expected[name]).abs().max()) for name in found) < 1e-12
    if path == "bucketed":
        assert (
            batch.ids.numel() % 256 == 0 and batch.longest % 64 == 0 and batch.ids.numel() > plain.ids.numel()
        )


@pytest.mark.gpu
@pytest.mark.parametrize("work", SMALL, ids=lambda work: work.name)
@pytest.mark.parametrize("path", ["plain", "packed", "bucketed", "compiled"])
def test_gradients_on_a_gpu_are_those_of_double_precision_within_bf16(work, path):
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    _, expected, _ = gradients(work, "plain")
    torch.manual_seed(3)
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    device = torch.device("cuda")
    stepper = Stepper(work, path, build(shape(**still), 0).to(device), device)
    stepper.loss(*stepper.prepare(*work.draw(1, 100))).backward()
    for name, parameter in stepper.model.named_parameters():
        if parameter.grad is not None:
            error = (parameter.grad.cpu().double() - expected[name]).norm()
            assert error <= 0.03 * expected[name].norm() + 1e-3


def test_shapes_are_few_and_a_full_block_gets_another_one():
    work = next(work for work in PUBLISHED if work.name == "XNLI, batch 4")
    shapes = set()
    for number in range(200):
        batch, labels = work.draw(number, 1000)
        filled, wanted = bucketed(batch, labels, "example")
        shapes.add((filled.ids.numel(), filled.longest))
        assert len(wanted) == len(filled) == len(batch) + 1
    assert len(shapes) <= 12 < len({work.draw(n, 1000)[0].ids.numel() for n in range(200)})
    batch, labels = replace(work, batch=1, mean=256, spread=1e-9, longest=256).draw(0, 1000)
    assert batch.ids.numel() in (255, 256)


def test_batches_are_fresh_and_repeatable():
    for work in PUBLISHED:
        (a, la), (b, lb), (c, _) = work.draw(1, 500), work.draw(1, 500), work.draw(2, 500)
        assert torch.equal(a.ids, b.ids) and torch.equal(la, lb)
        assert a.ids.shape != c.ids.shape or not torch.equal(a.ids, c.ids)
        assert a.longest <= work.longest


def test_floor_of_arithmetic_is_the_formula_of_the_plan():
    encoder = build(shape(), 0)
    batch, _ = SMALL[0].draw(0, 100)
    d, layers = 16, 2
    squares = sum(int(n) ** 2 for n in batch.lengths)
    by_hand = 3 * (batch.ids.numel() * layers * (8 * d**2 + 4 * d * 32) + 4 * layers * d * squares)
    assert floors.flops(encoder, batch, 0, True) == by_hand
    assert floors.flops(encoder, batch, 2, False) == by_hand / 3 + 2 * 2 * 16 * 100


def test_a_path_that_fails_is_a_row_with_its_reason():
    best = floors.Machine("x", 1e9, 1e9)
    too_long = Workload("too long", "classify", 2, 1, 400, 0.1, 500)
    row = measure.steps(too_long, "plain", shape(), CPU, best, 2)
    assert row.seconds is None and "exceeds the 298 positions" in row.note
    assert "not measured" in table.markdown(best, [row])
    with pytest.raises(ValueError, match="no training step"):
        table.throughput(best, [row], "test")


@pytest.mark.slow
def test_the_throughput_file_is_what_plan_reads(tmp_path):
    from replicate.cost import throughput

    works = [SMALL[0], replace(SMALL[0], name="evaluation", kind="evaluate")]
    best, rows = measure.everything(works, shape(), CPU, [1, 2], ["plain", "packed"], 3, 64)
    assert [row.at_once for row in rows] == [1, 1, 1, 1, 2] and all(row.seconds for row in rows)
    (path := tmp_path / "throughput.yaml").write_text(table.throughput(best, rows, "a test"))
    found = throughput(str(path))
    assert found.measured and found.workers in (1, 2)
    trained = [row for row in rows if row.work == "classify"]
    assert found.flops_per_second == pytest.approx(max(row.flops_per_second for row in trained), rel=1e-3)
    shown = table.markdown(best, rows)
    assert shown.count("\n| ") == len(rows) + 1 and "not measured" not in shown
