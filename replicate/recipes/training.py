"""Numbers of a training and of a phase: those of all its tasks, and per task what differs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, model_validator

from replicate.recipes.running_text import MaskedModelling
from replicate.recipes.strict import Count, Positive, Share, Strict

Decay: TypeAlias = Annotated[float, Field(ge=0, lt=1)]
"""How much of a running mean stays: AdamW refuses 1."""


class Selection(Strict):
    """When the model is scored on English dev, and when training stops early. Absent: the last model is kept."""

    every: Count
    """Steps between two evaluations."""
    rows: Count | None = None
    """Only the first rows of the dev split (v1: 500)."""
    patience: Count | None = None
    """Stop after this many evaluations without a new best."""


class Training(Strict):
    """Numbers of one training, after the task's own have been put over the phase's."""

    lr: Positive
    batch: Count
    epochs: Positive | None = None
    steps: Count | None = None
    warmup: Share = 0.1
    """Share of all steps."""
    warmup_steps: Count | None = None
    """A number of steps instead of the share (XTREME: 500, more than a short training has)."""
    decay: Literal["linear", "constant"] = "linear"
    weight_decay: float = Field(0.0, ge=0)
    betas: tuple[Decay, Decay] = (0.9, 0.999)
    eps: Positive = 1e-8
    clip: Positive | None = 1.0
    """Largest norm of the gradient of the whole batch."""
    longest: Count = 256
    """Longest row in tokens."""
    stride: Count = 128
    """Overlap of two windows over one context, in tokens."""
    question_room: Count = 64
    rows: Count | None = None
    """Only this many training rows, drawn by the seed of the data (small scales)."""
    sort_window: Count = 1
    """Batches whose rows are sorted by length together; 1 is random order."""
    select: Selection | None = None

    @model_validator(mode="after")
    def _length(self) -> Training:
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("give either `epochs` or `steps`")
        return self


class Mixture(Strict):
    """Multi-task intermediate training: examples-proportional sampling with a cap."""

    cap: Count = 131_072
    """K: a task of e examples is drawn with probability proportional to min(e, K)."""
    epochs: Positive = 3
    """Total steps: this many passes over min(e, K) examples of every task."""
    mlm_weight: Count | None = None
    """Examples that masked language modelling counts as in the sampler; absent: the cap."""


class Phase(Strict):
    """Numbers of a phase: those of all tasks, and per task what differs."""

    all: dict[str, Any]
    tasks: dict[str, dict[str, Any]] = Field(default_factory=dict)
    mixture: Mixture | None = None
    mlm: MaskedModelling | None = None
    """Text and sampling of the masked language modelling that variant `mlm` mixes in."""
    mlm_lr: Positive | None = None
    """Learning rate where masked language modelling is mixed in."""

    @model_validator(mode="after")
    def _complete(self) -> Phase:
        for task in self.tasks:
            self.of(task)
        return self

    def of(self, task: str, **over: Any) -> Training:
        """The numbers of one task's training."""
        return Training.model_validate({**self.all, **self.tasks.get(task, {}), **over})
