"""Heat map of gains, intermediate task by target task, with the seed noise of each target where it is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from claims.finding import Cell
from claims.outcome import Outcome
from reports.chapters.places import anchor
from reports.figures.style import draw, number, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAP = 10.0
"""Gains beyond this many points share one colour, so that two retrieval tasks do not bleach the rest."""


@dataclass(frozen=True, slots=True)
class Gains:
    """Gains in points; `values[i][j]` belongs to `intermediates[i]` and `targets[j]`, None where there is none."""

    name: str
    what: str
    """Source, split and variant that the grid is of."""
    intermediates: tuple[str, ...]
    targets: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    noise: tuple[float | None, ...] | None = None
    """Standard deviation of such a gain between seeds (of a difference of two runs, or of two means), in points."""
    seeds: int | None = None
    """Seeds behind each cell; None where the source states none."""

    @classmethod
    def of(cls, outcome: Outcome) -> tuple[Gains, ...]:
        """One grid per source, split and variant of the printed gains that the findings used."""
        grids: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
        used = {(cell.file, cell.line): cell for finding in outcome.findings for cell in finding.cells}
        for _, cell in sorted(used.items(), key=lambda item: item[0]):
            metric = cell.selector.get("metric", "")
            if metric.startswith("gain_") and cell.value is not None:
                row = cell.selector.get("intermediate", "-")
                grids[_what(cell)][row, _column(cell, metric.removeprefix("gain_"))] = cell.value
        noise = deviations(outcome.analysis)
        return tuple(_grid(what, cells, noise) for what, cells in sorted(grids.items()) if _is_grid(cells))

    @classmethod
    def of_rows(
        cls, rows: Iterable[Mapping[str, Any]], deviation: Mapping[str, float], what: str
    ) -> Gains | None:
        """Mean gains over seeds, as an analysis has them; None where they form no grid."""
        kept = [row for row in rows if "gain" in row and not str(row["target"]).startswith("mean of")]
        cells = {(str(row["setting"]), str(row["target"])): float(row["gain"]) for row in kept}
        if len({row.get("metric") for row in kept}) != 1 or not _is_grid(cells):
            return None
        known = {name.split(" ")[0]: value for name, value in deviation.items()}
        seeds = min(int(row["seeds"]) for row in kept)
        return _grid(what, cells, {name: value / sqrt(seeds) for name, value in known.items()}, seeds)

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"Gain over the baseline (points): {self.what}"

    @property
    def alt(self) -> str:
        """Extremes of the grid."""
        flat = [
            (value, self.intermediates[i], self.targets[j])
            for i, row in enumerate(self.values)
            for j, value in enumerate(row)
            if value is not None
        ]
        low, high = min(flat), max(flat)
        return (
            f"Heat map of {len(flat)} gains of {len(self.intermediates)} intermediate tasks in "
            f"{len(self.targets)} columns; "
            f"largest {high[0]:+.1f} ({high[1]} on {high[2]}), smallest {low[0]:+.1f} ({low[1]} on {low[2]})."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Seed noise and the capped colours."""
        said = []
        if self.seeds is None:
            said.append("The source states no seeds: each cell may be a single run.")
        elif self.seeds < 3:
            said.append(f"Each cell rests on {self.seeds} seed{'s' if self.seeds > 1 else ''}.")
        if self.noise is None:
            said.append("Seed noise is not part of this figure; small gains may be noise.")
        else:
            said.append("A ring (°) marks gains within two standard deviations of seed noise.")
            if None in self.noise:
                said.append("Columns without a number in the last row have no known noise.")
        if any(value is not None and abs(value) > CAP for row in self.values for value in row):
            said.append(f"Colours stop at ±{CAP:g} points; the numbers do not.")
        return tuple(said)

    def columns(self) -> tuple[str, ...]:
        """Intermediate task, then the targets."""
        return ("intermediate", *self.targets)

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per intermediate task, then the noise."""
        rows = [(name, *(number(v, 1) for v in self.values[i])) for i, name in enumerate(self.intermediates)]
        if self.noise is not None:
            rows.append(("SD of a gain between seeds", *(number(v) for v in self.noise)))
        return tuple(rows)

    def svg(self) -> str:
        """The picture."""
        rows = len(self.intermediates) + (self.noise is not None)
        return draw(1.0 + 0.27 * rows, self._paint)

    def _paint(self, axes: Axes) -> None:
        import numpy as np
        from matplotlib import colormaps

        values = np.array([[np.nan if v is None else v for v in row] for row in self.values], dtype=float)
        colours = colormaps["PuOr"]
        axes.pcolormesh(values, cmap=colours, vmin=-CAP, vmax=CAP, edgecolors="white", linewidth=1.2)
        for i, j in np.argwhere(~np.isnan(values)):
            value = float(values[i, j])
            noise = self.noise[j] if self.noise is not None else None
            sign = "" if noise is None or abs(value) > 2 * noise else "°"
            ink = "#1b1f25" if _is_light(colours(value / CAP / 2 + 0.5)) else "white"
            axes.text(
                j + 0.5,
                i + 0.5,
                f"{value:+.1f}{sign}".replace("-", "−"),
                ha="center",
                va="center",
                fontsize=7.2,
                color=ink,
            )
        names = [short(name, 26) for name in self.intermediates]
        if self.noise is not None:
            for j, noise in enumerate(self.noise):
                axes.text(j + 0.5, len(names) + 0.5, number(noise, 1), ha="center", va="center", fontsize=7.2)
            names.append("noise (SD)")
        axes.set_xticks(
            np.arange(len(self.targets)) + 0.5,
            [short(name, 14) for name in self.targets],
            rotation=30,
            ha="left",
            rotation_mode="anchor",
        )
        axes.xaxis.set_ticks_position("top")
        axes.set_yticks(np.arange(len(names)) + 0.5, names)
        axes.set_ylim(len(names), 0)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)


def _is_light(colour: tuple[float, float, float, float]) -> bool:
    """Whether dark ink reads better than white on a colour (relative luminance, WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18


def _what(cell: Cell) -> str:
    parts = (
        cell.source,
        cell.selector.get("split", ""),
        cell.selector.get("variant", ""),
        cell.selector.get("model", ""),
    )
    return ", ".join(part for part in parts if part)


def _column(cell: Cell, metric: str) -> str:
    return (
        f"{cell.selector.get('target', '-')} {metric}"
        if metric in ("f1", "em")
        else cell.selector.get("target", "-")
    )


def _is_grid(cells: dict[tuple[str, str], float]) -> bool:
    return len({row for row, _ in cells}) > 1 and len({column for _, column in cells}) > 1


def deviations(analysis: Mapping[str, Any] | None) -> dict[str, float]:
    """Target -> standard deviation of one run between seeds, where an answer of the analysis states it."""
    found: dict[str, float] = {}
    for answer in (analysis or {}).get("answers", ()):
        for row in (analysis or {}).get(answer["id"], ()):
            if isinstance(row.get("deviation"), float) and "target" in row:
                found.setdefault(str(row["target"]), row["deviation"])
    return found


def _grid(
    what: str, cells: dict[tuple[str, str], float], deviation: Mapping[str, float], seeds: int | None = None
) -> Gains:
    rows = tuple(dict.fromkeys(row for row, _ in cells))
    columns = tuple(dict.fromkeys(column for _, column in cells))
    values = tuple(tuple(cells.get((row, column)) for column in columns) for row in rows)
    of_target = [deviation.get(column.split(" ")[0]) for column in columns]
    noise = tuple(None if sd is None else sd * sqrt(2) for sd in of_target) if any(of_target) else None
    return Gains(anchor("gains", what), what, rows, columns, values, noise, seeds)
