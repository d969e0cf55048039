"""Forest plot: estimates with intervals, one row each, and pooled estimates with their prediction interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.style import BLUE, FAINT, INK, ORANGE, Rows, draw, number, rows_of
from reports.words import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Effect:
    """One estimate; the interval has the level that the forest states."""

    label: str
    estimate: float
    low: float
    high: float
    n: int | None = None
    """Units of replication behind it."""
    weight: float | None = None
    """Share in the pooled estimate, 0 to 1."""
    pooled: bool = False
    prediction: tuple[float, float] | None = None
    """Where a new unit would fall; only for a pooled estimate."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Effects in one unit."""

    name: str
    what: str
    unit: str
    effects: tuple[Effect, ...]
    level: float = 0.95
    method: str = ""

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.what} ({self.unit}, {100 * self.level:g} % intervals)"

    @property
    def alt(self) -> str:
        """Pooled estimates and how many intervals leave zero out."""
        single = [e for e in self.effects if not e.pooled]
        clear = sum(e.low > 0 or e.high < 0 for e in single)
        pooled = "; ".join(
            f"{e.label} {e.estimate:+.2f} [{e.low:+.2f}, {e.high:+.2f}]" for e in self.effects if e.pooled
        )
        told = f"{count(clear, 'interval leaves', 'intervals leave')} zero out. {pooled}".strip()
        return f"Forest plot of {count(len(single), 'estimate')} in {self.unit}; {told}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Few units, and what pooling them hides."""
        counts = [e.n for e in self.effects if e.n is not None and not e.pooled]
        pooled = any(e.pooled for e in self.effects)
        how = f"{'Pooled by' if pooled else 'Method:'} {self.method}."
        said = [how] if self.method else []
        if counts and min(counts) < 3:
            said.append(f"Some rows rest on {count(min(counts), 'unit')} of replication only.")
        single = sum(not e.pooled for e in self.effects)
        if 0 < single < 5 and single < len(self.effects):
            said.append("Fewer than five estimates are pooled: the spread between them is hardly known.")
        return tuple(said)

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("row", "estimate", "low", "high", "n", "weight", "prediction low", "prediction high")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per effect."""
        return tuple(
            (
                e.label,
                *(number(v, 3) for v in (e.estimate, e.low, e.high)),
                "·" if e.n is None else str(e.n),
                number(e.weight, 3),
                *(number(v, 3) for v in (e.prediction or (None, None))),
            )
            for e in self.effects
        )

    def svg(self) -> str:
        """The picture."""
        return draw(self._rows().height, self._paint)

    def _rows(self) -> Rows:
        return rows_of((e.label for e in self.effects), 36, 0.25, 0.8)

    def _paint(self, axes: Axes) -> None:
        axes.axvline(0, color=FAINT, linewidth=0.8)
        for y, e in enumerate(self.effects):
            if e.pooled:
                diamond = ((e.low, y), (e.estimate, y - 0.3), (e.high, y), (e.estimate, y + 0.3))
                axes.fill(*zip(*diamond, strict=True), facecolor=ORANGE, edgecolor=INK, linewidth=0.7)
                if e.prediction:
                    axes.plot(e.prediction, (y, y), color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)
            else:
                axes.plot((e.low, e.high), (y, y), color=INK, linewidth=1.1)
                size = 5 if e.weight is None else 3.5 + 6 * e.weight**0.5
                axes.plot(
                    e.estimate, y, "s", color=BLUE, markersize=size, markeredgecolor=INK, markeredgewidth=0.5
                )
            text = f"{e.estimate:+.2f} [{e.low:+.2f}, {e.high:+.2f}]".replace("-", "−")
            axes.text(1.01, y, text, transform=axes.get_yaxis_transform(), fontsize=7, va="center")
        axes.set_yticks(range(len(self.effects)), self._rows().names)
        axes.set_ylim(len(self.effects) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(self.unit)
