"""A family of contrasts decided together: is it shown, is no relevant difference shown, or is it left open?

Two tests per contrast over seeds (from one t interval of the values per seed): that it is not 0, and, by two
one-sided tests, that it lies within the margin. The p values of both are adjusted over the family. For what neither
shows, the smallest difference that the seeds could have found. A contrast that no seed completes, or whose targets
are all at the floor or the ceiling, is not decided, whatever its p value: the scale cannot show it; nor is a target
there evidence that there is no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from analysis.contrast.cells import Measured, measured
from analysis.contrast.contrast import Contrast, Rule
from analysis.contrast.reach import smallest, spread
from analysis.hypothesis.equivalence import equivalence_test
from analysis.hypothesis.student import test_of
from analysis.multiplicity import adjust
from analysis.power.design import Design
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE
from analysis.seeds.student import mean_interval

if TYPE_CHECKING:
    import pandas

NEITHER: Final = "neither a difference nor its absence within the margin"
"""How the reason begins where the spread between seeds leaves it open, and nothing else."""
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
    """That it is 0, two-sided, adjusted over the family."""
    p_beyond: float | None
    """That it lies at or beyond the margin, adjusted over the family; a small one shows no relevant difference."""
    design: Design | None
    """The spread of its values over seeds; None where there is no interval."""
    detectable: float | None
    """Smallest true difference that these seeds find with the rule's power within this family, points."""

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
    differ = adjust([one.p for one in tested], rule.multiplicity)
    within = adjust([one.p_beyond for one in tested], rule.multiplicity)
    return [
        _decision(contrast, one, float(p), float(p_beyond), len(tested), rule)
        for contrast, one, p, p_beyond in zip(contrasts, tested, differ, within, strict=True)
    ]


@dataclass(frozen=True)
class _Tested:
    """A contrast before the others are looked at; p values of 1 where it cannot be tested."""

    found: Measured
    interval: Interval | None = None
    p: float = 1.0
    p_beyond: float = 1.0


def _tested(frame: pandas.DataFrame, contrast: Contrast, rule: Rule) -> _Tested:
    found = measured(frame, contrast)
    values = found.values
    if len(found.seeds) < 2 or values.std(ddof=1) <= TIE * abs(values).max():
        return _Tested(found)
    interval = mean_interval(values, 1 - rule.alpha)
    beyond = equivalence_test(interval, -contrast.margin, contrast.margin, rule.alpha).p
    return _Tested(found, interval, float(test_of(interval).p), beyond)


def _decision(
    contrast: Contrast, tested: _Tested, p: float, p_beyond: float, family: int, rule: Rule
) -> Decision:
    found, interval = tested.found, tested.interval
    n = len(found.seeds)
    design = None if interval is None else spread(float(interval.standard_error) * n**0.5, n - 1)
    least = None if design is None else smallest(design, n, rule, family)

    def become(outcome: Outcome, reason: str = "") -> Decision:
        if interval is None:
            return Decision(contrast, outcome, reason, found, None, None, None, None, None)
        return Decision(contrast, outcome, reason, found, interval, p, p_beyond, design, least)

    targets = {cell.get("target", "") for term in contrast.terms for cell in contrast.cells(term)}
    floor, ceiling = set(found.at_floor), set(found.at_ceiling)
    if found.missing:
        return become("open", f"not run: {'; '.join(found.missing[:4])}{' ...' * (len(found.missing) > 4)}")
    if n < 2:
        seeds = "no seed has" if n == 0 else "one seed has"
        return become("open", f"{seeds} every cell; a spread needs two")
    if interval is None or least is None:
        return become("open", "the value is the same for every seed, so that nothing can be tested")
    if targets <= floor:
        return become("open", "every target is at the floor: no better than constant answers by the margin")
    if targets <= ceiling:
        return become("open", "every target is at the ceiling: 100 lies within the margin")
    if targets <= floor | ceiling:
        return become("open", "every target is at the floor or at the ceiling")
    if p <= rule.alpha:
        sign = float(interval.estimate) > 0
        wrong = contrast.alternative != "two-sided" and sign != (contrast.alternative == "greater")
        return become("opposite" if wrong else "shown")
    if p_beyond <= rule.alpha:
        mute = ", ".join(sorted(filter(None, targets & (floor | ceiling))))
        if mute:
            return become(
                "open",
                f"no difference that matters is seen, but {mute} could show none, at the floor or the ceiling",
            )
        if found.floor_unknown:
            unknown = ", ".join(found.floor_unknown)
            what = f"whether {unknown} is above guessing is not known: there are no constant answers to it"
            return become("open", f"no difference that matters is seen, and {what} (controls: [constant])")
        return become("no difference")
    points = f"{least:.2g}" if least < 10 else f"{least:.0f}"
    return become(
        "open",
        f"{NEITHER} of {contrast.margin:g} is shown: the smallest detectable difference is {points} points",
    )
