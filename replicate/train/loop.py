"""The training loop of every phase: pretraining, intermediate, multi-task, target.

One function and no class to inherit from. Every random choice is drawn from a key of (seed, stage, step), so
what happens in step k depends on the state after step k - 1 and on nothing else; a checkpoint is that state.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn

from replicate.keyed import Key, torch_seed
from replicate.model.backbone import Backbone
from replicate.model.heads import Head
from replicate.progress import Reporter, Silent, Step
from replicate.recipes.recipe import Training
from replicate.train import checkpoint
from replicate.train.device import Device
from replicate.train.optimiser import adamw, rate
from replicate.train.shapes import forward, shaped
from replicate.train.sources import Source


class Diverged(RuntimeError):
    """The loss is not a finite number."""


@dataclass
class Job:
    """All that one training is made of."""

    key: tuple[Key, ...]
    """(seed, stage): the random choices of a step are keyed by it and the step."""
    encoder: Backbone
    heads: Mapping[str, nn.Module]
    """Source name -> head."""
    sources: Sequence[Source]
    order: np.ndarray
    """(steps,) number of the source that each step trains."""
    training: Training
    device: Device
    folder: Path
    """Where checkpoints go; it belongs to this training alone."""
    score: Callable[[], float] | None = None
    """Score on the selection split, larger is better."""
    reporter: Reporter = field(default_factory=Silent)
    label: str = ""
    every_seconds: float = 60.0
    """Time between checkpoints; 0 writes one after every step. It changes no result."""

    def __post_init__(self) -> None:
        self.model = nn.ModuleDict({"encoder": self.encoder, "heads": nn.ModuleDict(dict(self.heads))})
        self.forward = forward(self.encoder, self.device)


def train(job: Job) -> checkpoint.Progress:
    """Train, or go on where a killed run stopped; the model of `job` ends as the selected or the last one.

    Raises
    ------
    Diverged
        At the first loss that is not finite.
    """
    job.folder.mkdir(parents=True, exist_ok=True)
    job.model.to(job.device.torch)
    optimiser = adamw(job.model, job.training)
    progress = checkpoint.load_state(job.folder, job.model, optimiser)
    total = len(job.order)
    counts = np.zeros((total + 1, len(job.sources)), dtype=np.int64)
    np.cumsum(np.eye(len(job.sources), dtype=np.int64)[job.order], axis=0, out=counts[1:])
    pending, since, saved = [], time.monotonic(), time.monotonic()
    on_disk = progress.best_file
    while progress.step < total and not stopped(progress, job):
        step = progress.step
        source = job.sources[job.order[step]]
        used = time.process_time()
        loss, tokens = _step(job, optimiser, source, int(counts[step, job.order[step]]), step, total)
        progress.processor += time.process_time() - used
        pending.append(loss)
        progress.step, progress.tokens = step + 1, progress.tokens + tokens
        now = time.monotonic()
        progress.seconds, since = progress.seconds + now - since, now
        if len(pending) >= max(1, total // 100) or progress.step == total:
            progress.losses.append((progress.step, sum(pending) / len(pending)))
            pending.clear()
            job.reporter(
                Step(
                    job.label, progress.step, total, progress.losses[-1][1], progress.tokens, progress.seconds
                )
            )
        if _is_due(job, progress, total):
            _select(job, progress, on_disk)
        # Between two entries of the loss curve nothing is saved: the entry's mean would lose its first steps.
        if not pending and (now - saved >= job.every_seconds or progress.step == total):
            checkpoint.save_state(job.folder, job.model, optimiser, progress)
            saved, on_disk = time.monotonic(), progress.best_file
    _restore_best(job, progress)
    return progress


def stopped(progress: checkpoint.Progress, job: Job) -> bool:
    """Whether patience has run out: recomputed from the recorded scores, so it survives a kill."""
    select = job.training.select
    if select is None or select.patience is None or not progress.scores:
        return False
    best = max(range(len(progress.scores)), key=lambda i: progress.scores[i][1])
    return len(progress.scores) - 1 - best >= select.patience


def _step(
    job: Job, optimiser: torch.optim.Optimizer, source: Source, k: int, step: int, total: int
) -> tuple[float, int]:
    """One optimiser step on the k-th batch of `source`; returns its mean loss and its tokens."""
    job.model.train()
    torch.manual_seed(torch_seed(*job.key, "dropout", step))
    for group in optimiser.param_groups:
        group["lr"] = rate(step, total, job.training)
    head: Head = job.heads[source.name]  # type: ignore[assignment]
    losses, units, tokens = [], 0, 0
    for plain, marks in source.passes(k, job.device.numerics.tokens_per_pass):
        batch, labels, dummies = shaped(plain, marks, job.device, job.encoder.longest)
        on_device, tokens = batch.to(job.device.torch), tokens + plain.ids.numel()
        with job.device.autocast():
            hidden = job.forward(on_device)
            loss, count = head.loss(hidden, on_device, labels.to(job.device.torch))
        loss.backward()  # type: ignore[no-untyped-call]
        losses.append(loss.detach())
        units += count - dummies
    mean = float(torch.stack(losses).sum()) / units
    if not math.isfinite(mean):
        raise Diverged(
            f"the loss of step {step} is {mean} (task {source.name}, learning rate {job.training.lr:g}); "
            "lower `lr` in the recipe"
        )
    parameters = [p for p in job.model.parameters() if p.grad is not None]
    for parameter in parameters:
        assert parameter.grad is not None
        parameter.grad.div_(units)
    if job.training.clip:
        nn.utils.clip_grad_norm_(parameters, job.training.clip)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return mean, tokens


def _is_due(job: Job, progress: checkpoint.Progress, total: int) -> bool:
    select = job.training.select
    return (
        job.score is not None
        and select is not None
        and (progress.step % select.every == 0 or progress.step == total)
    )


def _select(job: Job, progress: checkpoint.Progress, on_disk: str | None) -> None:
    """Score the model; if it is the best so far, keep its weights before the progress says so.

    The best model that the checkpoint on disk names (`on_disk`) stays until another checkpoint takes its place: a
    killed training goes on from there. One that no checkpoint names goes first, so that there are never three.
    """
    assert job.score is not None
    job.model.eval()
    score = job.score()
    if not progress.scores or score > max(value for _, value in progress.scores):
        checkpoint.keep_best(job.folder, on_disk)
        kept = checkpoint.write(job.folder, f"best-{progress.step:09d}", job.model.state_dict(), {})
        progress.best_step, progress.best_file = progress.step, kept.name
    progress.scores.append((progress.step, score))


def _restore_best(job: Job, progress: checkpoint.Progress) -> None:
    if progress.best_file is not None:
        found = checkpoint.read(job.folder / progress.best_file)
        assert found is not None, "the selected model was verified when the checkpoint was read"
        job.model.load_state_dict(found[0])
    job.model.eval()
