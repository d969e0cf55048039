"""What a contrast is: a weighted sum, with weights that add up to 0, of means over cells of a results table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import ALTERNATIVES, Alternative
from analysis.multiplicity import CONTROLS, Method

SELECTABLE: Final = ("split", "model", "intermediate", "variant", "target", "language", "metric")
"""Columns that choose cells."""
USUAL: Final[dict[str, tuple[str, ...]]] = {
    "variant": ("plain",),
    "language": ("all",),
    "metric": ("score",),
}
"""What holds where a contrast does not say otherwise."""
Where = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Term:
    """The mean over all cells that a filter names, with its weight."""

    weight: float
    where: Where = field(default_factory=dict)
    """Column -> values; several values are averaged with equal weight."""


@dataclass(frozen=True)
class Contrast:
    """One comparison.

    Raises
    ------
    InputError
        For fewer than two terms, weights that do not add up to 0, a margin that is not positive, an unknown
        alternative or a column that chooses no cell.
    """

    id: str
    text: str
    """The hypothesis in words, as a statement: "SQuAD first raises the score on question answering"."""
    terms: tuple[Term, ...]
    margin: float
    """Smallest difference, in points, that would matter."""
    alternative: Alternative = "two-sided"
    where: Where = field(default_factory=dict)
    """Filter of all terms; a term's own goes before it."""

    def __post_init__(self) -> None:
        found = []
        if len(self.terms) < 2 or not math.isclose(sum(t.weight for t in self.terms), 0, abs_tol=1e-9):
            weights = ", ".join(f"{term.weight:g}" for term in self.terms)
            found.append(Problem(f"contrast {self.id!r} has weights {weights}", "weights must add up to 0"))
        if not (math.isfinite(self.margin) and self.margin > 0):
            found.append(Problem(f"contrast {self.id!r} has margin {self.margin}", "give points above 0"))
        if self.alternative not in ALTERNATIVES:
            known = ", ".join(ALTERNATIVES)
            found.append(Problem(f"contrast {self.id!r}: alternative {self.alternative!r}", f"write {known}"))
        for column in {name for w in (self.where, *(t.where for t in self.terms)) for name in w}:
            if column not in SELECTABLE:
                known = ", ".join(SELECTABLE)
                found.append(Problem(f"contrast {self.id!r} selects by {column!r}", f"select by {known}"))
        if found:
            raise InputError(*found)

    def cells(self, term: Term) -> list[dict[str, str]]:
        """Every cell of a term: one value per column that is named."""
        chosen: dict[str, tuple[str, ...]] = {**USUAL, **self.where, **term.where}
        cells: list[dict[str, str]] = [{}]
        for column, values in chosen.items():
            cells = [{**cell, column: value} for cell in cells for value in values]
        return cells


@dataclass(frozen=True)
class Rule:
    """How a family of contrasts is decided; fixed with the contrasts, before any run."""

    alpha: float = 0.05
    multiplicity: Method = "holm"
    power: float = 0.8

    def __post_init__(self) -> None:
        found = [
            Problem(f"{name} is {value}", "give a probability between 0 and 1")
            for name, value in (("alpha", self.alpha), ("power", self.power))
            if not 0 < value < 1
        ]
        if self.multiplicity not in CONTROLS:
            found.append(
                Problem(f"multiplicity is {self.multiplicity!r}", f"write one of {', '.join(CONTROLS)}")
            )
        if found:
            raise InputError(*found)

    def level(self, contrasts: int) -> float:
        """The level that finds one contrast of so many whatever the p values of the others: what power is for.

        alpha over their number; benjamini-yekutieli divides by 1 + 1/2 + ... + 1/number as well. Where others are
        significant too, every method but bonferroni asks for less.

        >>> Rule().level(5)
        0.01
        """
        strict = self.multiplicity == "benjamini-yekutieli"
        return self.alpha / contrasts / (sum(1 / rank for rank in range(1, contrasts + 1)) if strict else 1)
