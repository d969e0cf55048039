"""The two answers to "what does this number estimate": an estimand, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.seeds.interval import Interval

ReasonCode = Literal[
    "one_seed",
    "languages_are_not_runs",
    "no_spread",
    "cells_missing",
    "seeds_do_not_pair",
    "too_few_tasks",
]


@dataclass(frozen=True, slots=True)
class Estimand:
    """A quantity with its estimate and what its error rests on."""

    quantity: str
    """In words, e.g. "gain of squad over none, mean over 9 tasks, dev"."""
    interval: Interval
    axes: dict[str, int]
    """Axis -> number of its values among the scores used."""
    population: Literal["these tasks", "tasks like these"]
    """Whether the statement is about the tasks at hand or about a population that they were drawn from."""
    coverage: float | None = None
    """Measured coverage of this interval at nominal .95 in the nearest simulated design; None where none was run."""
    choice: str = ""
    """Why this interval: the design and the coverage table's row."""
    borrowed: str | None = None
    """Source of a borrowed standard deviation; None where the spread is the data's own."""

    @property
    def estimate(self) -> float:
        """Point estimate, in points of the metric."""
        return float(self.interval.estimate)

    @property
    def standard_error(self) -> float:
        """Standard error, in points of the metric."""
        return float(self.interval.standard_error)

    @property
    def unit(self) -> str:
        """Unit of replication."""
        return self.interval.unit

    def summary(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        made = self.interval
        return {
            "quantity": self.quantity,
            "estimate": self.estimate,
            "standard_error": self.standard_error,
            "low": float(made.low),
            "high": float(made.high),
            "level": made.level,
            "df": None if made.df is None or float(made.df) == float("inf") else float(made.df),
            "method": made.method,
            "unit": made.unit,
            "n": made.n,
            "axes": self.axes,
            "population": self.population,
            "coverage": self.coverage,
            "choice": self.choice,
            "borrowed": self.borrowed,
            "note": made.note,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no standard error, and what would give one."""

    reason: ReasonCode
    text: str
    remedy: str
    estimate: float | None = None
    """The bare number, where there is one; it must not be read as an estimate with an error."""
    measured: dict[str, float] = field(default_factory=dict)
    """What was measured about the refused way, e.g. {"coverage": 0.42, "nominal": 0.95}."""

    def __str__(self) -> str:
        return f"{self.text}; {self.remedy}"

    def summary(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "refused": self.reason,
            "text": self.text,
            "remedy": self.remedy,
            "estimate": self.estimate,
            "measured": self.measured,
        }
