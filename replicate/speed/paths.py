"""Ways to compute one training step, from plain to fast; all give the same loss and gradients.

plain      the padded layout, eagerly: the reference
packed     attention over nested tensors, no padding anywhere, eagerly
bucketed   batches in a dozen shapes (`replicate.model.bucket`), eagerly: what the next two build on
compiled   bucketed, through torch.compile with static shapes
graphed    bucketed, the whole step (forward, backward, clipping, AdamW) replayed as one CUDA graph per shape
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, cast

import torch
from torch import Tensor, nn

from replicate.model.bucket import bucketed
from replicate.model.encoder import Encoder
from replicate.model.heads import ClassifyHead, Head, MaskedHead, SpanHead
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Training
from replicate.speed.workloads import Workload
from replicate.train.optimiser import adamw

Path: TypeAlias = Literal["plain", "packed", "bucketed", "compiled", "graphed"]
PATHS: Final[tuple[Path, ...]] = ("plain", "packed", "bucketed", "compiled", "graphed")
CUDA_ONLY: Final = ("compiled", "graphed")


def head_for(work: Workload, encoder: Encoder) -> nn.Module:
    """The head that a workload trains."""
    dropout = float(encoder.config.hidden_dropout_prob)
    if work.kind == "span":
        return SpanHead(encoder.width)
    if work.kind == "masked":
        return MaskedHead(encoder.word_embeddings)
    if work.kind == "choice":
        return ClassifyHead(encoder.width, 1, choices=work.group, dropout=dropout)
    return ClassifyHead(encoder.width, 3, dropout=dropout)


@dataclass
class Stepper:
    """Makes steps of one workload along one path."""

    work: Workload
    path: Path
    encoder: Encoder
    device: torch.device
    head: nn.Module = field(init=False)
    optimiser: torch.optim.Optimizer = field(init=False)
    _graphs: dict[tuple[int, int], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.encoder.layout = "packed" if self.path == "packed" else "padded"
        self.head = head_for(self.work, self.encoder).to(self.device)
        self.model = nn.ModuleDict({"encoder": self.encoder, "head": self.head})
        self.optimiser = adamw(self.model, Training(lr=1e-6, batch=self.work.batch, steps=1))
        if self.path == "graphed":
            for group in self.optimiser.param_groups:
                group["capturable"] = True
        self._forward: Callable[..., Tensor] = self.encoder
        if self.path == "compiled":
            self._forward = torch.compile(self.encoder, dynamic=False)

    def prepare(self, batch: Ragged, labels: Tensor) -> tuple[Ragged, Tensor]:
        """Batch and labels on the device, in the shape of the path."""
        if self.path in ("bucketed", "compiled", "graphed"):
            per: Literal["token", "example"] = "token" if self.work.kind == "masked" else "example"
            batch, labels = bucketed(batch, labels, per, self.work.group)
        return batch.to(self.device), labels.to(self.device)

    def loss(self, batch: Ragged, labels: Tensor) -> Tensor:
        """Summed loss; the dummy row of a bucket adds nothing."""
        with self._autocast():
            return cast(Head, self.head).loss(self._forward(batch), batch, labels)[0]

    def step(self, batch: Ragged, labels: Tensor) -> Tensor:
        """One whole optimiser step."""
        if self.path == "graphed":
            return self._replayed(batch, labels)
        return self._step(batch, labels)

    @torch.no_grad()
    def evaluate(self, batch: Ragged) -> Tensor:
        """Scores of a batch, without gradients."""
        with self._autocast():
            scores: Tensor = self.head(self._forward(batch), batch)
        return scores

    def _step(self, batch: Ragged, labels: Tensor) -> Tensor:
        loss = self.loss(batch, labels)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=self.path != "graphed")
        return loss.detach()

    def _replayed(self, batch: Ragged, labels: Tensor) -> Tensor:
        shape = (batch.ids.numel(), batch.longest)
        if shape not in self._graphs:
            self._graphs[shape] = self._captured(batch, labels)
        graph, ids, offsets, wanted, loss = self._graphs[shape]
        ids.copy_(batch.ids)
        offsets.copy_(batch.offsets)
        wanted.copy_(labels)
        graph.replay()
        return cast(Tensor, loss)

    def _captured(self, batch: Ragged, labels: Tensor) -> Any:
        # One static copy of the inputs per shape; lengths are read from it on the device.
        static = Ragged(batch.ids.clone(), batch.offsets.clone(), batch.longest, min(1, batch.shortest))
        wanted = labels.clone()
        side = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(side):
            for _ in range(3):  # lazily made state must exist before the capture
                self._step(Ragged(static.ids, static.offsets, static.longest, static.shortest), wanted)
        torch.cuda.current_stream(self.device).wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = self._step(Ragged(static.ids, static.offsets, static.longest, static.shortest), wanted)
        return graph, static.ids, static.offsets, wanted, loss

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.device.type == "cuda":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return contextlib.nullcontext()
