"""Stacked bars: how many claims of each group got which verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.finding import Verdict
from claims.outcome import Outcome
from reports.figures.style import INK, VERDICT_FILL, VERDICT_HATCH, Rows, draw, legend, rows_of
from reports.words import count, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class VerdictBars:
    """Counts of claims by group and verdict."""

    groups: tuple[tuple[str, tuple[int, ...]], ...]
    """Group name with one count per verdict, in the order of the enumeration."""
    name: str = "verdicts"

    @classmethod
    def of(cls, outcome: Outcome) -> VerdictBars:
        """Counts of an outcome, groups in the order of the claims file."""
        counts: dict[str, Counter[Verdict]] = {}
        for claim in outcome.claims:
            counts.setdefault(claim.group or "Claims", Counter())[claim.verdict] += 1
        return cls(tuple((group, tuple(found[v] for v in Verdict)) for group, found in counts.items()))

    @property
    def title(self) -> str:
        """Head of the figure."""
        return "Claims by group and verdict (number of claims)"

    @property
    def alt(self) -> str:
        """The counts in words."""
        total = Counter({v: sum(c[i] for _, c in self.groups) for i, v in enumerate(Verdict)})
        words = ", ".join(f"{total[v]} {label(v)}" for v in Verdict if total[v])
        return f"Stacked bars of {count(len(self.groups), 'group')} of claims: {words}."

    @property
    def warnings(self) -> tuple[str, ...]:
        """Counts cannot mislead about their precision."""
        return ()

    def columns(self) -> tuple[str, ...]:
        """Group, then one column per verdict."""
        return ("group", *(label(v) for v in Verdict))

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per group."""
        return tuple((group, *map(str, counts)) for group, counts in self.groups)

    def svg(self) -> str:
        """The picture."""
        return draw(self._rows().height, self._paint)

    def _rows(self) -> Rows:
        return rows_of((group for group, _ in self.groups), 44, 0.2, 0.66)

    def _paint(self, axes: Axes) -> None:
        rows = range(len(self.groups))
        left = [0] * len(self.groups)
        for index, verdict in enumerate(Verdict):
            widths = [counts[index] for _, counts in self.groups]
            if not any(widths):
                continue
            fill, hatch = VERDICT_FILL[verdict], VERDICT_HATCH[verdict]
            axes.barh(
                rows,
                widths,
                0.68,
                left,
                color=fill,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.5,
                label=label(verdict),
            )
            for row, width in enumerate(widths):
                if width:
                    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
                    axes.text(
                        left[row] + width / 2,
                        row,
                        str(width),
                        ha="center",
                        va="center",
                        fontsize=7,
                        bbox=box,
                        color="#1b1f25",
                    )
                    left[row] += width
        axes.set_yticks(rows, self._rows().names)
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("number of claims")
        legend(axes, ncols=6, handlelength=1.2, columnspacing=1.2)
