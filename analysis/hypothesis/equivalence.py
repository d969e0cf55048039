"""Two one-sided tests: is a difference inside a margin (equivalence), or not below one (non-inferiority)?

Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680. "No gain" is a claim of equivalence: a difference that is
not significant does not support it, an interval that fits inside the margin does. From an estimate with its
standard error, so that it works for every interval of this floor, one or two arms, borrowed spread included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.errors import InputError, Problem
from analysis.hypothesis.student import t_probability
from analysis.seeds.interval import Interval
from analysis.seeds.scores import probability
from analysis.seeds.student import t_interval


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Outcome of two one-sided tests (or of one, for non-inferiority)."""

    p: float
    """The larger of the one-sided p values: equivalence is shown where p <= alpha."""
    p_low: float
    """Of "the difference is at or below the lower margin"."""
    p_high: float
    """Of "the difference is at or above the upper margin"; 0.0 for non-inferiority."""
    low_margin: float
    high_margin: float
    interval: Interval
    """At level 1 - 2 alpha: inside the margins exactly where p <= alpha."""
    alpha: float
    different: bool
    """Whether the interval lies wholly outside the margins: the opposite of equivalence is shown at alpha."""

    @property
    def equivalent(self) -> bool:
        """Whether equivalence (or non-inferiority) is shown at alpha."""
        return self.p <= self.alpha


def equivalence_test(
    interval: Interval, low_margin: float, high_margin: float, alpha: float = 0.05, reference: float = 0.0
) -> Equivalence:
    """Return the two one-sided tests of low_margin < estimate - reference < high_margin.

    Parameters
    ----------
    interval : Interval
        Of the difference, from any t method; its estimate, standard error and df are used, its level is not.
    low_margin, high_margin : float
        Same unit, low below high, as a rule -m and m. For "replicated" take m from the claim's own standard error
        or its rounding, never from our data.
    alpha : float
        Error rate of declaring equivalence wrongly.
    reference : float
        Number that the estimate should equal, e.g. the claimed gain.
    """
    if not low_margin < high_margin:
        raise InputError(
            Problem(f"margins are {low_margin} and {high_margin}", "give a lower margin below the upper one")
        )
    if np.ndim(interval.estimate) or not np.isfinite(reference):
        seen = f"an estimate of shape {np.shape(interval.estimate)}, reference {reference}"
        raise InputError(Problem(seen, "test one finite estimate at a time"))
    estimate, error = float(interval.estimate) - reference, float(interval.standard_error)
    if not error > 0:
        raise InputError(Problem(f"standard error is {error}", "no test follows from no spread"))
    df = np.inf if interval.df is None else float(interval.df)
    p_low = (
        float(t_probability((estimate - low_margin) / error, df, "greater")) if low_margin > -np.inf else 0.0
    )
    p_high = (
        float(t_probability((estimate - high_margin) / error, df, "less")) if high_margin < np.inf else 0.0
    )
    shown = t_interval(
        estimate,
        error,
        df,
        1 - 2 * probability(alpha, "alpha"),
        interval.method,
        interval.unit,
        interval.n,
        interval.note,
    )
    different = bool(float(shown.low) > high_margin or float(shown.high) < low_margin)
    return Equivalence(max(p_low, p_high), p_low, p_high, low_margin, high_margin, shown, alpha, different)


def non_inferiority_test(interval: Interval, margin: float, alpha: float = 0.05) -> Equivalence:
    """Return the one-sided test that the difference is above -margin.

    Parameters
    ----------
    margin : float
        Largest loss that would still count as no loss; positive, same unit as the estimate.
    """
    if margin < 0:
        raise InputError(
            Problem(f"non-inferiority margin is {margin}", "give the tolerated loss as a positive number")
        )
    return equivalence_test(interval, -margin, np.inf, alpha)
