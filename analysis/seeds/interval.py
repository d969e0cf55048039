"""The interval that every method returns: estimate, ends, what it rests on and how it was made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.seeds.scores import Number


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval. Numbers are floats, or arrays where the input had leading batch axes."""

    estimate: Number
    low: Number
    high: Number
    level: float
    """Nominal coverage, e.g. 0.95."""
    method: str
    """In words, e.g. "Welch-Satterthwaite over tasks"."""
    unit: str
    """Unit of replication that the spread was taken over, e.g. "seeds within tasks"."""
    n: int
    """Number of such units (per arm the smaller, where two arms differ)."""
    standard_error: Number
    """Same unit as the estimate."""
    df: Number | None = None
    """Degrees of freedom of the t distribution; None where none was used."""
    note: str = ""
    """A shortfall or an assumption that a reader must know; empty if none."""

    @property
    def half_width(self) -> Number:
        """Half the distance between the ends."""
        return (self.high - self.low) / 2

    def excludes(self, value: float) -> bool | np.ndarray:
        """Return whether the value lies outside the interval (ends belong to it)."""
        outside = (np.asarray(self.low) > value) | (np.asarray(self.high) < value)
        return bool(outside) if outside.ndim == 0 else outside
