"""A family of contrasts decided together: is it shown, is no relevant difference shown, or is it left open?

A test per contrast over seeds (one t interval of the values per seed), p values adjusted over the family, two
one-sided tests against the margin (at the full level, not adjusted) for those that are not significant, and for the
rest the smallest difference that the seeds could have found. A contrast that no seed completes, or whose targets are
all at the floor or the ceiling, is not decided, whatever its p value: the scale cannot show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.contrast.cells import Measured, measured
from analysis.contrast.contrast import Contrast, Rule
from analysis.hypothesis.equivalence import equivalence_test
from analysis.hypothesis.student import test_of
from analysis.multiplicity import adjust
from analysis.power.design import Design
from analysis.power.two_sided import smallest_difference
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE
from analysis.seeds.student import mean_interval

if TYPE_CHECKING:
    import pandas

Outcome: TypeAlias = Literal["shown", "opposite", "no difference", "open"]


@dataclass(frozen=True)
class Decision:
    """What became of one contrast."""

    contrast: Contrast
    outcome: Outcome
    reason: str
    """Why it is open; empty otherwise."""
    found: Measured
    interval: Interval | None
    """Of the contrast, points; None where there are fewer than two seeds or no spread."""
    p: float | None
    """Two-sided, adjusted over the family."""
    detectable: float | None
    """Smallest difference that these seeds find with the rule's power, points."""

    @property
    def relevant(self) -> bool:
        """Whether the whole interval lies beyond the margin."""
        if self.interval is None:
            return False
        low, high = float(self.interval.low), float(self.interval.high)
        return low > self.contrast.margin or high < -self.contrast.margin

    @property
    def within(self) -> Interval | None:
        """Interval at level 1 - 2 alpha, which two one-sided tests compare with the margin."""
        if self.interval is None:
            return None
        margin = self.contrast.margin
        return equivalence_test(self.interval, -margin, margin, round(1 - self.interval.level, 12)).interval


def decide(
    frame: pandas.DataFrame, contrasts: Sequence[Contrast], rule: Rule | None = None
) -> list[Decision]:
    """Decisions in the order of the contrasts.

    Parameters
    ----------
    frame : results table of one scale
    contrasts : the whole family; leaving some out after seeing them would make the adjustment wrong

    Notes
    -----
    The test is two-sided also where the alternative has a direction: significance on the other side is reported
    as "opposite" and not passed over. Contrasts that cannot be tested stay in the family with p = 1, so that the
    others are not adjusted less because some runs failed.
    """
    rule = rule or Rule()
    tested = [_tested(frame, contrast, rule) for contrast in contrasts]
    if not tested:
        return []
    adjusted = adjust([1.0 if p is None else p for _, _, p, _ in tested], rule.multiplicity)
    return [
        _decision(contrast, found, interval, None if p is None else float(corrected), least, rule)
        for contrast, (found, interval, p, least), corrected in zip(contrasts, tested, adjusted, strict=True)
    ]


def _tested(
    frame: pandas.DataFrame, contrast: Contrast, rule: Rule
) -> tuple[Measured, Interval | None, float | None, float | None]:
    """(values, interval, p before adjustment, smallest detectable difference)."""
    found = measured(frame, contrast)
    values = found.values
    if len(found.seeds) < 2 or values.std(ddof=1) <= TIE * abs(values).max():
        return found, None, None, None
    interval = mean_interval(values, 1 - rule.alpha)
    error = float(interval.standard_error)
    n = len(found.seeds)
    least = smallest_difference(Design(error * n**0.5, arms=1), n, rule.power, rule.alpha)
    return found, interval, float(test_of(interval).p), least


def _decision(
    contrast: Contrast,
    found: Measured,
    interval: Interval | None,
    p: float | None,
    least: float | None,
    rule: Rule,
) -> Decision:
    def become(outcome: Outcome, reason: str = "") -> Decision:
        return Decision(contrast, outcome, reason, found, interval, p, least)

    targets = {cell.get("target", "") for term in contrast.terms for cell in contrast.cells(term)}
    if found.missing:
        return become("open", f"not run: {'; '.join(found.missing[:4])}{' ...' * (len(found.missing) > 4)}")
    if len(found.seeds) < 2:
        return become("open", f"{len(found.seeds)} seeds have every cell; a spread needs two")
    if interval is None or p is None or least is None:
        return become("open", "the value is the same for every seed, so that nothing can be tested")
    if targets and targets <= set(found.at_floor):
        return become("open", "every target is at the floor: no better than constant answers by the margin")
    if targets and targets <= set(found.at_ceiling):
        return become("open", "every target is at the ceiling")
    if p <= rule.alpha:
        sign = float(interval.estimate) > 0
        wrong = contrast.alternative != "two-sided" and sign != (contrast.alternative == "greater")
        return become("opposite" if wrong else "shown")
    if equivalence_test(interval, -contrast.margin, contrast.margin, rule.alpha).equivalent:
        return become("no difference")
    return become(
        "open", f"the smallest detectable difference is {least:.2g} points, the margin {contrast.margin:g}"
    )
