"""Strip plot: every seed as a mark, with mean and interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.style import BLUE, INK, ORANGE, Rows, draw, number, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Strip:
    """Scores of one configuration, one per seed; no interval where there are too few."""

    label: str
    scores: tuple[float, ...]
    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Seeds:
    """Strips in one unit."""

    name: str
    what: str
    unit: str
    strips: tuple[Strip, ...]
    level: float = 0.95

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.what} ({self.unit}; each mark is one seed, their number in brackets)"

    @property
    def alt(self) -> str:
        """How many seeds, and the means."""
        words = "; ".join(f"{s.label} mean {s.mean:.2f} of {len(s.scores)}" for s in self.strips[:10])
        return f"Strip plot of scores by seed in {self.unit}: {words}."

    @property
    def warnings(self) -> tuple[str, ...]:
        """Few seeds."""
        fewest = min((len(strip.scores) for strip in self.strips), default=0)
        if fewest <= 1:
            return ("Some rows rest on one seed: nothing is known about their spread.",)
        return (f"With {fewest} seeds the spread itself is uncertain.",) if fewest < 5 else ()

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("row", "seeds", "mean", "low", "high", "scores")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per strip."""
        return tuple(
            (
                s.label,
                str(len(s.scores)),
                number(s.mean),
                number(s.low),
                number(s.high),
                " ".join(number(v) for v in s.scores),
            )
            for s in self.strips
        )

    def svg(self) -> str:
        """The picture."""
        return draw(self._rows().height, self._paint)

    def _rows(self) -> Rows:
        return rows_of((f"{s.label} ({len(s.scores)})" for s in self.strips), 34, 0.27, 0.8)

    def _paint(self, axes: Axes) -> None:
        for y, strip in enumerate(self.strips):
            if strip.low is not None and strip.high is not None:
                axes.plot(
                    (strip.low, strip.high),
                    (y, y),
                    color=ORANGE,
                    linewidth=5,
                    alpha=0.55,
                    solid_capstyle="butt",
                )
            axes.plot(
                strip.scores,
                [y] * len(strip.scores),
                "o",
                color=BLUE,
                markersize=4.2,
                markeredgecolor=INK,
                markeredgewidth=0.4,
            )
            axes.plot(strip.mean, y, "|", color=INK, markersize=13, markeredgewidth=1.6)
        axes.set_yticks(range(len(self.strips)), self._rows().names)
        axes.set_ylim(len(self.strips) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"{self.unit} (| mean, bar {100 * self.level:g} % interval)")
