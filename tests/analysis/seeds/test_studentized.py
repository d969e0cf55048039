"""The studentized bootstrap against its definition, written out with every ordered resample."""

from itertools import product

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.seeds import bootstrap_difference, bootstrap_interval

SCORES = np.array([3.1, 2.2, 5.7, 4.4])


def error_of(sample, statistic):
    if statistic is np.mean:
        return sample.std(ddof=1) / np.sqrt(len(sample))
    return np.std([statistic(np.array(again)) for again in product(sample, repeat=len(sample))])


def by_definition(samples, statistic, level):
    """All ordered joint resamples, equally likely; the end is the smallest t with that share at or below it."""
    single = [
        [(statistic(np.array(r)), error_of(np.array(r), statistic)) for r in product(s, repeat=len(s))]
        for s in samples
    ]
    signs = (1, -1)[: len(samples)]
    estimate = sum(sign * statistic(s) for sign, s in zip(signs, samples, strict=True))
    error = np.sqrt(sum(error_of(s, statistic) ** 2 for s in samples))
    t = []
    for parts in product(*single):
        shift = sum(sign * value for sign, (value, _) in zip(signs, parts, strict=True)) - estimate
        spread = np.sqrt(sum(one**2 for _, one in parts))
        t.append(shift / spread if spread > 1e-9 else (0.0 if abs(shift) < 1e-9 else np.inf * np.sign(shift)))
    low, high = np.quantile(t, [(1 - level) / 2 - 1e-12, (1 + level) / 2 - 1e-12], method="inverted_cdf")
    return estimate - high * error, estimate - low * error


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_one_arm_is_its_definition(statistic):
    made = bootstrap_interval(SCORES, "claim", statistic, "studentized", level=0.8)
    wanted = by_definition([SCORES], getattr(np, statistic), 0.8)
    np.testing.assert_allclose([made.low, made.high], wanted, rtol=1e-10)


def test_two_arms_are_their_definition():
    control = np.array([1.0, 2.0, 2.5])
    made = bootstrap_difference(SCORES, control, "claim", "mean", "studentized", level=0.8)
    np.testing.assert_allclose(
        [made.low, made.high], by_definition([SCORES, control], np.mean, 0.8), rtol=1e-10
    )


def test_it_does_not_depend_on_the_batch_and_scales_with_the_unit():
    rng = np.random.default_rng(5)
    rows = rng.normal(70, 2, (3, 12))
    for statistic in ("mean", "iqm"):
        together = bootstrap_interval(rows, "claim", statistic, "studentized", resamples=299)
        alone = bootstrap_interval(rows[1], "claim", statistic, "studentized", resamples=299)
        assert (together.low[1], together.high[1]) == (alone.low, alone.high)
        small = bootstrap_interval(rows[1] * 1e-6, "claim", statistic, "studentized", resamples=299)
        np.testing.assert_allclose([small.low, small.high], [alone.low * 1e-6, alone.high * 1e-6], rtol=1e-9)


def test_three_seeds_are_refused():
    """One resample in nine has no spread, so no 95 % end is finite."""
    with pytest.raises(InputError, match="11% of the resamples have no spread"):
        bootstrap_interval([1.0, 2.0, 4.0], "claim", rule="studentized")
