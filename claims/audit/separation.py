"""How well a threshold on the confidence separates ticks from crosses: whether the verdict says anything beyond it.

All comparisons are exact decimals of what was printed. The area under the ROC curve is the share of (tick, cross)
pairs in which the tick has the higher confidence, ties counting one half (Mann and Whitney 1947).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from claims.outcome import AuditFinding, Mention, ReportCard


@dataclass(frozen=True, slots=True)
class Separation:
    """How ticks and crosses lie on the scale of confidence."""

    ticks: int
    crosses: int
    largest_cross: Decimal
    smallest_tick: Decimal
    threshold: Decimal
    """From here on a tick: the printed confidence that gets most verdicts right, the smallest of several."""
    right: int
    """Verdicts that the threshold gives."""
    area: Fraction
    """Area under the ROC curve."""
    tied_pairs: int
    """(tick, cross) pairs with equal confidence."""


def separation(mentions: Sequence[Mention]) -> Separation | None:
    """The best threshold; None unless there are a tick and a cross with a confidence."""
    rated = [(confidence_decimal(m.confidence), m.verdict) for m in mentions]
    ticks = sorted(value for value, verdict in rated if value is not None and verdict is True)
    crosses = sorted(value for value, verdict in rated if value is not None and verdict is False)
    if not ticks or not crosses:
        return None
    best = max(
        sorted({*ticks, *crosses}),
        key=lambda at: (sum(value >= at for value in ticks) + sum(value < at for value in crosses), -at),
    )
    right = sum(value >= best for value in ticks) + sum(value < best for value in crosses)
    above = sum(tick > cross for tick in ticks for cross in crosses)
    tied = sum(tick == cross for tick in ticks for cross in crosses)
    area = Fraction(2 * above + tied, 2 * len(ticks) * len(crosses))
    return Separation(len(ticks), len(crosses), crosses[-1], ticks[0], best, right, area, tied)


def threshold_finding(reports: Sequence[ReportCard]) -> AuditFinding | None:
    """What the verdicts owe to the confidence, over all reports; None where it cannot be told."""
    mentions = [mention for report in reports for mention in report.mentions]
    found = separation(mentions)
    if found is None:
        return None
    total = found.ticks + found.crosses
    rated = [m for m in mentions if m.verdict is not None and confidence_decimal(m.confidence) is not None]
    exceptions = [m for m in rated if _ticked(m, found.threshold) is not m.verdict]
    text = (
        f"A threshold on the confidence gives {found.right} of {total} verdicts: tick from {found.threshold} up. "
        f"Largest confidence with a cross {found.largest_cross}, smallest with a tick {found.smallest_tick}; "
        f"area under the curve {float(found.area):.3f}."
    )
    data = {
        "ticks": found.ticks,
        "crosses": found.crosses,
        "largest_cross": str(found.largest_cross),
        "smallest_tick": str(found.smallest_tick),
        "threshold": str(found.threshold),
        "right": found.right,
        "total": total,
        "accuracy": f"{found.right}/{total}",
        "area": f"{found.area.numerator}/{found.area.denominator}",
        "tied_pairs": found.tied_pairs,
        "exceptions": [
            {"report": m.report, "line": m.line, "verdict": m.verdict, "confidence": m.confidence}
            for m in exceptions
        ],
        "without": len(mentions) - total,
    }
    names = tuple(dict.fromkeys(m.report for m in rated))
    return AuditFinding("threshold", names, None, text, data)


def confidence_decimal(printed: str | None) -> Decimal | None:
    """The printed confidence as an exact share; percentages divided by 100.

    Examples
    --------
    >>> confidence_decimal("27 %"), confidence_decimal(".5"), confidence_decimal(None)
    (Decimal('0.27'), Decimal('0.5'), None)
    """
    if printed is None:
        return None
    text = printed.strip()
    value = Decimal(text.rstrip("% "))
    return value.scaleb(-2) if text.endswith("%") else value


def _ticked(mention: Mention, threshold: Decimal) -> bool:
    """The verdict that the threshold gives."""
    value = confidence_decimal(mention.confidence)
    return value is not None and value >= threshold
