"""Sampling error of the test set: Wilson for accuracy, F1 from counts, and both errors together with seeds.

Wilson (1927), JASA 22, 209-212; Miller (2024), arXiv:2411.00640, section 3, for the two variances of an evaluation.
Seeds share one test set, so their spread does not contain its error: an interval over seeds says where the score
of new runs on this test set lies, the combined one where it lies on new examples too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import numbers, same_shape
from analysis.errors import InputError, Problem
from analysis.resampling.indices import chunks
from analysis.resampling.philox import random_words
from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE, finite, plain, probability, spread
from analysis.seeds.student import satterthwaite, t_interval


def wilson_interval(accuracy: ArrayLike, examples: ArrayLike, level: float = 0.95) -> Interval:
    """Return Wilson's score interval of an accuracy.

    Parameters
    ----------
    accuracy : float or array
        Share of correct examples, 0 to 1 (not points).
    examples : int or array broadcastable to it
        Size of the test set.
    """
    from scipy.special import ndtri

    p, n = same_shape(accuracy=accuracy, examples=examples)
    if (
        p.size == 0
        or not (np.isfinite(p).all() and np.isfinite(n).all())
        or np.any((p < 0) | (p > 1))
        or np.any(n < 1)
    ):
        remedy = "give a share between 0 and 1 (divide points by 100) and the number of test examples"
        raise InputError(Problem(f"accuracy {accuracy!r} of {examples!r} examples", remedy))
    z2 = float(ndtri((1 + probability(level)) / 2)) ** 2
    center = (p + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    error = np.sqrt(p * (1 - p) / n)
    # At 0 and 1 the end is exactly the accuracy; rounding would put it just inside.
    low = np.where(p == 0, 0.0, center - reach)
    high = np.where(p == 1, 1.0, center + reach)
    return Interval(
        plain(p), plain(low), plain(high), level, "Wilson", "test examples", int(n.min()), plain(error)
    )


def f1_error(hits: int, false_alarms: int, misses: int) -> tuple[float, float]:
    """Return F1 of one class and its standard error over test examples, by the delta method, both 0 to 1.

    F1 = 2 TP / (2 TP + FP + FN) with multinomial counts gives the variance
    4 TP (FP + FN) (TP + FP + FN) / (2 TP + FP + FN)**4 (true negatives do not matter); compare Takahashi et al.
    (2022), Applied Intelligence 52, 4961-4972, equation 9. F1 of answers in question answering is a mean over
    examples: take `clustered.clustered_interval` there.

    Raises
    ------
    InputError
        For negative counts, or no positive example and no positive prediction.
    """
    if min(hits, false_alarms, misses) < 0 or hits + false_alarms + misses == 0:
        raise InputError(
            Problem(f"counts {hits}, {false_alarms}, {misses}", "give counts of 0 or more, not all 0")
        )
    wrong = false_alarms + misses
    total = 2 * hits + wrong
    return 2 * hits / total, float(np.sqrt(4.0 * hits * wrong * (hits + wrong)) / total**2)


def f1_interval(
    hits: int,
    false_alarms: int,
    misses: int,
    correct_rejections: int,
    name: str,
    level: float = 0.95,
    resamples: int = 9_999,
) -> Interval:
    """Return the percentile bootstrap interval of F1 over test examples, resampled as multinomial counts.

    Parameters
    ----------
    hits, false_alarms, misses, correct_rejections : int
        True positives, false positives, false negatives, true negatives.
    name : str
        Key of the resamples, as a rule the claim id.
    """
    from scipy.stats import binom

    estimate, error = f1_error(hits, false_alarms, misses)
    remaining = hits + false_alarms + misses + correct_rejections
    examples, tail = remaining, (1 - probability(level)) / 2
    drawn = np.empty(resamples)
    for part in chunks(resamples, 8):
        uniform = (random_words(name, part, 4).astype(float) + 0.5) / 2**32
        left = np.full(len(part), float(examples))
        share_left, counts = 1.0, []
        for column, count in enumerate((hits, false_alarms, misses)):
            share = count / examples
            taken = (
                binom.ppf(uniform[:, column], left, min(1.0, share / share_left))
                if share
                else np.zeros(len(part))
            )
            counts.append(taken)
            left, share_left = left - taken, share_left - share
        denominator = 2 * counts[0] + counts[1] + counts[2]
        drawn[part.start : part.stop] = np.where(
            denominator > 0, 2 * counts[0] / np.maximum(denominator, 1), 0.0
        )
    low, high = np.quantile(drawn, [tail, 1 - tail])
    method = f"percentile bootstrap, {resamples:,} keyed resamples"
    return Interval(estimate, float(low), float(high), level, method, "test examples", examples, error)


def seeds_and_examples_interval(
    scores: ArrayLike,
    example_error: ArrayLike,
    level: float = 0.95,
    method: str = "t, seeds and test examples",
) -> Interval:
    """Return the interval of a mean score over new seeds and new test examples.

    Variance: s**2 / n + example_error**2. The luck of single answers is in both, and n runs average it: the interval
    is right where runs agree on which examples are hard, and up to sqrt(1 + n) times too wide where each errs on
    examples of its own. With every run's score on every example, take `seeds_by_examples_interval`.

    Parameters
    ----------
    scores : array of shape (..., seeds)
        In points, on one shared test set.
    example_error : float or array of shape (...)
        Standard error of one run's score over test examples, same points (100 x that of `wilson_interval`).
    """
    values = finite(scores, "scores", 2)
    n = values.shape[-1]
    seed_part = spread(values, "scores") ** 2 / n
    of_examples = numbers(example_error, "example_error")
    fits = of_examples.ndim == 0 or of_examples.shape == seed_part.shape
    if not fits or not np.isfinite(of_examples).all() or np.any(of_examples < 0):
        raise InputError(
            Problem(
                f"standard error over examples is {example_error!r}",
                "give a number of 0 or more per row of scores, in points",
            )
        )
    parts = np.stack([seed_part, np.broadcast_to(of_examples**2, seed_part.shape)], axis=-1)
    df = satterthwaite(parts, np.array([n - 1.0, np.inf]))
    return t_interval(
        values.mean(axis=-1), np.sqrt(parts.sum(axis=-1)), df, level, method, "seeds and test examples", n
    )


def seeds_by_examples_interval(scores: ArrayLike, level: float = 0.95) -> Interval:
    """Return the interval of the mean over new seeds and new examples from every run's score on every example.

    Two-way: the variance of seed means / n plus that of example means / m, minus the residual / (n m) counted twice
    (Brennan 2001, "Generalizability theory", section 3.3); never below the larger of the first two.

    Parameters
    ----------
    scores : array of shape (seeds, examples)
    """
    values = finite(scores, "scores", 2)
    if values.ndim != 2 or len(values) < 2:
        raise InputError(
            Problem(f"scores of shape {values.shape}", "give (seeds, examples) with at least 2 of each")
        )
    seeds, examples = values.shape
    grand, of_seed, of_example = values.mean(), values.mean(axis=1), values.mean(axis=0)
    seed_part, test_part = of_seed.var(ddof=1) / seeds, of_example.var(ddof=1) / examples
    rest = values - of_seed[:, None] - of_example + grand
    twice = (rest**2).sum() / ((seeds - 1) * (examples - 1)) / (seeds * examples)
    variance = max(seed_part + test_part - twice, seed_part, test_part)
    if variance <= (TIE * np.abs(values).max()) ** 2:
        raise InputError(Problem("all scores are equal", "no interval follows from no spread"))
    parts = np.array([seed_part, test_part])
    df = float(satterthwaite(parts, np.array([seeds - 1.0, examples - 1.0])))
    return t_interval(grand, np.sqrt(variance), df, level, "two-way t", "seeds and test examples", seeds)
