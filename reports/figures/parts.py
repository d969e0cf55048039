"""Stacked bars: what each group of targets adds to an averaged gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.outcome import Outcome
from reports.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Rows,
    draw,
    legend,
    rows_of,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FILLS = ((BLUE, ""), (ORANGE, "///"), (GREEN, "..."), (PURPLE, "\\\\\\"), (SKY, "xx"), (VERMILION, "++"))
MOST = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One averaged gain and its parts, as exact decimals."""

    finding: str
    total: str
    points: dict[str, str]
    """Group of targets -> points of the average."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Averaged gains, each split into what the groups of targets add."""

    bars: tuple[Bar, ...]
    name: str = "parts"

    @classmethod
    def of(cls, outcome: Outcome) -> Parts | None:
        """All findings that carry contributions; None where none does."""
        bars = []
        for finding in outcome.findings:
            if finding.contributions:
                points = {part.group: part.points for part in finding.contributions}
                bars.append(Bar(finding.id, finding.contributions[0].of, points))
        return cls(tuple(bars[:MOST])) if bars else None

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of targets in order of first appearance."""
        return tuple(dict.fromkeys(group for bar in self.bars for group in bar.points))

    @property
    def title(self) -> str:
        """Head of the figure."""
        return "What carries the average (points of the average)"

    @property
    def alt(self) -> str:
        """The largest part of each bar."""
        words = []
        for bar in self.bars[:8]:
            group, points = max(bar.points.items(), key=lambda item: float(item[1]))
            words.append(f"{bar.finding}: {group} adds {points} of {bar.total}")
        return "Stacked bars. " + "; ".join(words) + "."

    @property
    def warnings(self) -> tuple[str, ...]:
        """A part is arithmetic, not a cause."""
        return ("The parts add up to the average by arithmetic; they carry no error bar and no cause.",)

    def columns(self) -> tuple[str, ...]:
        """Assertion, groups, total."""
        return ("assertion", *self.groups, "total")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per averaged gain."""
        return tuple(
            (bar.finding, *(bar.points.get(g, "·") for g in self.groups), bar.total) for bar in self.bars
        )

    def svg(self) -> str:
        """The picture."""
        return draw(self._rows().height, self._paint)

    def _rows(self) -> Rows:
        return rows_of((bar.finding for bar in self.bars), 36, 0.3, 0.95)

    def _paint(self, axes: Axes) -> None:
        above, below = [0.0] * len(self.bars), [0.0] * len(self.bars)
        for index, group in enumerate(self.groups):
            fill, hatch = FILLS[index % len(FILLS)]
            label: str | None = short(group, 30)
            for y, bar in enumerate(self.bars):
                points = float(bar.points.get(group, 0))
                start = above[y] if points >= 0 else below[y]
                axes.barh(
                    y, points, 0.66, start, color=fill, hatch=hatch, edgecolor=INK, linewidth=0.5, label=label
                )
                label = None
                (above if points >= 0 else below)[y] += points
        for y, bar in enumerate(self.bars):
            axes.plot(float(bar.total), y, "|", color=INK, markersize=13, markeredgewidth=1.6)
            axes.text(max(above[y], float(bar.total)), y, f"  {bar.total}", va="center", fontsize=7.5)
        axes.axvline(0, color=INK, linewidth=0.7)
        axes.set_yticks(range(len(self.bars)), self._rows().names)
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("points of the average (| total)")
        axes.margins(x=0.09)
        legend(axes, ncols=3, handlelength=1.4)
