"""Found minus claimed, with the rounding of both: which numbers meet, and by how much the others miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from claims.finding import Finding
from reports.chapters.places import anchor
from reports.figures.style import BAND, FAINT, INK, VERDICT_FILL, VERDICT_MARKER, Rows, draw, legend, rows_of
from reports.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 40
"""Rows in one figure; more are left to the table."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One finding with a claimed and a found number, as exact decimals."""

    finding: str
    claimed: str
    claimed_low: str
    claimed_high: str
    found: str
    found_low: str
    found_high: str
    verdict: str

    @property
    def meets(self) -> bool:
        """Whether the two intervals share a value; a bound such as "up to 40" is met by what it allows."""
        if Decimal(self.claimed_low) <= Decimal(self.found_high) and Decimal(self.found_low) <= Decimal(
            self.claimed_high
        ):
            return True
        return self.verdict == "supported"


@dataclass(frozen=True, slots=True)
class Intervals:
    """Comparisons of one group of claims."""

    name: str
    group: str
    rows: tuple[Comparison, ...]
    left_out: int = 0

    @classmethod
    def of(cls, group: str, findings: Iterable[Finding]) -> Intervals | None:
        """The comparable findings of a group; None where there are fewer than two."""
        rows = [row for finding in findings if (row := compare(finding)) is not None]
        if len(rows) < 2:
            return None
        return cls(anchor("intervals", group), group, tuple(rows[:MOST]), max(0, len(rows) - MOST))

    @property
    def title(self) -> str:
        """Head of the figure."""
        return f"{self.group}: found minus claimed value (unit of the claim)"

    @property
    def alt(self) -> str:
        """Which numbers do not meet."""
        apart = [row.finding for row in self.rows if not row.meets]
        many = "1 does not meet" if len(apart) == 1 else f"{len(apart)} do not meet"
        words = f"{many}: {', '.join(apart)}." if apart else "All of them meet."
        return f"Found minus claimed value of {len(self.rows)} assertions with their rounding. {words}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Rounding is not sampling error, and a reader could take it for that."""
        first = "The bars are rounding, not sampling error: they say nothing about seeds."
        return (
            (first, f"{self.left_out} more assertions are only in the text.") if self.left_out else (first,)
        )

    def columns(self) -> tuple[str, ...]:
        """Names of the exact decimals."""
        return (
            "assertion",
            "claimed",
            "claimed from",
            "claimed to",
            "found",
            "found from",
            "found to",
            "verdict",
        )

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per assertion."""
        return tuple(
            (
                r.finding,
                r.claimed,
                r.claimed_low,
                r.claimed_high,
                r.found,
                r.found_low,
                r.found_high,
                label(r.verdict),
            )
            for r in self.rows
        )

    def svg(self) -> str:
        """The picture."""
        return draw(self._rows().height, self._paint)

    def _rows(self) -> Rows:
        return rows_of((row.finding for row in self.rows), 44, 0.24, 0.8)

    def _paint(self, axes: Axes) -> None:
        axes.axvline(0, color=FAINT, linewidth=0.8)
        for y, row in enumerate(self.rows):
            zero = Decimal(row.claimed)
            low, high = (float(Decimal(edge) - zero) for edge in (row.claimed_low, row.claimed_high))
            axes.fill_betweenx((y - 0.33, y + 0.33), low, high, color=BAND, linewidth=0)
            left, right = (float(Decimal(edge) - zero) for edge in (row.found_low, row.found_high))
            fill = VERDICT_FILL[row.verdict]
            axes.plot((left, right), (y, y), color=INK, linewidth=1.6, solid_capstyle="butt")
            at = float(Decimal(row.found) - zero)
            axes.plot(
                (at,), (y,), VERDICT_MARKER[row.verdict], color=fill, markeredgecolor=INK, markeredgewidth=0.6
            )
        for verdict in dict.fromkeys(row.verdict for row in self.rows):
            (sample,) = axes.plot(
                [], [], VERDICT_MARKER[verdict], color=VERDICT_FILL[verdict], label=label(verdict)
            )
            sample.set(markeredgecolor=INK, markeredgewidth=0.6)
        axes.fill_between([], [], color=BAND, linewidth=0, label="claimed, with its rounding")
        legend(axes, ncols=6)
        axes.set_yticks(range(len(self.rows)), self._rows().names)
        axes.set_ylim(len(self.rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("found minus claimed (unit of the claim)")


def compare(finding: Finding) -> Comparison | None:
    """The decimals of a finding; None where it compares no two numbers."""
    if finding.claimed is None or finding.computed is None:
        return None
    claimed = finding.claimed_interval or (finding.claimed, finding.claimed)
    found = finding.computed_interval or (finding.computed, finding.computed)
    strings = (finding.claimed, *claimed, finding.computed, *found)
    try:
        if not all(Decimal(text).is_finite() for text in strings):
            return None
    except InvalidOperation:
        return None
    return Comparison(
        finding.id, strings[0], strings[1], strings[2], strings[3], strings[4], strings[5], finding.verdict
    )
