"""Where one replication should fall: an interval for a new mean, not for the true one.

A replication misses the original estimate by its own error too, so it falls outside the original 95 % confidence
interval 17 % of the time when both have the same size (Cumming and Maillardet 2006). The prediction interval
counts both: estimate -+ t x s sqrt(1/n + 1/m) (Hahn 1969, "Factors for calculating two-sided prediction intervals",
JASA 64; Spence and Stanley 2016, PLOS ONE 11, e0162874, for replications).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE, Floats, finite, spread
from analysis.seeds.student import satterthwaite, t_interval
from analysis.seeds.tasks import task_cells


def prediction_interval(scores: ArrayLike, new_seeds: int = 1, level: float = 0.95) -> Interval:
    """Return where the mean of `new_seeds` further runs should fall.

    Coverage of one new run at 3 to 10 seeds: .95 for normal luck, .93 for heavy tails and failing runs, because a
    single run keeps its own tail (no average makes it normal).

    Parameters
    ----------
    scores : array of shape (..., seeds)
        Points; at least 2 seeds.
    new_seeds : int
        Seeds of the replication.
    """
    values = finite(scores, "scores", 2)
    n = values.shape[-1]
    error = spread(values, "scores") * np.sqrt(1 / n + 1 / _positive(new_seeds))
    df = np.full(error.shape, n - 1.0)
    return t_interval(values.mean(axis=-1), error, df, level, f"t prediction of {new_seeds} new", "seeds", n)


def gain_prediction_interval(
    treated: Sequence[ArrayLike] | Floats,
    control: Sequence[ArrayLike] | Floats,
    new_seeds: int = 1,
    level: float = 0.95,
) -> Interval:
    """Return where a replication's difference of task averages should fall, with `new_seeds` per task and arm.

    Parameters
    ----------
    treated, control : arrays of shape (..., tasks, seeds), or one array of seeds per task
        As in `tasks.task_average_difference`, whose variance is that of the original part.
    """
    arms = [task_cells(treated, "treated"), task_cells(control, "control")]
    if arms[0][0].shape != arms[1][0].shape:
        raise InputError(
            Problem("treated and control have different tasks", "average the same tasks in both")
        )
    tasks = arms[0][0].shape[-1]
    own = np.concatenate(
        [variance * (1 + (df + 1) / _positive(new_seeds)) for _, variance, df, _ in arms], axis=-1
    )
    df = np.concatenate([part[2] for part in arms], axis=-1)
    parts = own / tasks**2
    error = np.sqrt(parts.sum(axis=-1))
    size = np.concatenate([part[3] for part in arms], axis=-1).max(axis=-1)
    if np.any(error <= TIE * size / tasks):
        raise InputError(Problem("all seeds of every task are equal", "no prediction follows from no spread"))
    estimate = arms[0][0].mean(axis=-1) - arms[1][0].mean(axis=-1)
    n = int(min(part[2].min() for part in arms)) + 1
    method = f"Welch-Satterthwaite prediction of {new_seeds} new"
    return t_interval(estimate, error, satterthwaite(parts, df), level, method, "seeds within tasks", n)


def two_estimate_interval(
    original: float,
    original_error: float,
    replication_error: float,
    original_df: float = np.inf,
    replication_df: float = np.inf,
    level: float = 0.95,
) -> Interval:
    """Return where a replication's estimate should fall, given both standard errors (Patil, Peng and Leek 2016).

    Perspectives on Psychological Science 11, 539-544. The replication agrees if its estimate lies inside.

    Parameters
    ----------
    original : float
        Original estimate; points.
    original_error, replication_error : float
        Standard errors, same points; the original's may be 0 for a number printed without any.
    """
    errors = np.array([original_error, replication_error], dtype=np.float64)
    if not np.isfinite(errors).all() or (errors < 0).any() or errors.sum() == 0:
        raise InputError(
            Problem(
                f"standard errors are {original_error} and {replication_error}",
                "give numbers of 0 or more, one positive",
            )
        )
    df = satterthwaite(errors**2, np.array([original_df, replication_df]))
    return t_interval(original, np.hypot(*errors), df, level, "prediction from two errors", "estimates", 1)


def _positive(new_seeds: int) -> int:
    if new_seeds < 1:
        raise InputError(Problem(f"{new_seeds} new seeds", "give at least 1"))
    return new_seeds
