"""Highest likelihood of variance components: average-information scoring with bounds at zero, several starts.

A component at zero whose score is negative is held there; a step that lowers the likelihood is halved.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.meta.batch import Floats
from analysis.meta.crossed_likelihood import Crossed, Evaluation, evaluate

STEP_TOLERANCE = 1e-11
MAX_STEPS = 300


def maximise(
    data: Crossed, restricted: bool, fixed: Mapping[int, float] | None = None, start: Floats | None = None
) -> tuple[Evaluation, Floats, bool, int, int]:
    """Highest likelihood over the variances (some of them `fixed`): evaluation, variances, converged, starts.

    Starts: all components equal, and each of them dominating; or `start` alone.
    """
    m = data.components
    held = dict(fixed or {})
    if start is not None:
        starts = [start]
    else:
        starts = [np.full(m, 1 / m)] + (
            [np.where(np.arange(m) == j, 0.9, 0.02) for j in range(m)] if m > 1 else []
        )
    ends = [_ascend(data, restricted, first.copy(), held) for first in starts]
    values = np.array([end[0].value for end in ends])
    best = ends[int(values.argmax())]
    return best[0], best[1], best[2], int((values > values.max() - 1e-8).sum()), len(starts)


def _ascend(
    data: Crossed, restricted: bool, s: Floats, held: Mapping[int, float]
) -> tuple[Evaluation, Floats, bool]:
    for j, value in held.items():
        s[j] = value
    free = np.array([j not in held for j in range(len(s))])
    here = evaluate(data, s, restricted)
    for _ in range(MAX_STEPS):
        moving = free & ((s > 0) | (here.score > 0))
        if not moving.any():
            return here, s, True
        curvature = here.information.copy()
        diagonal = np.einsum("ii->i", curvature)
        diagonal[:] = np.maximum(diagonal, here.floor)
        block = curvature[np.ix_(moving, moving)]
        step = np.zeros_like(s)
        step[moving] = np.linalg.lstsq(block, here.score[moving], rcond=1e-12)[0]
        if here.score @ step <= 0:
            step[moving] = here.score[moving] * np.maximum(s[moving], 1e-3) ** 2
        length = 1.0
        while True:
            fresh = np.where(moving, np.maximum(s + length * step, 0.0), s)
            there = evaluate(data, fresh, restricted)
            if there.value >= here.value - 1e-13 * max(1.0, abs(here.value)) or length < 1e-8:
                break
            length /= 2
        if length < 1e-8:
            return here, s, bool(abs(here.score @ step) < 1e-9)
        moved = np.abs(fresh - s)
        s, here = fresh, there
        # The predicted gain of the next step has fallen below the rounding of the likelihood.
        if abs(here.score @ step) < 1e-14 and moved.max() < 1e-6:
            return here, s, True
        if (moved <= STEP_TOLERANCE * np.maximum(s, 1e-4)).all():
            return here, s, True
    return here, s, False
