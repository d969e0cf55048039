"""Trim and fill: how many studies a funnel lacks on one side, and the pooled effect with their mirror images.

Duval & Tweedie (2000a, b): the most extreme studies of one side are trimmed, the centre re-estimated, their
number estimated anew from the ranks, until it stands still; then they are put back with mirror images. As metafor
`trimfill`. It repairs symmetry, not bias: read the difference, not the filled estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools, Floats
from analysis.meta.pool import Pooled, Test, pool
from analysis.meta.tau2 import Method

Side: TypeAlias = Literal["left", "right"]
MAX_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class TrimFill:
    """Result for one meta-analysis."""

    missing: int
    """Estimated number of missing studies, k0."""
    se_missing: float
    p_missing: float | None
    """P of at least that many under symmetry; R0 only."""
    side: Side
    """Where they are missing."""
    side_estimated: bool
    settled: bool
    """False where the rounds went in a circle; the smallest number of the circle is then used."""
    filled: Pooled
    yi: Floats
    """(k + missing,) effects, imputed ones last."""
    vi: Floats
    imputed: Bools


def trim_and_fill(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    estimator: Literal["L0", "R0"] = "L0",
    side: Side | None = None,
    method: Method = "REML",
    test: Test = "knapp_hartung_floored",
    level: float = 0.95,
) -> TrimFill:
    """Estimate the missing studies and fill them in.

    Parameters
    ----------
    estimator : {"L0", "R0"}
        L0 from the signed-rank sum, R0 from the longest run; R0 also tests that none is missing.
    side : {"left", "right"}, optional
        Where studies are missing; by default the side to which the standard error's slope does not point.
    method, test, level
        As in `pool`.

    Raises
    ------
    InputError
        Fewer than three studies.
    """
    first = pool(yi, vi, method=method, test=test, level=level)
    if first.effects.shape or first.effects.yi.shape[-1] < 3:
        raise InputError(
            Problem("trim and fill of a batch or of two studies", "give one data set of at least 3")
        )
    if estimator not in ("L0", "R0") or side not in (None, "left", "right"):
        raise InputError(
            Problem(f"estimator={estimator!r}, side={side!r}", '"L0" or "R0"; "left" or "right"')
        )
    y, v = first.effects.yi[0], first.effects.vi[0]
    chosen: Side = side or _side(y, v, method)
    sign = -1.0 if chosen == "right" else 1.0
    order = np.argsort(sign * y, kind="stable")
    y, v = sign * y[order], v[order]
    k0, centre, settled = _trim(y, v, estimator, method)
    se = _standard_error(_raw_count(y - centre, estimator), len(y), estimator)
    imputed = np.arange(len(y) + k0) >= len(y)
    full_y = sign * np.concatenate([y, 2 * centre - y[len(y) - k0 :]]) if k0 else sign * y
    full_v = np.concatenate([v, v[len(v) - k0 :]]) if k0 else v
    return TrimFill(
        missing=k0,
        se_missing=se,
        p_missing=0.5 ** (k0 + 1) if estimator == "R0" else None,
        side=chosen,
        side_estimated=side is None,
        settled=settled,
        filled=pool(full_y, full_v, method=method, test=test, level=level),
        yi=full_y,
        vi=full_v,
        imputed=imputed,
    )


def _side(y: Floats, v: Floats, method: Method) -> Side:
    """Right where small studies lie lower (negative slope on the standard error), else left."""
    if np.ptp(v) <= 1e-12 * v.max():
        return "left"
    return "right" if pool(y, v, np.sqrt(v), method=method, test="z").beta[1] < 0 else "left"


def _trim(y: Floats, v: Floats, estimator: str, method: Method) -> tuple[int, float, bool]:
    k = len(y)
    k0, seen = 0, [0]
    for _ in range(MAX_ROUNDS):
        kept = k - k0
        if kept < 2:
            raise InputError(
                Problem(
                    "trimming leaves one study", "too few studies, or no symmetric core: do not use it here"
                )
            )
        centre = float(pool(y[:kept], v[:kept], method=method, test="z").mean)
        fresh = int(max(0.0, np.rint(_raw_count(y - centre, estimator))))
        if fresh == k0:
            return k0, centre, True
        if fresh in seen:
            k0 = min(seen[seen.index(fresh) :])
            return k0, float(pool(y[: k - k0], v[: k - k0], method=method, test="z").mean), False
        k0 = fresh
        seen.append(k0)
    return k0, centre, False


def _raw_count(centred: Floats, estimator: str) -> float:
    """k0 before rounding; it can be negative."""
    k = len(centred)
    rank = np.empty(k)
    rank[np.argsort(np.abs(centred), kind="stable")] = np.arange(1, k + 1)
    if estimator == "R0":
        negative = rank[centred < 0]
        return float(k - (negative.max() if negative.size else 0) - 1)
    return float((4 * rank[centred > 0].sum() - k * (k + 1)) / (2 * k - 1))


def _standard_error(k0: float, k: int, estimator: str) -> float:
    if estimator == "R0":
        return float(np.sqrt(2 * max(0.0, k0) + 2))
    inner = (
        k * (k + 1) * (2 * k + 1)
        + 10 * k0**3
        + 27 * k0**2
        + 17 * k0
        - 18 * k * k0**2
        - 18 * k * k0
        + 6 * k**2 * k0
    )
    # Far below zero the polynomial is negative, and no number of studies is: the variance of none missing then.
    return float(4 * np.sqrt(inner / 24) / (2 * k - 1)) if inner > 0 else _standard_error(0.0, k, estimator)
