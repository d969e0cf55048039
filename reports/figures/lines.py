"""Lines over ordered steps (severity of noise, number of tasks): one per setting, with intervals over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.figures.power import LOOKS
from reports.figures.style import FAINT, INK, draw, legend, number, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

APART: Final = 0.012
"""Share of the axis by which lines are moved sideways, so that their intervals do not cover one another."""


@dataclass(frozen=True, slots=True)
class Point:
    """Mean at one step; no interval where there are too few seeds."""

    at: float
    mean: float
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One setting over the steps that it has."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in one unit."""

    name: str
    what: str
    step_unit: str
    unit: str
    lines: tuple[Line, ...]
    level: float = 0.95
    constant: float | None = None
    """Score of constant answers: below it nothing was learned."""

    @property
    def title(self) -> str:
        """Head of the figure."""
        return (
            f"{self.what} ({self.unit} against {self.step_unit}, {100 * self.level:g} % intervals over seeds)"
        )

    @property
    def alt(self) -> str:
        """First and last mean of each line."""
        words = "; ".join(
            f"{line.label} from {line.points[0].mean:.1f} at {line.points[0].at:g}"
            f" to {line.points[-1].mean:.1f} at {line.points[-1].at:g}"
            for line in self.lines[:10]
        )
        floor = "" if self.constant is None else f" Constant answers score {self.constant:.1f}."
        return f"Means in {self.unit} over {self.step_unit}: {words}.{floor}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Few seeds."""
        counts = [point.n for line in self.lines for point in line.points if point.n is not None]
        fewest = min(counts, default=0)
        return (f"With {fewest} seeds the spread itself is uncertain.",) if 1 < fewest < 5 else ()

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("line", self.step_unit, f"mean ({self.unit})", "low", "high", "n")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per point."""
        made = [
            (line.label, f"{p.at:g}", *map(number, (p.mean, p.low, p.high)), "·" if p.n is None else str(p.n))
            for line in self.lines
            for p in line.points
        ]
        if self.constant is not None:
            made.append(("constant answers", "·", number(self.constant), "·", "·", "·"))
        return tuple(made)

    def svg(self) -> str:
        """The picture."""
        return draw(3.2, self._paint)

    def _paint(self, axes: Axes) -> None:
        steps = sorted({point.at for line in self.lines for point in line.points})
        width = (steps[-1] - steps[0]) or 1.0
        for index, line in enumerate(self.lines):
            colour, dashes, marker = LOOKS[index % len(LOOKS)]
            aside = (index - (len(self.lines) - 1) / 2) * APART * width
            for p in line.points:
                if p.low is not None and p.high is not None:
                    axes.plot((p.at + aside,) * 2, (p.low, p.high), color=colour, linewidth=1.1, alpha=0.8)
            axes.plot(
                [p.at + aside for p in line.points],
                [p.mean for p in line.points],
                color=colour,
                linestyle=dashes,
                marker=marker,
                markersize=5,
                markeredgecolor=INK,
                markeredgewidth=0.4,
                label=short(line.label, 40),
            )
        if self.constant is not None:
            axes.axhline(
                self.constant, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), label="constant answers"
            )
        axes.set_xticks(steps, [f"{step:g}" for step in steps])
        axes.set_xlabel(self.step_unit)
        axes.set_ylabel(self.unit)
        legend(axes, ncols=4)
