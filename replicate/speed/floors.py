"""The least time that a step can take: by its arithmetic and by the memory that it must move.

Arithmetic: 24 L d^2 + 4 L s d per token and forward pass, three times that in training, 6 d V per masked token.
Memory: AdamW reads weight, gradient and two moments in fp32 and writes three of them (28 bytes per parameter);
each pass reads the weights of the layers once in the precision of the pass (forward, backward: twice in training).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import nn

from replicate.model.encoder import Encoder
from replicate.model.ragged import Ragged


@dataclass(frozen=True)
class Machine:
    """What a device was seen to do at best."""

    name: str
    flops_per_second: float
    """Of a large matrix product in the precision of training."""
    bytes_per_second: float
    """Of a large copy, reading and writing counted."""


def machine(device: torch.device, size: int = 8192) -> Machine:
    """Measure a device: medians of ten matrix products and copies."""
    kind = torch.bfloat16 if device.type == "cuda" else torch.float32
    a, b = (torch.randn(size, size, device=device, dtype=kind) for _ in range(2))
    many = torch.empty(size * size * 4, dtype=torch.uint8, device=device)
    product = _median(lambda: a @ b, device)
    copy = _median(many.clone, device)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    return Machine(name, 2 * size**3 / product, 2 * many.numel() / copy)


def flops(encoder: Encoder, batch: Ragged, masked: int, training: bool) -> float:
    """FLOPs of a step over the real tokens of a batch; `masked` tokens meet the vocabulary."""
    layers, width = encoder.depth, encoder.width
    inner = int(encoder.config.intermediate_size)
    squares = float((batch.lengths.double() ** 2).sum())
    forward = batch.ids.numel() * layers * (8 * width**2 + 4 * width * inner) + 4 * layers * width * squares
    words = 2 * width * int(encoder.config.vocab_size) * masked
    return (3 if training else 1) * (forward + words)


def least_bytes(model: nn.Module, encoder: Encoder, training: bool, pass_bytes: int) -> float:
    """Bytes that a step must move at least."""
    layers = sum(p.numel() for p in encoder.xlmr.encoder.parameters())
    if not training:
        return float(layers * pass_bytes)
    return float(28 * sum(p.numel() for p in model.parameters()) + 2 * layers * pass_bytes)


def _median(what: object, device: torch.device) -> float:
    assert callable(what)
    times = []
    for _ in range(12):
        finish(device)
        started = time.perf_counter()
        what()
        finish(device)
        times.append(time.perf_counter() - started)
    return sorted(times[2:])[5]


def finish(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
