"""Power curve: the chance to find an effect of a given size, by number of seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.figures.style import BLUE, FAINT, GREEN, INK, ORANGE, PURPLE, VERMILION, draw, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = (
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    (GREEN, "-.", "^"),
    (ORANGE, ":", "D"),
    (PURPLE, (0, (5, 1, 1, 1)), "v"),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Power over effect sizes for one number of seeds."""

    seeds: int
    effects: tuple[float, ...]
    power: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """Curves of one design."""

    name: str
    what: str
    unit: str
    curves: tuple[Curve, ...]
    alpha: float = 0.05
    sd: float | None = None
    observed: float | None = None
    """The effect that the claim states."""

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.what} (probability against {self.unit}, α = {self.alpha:g})"

    @property
    def alt(self) -> str:
        """Smallest effect found with 80 % power."""
        words = []
        for curve in self.curves:
            enough = [e for e, p in zip(curve.effects, curve.power, strict=True) if p >= 0.8]
            words.append(
                f"{curve.seeds} seeds: {min(enough):.2f}" if enough else f"{curve.seeds} seeds: none shown"
            )
        return (
            f"Power curves. Smallest effect in {self.unit} found with probability 0.8: "
            + "; ".join(words)
            + "."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Power rests on a noise that is itself estimated."""
        noise = "" if self.sd is None else f" (standard deviation {self.sd:.3g})"
        return (f"Power assumes the seed noise that is stated{noise}; a larger one lowers every curve.",)

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("seeds", f"effect ({self.unit})", "power")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per point."""
        return tuple(
            (str(c.seeds), number(e), number(p, 3))
            for c in self.curves
            for e, p in zip(c.effects, c.power, strict=True)
        )

    def svg(self) -> str:
        """The picture."""
        return draw(3.0, self._paint)

    def _paint(self, axes: Axes) -> None:
        axes.axhline(0.8, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
        for index, curve in enumerate(self.curves):
            colour, dashes, marker = LOOKS[index % len(LOOKS)]
            step = max(1, len(curve.effects) // 8)
            axes.plot(
                curve.effects,
                curve.power,
                color=colour,
                linestyle=dashes,
                marker=marker,
                markevery=step,
                markersize=4,
                label=f"{curve.seeds} seeds",
            )
        if self.observed is not None:
            axes.axvline(self.observed, color=INK, linewidth=0.9)
            axes.text(self.observed, 1.02, f" claimed {self.observed:g}", fontsize=7.5)
        axes.set_ylim(0, 1.08)
        axes.set_xlabel(f"true effect ({self.unit})")
        axes.set_ylabel("power (probability)")
        axes.legend(loc="lower right")
