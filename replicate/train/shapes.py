"""Batches in few shapes, and a model that makes use of it: what `numerics.shapes` of a recipe asks for.

free       every batch has its own shape (the default, and all that published records know)
bucketed   batches are filled up to a dozen shapes (`replicate.model.bucket`); same loss and gradients
compiled   bucketed, and on CUDA the encoder goes through torch.compile, once per shape
graphed    compiled with CUDA graphs, which spare the launches that small batches wait for

Where there is no CUDA the last two are `bucketed`, so that a recipe runs anywhere. Dropout draws other numbers for a
filled batch, so a choice other than `free` takes part in the identity of a stage.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from replicate.model.backbone import Backbone
from replicate.model.bucket import bucketed
from replicate.model.ragged import Ragged
from replicate.train.device import Device

BLOCK, ROUND = 256, 64


def shaped(batch: Ragged, labels: Tensor, device: Device, room: int | None) -> tuple[Ragged, Tensor, int]:
    """(batch, labels, units to take off the count of the loss): filled up where the numerics ask for it.

    Parameters
    ----------
    labels : Tensor
        One per token, or one per example of as many rows as examples leave.
    room : int or None
        Longest row that the model takes.
    """
    if device.numerics.shapes == "free":
        return batch, labels, 0
    per: Literal["token", "example"] = "token" if len(labels) == batch.ids.numel() else "example"
    group = len(batch) // len(labels) if per == "example" else 1
    limit = room or BLOCK
    filled, wanted = bucketed(batch, labels, per, group, min(BLOCK, limit), min(ROUND, limit))
    if room is not None and filled.longest > room:
        filled = Ragged(filled.ids, filled.offsets, room, filled.shortest)
    # Heads of examples count every label, those of tokens only what is not ignored.
    return filled, wanted, int(per == "example")


def forward(encoder: Backbone, device: Device) -> Callable[[Ragged], Tensor]:
    """The encoder, or on CUDA what its compilation gives; weights are those of the encoder either way."""
    if device.numerics.shapes == "free":
        return encoder
    encoder.layout = "padded"  # a nested tensor has a new shape with every batch
    if device.torch.type != "cuda" or device.numerics.shapes == "bucketed":
        return encoder
    mode = "reduce-overhead" if device.numerics.shapes == "graphed" else None
    compiled: Callable[[Ragged], Tensor] = torch.compile(encoder, dynamic=False, mode=mode)
    return compiled
