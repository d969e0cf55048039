"""How the pooled effect changes without one study, without one source, and as studies accumulate.

Each is one batched call of `pool_effects` with another mask per row, so it costs no more than one fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import labels
from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools
from analysis.meta.pool import Pooled, pool_effects


@dataclass(frozen=True, slots=True)
class Sequence:
    """Fits under different sets of studies: row i of `fits` belongs to `labels[i]`."""

    labels: tuple[str, ...]
    fits: Pooled

    @property
    def spread(self) -> tuple[float, float]:
        """Smallest and largest pooled effect."""
        return float(self.fits.beta[:, 0].min()), float(self.fits.beta[:, 0].max())


def leave_one_out(fit: Pooled, by: ArrayLike | None = None) -> Sequence:
    """Refit without each study, or without each group of `by` (for example the root source).

    With a grouping this answers whether one paper carries the result, which leaving out one effect at a time
    cannot: the paper's other effects stay.
    """
    levels, codes = labels(np.arange(_studies(fit)) if by is None else by, _studies(fit), "by")
    if len(levels) < 2:
        raise InputError(Problem("one group cannot be left out", "there is nothing else to pool"))
    drop = codes == np.arange(len(levels))[:, None]
    return Sequence(tuple(str(level) for level in levels), _refit(fit, drop))


def cumulative(fit: Pooled, order: ArrayLike | None = None) -> Sequence:
    """Refit with the first p + 1, p + 2, ... k studies in ascending `order` (default: as given)."""
    k = _studies(fit)
    key = np.arange(k) if order is None else labels(order, k, "order")[1]
    rank = np.empty(k, dtype=int)
    rank[np.argsort(key, kind="stable")] = np.arange(k)
    counts = np.arange(fit.effects.p + 1, k + 1)
    return Sequence(tuple(str(n) for n in counts), _refit(fit, rank >= counts[:, None]))


def _studies(fit: Pooled) -> int:
    if fit.effects.shape:
        raise InputError(Problem("a batch of meta-analyses", "give the fit of one"))
    return int(fit.effects.yi.shape[-1])


def _refit(fit: Pooled, drop: Bools) -> Pooled:
    effects = fit.effects.without(drop)
    if (effects.k <= effects.p).any():
        raise InputError(
            Problem(
                f"leaving out leaves {effects.k.min()} studies for {effects.p} coefficients",
                "group more finely, or use fewer moderators",
            )
        )
    return pool_effects(effects, method=fit.method, test=fit.test, level=fit.level)
