"""Times of steps: medians over fresh batches, alone or with several stages on one device.

A first look at a shape is never timed: a graph is captured, a kernel chosen, memory taken from the system. Every
batch is drawn before its clock starts, and the clock stops when the device has finished.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from transformers import XLMRobertaConfig

from replicate.model.encoder import build
from replicate.speed import floors
from replicate.speed.paths import PATHS, Path, Stepper
from replicate.speed.workloads import Workload


def configuration(size: str) -> XLMRobertaConfig:
    """XLM-R Large ("large"), or an encoder of 4 layers of 256 with 8,000 pieces ("small")."""
    layers, width, heads, words = {"large": (24, 1024, 16, 250_002), "small": (4, 256, 4, 8_000)}[size]
    return XLMRobertaConfig(
        vocab_size=words,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * width,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
    )


@dataclass(frozen=True)
class Measured:
    """One row of the table."""

    work: str
    path: str
    at_once: int
    seconds: float | None
    """Median of a step of one stage; None where it could not be measured."""
    tokens_per_second: float | None
    """Real tokens of all stages together."""
    flops_per_second: float | None
    floor_flops: float | None
    """Seconds that the arithmetic alone would take at the rate of a large matrix product."""
    floor_bytes: float | None
    note: str = ""


def steps(
    work: Workload,
    path: Path,
    shape: XLMRobertaConfig,
    device: torch.device,
    best: floors.Machine,
    count: int = 30,
) -> Measured:
    """Time `count` steps of a workload; a path that this device or version cannot run is a row with a note."""
    try:
        torch.manual_seed(0)
        stepper = Stepper(work, path, build(shape, 0).to(device), device)
        stepper.model.train(work.kind != "evaluate")
        batches = [work.draw(number, int(shape.vocab_size)) for number in range(count)]
        times, tokens, work_done, bytes_ = [], 0, 0.0, 0.0
        for lap in range(2):  # the first lap meets every shape
            for batch, labels in batches:
                ready, wanted = stepper.prepare(batch, labels)
                floors.finish(device)
                started = time.perf_counter()
                stepper.evaluate(ready) if work.kind == "evaluate" else stepper.step(ready, wanted)
                floors.finish(device)
                if lap:
                    times.append(time.perf_counter() - started)
                    tokens += batch.ids.numel()
                    masked = int((labels >= 0).sum()) if work.kind == "masked" else 0
                    work_done += floors.flops(stepper.encoder, batch, masked, work.kind != "evaluate")
        bytes_ = floors.least_bytes(
            stepper.model, stepper.encoder, work.kind != "evaluate", 2 if device.type == "cuda" else 4
        )
    except Exception as error:  # a prototype interface of torch may refuse: the table says so and goes on
        first = (str(error).splitlines() or [""])[0]
        return Measured(
            work.name, path, 1, None, None, None, None, None, f"{type(error).__name__}: {first[:120]}"
        )
    typical = median(times)
    return Measured(
        work.name,
        path,
        1,
        typical,
        tokens / count / typical,
        work_done / count / typical,
        work_done / count / best.flops_per_second,
        bytes_ / best.bytes_per_second,
    )


def at_once(
    work: Workload,
    path: Path,
    shape: XLMRobertaConfig,
    device: torch.device,
    best: floors.Machine,
    stages: int,
) -> Measured:
    """The same with `stages` processes on the device, each with its own model, all at the same time."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(stages)
    with context.Pool(stages, initializer=_joined, initargs=(barrier,)) as pool:
        arguments = [(work, path, shape.to_dict(), str(device), best)] * stages
        found: list[Measured] = pool.map(_one, arguments, chunksize=1)
    failed = next((one for one in found if one.seconds is None), None)
    if failed is not None:
        return Measured(work.name, path, stages, None, None, None, None, None, failed.note)
    return Measured(
        work.name,
        path,
        stages,
        median(one.seconds or 0.0 for one in found),
        sum(one.tokens_per_second or 0.0 for one in found),
        sum(one.flops_per_second or 0.0 for one in found),
        found[0].floor_flops,
        found[0].floor_bytes,
    )


_barrier: Any = None


def _joined(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def _one(told: tuple[Workload, Path, dict[str, Any], str, floors.Machine]) -> Measured:
    work, path, values, device, best = told
    torch.set_num_threads(1)
    shape = XLMRobertaConfig(**values)
    _barrier.wait()  # all have imported torch
    return steps(work, path, shape, torch.device(device), best)


def everything(
    works: Sequence[Workload],
    shape: XLMRobertaConfig,
    device: torch.device,
    counts: Sequence[int],
    paths: Sequence[Path] = PATHS,
    count: int = 30,
    size: int = 8192,
) -> tuple[floors.Machine, list[Measured]]:
    """All rows: every workload along every path, then the smallest workload with several stages at once."""
    best = floors.machine(device, size)
    rows = [steps(work, path, shape, device, best, count) for work in works for path in paths]
    smallest = min(works, key=lambda work: work.batch * work.group * work.mean)
    alone = [row for row in rows if row.work == smallest.name and row.seconds is not None]
    if alone:
        quickest = min(alone, key=lambda row: row.seconds or 0.0).path
        for stages in counts:
            if stages > 1:
                rows.append(at_once(smallest, quickest, shape, device, best, stages))  # type: ignore[arg-type]
    return best, rows
