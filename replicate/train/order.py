"""Which task each step of a training trains, decided for all steps before the first.

Single task: always the same. Several: each batch comes from a task drawn with probability
min(e, K) / sum of min(e, K) (Raffel et al. 2020, section 3.5.2; v1, section 3.1, with K = 2^17).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from replicate.keyed import Key, generator
from replicate.train.sources import Source


def single(source: Source, epochs: float | None, steps: int | None) -> np.ndarray:
    """(steps,) zeros: as many steps as `steps`, or as `epochs` passes over the examples take."""
    return np.zeros(steps or max(1, math.ceil(epochs_to_steps(source, epochs or 1))), dtype=np.int64)


def proportional(sources: Sequence[Source], cap: int, epochs: float, key: tuple[Key, ...]) -> np.ndarray:
    """(steps,) source number of each step, drawn examples-proportionally with a cap.

    The number of steps is that of `epochs` passes over min(e, K) examples of every source.
    """
    capped = np.array([min(source.examples, cap) for source in sources], dtype=float)
    batches = sum(math.ceil(c / s.batch_size) for c, s in zip(capped, sources, strict=True))
    steps = max(1, round(epochs * batches))
    return np.asarray(generator(*key, "mixture").choice(len(sources), size=steps, p=capped / capped.sum()))


def with_masking(main: np.ndarray, sources: Sequence[Source], cap: int, key: tuple[Key, ...]) -> np.ndarray:
    """Steps of `main` (source 0..n-2) with steps of the last source mixed in by the same rule.

    The supervised tasks keep all of their steps; masked language modelling comes on top.
    """
    *tasks, masked = sources
    weights = [min(source.examples, cap) for source in tasks]
    ratio = min(masked.examples, cap) / sum(weights)
    extra = round(len(main) * ratio)
    order = generator(*key, "mlm").permutation(len(main) + extra)
    mixed = np.full(len(main) + extra, len(tasks), dtype=np.int64)
    mixed[np.sort(order[: len(main)])] = main
    return mixed


def epochs_to_steps(source: Source, epochs: float) -> float:
    """Steps that `epochs` passes over the examples of a source take."""
    return epochs * -(-source.examples // source.batch_size)
