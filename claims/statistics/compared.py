"""A quantity over seeds against a claimed number: how likely the data are if the claim fails, and if it holds.

`p_holds` is the p value of "the claim fails", `p_fails` that of "the claim holds"; each is one-sided, so at a
nominal 5 % a wrong `supported` and a wrong `contradicted` have at most that rate each (docs/statistics/estimands.md).

* A threshold: one-sided t tests at the threshold.
* Equality can never be shown, only closeness: `p_holds` is the equivalence test (TOST) within a margin around the
  claimed interval, `p_fails` the two-sided test that the quantity lies outside that interval. The margin is one
  point, or half the claimed gain where that is smaller, so that a supported gain has the claimed sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.printed import parse_printed

if TYPE_CHECKING:
    from analysis.seeds.interval import Interval

ALPHA: Final = 0.05
MARGIN: Final = 1.0
"""Points within which a score counts as the claimed one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both p values, the claimed number in words, and the distance that more seeds would have to resolve."""

    p_holds: float
    p_fails: float
    claimed: str
    distance: float
    margin: float | None = None
    relation: str = ""
    """How the claimed number bounds the quantity, in words; empty for equality."""


def p_in_words(p: float) -> str:
    """Return a p value with three decimals; small ones as what they are below."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def tail(interval: Interval, edge: float) -> float:
    """Return the probability of an estimate at least so far above the edge if the truth is the edge."""
    from scipy.special import ndtr, stdtr

    t = (float(interval.estimate) - edge) / float(interval.standard_error)
    df = float("inf") if interval.df is None else float(interval.df)
    return float(ndtr(-t) if df == float("inf") else stdtr(df, -t))


def above(interval: Interval, edge: float, claimed: str, relation: str = "above") -> Compared:
    """Return the comparison with "larger than the edge"."""
    p = tail(interval, edge)
    return Compared(p, 1 - p, claimed, abs(float(interval.estimate) - edge), relation=relation)


def below(interval: Interval, edge: float, claimed: str, relation: str = "below") -> Compared:
    """Return the comparison with "smaller than the edge"."""
    p = tail(interval, edge)
    return Compared(1 - p, p, claimed, abs(float(interval.estimate) - edge), relation=relation)


def equal(interval: Interval, low: float, high: float, claimed: str, margin: float) -> Compared:
    """Return the comparison with "in the claimed interval": equivalence within the margin, and its exclusion."""
    p_holds = max(tail(interval, low - margin), 1 - tail(interval, high + margin))
    over, under = tail(interval, high), 1 - tail(interval, low)
    p_fails = min(1.0, 2 * min(over, under)) if not low <= float(interval.estimate) <= high else 1.0
    away = max(low - float(interval.estimate), float(interval.estimate) - high, 0.0)
    return Compared(p_holds, p_fails, claimed, max(margin - away, 1e-9), margin)


def compared(interval: Interval, assertion: Any, *, gain: bool) -> Compared:
    """Return the comparison that an assertion with one of equals, at_least, at_most, above, below makes.

    A granted tolerance widens the claimed interval, or moves the edge, by as much.
    """
    granted = float(parse_printed(assertion.tolerance.by).value) if assertion.tolerance else 0.0
    if assertion.equals is not None:
        number = parse_printed(assertion.equals)
        if number.bound == "none":
            margin = min(MARGIN, abs(float(number.value)) / 2) if gain and number.value else MARGIN
            low, high = float(number.lower) - granted, float(number.upper) + granted
            return equal(interval, low, high, number.text, margin)
        side = above if number.bound == "at_least" else below
        return side(interval, float(number.value) - (granted if side is above else -granted), number.text, "")
    for name, side in (("at_least", above), ("above", above), ("at_most", below), ("below", below)):
        text = getattr(assertion, name, None)
        if text is not None:
            edge = float(parse_printed(text).value) - (granted if side is above else -granted)
            return side(interval, edge, text, name.replace("_", " "))
    raise ValueError("an assertion without comparison")
