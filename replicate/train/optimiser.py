"""AdamW and the learning rate of a step: functions of the numbers of a training, with no state of their own."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from replicate.recipes.recipe import Training


def adamw(model: nn.Module, training: Training) -> torch.optim.AdamW:
    """AdamW over all parameters; biases and layer norms are not decayed (as in BERT and all that followed)."""
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (plain if parameter.ndim < 2 or name.endswith("bias") else decayed).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": decayed, "weight_decay": training.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=training.lr,
        betas=training.betas,
        eps=training.eps,
        fused=True,
    )


def rate(step: int, total: int, training: Training) -> float:
    """Learning rate of a step: linear warm-up over a share of all steps, then linear decay to 0, or constant.

    Examples
    --------
    >>> numbers = Training(lr=1.0, batch=1, epochs=1, warmup=0.1)
    >>> [round(rate(step, 100, numbers), 2) for step in (0, 9, 10, 99)]
    [0.1, 1.0, 1.0, 0.01]
    """
    warm = training.warmup_steps or (max(1, round(training.warmup * total)) if training.warmup else 0)
    if step < warm:
        return training.lr * (step + 1) / warm
    if training.decay == "constant":
        return training.lr
    return training.lr * (total - step) / max(1, total - warm)
