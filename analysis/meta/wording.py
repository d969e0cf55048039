"""The plain sentence of a synthesis, written from the numbers only.

It states the effect with its interval, how much the effects differ, what a new case may bring, and whether one
study carries the result. "No effect" is never concluded from an interval that covers zero.
"""

from __future__ import annotations

import numpy as np

from analysis.meta.estimate import Dependence, Estimate


def sentence(
    main: Estimate, dependence: Dependence, fragile: bool, unit: str, outcome: str, level: float
) -> str:
    """Two to four sentences in words of `unit` and `outcome`."""
    percent = f"{100 * level:g} %"
    interval = f"{percent} interval {_number(main.low)} to {_number(main.high)}"
    if dependence is Dependence.SINGLE:
        return (
            f"One {outcome}: {_number(main.estimate)} {unit} ({interval}); heterogeneity cannot be estimated."
        )
    whence = {
        Dependence.NONE: f"{main.k} independent effects",
        Dependence.ONE_SOURCE: f"{main.k} effects of one source",
        Dependence.CLUSTERED: f"{main.k} effects from {main.clusters} sources",
        Dependence.TWO_WAY: f"{main.k} crossed effects in {main.clusters} clusters",
    }[dependence]
    parts = [
        f"Over {whence} the mean {outcome} is {_number(main.estimate)} {unit} ({interval}): {_reading(main)}.",
        _spread(main, unit),
    ]
    if np.isfinite(main.prediction_low):
        crosses = main.prediction_low < 0 < main.prediction_high
        parts.append(
            f"The true effect of a new case is expected between {_number(main.prediction_low)} and "
            f"{_number(main.prediction_high)}" + (", so it may have either sign." if crosses else ".")
        )
    if fragile:
        what = "source" if dependence in (Dependence.CLUSTERED, Dependence.TWO_WAY) else "effect"
        parts.append(f"The conclusion depends on one {what}: without it the interval changes sides of zero.")
    return " ".join(parts)


def _reading(main: Estimate) -> str:
    if main.low > 0:
        return "positive"
    if main.high < 0:
        return "negative"
    return "the sign is undecided"


def _spread(main: Estimate, unit: str) -> str:
    sd = _number(float(np.sqrt(main.tau2)), sign=False)
    limits = ""
    if np.isfinite(main.tau2_high):
        ends = (_number(float(np.sqrt(end)), sign=False) for end in (main.tau2_low, main.tau2_high))
        limits = " (interval {} to {})".format(*ends)
    share = f"I\u00b2 {100 * main.i2:.0f} %"
    if main.q_p < 0.05:
        doubt = " by REML, below the interval that Q gives" if main.tau2 < main.tau2_low else ""
        return (
            f"The effects differ by more than sampling error (Q = {main.q:.1f}, df = {main.q_df}, "
            f"p {_p(main.q_p)}; {share}): true effects spread with an SD of {sd} {unit}{limits}{doubt}."
        )
    return (
        f"Differences between effects are not beyond sampling error (Q = {main.q:.1f}, df = {main.q_df}, "
        f"p {_p(main.q_p)}; {share}), which does not show that there are none."
    )


def _number(value: float, *, sign: bool = True) -> str:
    """Three significant digits, at least one decimal where that is not false precision."""
    if not np.isfinite(value):
        return "infinity" if value > 0 else "minus infinity"
    text = f"{value:+.2f}" if 0.1 <= abs(value) < 1000 or value == 0 else f"{value:+.3g}"
    return text if sign else text.lstrip("+")


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
