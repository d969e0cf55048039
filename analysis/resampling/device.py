"""The same resampling indices from torch, on CPU or GPU, bit for bit those of `indices`.

torch is loaded by name, when and only when it is asked for: this floor decides claims on machines without torch,
and the import contract forbids a static import. Integer arithmetic is exact on every device, so a resample drawn
on a GPU equals the one drawn by numpy; sums of floats over it may differ in the last bits. Tested with torch on the
CPU; not run on a GPU.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from analysis.errors import InputError, Problem
from analysis.resampling.indices import ONE_WORD_ROWS, drawable
from analysis.resampling.philox import KEY_STEPS, LOW, MULTIPLIERS, ROUNDS, WORDS_PER_BLOCK, key_of


def resample_indices_on(
    device: str, name: str, rows: int, resamples: range, draws: int | None = None, stream: int = 0
) -> Any:
    """Return an int64 torch tensor on the device, equal to `indices.resample_indices` of the same arguments.

    Parameters
    ----------
    device : str
        A torch device, e.g. "cpu" or "cuda".
    name, rows, resamples, draws, stream
        As in `analysis.resampling.indices.resample_indices`.

    Raises
    ------
    InputError
        Where torch is not installed (the numpy function gives the same indices), or as that function raises.
    """
    try:
        torch = import_module("torch")
    except ModuleNotFoundError as error:
        remedy = "install verify-claims[replicate], or use resample_indices: it gives the same"
        raise InputError(Problem("torch is not installed", remedy)) from error
    drawable(rows)
    draws = rows if draws is None else draws
    per_draw = 1 if rows <= ONE_WORD_ROWS else 2
    blocks = -(-draws * per_draw // WORDS_PER_BLOCK)
    numbers = torch.arange(resamples.start, resamples.stop, resamples.step, dtype=torch.int64, device=device)
    shape = (len(numbers), blocks)
    zero = torch.arange(blocks, dtype=torch.int64, device=device).expand(shape)
    one = (numbers & LOW)[:, None].expand(shape)
    two = (numbers >> 32)[:, None].expand(shape)
    three = torch.full(shape, stream, dtype=torch.int64, device=device)
    key = key_of(name)
    for round_ in range(ROUNDS):
        # int64 products wrap around; their bits are those of the unsigned product, and masks drop the sign.
        first, second = zero * MULTIPLIERS[0], two * MULTIPLIERS[1]
        zero = (second >> 32 & LOW) ^ one ^ (key[0] + round_ * KEY_STEPS[0] & LOW)
        two = (first >> 32 & LOW) ^ three ^ (key[1] + round_ * KEY_STEPS[1] & LOW)
        one, three = second & LOW, first & LOW
    words = torch.stack((zero, one, two, three), dim=2).reshape(len(numbers), blocks * WORDS_PER_BLOCK)[
        :, : draws * per_draw
    ]
    if per_draw == 1:
        return words * rows >> 32
    return (words[:, 0::2] * rows + (words[:, 1::2] * rows >> 32 & LOW)) >> 32 & LOW
