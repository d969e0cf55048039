"""Probability of improvement: how often a run of one arm beats a run of the other, P(X > Y) + P(X = Y) / 2.

Agarwal et al. (2021), NeurIPS, section 4.3; Bouthillier et al. (2021), MLSys, who call P >= .75 meaningful. A
bootstrap collapses to a point where every run of one arm wins, just what three seeds often show. Two intervals do
not:

* "guaranteed": U statistics are averages of averages of min(n, m) independent wins, so Chernoff's bound for the
  binomial holds for them (Hoeffding 1963, JASA 58, 13-30, theorem 1 with section 5). It covers at any n; at 3 v 3
  with all wins it starts at 0.025**(1/3) = .292, as Clopper and Pearson's does for three wins out of three.
* "score": Newcombe (2006), Stat. Med. 25, 559-573, method 5: Wilson's idea with Hanley and McNeil's variance;
  approximate, much shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.resampling.indices import chunks, stratified_indices
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE, Floats, finite, probability


def _wins(a: Floats, b: Floats) -> float:
    """Return P(X > Y) + P(X = Y) / 2 of two rows of runs; values equal to rounding are ties."""
    slack, ordered = _slack(a, b), np.sort(b)
    above = np.searchsorted(ordered, a - slack, side="left")
    reached = np.searchsorted(ordered, a + slack, side="right")
    return float((above + reached).sum() / (2 * len(a) * len(b)))


def _slack(a: Floats, b: Floats) -> float:
    return TIE * max(float(np.abs(a).max()), float(np.abs(b).max()))


def probability_of_improvement(
    treated: Sequence[ArrayLike] | Floats,
    control: Sequence[ArrayLike] | Floats,
    interval: Literal["guaranteed", "score", "bootstrap"] = "guaranteed",
    level: float = 0.95,
    name: str = "",
    resamples: int = 2_000,
) -> Interval:
    """Return the probability that a run of the treated arm beats one of the control, averaged over tasks.

    Parameters
    ----------
    treated, control : arrays of shape (tasks, seeds), or one array of seeds per task
    interval : {"guaranteed", "score", "bootstrap"}
        See the module. "bootstrap" is rliable's stratified percentile interval; it needs a name as key.
    """
    a, b = _tasks(treated, "treated"), _tasks(control, "control")
    if len(a) != len(b):
        raise InputError(Problem(f"treated has {len(a)} tasks, control {len(b)}", "compare the same tasks"))
    per_task = np.array([_wins(x, y) for x, y in zip(a, b, strict=True)])
    estimate, probability_level = float(per_task.mean()), probability(level)
    sizes = [(len(x), len(y)) for x, y in zip(a, b, strict=True)]
    n = min(min(pair) for pair in sizes)
    variance = sum(_hanley_mcneil(theta, *pair) for theta, pair in zip(per_task, sizes, strict=True))
    error = float(np.sqrt(variance)) / len(a)
    unit, note = "pairs of runs within tasks", ""
    if interval == "guaranteed":
        low, high = _chernoff(estimate, n * len(a), probability_level)
        method = "Hoeffding-Chernoff, guaranteed"
    elif interval == "score":
        low, high = _score(estimate, sizes, probability_level)
        method = "Newcombe method 5"
    elif interval == "bootstrap":
        drawn = _bootstrap(a, b, name, resamples)
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        method, error = (
            f"stratified percentile bootstrap, {resamples:,} keyed resamples",
            float(drawn.std(ddof=1)),
        )
        note = "collapses where one arm always wins; covers less than it says below ten seeds"
    else:
        raise InputError(Problem(f"unknown interval {interval!r}", "write guaranteed, score or bootstrap"))
    return Interval(estimate, float(low), float(high), level, method, unit, n, error, None, note)


def _tasks(arm: Sequence[ArrayLike] | Floats, name: str) -> list[Floats]:
    if isinstance(arm, np.ndarray) and arm.ndim < 2:
        raise InputError(Problem(f"{name} has shape {arm.shape}", "give an array of shape (tasks, seeds)"))
    rows = [finite(task, f"{name}, task {number}") for number, task in enumerate(arm)]
    if not rows or any(row.ndim != 1 for row in rows):
        raise InputError(Problem(f"{name} is not tasks by seeds", "give one array of seeds per task"))
    return rows


def _chernoff(estimate: float, pairs: int, level: float) -> tuple[float, float]:
    """Return all theta with pairs x KL(estimate || theta) <= log(2 / alpha), each side at alpha / 2."""
    budget = np.log(2 / (1 - level)) / pairs
    return _least_share(estimate, budget), 1 - _least_share(1 - estimate, budget)


def _least_share(seen: float, budget: float) -> float:
    """Return the smallest theta below `seen` with KL(seen || theta) <= budget; 0 where doubles hold none."""
    from scipy.optimize import brentq
    from scipy.special import rel_entr

    def excess(theta: float) -> float:
        return float(rel_entr(seen, theta) + rel_entr(1 - seen, 1 - theta) - budget)

    tiny = 1e-300
    if seen <= tiny or excess(tiny) <= 0:
        return 0.0
    return float(brentq(excess, tiny, seen, xtol=1e-14))


def _hanley_mcneil(theta: float, n: int, m: int) -> float:
    """Return the variance of U / (n m) under exponential scores, with Newcombe's symmetric sample size."""
    star = (n + m) / 2 - 1
    spread = 1 + star * (1 - theta) / (2 - theta) + star * theta / (1 + theta)
    return theta * (1 - theta) * spread / (n * m)


def _score(estimate: float, sizes: Sequence[tuple[int, int]], level: float) -> tuple[float, float]:
    """Return all theta with |estimate - theta| <= z x standard error at theta (tasks alike)."""
    from scipy.optimize import brentq
    from scipy.special import ndtri

    z2 = float(ndtri((1 + level) / 2)) ** 2

    def excess(theta: float) -> float:
        variance = sum(_hanley_mcneil(theta, n, m) for n, m in sizes) / len(sizes) ** 2
        return (estimate - theta) ** 2 - z2 * variance

    low = 0.0 if estimate <= 0 else brentq(excess, 0.0, estimate, xtol=1e-14)
    high = 1.0 if estimate >= 1 else brentq(excess, estimate, 1.0, xtol=1e-14)
    if estimate <= 0 or estimate >= 1:
        inside = brentq(excess, 1e-12, 1 - 1e-12, xtol=1e-14)
        low, high = (low, inside) if estimate <= 0 else (inside, high)
    return float(low), float(high)


def _bootstrap(a: list[Floats], b: list[Floats], name: str, resamples: int) -> Floats:
    """Return the average over tasks for each resample: wins are looked up, not compared anew."""
    drawn = np.zeros(resamples)
    sizes = [len(x) for x in a] + [len(y) for y in b]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    pairs = sum(len(x) * len(y) for x, y in zip(a, b, strict=True))
    for part in chunks(resamples, pairs):
        rows = stratified_indices(name, sizes, part)
        for task, (x, y) in enumerate(zip(a, b, strict=True)):
            gap, slack = x[:, None] - y, _slack(x, y)
            table = ((gap > slack).astype(float) + (gap >= -slack)) / 2
            of_a = rows[:, starts[task] : starts[task + 1]] - starts[task]
            other = len(a) + task
            of_b = rows[:, starts[other] : starts[other + 1]] - starts[other]
            drawn[part.start : part.stop] += table[of_a[:, :, None], of_b[:, None, :]].mean(axis=(1, 2))
    return drawn / len(a)
