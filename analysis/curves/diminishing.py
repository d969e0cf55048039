"""Whether returns diminish: the answer in one object and one plain sentence.

Decided by the contrast that assumes no curve (`contrasts`): later marginal gains against earlier ones, two-sided
at the nominal level. The curves then say how much the next dose brings and where the plateau is, averaged over
the families, and never without saying what the doses cannot tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import in_order
from analysis.curves.averaging import Comparison, compare_points
from analysis.curves.concave import ShapeTest, shape_test
from analysis.curves.contrasts import Concavity, concavity_test
from analysis.curves.enough import enough_doses
from analysis.curves.families import DEFAULT, SATURATING, Family
from analysis.curves.points import Points, read_points
from analysis.curves.profile import CurveInterval, profile_interval
from analysis.curves.quantities import asymptote, gain_between
from analysis.curves.replication import dose_means
from analysis.errors import InputError, Problem
from analysis.seeds.scores import probability

LEAST_DOSES: Final = 4
"""Distinct doses below which no curve with a plateau can be told from any other: three parameters, three means."""


@dataclass(frozen=True)
class Diminishing:
    """The answer.

    Attributes
    ----------
    verdict : "diminishing", "not diminishing" or "undecided"
    sentence : the verdict with its numbers and, where undecided, what is missing
    outlook : the part of the sentence about the next dose; empty where no curve reads it
    concavity, shape : tests without a curve; None with the reason in `open`
    comparison : the families side by side; None where no curve can be compared
    next_gain : marginal gain of the next dose, averaged over the plausible families; the envelope of their intervals
    plateau, enough : asymptote and smallest dose within `margin` of it, from the best saturating family
    open : what these points cannot say, one sentence each
    """

    verdict: str
    sentence: str
    outlook: str
    points: Points
    concavity: Concavity | None
    shape: ShapeTest | None
    comparison: Comparison | None
    next_dose: tuple[float, float]
    next_gain: CurveInterval | None
    plateau: CurveInterval | None
    enough: CurveInterval | None
    margin: float | None
    open: tuple[str, ...]


def diminishing_returns(
    x: ArrayLike,
    y: ArrayLike,
    *,
    seed: Sequence[object] | NDArray[Any] | None = None,
    se: ArrayLike | None = None,
    families: Sequence[str | Family] = DEFAULT,
    margin: float | None = None,
    next_dose: float | None = None,
    level: float = 0.95,
    key: str = "diminishing-returns",
) -> Diminishing:
    """Return whether the gain per dose falls with the dose.

    Parameters
    ----------
    x, y : (n,) doses (number of tasks) and scores in points
    seed : (n,) run of each point; the same name at every dose makes the seed the unit of replication
    se : (n,) standard errors, where the scores are single published values with a stated or borrowed spread
    margin : points within which a plateau counts as reached; None leaves the smallest sufficient dose out
    next_dose : dose whose gain over the largest one is asked for; default one more
    key : name that keys the simulated null of the shape test
    """
    points = read_points(x, y, se=se)
    probability(level)
    if seed is not None:
        in_order(np.asarray(seed, dtype=object), len(points.x), "seed")
    if next_dose is not None and not points.doses[-1] < next_dose < np.inf:
        remedy = f"name a dose above the largest one, {points.doses[-1]:g}"
        raise InputError(Problem(f"the next dose is {next_dose}", remedy))
    unknowns: list[str] = []
    means = dose_means(points, None if seed is None else np.asarray(seed, dtype=object))
    concavity, shape = None, None
    if isinstance(means, str):
        unknowns.append(f"no test: {means}")
    elif len(points.doses) < 3:
        unknowns.append(f"no bend can be seen with {len(points.doses)} doses")
    else:
        try:
            concavity = concavity_test(means, level)
            shape = shape_test(means, key=key) if len(points.doses) > 3 else None
        except InputError as error:
            unknowns.append(f"no test: {error}")
    comparison = _compare(points, families, unknowns)
    last = float(points.doses[-1])
    step = (last, last + 1.0 if next_dose is None else float(next_dose))
    gain, plateau, enough = _read_off(comparison, step, margin, level, unknowns)
    verdict, reason = _decide(concavity, points, level)
    outlook = ""
    if gain is not None and gain.bounded:
        outlook = (
            f"The step from {step[0]:g} to {step[1]:g} brings {gain.estimate:.2g} points "
            f"({level:.0%} interval {gain.low:.2g} to {gain.high:.2g}, {gain.method})."
        )
    return Diminishing(
        verdict, f"{reason} {outlook}".strip(), outlook, points, concavity, shape, comparison, step, gain, plateau,
        enough, margin, tuple(unknowns),
    )  # fmt: skip


def _compare(points: Points, families: Sequence[str | Family], unknowns: list[str]) -> Comparison | None:
    """Return the comparison of curves, or None with the reason noted."""
    k = len(points.doses)
    if k < LEAST_DOSES:
        unknowns.append(
            f"no curve: {k} distinct doses ({', '.join(f'{d:g}' for d in points.doses)}) lie on a saturating "
            f"exponential, a power law and a broken stick alike; the form is not testable below {LEAST_DOSES} doses"
        )
        return None
    try:
        return compare_points(points, families)
    except InputError as error:
        unknowns.append(f"no curve: {error}")
        return None


def _read_off(
    comparison: Comparison | None,
    step: tuple[float, float],
    margin: float | None,
    level: float,
    unknowns: list[str],
) -> tuple[CurveInterval | None, CurveInterval | None, CurveInterval | None]:
    """Return next gain, plateau and sufficient dose; note what is not identified."""
    if comparison is None:
        return None, None, None
    gain = comparison.average(lambda fit: gain_between(fit, *step), level)
    if len(comparison.points.doses) == LEAST_DOSES:
        unknowns.append(
            f"with {LEAST_DOSES} doses two slopes look like saturation: the curve is an assumption"
        )
    saturating = [fit for fit in comparison.fits if fit.family.name in SATURATING]
    if not saturating:
        unknowns.append("no plateau: no saturating family could be fitted")
        return gain, None, None
    best = min(saturating, key=lambda fit: fit.aicc)
    if not best.identified:
        unknowns.append(f"plateau not identified ({best.family.name}): {'; '.join(best.reasons)}")
    plateau = profile_interval(best, asymptote(best), level)
    enough = None if margin is None else enough_doses(best, margin, level)
    if enough is not None and enough.estimate > step[0]:
        unknowns.append(
            f"the plateau of the {best.family.name} is reached beyond the doses seen: that is extrapolation"
        )
    return gain, plateau, enough


def _decide(concavity: Concavity | None, points: Points, level: float) -> tuple[str, str]:
    """Return the verdict and its sentence."""
    k, n = len(points.doses), points.n
    seen = f"{n} points at {k} doses"
    if concavity is None:
        return "undecided", f"Undecided with {seen}: nothing here can test whether the gain per task falls."
    slow = concavity.slowing
    numbers = (
        f"the gain per task is {float(concavity.early.estimate):.2g} up to {concavity.split:g} and "
        f"{float(concavity.late.estimate):.2g} after it (change {float(slow.estimate):.2g}, {level:.0%} interval "
        f"{float(slow.low):.2g} to {float(slow.high):.2g}, {slow.unit})"
    )
    if float(slow.high) < 0 and concavity.p_rise < (1 - level) / 2:
        strong = "; the curve bends down at every inner dose" if concavity.p_concave <= 1 - level else ""
        return "diminishing", f"Diminishing: {numbers}{strong}."
    if float(slow.high) < 0:
        return (
            "undecided",
            f"Undecided with {seen}: the slope falls, but no rise is shown over the doses; {numbers}.",
        )
    if float(slow.low) > 0:
        return "not diminishing", f"Not diminishing: {numbers}."
    return "undecided", f"Undecided with {seen}: {numbers}."
