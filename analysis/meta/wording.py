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
    places = _decimals(main)
    interval = f"{100 * level:g} % interval {_number(main.low, places)} to {_number(main.high, places)}"
    value = f"{_number(main.estimate, places)} {unit} ({interval})"
    if dependence is Dependence.SINGLE:
        return f"One {outcome}: {value}; heterogeneity cannot be estimated."
    whence = {
        Dependence.NONE: f"{main.k} independent effects",
        Dependence.ONE_SOURCE: f"{main.k} effects of one source",
        Dependence.CLUSTERED: f"{main.k} effects from {main.clusters} sources",
        Dependence.TWO_WAY: f"{main.k} crossed effects in {main.clusters} clusters",
    }[dependence]
    parts = [
        f"Over {whence} the mean {outcome} is {value}: {_reading(main)}.",
        _spread(main, unit, places),
    ]
    if np.isfinite(main.prediction_low):
        crosses = main.prediction_low < 0 < main.prediction_high
        parts.append(
            f"The true effect of a new case is expected between {_number(main.prediction_low, places)} and "
            f"{_number(main.prediction_high, places)} ({100 * level:g} % prediction interval)"
            + (", so it may have either sign." if crosses else ".")
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


def _spread(main: Estimate, unit: str, places: int) -> str:
    sd = _number(float(np.sqrt(main.tau2)), places, sign=False)
    limits = ""
    if np.isfinite(main.tau2_high):
        ends = (_number(float(np.sqrt(end)), places, sign=False) for end in (main.tau2_low, main.tau2_high))
        limits = " (interval {} to {})".format(*ends)
    share = f"I\u00b2 {100 * main.i2:.0f} %"
    if main.q_p < 0.05:
        low = main.tau2 < main.tau2_low
        doubt = " by REML, below the interval that Q gives" if low else ""
        return (
            f"The effects differ by more than sampling error (Q = {main.q:.1f}, df = {main.q_df}, "
            f"p {_p(main.q_p)}; {share}): true effects spread with an SD of {sd} {unit}{limits}{doubt}."
        )
    return (
        f"Differences between effects are not beyond sampling error (Q = {main.q:.1f}, df = {main.q_df}, "
        f"p {_p(main.q_p)}; {share}), which does not show that there are none."
    )


def _decimals(main: Estimate) -> int:
    """Two decimals, more where the interval is so narrow that two would round it away."""
    half = (main.high - main.low) / 2
    if not np.isfinite(half) or half <= 0:
        return 2
    return max(2, 2 - int(np.ceil(np.log10(half))))


def _number(value: float, decimals: int, *, sign: bool = True) -> str:
    if not np.isfinite(value):
        return "infinity" if value > 0 else "minus infinity"
    return f"{value:+.{decimals}f}" if sign else f"{value:.{decimals}f}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
