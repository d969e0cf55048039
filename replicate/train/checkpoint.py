"""State of a training on disk: a file whose name says its step and its hash, so that half a file is noticed.

Writing is: temporary name, flush to disk, rename. The hash of the content is part of the name, so one rename
publishes both; a file that was cut, or damaged later, does not match its name and counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn


@dataclass
class Progress:
    """What a training knows of itself besides its tensors."""

    step: int = 0
    """Steps that are done."""
    tokens: int = 0
    seconds: float = 0.0
    """Seconds spent, over all interrupted attempts."""
    processor: float = 0.0
    """Processor seconds of the steps alone, over all interrupted attempts."""
    losses: list[tuple[int, float]] = field(default_factory=list)
    """(step, mean loss since the last entry)."""
    scores: list[tuple[int, float]] = field(default_factory=list)
    """(step, score on the selection split)."""
    best_step: int | None = None
    best_file: str | None = None


def write(folder: Path, stem: str, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> Path:
    """Write tensors and facts as `<stem>-<hash>.safetensors`: a whole file or none; returns the path.

    The file is hashed as it lies on the disk: 7 GB of weights and optimiser state are not held twice.
    """
    waiting = folder / f".{stem}.{os.getpid()}"
    on_cpu = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(on_cpu, waiting, {"facts": json.dumps(facts)})
    with waiting.open("rb") as file:
        os.fsync(file.fileno())
    path = folder / f"{stem}-{_digest(waiting)}.safetensors"
    waiting.replace(path)
    return path


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Tensors and facts of a checkpoint, or None where the file is absent, cut or damaged."""
    if not path.is_file() or _digest(path) != path.stem.rpartition("-")[2]:
        return None
    with safe_open(path, "pt") as file:
        facts = json.loads(file.metadata()["facts"])
        return {name: file.get_tensor(name) for name in file.keys()}, facts  # noqa: SIM118


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:24]


def save_state(folder: Path, model: nn.Module, optimiser: torch.optim.Optimizer, progress: Progress) -> None:
    """Checkpoint of a training; older ones, best models that it does not name, and leftovers of kills go after it.

    A best model of published size has 2 GB, and a long training finds dozens.
    """
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for name, parameter in model.named_parameters():
        for part, value in optimiser.state.get(parameter, {}).items():
            tensors[f"optimiser.{part}.{name}"] = value
    kept = write(folder, f"step-{progress.step:09d}", tensors, asdict(progress))
    for old in [*folder.glob("step-*.safetensors"), *folder.glob(".step-*"), *folder.glob(".best-*")]:
        if old != kept:
            old.unlink(missing_ok=True)
    keep_best(folder, progress.best_file)


def keep_best(folder: Path, name: str | None) -> None:
    """Remove the best models that have another name."""
    for old in folder.glob("best-*.safetensors"):
        if old.name != name:
            old.unlink(missing_ok=True)


def load_state(folder: Path, model: nn.Module, optimiser: torch.optim.Optimizer) -> Progress:
    """Restore the newest whole checkpoint into model and optimiser; a fresh `Progress` where there is none."""
    for path in sorted(folder.glob("step-*.safetensors"), reverse=True):
        found = read(path)
        if found is None:
            path.unlink(missing_ok=True)
            continue
        tensors, facts = found
        progress = Progress(**facts)
        if progress.best_file and read(folder / progress.best_file) is None:
            continue  # the selected model is lost, so the steps up to it must run again
        model.load_state_dict(
            {n.removeprefix("model."): t for n, t in tensors.items() if n.startswith("model.")}
        )
        _restore(model, optimiser, tensors)
        progress.losses = [(int(s), float(x)) for s, x in progress.losses]
        progress.scores = [(int(s), float(x)) for s, x in progress.scores]
        return progress
    return Progress()


def _restore(model: nn.Module, optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    for name, parameter in model.named_parameters():
        for part in ("step", "exp_avg", "exp_avg_sq"):
            value = tensors.get(f"optimiser.{part}.{name}")
            if value is not None:
                optimiser.state[parameter][part] = value.to(parameter.device)
