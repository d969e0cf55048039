"""Coverage and error rates by seeded simulation: the short form of benchmarks/coverage_seeds.py.

Bands are three Monte-Carlo standard errors; where a rule is known to fall short, the test holds it to that shortfall,
so that neither the rule nor its warning can go stale.
"""

import numpy as np
import pytest

from analysis.hypothesis.permutation import permutation_test, sign_flip_test
from analysis.hypothesis.student import one_sample_t, task_average_t, welch_t
from analysis.seeds.bootstrap import bootstrap_interval
from analysis.seeds.clustered import clustered_interval
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.prediction import gain_prediction_interval, prediction_interval
from analysis.seeds.stratified import stratified_difference, studentized_task_interval
from analysis.seeds.student import difference_interval, mean_interval
from analysis.seeds.tasks import shared_run_interval, task_average_difference

LUCK = np.linspace(0.5, 1.5, 9)[:, None]
MANY = 4000


def share(interval, truth=0.0):
    return float(np.mean((np.asarray(interval.low) <= truth) & (truth <= np.asarray(interval.high))))


def band(rate, times, width=3.0):
    return width * np.sqrt(rate * (1 - rate) / times)


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_welch_satterthwaite_over_tasks_covers(seeds):
    runs = np.random.default_rng(seeds).normal(0, 1, (2, MANY, 9, seeds)) * LUCK
    covered = share(task_average_difference(runs[0], runs[1]))
    # Measured elsewhere .959 / .951 / .956: never below nominal, and hardly above it.
    assert 0.95 - band(0.95, MANY) <= covered <= 0.972


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_heavy_tails_do_not_break_it(seeds):
    runs = np.random.default_rng(seeds).standard_t(3, (2, MANY, 9, seeds)) * LUCK
    assert share(task_average_difference(runs[0], runs[1])) >= 0.95 - band(0.95, MANY)


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_one_task(seeds):
    draw = np.random.default_rng(seeds)
    a, b, new = draw.normal(0, 1, (MANY, seeds)), draw.normal(0, 2, (MANY, seeds)), draw.normal(0, 1, MANY)
    assert share(mean_interval(a)) == pytest.approx(0.95, abs=band(0.95, MANY))
    assert share(difference_interval(a, b)) == pytest.approx(0.955, abs=0.015)
    assert share(prediction_interval(a), new) == pytest.approx(0.95, abs=band(0.95, MANY))
    assert np.mean(welch_t(a, b).p <= 0.05) == pytest.approx(0.045, abs=0.015)
    assert np.mean(one_sample_t(a).p <= 0.05) == pytest.approx(0.05, abs=band(0.05, MANY))


def test_replicated_gains_fall_into_their_prediction():
    runs = np.random.default_rng(1).normal(0, 1, (4, MANY, 9, 3)) * LUCK
    new = (runs[2] - runs[3]).mean(axis=(1, 2))
    made = gain_prediction_interval(runs[0], runs[1], new_seeds=3)
    assert share(made, new) == pytest.approx(0.955, abs=0.015)
    # The confidence interval of the original is no prediction: about one replication in six falls outside.
    assert share(task_average_difference(runs[0], runs[1]), new) == pytest.approx(0.84, abs=0.03)


def test_rules_that_fall_short_say_so():
    draw = np.random.default_rng(2)
    few, ten = draw.normal(0, 1, (MANY, 3)), draw.normal(0, 1, (MANY, 10))
    for rule in ("percentile", "bca"):
        made = bootstrap_interval(few, "x", rule=rule)
        assert share(made) < 0.85 and "prefer a t interval" in made.note
        assert 0.87 < share(bootstrap_interval(ten, "x", rule=rule)) < 0.95
    runs = draw.normal(0, 1, (2, 300, 9, 3)) * LUCK
    pairs = list(zip(runs[0], runs[1], strict=True))
    percentile = [
        stratified_difference(a, b, f"{i}", "mean", resamples=499) for i, (a, b) in enumerate(pairs)
    ]
    studentized = [studentized_task_interval(a, f"{i}", b, resamples=499) for i, (a, b) in enumerate(pairs)]
    assert np.mean([share(one) for one in percentile]) == pytest.approx(0.867, abs=0.06)
    assert np.mean([share(one) for one in studentized]) == pytest.approx(0.955, abs=0.04)


def test_wrong_unit_would_cover_less_than_half():
    draw = np.random.default_rng(3)
    luck = draw.normal(0, 1, (2, 500, 9, 1, 3)) * LUCK[:, None]
    scores = luck + draw.normal(0, 0.5, (2, 500, 9, 15, 3))
    right = task_average_difference(scores[0].mean(axis=2), scores[1].mean(axis=2))
    wrong = task_average_difference(scores[0].reshape(500, 9, 45), scores[1].reshape(500, 9, 45))
    assert share(right) > 0.93 and share(wrong) < 0.5


def test_shared_checkpoints_need_the_checkpoint_as_unit():
    draw = np.random.default_rng(4)
    arms = draw.normal(0, 1, (2, 600, 4, 1)) + draw.normal(
        0, 0.7, (2, 600, 4, 9)
    )  # (arm, study, checkpoint, target)
    right = [shared_run_interval(a, b) for a, b in zip(arms[0], arms[1], strict=True)]
    wrong = task_average_difference(arms[0].swapaxes(1, 2), arms[1].swapaxes(1, 2))
    assert np.mean([share(one) for one in right]) == pytest.approx(0.955, abs=0.03)
    assert share(wrong) < 0.7


@pytest.mark.parametrize("seeds", [3, 5])
def test_probability_of_improvement(seeds):
    draw = np.random.default_rng(seeds)
    truth = 0.7603  # P(N(1, 2) > 0)
    rates = {}
    for kind in ("guaranteed", "score"):
        pairs = draw.normal(0, 1, (1500, 2, seeds)) + np.array([[1.0], [0.0]])
        made = [probability_of_improvement(a[None], b[None], kind) for a, b in pairs]
        rates[kind] = np.mean([one.low <= truth <= one.high for one in made])
    assert rates["guaranteed"] >= 0.95 and rates["score"] >= 0.93


def test_permutation_and_signs_keep_their_error_rate():
    draw = np.random.default_rng(5)
    a, b = draw.exponential(1, (2, MANY, 5))
    p = permutation_test(a, b, "x").p
    for alpha in (0.05, 0.1):
        assert np.mean(p <= alpha) <= alpha + band(alpha, MANY)
    flips = sign_flip_test(a - b, "x").p
    assert np.mean(flips <= 0.0625) == pytest.approx(0.0625, abs=band(0.0625, MANY))
    tasks = draw.normal(0, 1, (2, MANY, 9, 3)) * LUCK
    assert np.mean(task_average_t(tasks[0], tasks[1]).p <= 0.05) <= 0.05 + band(0.05, MANY)


def test_clusters():
    draw = np.random.default_rng(6)
    cluster = np.repeat(np.arange(12), [2, 3, 5, 8, 10, 10, 12, 15, 20, 25, 40, 60])
    size = np.bincount(cluster)
    assert size.max() == 60
    hits = {"CR0": 0, "CR2": 0}
    for _ in range(800):
        scores = draw.normal(0, 1, len(cluster)) + draw.normal(0, 0.5, 12)[cluster]
        for correction in hits:
            hits[correction] += share(clustered_interval(scores, cluster, correction))
    assert hits["CR2"] / 800 > 0.925 and hits["CR0"] < hits["CR2"]
