"""Weights in and out of run records: safetensors for the weights, JSON for the shape, named after the family.

Only safetensors are read from run records: a pickle could run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import get_args

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from replicate.model.backbone import Backbone
from replicate.model.families import configuration, described
from replicate.model.hub import from_hub
from replicate.recipes.recipe import Family

__all__ = ["configuration", "from_hub", "load", "load_head", "save"]


def save(folder: Path, model: Backbone, heads: Mapping[str, nn.Module]) -> dict[str, Path]:
    """Write `model.safetensors` and `<family>.json`; returns name -> path."""
    tensors = {f"encoder.{name}": tensor for name, tensor in model.state_dict().items()}
    for task, head in heads.items():
        tensors |= {f"head.{task}.{name}": tensor for name, tensor in head.state_dict().items()}
    told = f"{model.family}.json"
    paths = {"model.safetensors": folder / "model.safetensors", told: folder / told}
    save_file(
        {name: t.detach().cpu().contiguous() for name, t in tensors.items()}, paths["model.safetensors"]
    )
    paths[told].write_text(json.dumps(model.describe(), indent=1) + "\n", encoding="utf-8")
    return paths


def load(folder: Path) -> Backbone:
    """Model of a run record, with its weights."""
    family: Family = next(one for one in get_args(Family) if (folder / f"{one}.json").is_file())
    told = json.loads((folder / f"{family}.json").read_text(encoding="utf-8"))
    # transformers' own modules have buffers that only their constructors can fill.
    with nullcontext() if "model_type" in told else torch.device("meta"):
        model = described(family, told)
    model.load_state_dict(_part(folder, "encoder."), assign=True)
    model.rebuild()
    return model


def load_head(folder: Path, task: str) -> dict[str, torch.Tensor]:
    """State of one head of a run record."""
    return _part(folder, f"head.{task}.")


def _part(folder: Path, prefix: str) -> dict[str, torch.Tensor]:
    tensors = load_file(folder / "model.safetensors")
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
