"""Bootstrap end points against scipy, R's boot and brute force; the ideal bootstrap against all n**n resamples."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.resampling.indices import resample_indices
from analysis.seeds.bootstrap import bootstrap_difference, bootstrap_interval, jackknife_influence
from analysis.seeds.endpoints import acceleration
from analysis.seeds.location import iqm, mean, median, optimality_gap, trimmed_mean
from analysis.seeds.stratified import stratified_difference, stratified_interval, studentized_task_interval

Y = np.array([84.1, 82.7, 85.0, 83.3, 84.6, 83.9, 82.2, 85.4, 84.4, 83.0, 80.5, 84.9])
CLAIMS = np.random.default_rng(3).normal(80, 1, (6, 12))


class KeyedGenerator(np.random.Generator):
    """Gives scipy.stats.bootstrap our rows, so that only the end-point rule is compared."""

    def integers(self, low, high=None, size=None, **_):
        return resample_indices("claim", high, range(size[0]), size[1])


def keyed():
    return KeyedGenerator(np.random.PCG64(0))


@pytest.mark.parametrize(("rule", "name"), [("percentile", "percentile"), ("basic", "basic"), ("bca", "BCa")])
@pytest.mark.parametrize("statistic", [mean, median, iqm])
def test_end_points_equal_scipys_on_the_same_resamples(rule, name, statistic):
    made = bootstrap_interval(CLAIMS, "claim", statistic, rule, resamples=2_000)
    theirs = stats.bootstrap(
        (CLAIMS,),
        lambda x, axis: statistic(np.moveaxis(x, axis, -1)),
        axis=-1,
        method=name,
        n_resamples=2_000,
        rng=keyed(),
    )
    # Values that differ by rounding alone are ties for us; they move scipy's BCa by one order statistic at most.
    tolerance = 1e-6 if statistic is mean or rule != "bca" else 2e-3
    assert made.low == pytest.approx(theirs.confidence_interval.low, rel=tolerance)
    assert made.high == pytest.approx(theirs.confidence_interval.high, rel=tolerance)
    assert made.standard_error == pytest.approx(theirs.standard_error, rel=1e-6)


def test_r_boot():
    # R 4.2.2, boot 1.3.28.1: boot.ci(boot(y, mean, R = 199999), type = c("perc", "basic", "bca")), two decimals.
    for rule, low, high in (("percentile", 82.87, 84.38), ("basic", 82.96, 84.47), ("bca", 82.73, 84.30)):
        made = bootstrap_interval(Y, "y", rule=rule, resamples=99_999)
        assert (made.low, made.high) == pytest.approx((low, high), abs=0.016)
    # Same call on y[1:5]: ours lists all 126 resamples, so the ends are exact. R's BCa counts no tie (83.10, 84.58);
    # ours counts half, as scipy does.
    for rule, low, high in (("percentile", 83.20, 84.66), ("basic", 83.22, 84.68)):
        made = bootstrap_interval(Y[:5], "y", rule=rule)
        assert (made.low, made.high) == pytest.approx((low, high), abs=0.021)
    made = bootstrap_interval(Y, "y", "median", "percentile", resamples=99_999)
    assert (made.low, made.high) == pytest.approx((82.85, 84.75), abs=0.005)


def test_jackknife_influence_equals_r_empinf():
    # empinf(data = y, statistic = function(d, i) mean(d[i]), stype = "i", type = "jack"), first four
    influence = jackknife_influence(Y[None], mean)
    assert influence[0, :4] == pytest.approx(
        [0.433333333333408, -0.966666666666569, 1.333333333333371, -0.366666666666646]
    )
    generic = jackknife_influence(Y[None], lambda x: x.mean(axis=-1))
    assert generic == pytest.approx(influence, rel=1e-9)
    skew = ((Y - Y.mean()) ** 3).sum() / (6 * ((Y - Y.mean()) ** 2).sum() ** 1.5)
    assert acceleration([influence]) == pytest.approx([skew], rel=1e-12)


@pytest.mark.parametrize("rule", ["percentile", "basic"])
@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_ideal_bootstrap_is_all_resamples(rule, statistic):
    values = Y[:5]
    rows = np.array(list(product(range(5), repeat=5)))
    brute = np.sort({"mean": np.mean, "median": np.median}[statistic](values[rows], axis=1))
    low, high = np.quantile(brute, [0.05, 0.95], method="inverted_cdf")
    estimate = {"mean": np.mean, "median": np.median}[statistic](values)
    made = bootstrap_interval(values, "any", statistic, rule, level=0.9)
    expected = (low, high) if rule == "percentile" else (2 * estimate - high, 2 * estimate - low)
    assert (made.low, made.high) == pytest.approx(expected, rel=1e-12)
    assert made.standard_error == pytest.approx(brute.std(), rel=1e-9)
    assert made == bootstrap_interval(values, "another name", statistic, rule, level=0.9)


def test_two_arms_by_brute_force():
    a, b = Y[:3], Y[5:8] - 2
    rows = np.array(list(product(range(3), repeat=3)))
    brute = (a[rows].mean(axis=1)[:, None] - b[rows].mean(axis=1)).ravel()
    made = bootstrap_difference(a, b, "x", rule="percentile", level=0.9)
    expected = np.quantile(np.round(brute, 9), [0.05, 0.95], method="inverted_cdf")
    assert (made.low, made.high) == pytest.approx(tuple(expected), rel=1e-9)
    wide = bootstrap_difference(Y, Y[::-1] - 1, "x", rule="bca")
    theirs = stats.bootstrap(
        (Y, Y[::-1] - 1),
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        n_resamples=50_000,
        method="BCa",
        rng=1,
    ).confidence_interval
    assert (wide.low, wide.high) == pytest.approx(tuple(theirs), abs=0.05)


def test_a_claim_does_not_depend_on_its_neighbours():
    for statistic in ("mean", "iqm"):
        batch = bootstrap_interval(CLAIMS, "claim", statistic, resamples=999)
        alone = [bootstrap_interval(row, "claim", statistic, resamples=999) for row in CLAIMS]
        assert batch.low.tolist() == [one.low for one in alone]
        assert batch.high.tolist() == [one.high for one in alone]
    assert bootstrap_interval(CLAIMS, "b").low[0] != bootstrap_interval(CLAIMS, "claim").low[0]


@pytest.mark.parametrize("draws", [5, 12])
def test_rounding_moves_no_bca_end_point(draws):
    # Scores with one decimal: resampled means tie with the estimate many times over, and shifting all of them changes
    # how those ties round. scipy counts them on either side, so its end points move by up to .06 points.
    scores = np.array([80.1, 80.5, 80.4, 79.7, 79.5, 80.0, 80.2, 79.9, 80.3, 80.6, 79.8, 80.4])[:draws]
    made, theirs = bootstrap_interval(scores, "x"), []
    for shift in (0.0, 1.7, 13.3, -79.9, 1e-3):
        moved = bootstrap_interval(scores + shift, "x")
        assert (moved.low - shift, moved.high - shift) == pytest.approx((made.low, made.high), abs=1e-6)
        peer = stats.bootstrap(
            (scores + shift,), np.mean, method="BCa", n_resamples=999, rng=1
        ).confidence_interval
        theirs.append(peer.low - shift)
    assert draws > 5 or np.ptp(theirs) > 0.01


def test_locations():
    x = np.array([[3.0, 1, 2, 10, 4, 5, 6, 7, 8], [1, 1, 1, 1, 1, 1, 1, 1, 1]])
    assert iqm(x) == pytest.approx(stats.trim_mean(x, 0.25, axis=1))
    # Nine values, 25 % of the mass per end: 2.25 values go, so the third and the seventh count three quarters.
    assert iqm(x, "fractional")[0] == pytest.approx((0.75 * 3 + 4 + 5 + 6 + 0.75 * 7) / 4.5)
    assert trimmed_mean(x, 0.0)[0] == x[0].mean() and median(x)[0] == 5
    assert iqm(x[:, :3])[0] == pytest.approx(2) and iqm(x[:, :3], "fractional")[0] == pytest.approx(2)
    assert optimality_gap(np.array([90.0, 110.0]), 100.0) == 5
    with pytest.raises(InputError, match="at least 0 and below"):
        trimmed_mean(x, 0.5)


def test_refusals():
    with pytest.raises(InputError, match="unknown statistic"):
        bootstrap_interval(Y, "x", "mode")
    with pytest.raises(InputError, match=r"unknown bootstrap rule"):
        bootstrap_interval(Y, "x", rule="bc")
    with pytest.raises(InputError, match="one side of the estimate"):
        bootstrap_interval(
            np.arange(30.0), "x", lambda x: (np.diff(np.sort(x), axis=-1) > 0).sum(axis=-1) + 1.0
        )
    with pytest.raises(InputError, match="t interval"):
        bootstrap_interval(np.arange(1e6), "x")
    with pytest.raises(InputError, match="no spread"):
        bootstrap_difference([1.0, 1.0], [2.0, 2.0], "x")


# Fifteen runs of three tasks, as rliable 1.2.0 (arch 7.2.0, numpy 2.3.5) read them transposed.
A = np.array([[79.2, 81.5, 80.3, 78.8, 82.1], [65.1, 66.9, 64.2, 67.7, 66.0], [71.4, 70.2, 72.8, 69.9, 71.1]])
B = np.array([[78.9, 80.1, 79.4, 81.9, 77.5], [66.5, 63.2, 64.9, 65.8, 62.7], [70.0, 69.1, 71.6, 68.4, 72.0]])


def test_rliable_aggregates():
    # metrics.aggregate_iqm, _mean, _optimality_gap(A.T, 100.); get_interval_estimates with 100,000 reps.
    made = stratified_interval(A, "a")
    assert made.estimate == pytest.approx(72.0, rel=1e-12)
    assert (made.low, made.high) == pytest.approx((71.42222222222222, 72.64444444444445), abs=0.03)
    average = stratified_interval(A, "a", "mean")
    assert average.estimate == pytest.approx(72.48, rel=1e-12)
    assert (average.low, average.high) == pytest.approx((71.88, 73.07333333333334), abs=0.03)
    assert stratified_interval(A, "a", "optimality_gap").estimate == pytest.approx(27.52, rel=1e-12)


def test_seeds_are_honoured_where_rliable_ignores_them():
    # rliable 1.2.0: two calls with the same random_state differ.
    assert stratified_interval(A, "a", resamples=500) == stratified_interval(A, "a", resamples=500)
    assert stratified_interval(A, "b", resamples=500).low != stratified_interval(A, "a", resamples=500).low


def test_stratified_standard_error_is_the_exact_one():
    exact = np.sqrt((A.var(axis=1) / 5).sum()) / 3
    assert stratified_interval(A, "a", "mean").standard_error == pytest.approx(exact, rel=0.01)
    difference = stratified_difference(A, B, "a", "mean")
    assert difference.standard_error == pytest.approx(
        np.hypot(exact, np.sqrt((B.var(axis=1) / 5).sum()) / 3), rel=0.01
    )
    assert difference.estimate == pytest.approx(A.mean() - B.mean())
    bca = stratified_interval(A, "a", "mean", rule="bca")
    assert (bca.low, bca.high) == pytest.approx((71.88, 73.07), abs=0.08)


def test_studentized_knows_that_the_spread_is_uncertain():
    t = studentized_task_interval(A, "a", B)
    percentile = stratified_difference(A, B, "a", "mean")
    assert t.high - t.low > 1.1 * (percentile.high - percentile.low)
    with pytest.raises(InputError, match="use the t interval"):
        studentized_task_interval(A[:1, :3], "a")
    # R boot 1.3.28.1: boot.ci(..., type = "stud") of y, one task, 99,999 resamples: (82.49, 84.42).
    one = studentized_task_interval(Y[None], "a", resamples=99_999)
    assert (one.low, one.high) == pytest.approx((82.49, 84.42), abs=0.03)
    for shape in (A[0], A[None]):
        with pytest.raises(InputError, match=r"\(tasks, seeds\)"):
            stratified_interval(shape, "a")


def test_large_batches_are_worked_through_in_blocks(monkeypatch):
    from analysis.seeds import bootstrap

    whole = bootstrap_interval(CLAIMS, "claim", resamples=999)
    monkeypatch.setattr(bootstrap, "BLOCK_VALUES", 2_000)
    blocks = bootstrap_interval(CLAIMS, "claim", resamples=999)
    assert whole.low.tolist() == blocks.low.tolist() and whole.high.tolist() == blocks.high.tolist()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"statistic": np.max}, "reduces the last axis"),
        ({"statistic": lambda a: a.mean()}, r"shape \(\) for an array of shape \(1, 5\)"),
        ({"statistic": lambda a: a.mean(-1) * np.nan, "rule": "percentile"}, "the statistic gives nan"),
        ({"statistic": lambda a: sorted(a)[9]}, "the statistic fails"),
        ({"rule": "exact"}, "percentile, basic, bca, studentized"),
        ({"resamples": 0}, "0 resamples"),
    ],
)
def test_a_statistic_or_rule_that_cannot_be_is_told(options, said):
    with pytest.raises(InputError, match=said):
        bootstrap_interval([1.0, 2, 3, 4, 6], "claim", **options)
