"""Diminishing returns: measured doses, the fitted curve and its band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.style import BLUE, INK, ORANGE, draw, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW = 4
"""Doses up to which any saturating family fits as well as a straight line with noise."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A measured score at one dose (for example the number of intermediate tasks)."""

    dose: float
    score: float
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """Doses with a fitted curve on a grid; empty grid where nothing could be fitted."""

    name: str
    what: str
    dose_unit: str
    unit: str
    doses: tuple[Dose, ...]
    grid: tuple[float, ...] = ()
    fit: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    method: str = ""

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.what} ({self.unit} against {self.dose_unit})"

    @property
    def alt(self) -> str:
        """Range of doses and scores."""
        levels = sorted({d.dose for d in self.doses})
        scores = [d.score for d in self.doses]
        return (
            f"{len(self.doses)} scores at {len(levels)} doses from {levels[0]:g} to {levels[-1]:g} {self.dose_unit}; "
            f"scores {min(scores):.2f} to {max(scores):.2f} {self.unit}. {self.method}"
            if self.doses
            else "No dose was measured."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Few doses cannot tell one curve from another."""
        levels = len({d.dose for d in self.doses})
        said = [f"{self.method[:1].upper()}{self.method[1:]}."] if self.method else []
        if levels <= FEW:
            aid = "; the curve is a reading aid only" if self.fit else ""
            said.append(f"{levels} doses cannot tell a bend from a straight line{aid}.")
        if self.doses and len({d.seed for d in self.doses}) <= 1:
            said.append("One seed per dose: nothing is known about the noise between seeds.")
        return tuple(said)

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("kind", self.dose_unit, self.unit, "low", "high", "seed")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """Measured rows, then the curve."""
        measured = [
            ("measured", f"{d.dose:g}", number(d.score), "·", "·", "·" if d.seed is None else str(d.seed))
            for d in self.doses
        ]
        nothing = (None,) * len(self.grid)
        curve = zip(self.grid, self.fit, self.low or nothing, self.high or nothing, strict=True)
        fitted = [
            ("fitted", f"{x:g}", number(y), number(low), number(high), "·") for x, y, low, high in curve
        ]
        return (*measured, *fitted)

    def svg(self) -> str:
        """The picture."""
        return draw(3.0, self._paint)

    def _paint(self, axes: Axes) -> None:
        if self.low and self.high:
            axes.fill_between(
                self.grid, self.low, self.high, color=ORANGE, alpha=0.25, linewidth=0, label="band"
            )
        if self.fit:
            axes.plot(self.grid, self.fit, color=INK, linewidth=1.3, label="fit")
        axes.plot(
            [d.dose for d in self.doses],
            [d.score for d in self.doses],
            "o",
            color=BLUE,
            markersize=5,
            markeredgecolor=INK,
            markeredgewidth=0.5,
            label="measured",
        )
        axes.set_xlabel(self.dose_unit)
        axes.set_ylabel(self.unit)
        axes.legend(loc="best")
