"""p values over a suite of claims that share runs: max-t by resampling, and Dunnett against one baseline.

Westfall and Young (1993), "Resampling-based multiple testing", algorithm 2.8 (step-down); Romano and Wolf (2005),
Econometrica 73, 1237-1282. Claims tested on the same runs are correlated; max-t uses the correlation that Holm
ignores. With unrelated runs there is none to use: take `multiplicity.adjust`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.hypothesis.outcome import Alternative, checked_alternative, minimum_n
from analysis.hypothesis.permutation import MOST_LISTED
from analysis.resampling.indices import chunks, resample_indices
from analysis.resampling.permutation import random_signs
from analysis.resampling.philox import key_of
from analysis.seeds.scores import Floats, finite, spread


@dataclass(frozen=True, slots=True)
class AdjustedTests:
    """One test per claim with p values adjusted for all of them."""

    statistic: Floats
    """t per claim, shape (claims,)."""
    p: Floats
    """Adjusted, shape (claims,); compare with alpha itself."""
    method: str
    n: int
    smallest_p: float
    """Smallest adjusted p value that so many runs can give."""
    note: str = ""


def max_t(
    differences: ArrayLike,
    name: str,
    by: str = "sign flips",
    alternative: Alternative = "two-sided",
    resamples: int = 9_999,
) -> AdjustedTests:
    """Return step-down max-t p values that each claim's mean difference is zero, from runs that claims share.

    Parameters
    ----------
    differences : array of shape (claims, runs)
        Run i gives one (paired) difference for every claim.
    name : str
        Key of the resamples, as a rule the id of the suite.
    by : {"sign flips", "bootstrap"}
        "sign flips": whole runs change sign; exact for symmetric errors, all 2**runs listed up to 17 runs.
        "bootstrap": whole runs are drawn from centred differences; from about 20 runs. A resample without spread
        counts as extreme.
    """
    values = finite(differences, "differences", 2)
    if values.ndim != 2 or by not in ("sign flips", "bootstrap"):
        raise InputError(
            Problem(
                f"differences of shape {values.shape}, by {by!r}",
                "give (claims, runs), sign flips or bootstrap",
            )
        )
    checked_alternative(alternative)
    spread(values, "differences")
    n = values.shape[1]
    observed = _directed(_t(values), alternative)
    listed = by == "sign flips" and n <= MOST_LISTED.bit_length() - 1
    count, total = np.zeros(len(values)), 1 << n if listed else resamples
    order = np.argsort(-observed, kind="stable")
    centred = values - values.mean(axis=1, keepdims=True)
    for part in chunks(total, values.size):
        if by == "bootstrap":
            drawn = centred[:, resample_indices(name, n, part)]
        elif listed:
            signs = 1.0 - 2.0 * (np.arange(part.start, part.stop)[:, None] >> np.arange(n) & 1)
            drawn = values[:, None, :] * signs
        else:
            drawn = values[:, None, :] * random_signs(name, n, part)
        t = _directed(_t(drawn), alternative)[order]
        largest = np.flip(np.maximum.accumulate(np.flip(t, axis=0), axis=0), axis=0)
        count += (largest >= observed[order][:, None] - 1e-9 * np.abs(observed[order])[:, None]).sum(axis=1)
    ranked = np.maximum.accumulate(count / total if listed else (count + 1) / (total + 1))
    p = np.empty_like(ranked)
    p[order] = ranked
    sides = 2 if alternative == "two-sided" else 1
    least = min(1.0, sides * 0.5**n) if by == "sign flips" else 1 / (total + 1)
    need = minimum_n("sign-flip", 0.05, alternative)
    note = (
        f"no adjusted p value can reach 0.05 with n = {n} here; {need} runs are needed"
        if least > 0.05
        else ""
    )
    how = f"all {total:,} listed" if listed else f"{total:,} keyed"
    return AdjustedTests(_t(values), p, f"step-down max-t by {by}, {how}", n, least, note)


def _t(values: Floats) -> Floats:
    """Return t over the last axis; without spread an infinite one with the sign of the mean."""
    mean, deviation = values.mean(axis=-1), values.std(axis=-1, ddof=1)
    flat = deviation <= 1e-12 * np.abs(values).max(axis=-1)
    error = np.where(flat, 1.0, deviation) / np.sqrt(values.shape[-1])
    return np.asarray(np.where(flat, np.copysign(np.inf, mean), mean / error))


def _directed(t: Floats, alternative: Alternative) -> Floats:
    return np.abs(t) if alternative == "two-sided" else (t if alternative == "greater" else -t)


def dunnett_tests(
    arms: Sequence[ArrayLike], control: ArrayLike, name: str, alternative: Alternative = "two-sided"
) -> AdjustedTests:
    """Return Dunnett's p values of several arms against one control (e.g. nine intermediate tasks against none).

    Dunnett (1955), JASA 50, 1096-1121, by scipy.stats.dunnett: normal scores with one variance in all arms. Its
    multivariate t integral is quasi-random; the key makes it the same each time.

    Parameters
    ----------
    arms : sequence of arrays of shape (seeds,)
    control : array of shape (seeds,)
    """
    from scipy.stats import dunnett

    groups = [finite(arm, f"arm {number}", 2) for number, arm in enumerate(arms)]
    base = finite(control, "control", 2)
    if not groups or any(group.ndim != 1 for group in (*groups, base)):
        raise InputError(Problem("arms must be one row of seeds each", "give at least one arm and a control"))
    centred = np.concatenate([group - group.mean() for group in (*groups, base)])
    if np.abs(centred).max() <= 1e-12 * max(float(np.abs(group).max()) for group in (*groups, base)):
        raise InputError(Problem("all values within each arm are equal", "no test follows from no spread"))
    with warnings.catch_warnings():
        # An arm without spread is fine here, as the variance is pooled; scipy warns of each.
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        made = dunnett(
            *groups,
            control=base,
            alternative=checked_alternative(alternative),
            rng=np.random.default_rng(key_of(name)),
        )
    n = min(len(group) for group in (*groups, base))
    return AdjustedTests(np.asarray(made.statistic), np.asarray(made.pvalue), "Dunnett", n, 0.0)
