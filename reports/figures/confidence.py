"""The reports' own confidence against their ticks and crosses, and against what this check found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.finding import Verdict
from claims.outcome import Outcome
from claims.standing import WEAKEST_FIRST
from reports.figures.style import FAINT, INK, VERDICT_FILL, VERDICT_MARKER, draw, legend
from reports.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Point:
    """One mention with a confidence and a verdict of its own."""

    report: str
    line: int
    confidence: float
    tick: bool
    found: str
    """Our verdict on the claim behind it; the weakest where a mention stands for several."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """All such mentions of all reports."""

    points: tuple[Point, ...]
    name: str = "confidence"

    @classmethod
    def of(cls, outcome: Outcome) -> Confidence | None:
        """The mentions that carry both; None where fewer than two do."""
        verdict_of = {claim.id: claim.verdict for claim in outcome.claims}
        points = []
        for report in outcome.reports:
            for mention in report.mentions:
                confidence = _number(mention.confidence)
                if confidence is None or mention.verdict is None:
                    continue
                ours = {verdict_of[claim] for claim in mention.claims if claim in verdict_of}
                found = next((verdict for verdict in WEAKEST_FIRST if verdict in ours), Verdict.UNVERIFIABLE)
                points.append(Point(report.id, mention.line, confidence, mention.verdict, found))
        return cls(tuple(points)) if len(points) > 1 else None

    @property
    def threshold(self) -> tuple[float, float] | None:
        """Largest confidence with a cross and smallest with a tick; None where one of them never occurs."""
        crosses = [point.confidence for point in self.points if not point.tick]
        ticks = [point.confidence for point in self.points if point.tick]
        return (max(crosses), min(ticks)) if crosses and ticks else None

    @property
    def title(self) -> str:
        """Head of the figure."""
        return "The reports' own verdicts against their own confidence (no unit, as printed)"

    @property
    def alt(self) -> str:
        """Where the cut lies."""
        if self.threshold is None:
            return (
                f"Confidence of {len(self.points)} mentions; all of them have the same verdict of their own."
            )
        cross, tick = self.threshold
        return (
            f"Confidence of {len(self.points)} mentions in two rows, crosses and ticks. The largest "
            f"confidence with a "
            f"cross is {cross:g}, the smallest with a tick {tick:g}."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Heights inside a row mean nothing."""
        return ("Marks are spread vertically only to keep them apart.",)

    def columns(self) -> tuple[str, ...]:
        """Heads of the twin."""
        return ("report", "line", "confidence", "its verdict", "found here")

    def records(self) -> tuple[tuple[str, ...], ...]:
        """One row per mention, by confidence."""
        ordered = sorted(self.points, key=lambda p: (p.confidence, p.report, p.line))
        return tuple(
            (p.report, str(p.line), f"{p.confidence:g}", "✓" if p.tick else "✗", label(p.found))
            for p in ordered
        )

    def svg(self) -> str:
        """The picture."""
        return draw(2.3, self._paint)

    def _paint(self, axes: Axes) -> None:
        stacked: dict[tuple[bool, float], int] = defaultdict(int)
        for point in sorted(self.points, key=lambda p: (p.confidence, p.report, p.line)):
            place = stacked[point.tick, point.confidence]
            stacked[point.tick, point.confidence] += 1
            y = (1.0 if point.tick else 0.0) + 0.13 * ((place + 1) // 2) * (-1 if place % 2 else 1)
            fill = VERDICT_FILL[point.found]
            axes.plot(
                point.confidence,
                y,
                VERDICT_MARKER[point.found],
                color=fill,
                markersize=5.5,
                markeredgecolor=INK,
                markeredgewidth=0.5,
            )
        if self.threshold is not None:
            cross, tick = self.threshold
            if cross <= tick:
                axes.axvline((cross + tick) / 2, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
                axes.text((cross + tick) / 2, 1.62, f" {cross:g} / {tick:g}", fontsize=8, va="bottom")
        for verdict in Verdict:
            if any(point.found == verdict for point in self.points):
                axes.plot(
                    [],
                    [],
                    VERDICT_MARKER[verdict],
                    color=VERDICT_FILL[verdict],
                    markeredgecolor=INK,
                    markeredgewidth=0.5,
                    label=label(verdict),
                )
        axes.axhline(0.5, color=FAINT, linewidth=0.4)
        axes.set_yticks((0, 1), ("cross ✗", "tick ✓"))
        axes.set_ylim(-0.62, 1.62)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("confidence that the report states (no unit)")
        legend(axes, title="found here", ncols=6)


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < 1e6 else None
