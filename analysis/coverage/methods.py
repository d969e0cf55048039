"""The intervals that compete for the default, each batched over replications.

Every method takes a `Draw` and returns low and high, (r,), at nominal .95. What a method is about (these tasks,
or tasks like these) decides which truth it is held to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.coverage.simulate import Draw
from analysis.meta.pool import pool
from analysis.resampling.indices import resample_indices
from analysis.seeds.tasks import task_average_difference

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
Truth = Literal["these tasks", "tasks like these"]


def _t(estimate: NDArray[np.float64], error: NDArray[np.float64], df: float) -> Ends:
    from scipy.special import stdtrit

    half = stdtrit(df, 0.975) * error
    return estimate - half, estimate + half


def welch_over_tasks(draw: Draw) -> Ends:
    """Errors of the tasks add, degrees of freedom by Satterthwaite."""
    made = task_average_difference(draw.treated, draw.control)
    return np.asarray(made.low), np.asarray(made.high)


def run_averages(draw: Draw) -> Ends:
    """Welch on the averages over tasks of the first, second, ... seed: valid, and wider than it need be."""
    a, b = draw.treated.mean(1), draw.control.mean(1)
    n = a.shape[1]
    va, vb = a.var(1, ddof=1) / n, b.var(1, ddof=1) / n
    df = (va + vb) ** 2 / (va**2 + vb**2) * (n - 1)
    from scipy.special import stdtrit

    half = stdtrit(df, 0.975) * np.sqrt(va + vb)
    gain = a.mean(1) - b.mean(1)
    return gain - half, gain + half


def percentile_bootstrap(draw: Draw, resamples: int = 499) -> Ends:
    """Percentile interval of a bootstrap stratified by task (what rliable reports)."""
    r, k, n = draw.treated.shape
    total = np.zeros((r, resamples))
    for arm, sign in ((draw.treated, 1.0), (draw.control, -1.0)):
        for task in range(k):
            drawn = resample_indices(f"coverage/{sign}/{task}", n, range(resamples))
            counts = np.stack([(drawn == i).sum(1) for i in range(n)]) / n
            total += sign * (arm[:, task] @ counts) / k
    low, high = np.quantile(total, [0.025, 0.975], axis=1)
    return low, high


def languages_as_runs(draw: Draw) -> Ends:
    """Every language and seed counted as an independent run; measured to show why it is refused."""
    r, k, n, languages = draw.per_language.shape
    flat = draw.per_language.reshape(r, k, n * languages)
    error = np.sqrt((flat.var(-1, ddof=1) / (n * languages)).sum(1)) / k
    return _t(flat.mean((1, 2)), error, float(k * (n * languages - 1)))


def t_over_tasks(draw: Draw) -> Ends:
    """Plain t on the gains of the tasks."""
    gains = (draw.treated - draw.control).mean(-1)
    k = gains.shape[1]
    return _t(gains.mean(1), gains.std(1, ddof=1) / np.sqrt(k), k - 1.0)


def _pooled(draw: Draw, method: str, test: str) -> Ends:
    n = draw.treated.shape[-1]
    gains = (draw.treated - draw.control).mean(-1)
    variance = (draw.treated.var(-1, ddof=1) + draw.control.var(-1, ddof=1)) / n
    made = pool(gains, variance, method=method, test=test)  # type: ignore[arg-type]
    return np.asarray(made.ci_low)[..., 0], np.asarray(made.ci_high)[..., 0]


METHODS: Final[dict[str, tuple[Truth, Callable[[Draw], Ends]]]] = {
    "Welch-Satterthwaite over tasks": ("these tasks", welch_over_tasks),
    "Welch on run averages": ("these tasks", run_averages),
    "percentile bootstrap, stratified": ("these tasks", percentile_bootstrap),
    "every language and seed a run": ("these tasks", languages_as_runs),
    "t over task effects": ("tasks like these", t_over_tasks),
    "REML, Knapp-Hartung": ("tasks like these", lambda draw: _pooled(draw, "REML", "knapp_hartung")),
    "REML, floored Knapp-Hartung": (
        "tasks like these",
        lambda draw: _pooled(draw, "REML", "knapp_hartung_floored"),
    ),
    "DL, z": ("tasks like these", lambda draw: _pooled(draw, "DL", "z")),
}
"""Name -> (what it is about, interval)."""
