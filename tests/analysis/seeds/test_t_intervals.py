"""t intervals against scipy, R and hand calculation; guards for what no interval can be made of."""

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.seeds.prediction import gain_prediction_interval, prediction_interval, two_estimate_interval
from analysis.seeds.student import (
    borrowed_interval,
    difference_interval,
    mean_interval,
    paired_interval,
    satterthwaite,
)
from analysis.seeds.tasks import (
    paired_task_average_difference,
    shared_run_interval,
    task_average_difference,
    task_average_interval,
)

Y = [84.1, 82.7, 85.0, 83.3, 84.6, 83.9, 82.2, 85.4, 84.4, 83.0, 80.5, 84.9]
X = [81.9, 82.5, 80.7, 83.1, 82.0, 81.1, 82.8, 80.2, 83.4, 81.5]
GAIN = np.random.default_rng(1).normal(0, 1, (4, 9, 3)) + 80


def ends(interval):
    return [float(interval.low), float(interval.high)]


def test_r_welch_and_paired():
    # R 4.2.2: t.test(y, x); t.test(y[1:10], x, paired = TRUE)
    welch = difference_interval(Y, X)
    assert ends(welch) == pytest.approx([0.652060451720005, 2.841272881613334], rel=1e-12)
    assert welch.df == pytest.approx(19.8289634066574, rel=1e-12)
    assert ends(paired_interval(Y[:10], X)) == pytest.approx(
        [0.611839942602815, 3.268160057397186], rel=1e-12
    )


def test_sleep_data_of_student_1908():
    # Student (1908), Biometrika 6, table on page 20; R's `sleep`: t.test(extra ~ group) gives df 17.776, p .07939.
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    made = difference_interval(one, two)
    assert made.df == pytest.approx(17.776, abs=5e-4)
    assert ends(made) == pytest.approx([-3.3654832, 0.2054832], abs=1e-7)
    assert ends(paired_interval(one, two)) == pytest.approx([-2.4598858, -0.7001142], abs=1e-7)


def test_batch_equals_one_at_a_time():
    batch = mean_interval(GAIN)
    for index in np.ndindex(GAIN.shape[:-1]):
        assert batch.low[index] == mean_interval(GAIN[index]).low
    scipys = stats.ttest_1samp(GAIN, 0, axis=-1).confidence_interval(0.9)
    assert mean_interval(GAIN, 0.9).low == pytest.approx(scipys.low, rel=1e-12)


def test_one_task_is_welch_and_many_are_a_hand_calculation():
    a, b = GAIN[0], GAIN[1] + 1
    one = task_average_difference(a[:1], b[:1])
    assert ends(one) == pytest.approx(ends(difference_interval(a[0], b[0])), rel=1e-12)
    parts = np.concatenate([a.var(axis=1, ddof=1), b.var(axis=1, ddof=1)]) / 3 / 81
    df = parts.sum() ** 2 / (parts**2 / 2).sum()
    error = np.sqrt(parts.sum())
    made = task_average_difference(a, b)
    assert (made.standard_error, made.df) == pytest.approx((error, df), rel=1e-12)
    assert made.low == pytest.approx(a.mean() - b.mean() - stats.t.ppf(0.975, df) * error, rel=1e-12)
    assert task_average_difference(GAIN[:2], GAIN[2:]).low[1] == task_average_difference(GAIN[1], GAIN[3]).low
    assert ends(task_average_difference(list(a), list(b))) == pytest.approx(ends(made), rel=1e-14)


def test_invariances():
    a, b = GAIN[0], GAIN[1]
    made = task_average_difference(a, b)
    for scale in (1e-4, 1e-8, 1e6):
        scaled = task_average_difference(a * scale, b * scale)
        assert np.array(ends(scaled)) / scale == pytest.approx(ends(made), rel=1e-9)
    order = np.random.default_rng(0).permutation(9)
    assert ends(task_average_difference(a[order], b[order][:, ::-1])) == pytest.approx(ends(made), rel=1e-12)
    assert ends(task_average_difference(b, a)) == pytest.approx([-made.high, -made.low], rel=1e-12)
    shifted = task_average_difference(a + 5, b)
    assert ends(shifted) == pytest.approx([made.low + 5, made.high + 5], rel=1e-9)


def test_ragged_tasks_and_shared_runs():
    rows = [[80.0, 81, 82], [70.0, 70.5], [60.0, 61, 62, 64]]
    made = task_average_interval(rows)
    assert made.estimate == pytest.approx((81 + 70.25 + 61.75) / 3) and made.n == 2
    # One checkpoint that serves nine tasks is one replication: df 2, not 18.
    shared = shared_run_interval(GAIN[0].T)
    assert shared.df == 2 and shared.n == 3
    assert ends(shared) == pytest.approx(ends(mean_interval(GAIN[0].mean(axis=0))), rel=1e-12)
    paired = shared_run_interval(GAIN[0].T, GAIN[1].T, design="paired")
    assert ends(paired) == pytest.approx(
        ends(paired_interval(GAIN[0].mean(axis=0), GAIN[1].mean(axis=0))), rel=1e-9
    )
    assert paired_task_average_difference(GAIN[0], GAIN[1]).df < 18


def test_satterthwaite_limits():
    assert satterthwaite(np.array([1.0, 0.0]), np.array([4.0, 2.0])) == 4
    assert satterthwaite(np.array([1.0, 1.0]), np.array([5.0, 5.0])) == 10
    assert np.isinf(satterthwaite(np.array([1.0, 2.0]), np.array([np.inf, np.inf])))


def test_prediction_is_wider_by_the_replication():
    made = prediction_interval(Y)
    n, s = len(Y), np.std(Y, ddof=1)
    reach = (
        stats.t.ppf(0.975, n - 1) * s * np.sqrt(1 + 1 / n)
    )  # R: predict(lm(y ~ 1), interval = "prediction")
    assert ends(made) == pytest.approx([np.mean(Y) - reach, np.mean(Y) + reach], rel=1e-12)
    assert ends(prediction_interval(Y, 10**12)) == pytest.approx(ends(mean_interval(Y)), rel=1e-6)
    gain, new = (
        task_average_difference(GAIN[0], GAIN[1]),
        gain_prediction_interval(GAIN[0], GAIN[1], new_seeds=3),
    )
    assert new.standard_error == pytest.approx(gain.standard_error * np.sqrt(2), rel=1e-12)
    both = two_estimate_interval(8.2, 0.3, 0.4)
    assert ends(both) == pytest.approx(
        [8.2 - 1.959963984540054 * 0.5, 8.2 + 1.959963984540054 * 0.5], rel=1e-12
    )


def test_a_published_gain_with_a_borrowed_deviation():
    made = borrowed_interval(0.7, 0.36, source="arXiv:2310.10532")
    assert made.standard_error == pytest.approx(0.36 * np.sqrt(2)) and not made.excludes(0.0)
    assert "borrowed from arXiv:2310.10532" in made.note
    assert borrowed_interval(0.7, 0.36, deviation_df=4).high > made.high


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([84.2], "1 value"),
        ([84.2, np.nan, 83.0], r"nan at position \[1\]"),
        ([84.2, np.inf], r"inf at position \[1\]"),
        ([84.2, 84.2, 84.2], "all 3 values of scores equal 84.2"),
        ([], "0 values"),
        (84.2, "single number"),
        (["a", "b"], "not an array of numbers"),
    ],
)
def test_what_no_interval_can_be_made_of(scores, words):
    with pytest.raises(InputError, match=words):
        mean_interval(scores)


def test_more_refusals():
    with pytest.raises(InputError, match="position \\[1\\]"):
        mean_interval([[1.0, 2.0], [3.0, 3.0]])
    with pytest.raises(InputError, match="share between 0 and 1"):
        mean_interval(Y, level=95)
    with pytest.raises(InputError, match="no spread"):
        task_average_difference(np.full((2, 3), 80.1), np.full((2, 3), 79.9))
    with pytest.raises(InputError, match="same tasks"):
        task_average_difference(GAIN[0], GAIN[1][:4])
    with pytest.raises(InputError, match="cannot be paired"):
        paired_interval(Y, X)
    with pytest.raises(InputError, match="positive number of points"):
        borrowed_interval(1.0, 0.0)
    with pytest.raises(InputError, match="no spread"):
        difference_interval([80.3] * 3, [79.1] * 3)


def test_a_million_rows():
    values = np.random.default_rng(0).normal(80, 1, 1_000_000)
    made = mean_interval(values)
    assert made.high - made.low == pytest.approx(2 * 1.96e-3, rel=0.01)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_silent_nan_from_published_numbers(bad):
    from analysis.hypothesis.equivalence import equivalence_test
    from analysis.power import Design, equivalence_power, power
    from analysis.selection import best_of_correction, winner_on_other_data

    for broken in (
        lambda: borrowed_interval(bad, 0.36),
        lambda: borrowed_interval(0.7, abs(bad)),
        lambda: two_estimate_interval(bad, 0.3, 0.4),
        lambda: two_estimate_interval(8.2, bad, 0.4),
        lambda: equivalence_test(borrowed_interval(0.7, 0.36), -1, 1, reference=bad),
        lambda: equivalence_test(borrowed_interval(0.7, 0.36), bad, bad),
        lambda: power(Design(0.6), bad, 3),
        lambda: equivalence_power(Design(0.6), bad, 3),
        lambda: best_of_correction(bad, 0.5, 3),
        lambda: winner_on_other_data(0, bad, 0.5, 4, 9),
    ):
        with pytest.raises(InputError):
            broken()
