"""Numbers of a training and of a phase: those of all its tasks, and per task what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from replicate.recipes.running_text import MaskedModelling
from replicate.recipes.strict import Count, Length, Positive, Share, Strict, Wrong, refused

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
    longest: Length = 256
    """Longest row in tokens."""
    stride: Count = 128
    """Overlap of two windows over one context, in tokens; without effect beside `doc_stride`."""
    doc_stride: Count | None = None
    """Tokens from the beginning of a window to that of the next, as BERT's, XTREME's and jiant's scripts count."""
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

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without `doc_stride` where there is none: so are the trainings of all records from before it."""
        told: dict[str, Any] = handler(self)
        return told if self.doc_stride is not None else {n: v for n, v in told.items() if n != "doc_stride"}

    @property
    def gap(self) -> str:
        """Why windows over a context would leave tokens out or crawl, in words; empty where they do not."""
        room = self.longest - self.question_room - 4
        seen = f"windows of {self.longest} tokens, {self.question_room} for the question, show {room} of a context"
        if self.doc_stride is not None:
            return f"{seen}, and the next begins {self.doc_stride} later" if self.doc_stride > room else ""
        return f"{seen}, of which the next shows {self.stride} again" if self.stride >= room else ""


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
        # What a task has to say itself stands in for what the phase leaves to it.
        filled = {"lr": 1.0, "batch": 1, **({} if "steps" in self.all else {"epochs": 1}), **self.all}
        wrong = _wrong(filled, ("all",), {})
        for task, own in self.tasks.items():
            wrong += _wrong({**self.all, **own}, ("tasks", task), own)
        if wrong:
            raise refused("Phase", dict.fromkeys(wrong))
        return self

    def of(self, task: str, **over: Any) -> Training:
        """The numbers of one task's training."""
        return Training.model_validate({**self.all, **self.tasks.get(task, {}), **over})


def _wrong(numbers: Mapping[str, Any], at: tuple[str, ...], own: Mapping[str, Any]) -> list[Wrong]:
    """What is wrong with the numbers of a training; a value that is not the task's own is blamed on the phase."""
    try:
        Training.model_validate(numbers)
    except ValidationError as error:
        found = []
        for item in error.errors():
            loc = item["loc"]
            inherited = bool(loc) and loc[0] in numbers and loc[0] not in own
            value = str(item["input"]) if loc else None
            what = item["msg"].removeprefix("Value error, ")
            found.append(Wrong((*(("all",) if inherited else at), *loc), what, value, item["type"]))
        return found
    return []
