"""Resampling of nested and crossed designs: runs and languages within tasks, checkpoints shared by several targets.

Davison and Hinkley (1997), "Bootstrap methods and their application", section 3.8; Saravanan, Berman and Sober
(2020), Neurons Behav. Data Anal. Theory 3(5). What is resampled is what the statement generalises over: seeds
always; languages or tasks only where it speaks of other languages or tasks than these. A run is evaluated in
every language, so its languages share its luck: they are never resampled apart from it unless each language had runs
of its own.

Percentile ends with m units at the top cover less than they say, about as a z interval with variance (m - 1) / m: .90
to .92 of nominal .95 with nine tasks; the returned note tells. A t interval over the averages of the top units is
simpler to explain and covers better.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.resampling.indices import chunks, resample_indices
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE, Floats, finite, no_spread, probability

LEVELS: Final = ("task", "language", "seed")


def hierarchical_interval(
    scores: ArrayLike,
    name: str,
    resample: Collection[str] = ("seed",),
    runs: str = "shared",
    level: float = 0.95,
    resamples: int = 9_999,
) -> Interval:
    """Return the percentile interval of the mean over tasks of the mean over languages of the mean over seeds.

    Parameters
    ----------
    scores : array of shape (tasks, languages, seeds)
        In points.
    name : str
        Key of the resamples, as a rule the claim id.
    resample : collection of {"task", "language", "seed"}
        Levels the statement generalises over; the others are fixed.
    runs : {"shared", "separate"}
        "shared": seed s of a task is one run, evaluated in all its languages. "separate": every language has runs of
        its own (e.g. trained on translations).
    """
    values = finite(scores, "scores", 1)
    wrong = sorted(set(resample) - set(LEVELS))
    if values.ndim != 3 or wrong or not resample or runs not in ("shared", "separate"):
        raise InputError(
            Problem(
                f"scores of shape {values.shape}, resample {list(resample)}, runs {runs!r}",
                "give (tasks, languages, seeds), levels out of task, language, seed, and runs shared or separate",
            )
        )
    tasks, languages, seeds = values.shape
    drawn = np.empty(resamples)
    for part in chunks(resamples, values.size):
        r = len(part)
        task = np.broadcast_to(np.arange(tasks), (r, tasks))
        language = np.broadcast_to(np.arange(languages), (r, tasks, languages))
        seed = np.broadcast_to(np.arange(seeds), (r, tasks, languages, seeds))
        if "task" in resample:
            task = resample_indices(name, tasks, part, stream=0)
        if "language" in resample:
            language = resample_indices(name, languages, part, tasks * languages, 1).reshape(
                r, tasks, languages
            )
        if "seed" in resample:
            groups = (1 if runs == "shared" else languages) * tasks
            drawn_seeds = resample_indices(name, seeds, part, groups * seeds, 2).reshape(r, tasks, -1, seeds)
            seed = np.broadcast_to(drawn_seeds, (r, tasks, languages, seeds))
        chosen = values[task[:, :, None, None], language[:, :, :, None], seed]
        drawn[part.start : part.stop] = chosen.mean(axis=(1, 2, 3))
    levels = [one for one in LEVELS if one in resample]
    top = values.shape[LEVELS.index(levels[0])]
    return _percentile(float(values.mean()), drawn, values, level, " and ".join(levels), top, resamples)


def shared_checkpoint_interval(
    scores: ArrayLike,
    name: str,
    control: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = 9_999,
) -> Interval:
    """Return the percentile interval of an average where one intermediate checkpoint serves several targets.

    A checkpoint is drawn with all its targets; within it, each target's seeds are drawn anew. The control arm has
    the same form. `tasks.shared_run_interval` is the t interval of the same design, and covers better below ten
    checkpoints.

    Parameters
    ----------
    scores, control : arrays of shape (checkpoints, tasks, seeds)
    """
    arms = [finite(scores, "scores", 1)] + ([] if control is None else [finite(control, "control", 1)])
    if any(arm.ndim != 3 or len(arm) < 2 for arm in arms):
        remedy = (
            "give (checkpoints, tasks, seeds) with at least 2 checkpoints: one checkpoint is one replication"
        )
        raise InputError(Problem(f"arms of shape {[arm.shape for arm in arms]}", remedy))
    drawn = np.zeros(resamples)
    for number, (arm, sign) in enumerate(zip(arms, (1.0, -1.0), strict=False)):
        checkpoints, tasks, seeds = arm.shape
        for part in chunks(resamples, arm.size):
            r = len(part)
            checkpoint = resample_indices(name, checkpoints, part, stream=2 * number)[:, :, None, None]
            seed = resample_indices(name, seeds, part, checkpoints * tasks * seeds, 2 * number + 1)
            chosen = arm[checkpoint, np.arange(tasks)[:, None], seed.reshape(r, checkpoints, tasks, seeds)]
            drawn[part.start : part.stop] += sign * chosen.mean(axis=(1, 2, 3))
    estimate = float(arms[0].mean() - (arms[1].mean() if control is not None else 0.0))
    return _percentile(estimate, drawn, arms[0], level, "checkpoints", min(map(len, arms)), resamples)


def _percentile(
    estimate: float, drawn: Floats, values: Floats, level: float, unit: str, n: int, resamples: int
) -> Interval:
    if np.ptp(drawn) <= TIE * np.abs(values).max():
        raise no_spread(f"resampling {unit} changes nothing")
    tail = (1 - probability(level)) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    note = (
        f"with {n} units at the top a percentile interval covers less than it says; prefer t"
        if n < 10
        else ""
    )
    method = f"hierarchical percentile bootstrap, {resamples:,} keyed resamples"
    return Interval(
        estimate, float(low), float(high), level, method, unit, n, float(drawn.std(ddof=1)), None, note
    )
