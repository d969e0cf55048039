"""Funnel plot: estimates against their standard errors, with the pseudo-limits around the pooled estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.style import BLUE, FAINT, INK, draw, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENOUGH = 10
"""Below ten studies asymmetry cannot be told from chance (Sterne et al. 2011, BMJ 343:d4002)."""


@dataclass(frozen=True, slots=True)
class Study:
    """One estimate with its standard error."""

    label: str
    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """Studies and the pooled estimate."""

    name: str
    what: str
    unit: str
    studies: tuple[Study, ...]
    pooled: float

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.what} (estimate in {self.unit} against its standard error)"

    @property
    def alt(self) -> str:
        """Spread of the studies."""
        left = sum(s.estimate < self.pooled for s in self.studies)
        n = len(self.studies)
        return f"Funnel plot of {n} estimates around {self.pooled:+.2f} {self.unit}; {left} lie below it."

    @property
    def warnings(self) -> tuple[str, ...]:
        """Too few studies, and what asymmetry does not show."""
        said = ["Asymmetry has more causes than selective reporting."]
        if len(self.studies) < ENOUGH:
            said.append(
                f"With {len(self.studies)} estimates (fewer than {ENOUGH}) asymmetry cannot be told from chance."
            )
        return tuple(said)

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("row", f"estimate ({self.unit})", "standard error")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per study."""
        return tuple((s.label, number(s.estimate, 3), number(s.se, 3)) for s in self.studies)

    def svg(self) -> str:
        """The picture."""
        return draw(3.2, self._paint)

    def _paint(self, axes: Axes) -> None:
        widest = 1.08 * max((s.se for s in self.studies), default=1.0)
        axes.plot(
            (self.pooled - 1.96 * widest, self.pooled, self.pooled + 1.96 * widest),
            (widest, 0, widest),
            color=FAINT,
            linewidth=0.9,
            linestyle=(0, (4, 3)),
        )
        axes.axvline(self.pooled, color=INK, linewidth=0.8)
        axes.plot(
            [s.estimate for s in self.studies],
            [s.se for s in self.studies],
            "o",
            color=BLUE,
            markeredgecolor=INK,
            markeredgewidth=0.5,
            markersize=5,
        )
        axes.set_ylim(widest, 0)
        axes.set_xlabel(f"estimate ({self.unit})")
        axes.set_ylabel(f"standard error ({self.unit})")
