"""What a stage hands to its record, and what it may ask of its parents."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from replicate.ledger import Dropped, Ledger
from replicate.model import weights
from replicate.model.backbone import Backbone
from replicate.stages.stage import Stage
from replicate.text.pieces import Pieces
from replicate.train.checkpoint import Progress

if TYPE_CHECKING:
    import pandas


@dataclass
class Outcome:
    """Result of a stage before it is published."""

    files: dict[str, Path]
    """Name in the record -> file in the stage's work folder."""
    facts: dict[str, Any]
    """What the record says besides identity, environment and hashes."""
    scores: pandas.DataFrame | None = None
    """Rows of the results table, for stages that evaluate."""


@dataclass(frozen=True)
class Parents:
    """Finished stages that a stage builds on; every file is verified before it is read."""

    ledger: Ledger
    memory: dict[str, Any] = field(default_factory=dict)

    def pieces(self, stage: Stage) -> Pieces:
        """The tokenizer; the same object for the same key, because loading a large one takes seconds."""
        key = stage.parents["tokenizer"]
        if key not in self.memory:
            self.ledger.verify(key, "tokenizer.json")
            self.memory[key] = Pieces.load(self.ledger.folder(key) / "tokenizer.json")
        pieces: Pieces = self.memory[key]
        return pieces

    def encoder(self, stage: Stage) -> Backbone:
        """A fresh copy of the parent's encoder."""
        record = self._trained(stage.parents["encoder"])
        if "hub" in record["facts"]:
            return _public(record["facts"])[0]
        return weights.load(self.ledger.folder(stage.parents["encoder"]))

    def head(self, stage: Stage, task: str, role: str = "encoder") -> dict[str, torch.Tensor]:
        """State of a head that a parent trained."""
        key = stage.parents[role]
        record = self._trained(key)
        if "hub" in record["facts"]:
            return dict(_public(record["facts"])[1].state_dict())
        return weights.load_head(self.ledger.folder(key), task)

    def _trained(self, key: str) -> dict[str, Any]:
        record = self.ledger.verify(key)
        if record.get("dropped"):
            raise Dropped(key)
        return record


def _public(facts: dict[str, Any]) -> tuple[Backbone, nn.Module]:
    return weights.from_hub(facts["hub"], facts["revision"], facts.get("family", "encoder"))


def history(progress: Progress) -> dict[str, Any]:
    """What a record says of a training."""
    return {
        "steps": progress.step,
        "tokens": progress.tokens,
        "training_seconds": round(progress.seconds, 1),
        "step_processor_seconds": round(progress.processor, 2),
        "losses": progress.losses,
        "selection": {"scores": progress.scores, "kept_step": progress.best_step},
    }
