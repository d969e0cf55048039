"""Crossed random effects against lme4 (values recorded by benchmarks/mixed_reference.R), statsmodels and algebra."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.mixed import effect, fit_mixed, predict_new, variance_interval

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text())
CASES = [name for name in REFERENCE if name != "versions"]


def fitted(name):
    case = REFERENCE[name]
    return case, fit_mixed(case["y"], case["random"], case["fixed"])


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_lme4(name):
    """lme4's optimiser stops at about 1e-6 in the variances; its deviance must not be below ours."""
    case, fit = fitted(name)
    assert fit.converged
    expected = dict(zip(case["groups"], case["variance"], strict=True))
    expected["residual"] = expected.pop("Residual")
    assert fit.variance == pytest.approx(expected, rel=3e-6)
    assert list(fit.fixed.values()) == pytest.approx(case["beta"], rel=1e-6)
    assert list(fit.standard_errors.values()) == pytest.approx(case["se"], rel=1e-6)
    assert fit.reml_deviance == pytest.approx(case["deviance"], rel=1e-9)
    assert fit.reml_deviance <= case["deviance"] + 1e-7


@pytest.mark.parametrize("name", CASES)
def test_degrees_of_freedom_agree_with_lmertest_and_pbkrtest(name):
    case, fit = fitted(name)
    for i, term in enumerate(fit.model.terms):
        by_satterthwaite = effect(fit, term, rule="satterthwaite").interval
        assert by_satterthwaite.df == pytest.approx(
            case["df"][i], rel=2e-5
        )  # lmerTest differentiates numerically
        by_kr = effect(fit, term).interval
        assert by_kr.standard_error == pytest.approx(case["kr_se"][i], rel=2e-6)
        assert by_kr.df == pytest.approx(case["kr_df"][i], rel=2e-6)


def test_agrees_with_statsmodels_on_one_factor():
    import warnings

    import statsmodels.api as sm

    case = REFERENCE["dyestuff"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = sm.MixedLM(np.array(case["y"]), np.ones((30, 1)), case["random"]["Batch"]).fit(
            reml=True, gtol=1e-12
        )
    _, fit = fitted("dyestuff")
    assert fit.variance["Batch"] == pytest.approx(float(np.asarray(other.cov_re)[0, 0]), rel=1e-4)
    assert fit.fixed["intercept"] == pytest.approx(float(other.fe_params[0]))


def test_balanced_one_way_is_the_analysis_of_variance():
    """Searle, Casella & McCulloch (1992, 4.6): REML equals ANOVA in balanced data where that is positive."""
    case, fit = fitted("dyestuff")
    y = np.array(case["y"]).reshape(6, 5)
    within, between = y.var(1, ddof=1).mean(), 5 * y.mean(1).var(ddof=1)
    assert fit.variance["residual"] == pytest.approx(within, rel=1e-9)
    assert fit.variance["Batch"] == pytest.approx((between - within) / 5, rel=1e-9)
    made = effect(fit, "intercept")
    assert made.interval.df == pytest.approx(5.0, rel=1e-9)
    assert made.interval.standard_error == pytest.approx(np.sqrt(between / 30), rel=1e-9)


def test_negative_anova_estimate_is_a_variance_of_zero():
    rng = np.random.default_rng(3)
    y = rng.normal(0, 1, (5, 8))
    y = y - y.mean(1, keepdims=True) + 0.01 * rng.normal(0, 1, (5, 1))
    fit = fit_mixed(y.ravel(), {"task": np.repeat(range(5), 8)})
    assert fit.boundary == ("task",)
    assert fit.variance["task"] == 0.0
    assert fit.converged
    assert variance_interval(fit, "task")[0] == 0.0
    assert effect(fit, "intercept", rule="satterthwaite").interval.df == pytest.approx(39.0)
    careful = effect(fit, "intercept").interval
    assert careful.df == pytest.approx(
        4.0
    )  # a variance of 0 is an estimate: Kenward-Roger counts its uncertainty


@pytest.mark.parametrize(("scale", "shift"), [(1e-4, 0.0), (1e5, 0.0), (1.0, 1e6)])
def test_scale_and_shift(scale, shift):
    case, fit = fitted("uneven")
    moved = fit_mixed(np.array(case["y"]) * scale + shift, case["random"], case["fixed"])
    for name, value in fit.variance.items():
        assert moved.variance[name] / scale**2 == pytest.approx(value, rel=1e-6)
    assert moved.fixed["treated"] / scale == pytest.approx(fit.fixed["treated"], rel=1e-7)
    assert effect(moved, "treated").interval.df == pytest.approx(effect(fit, "treated").interval.df, rel=1e-5)


def test_order_and_labels_do_not_matter():
    case, fit = fitted("uneven")
    order = np.random.default_rng(1).permutation(len(case["y"]))
    random = {name: [f"x{labels[i]}" for i in order] for name, labels in case["random"].items()}
    fixed = {name: np.array(column)[order] for name, column in case["fixed"].items()}
    assert fit_mixed(np.array(case["y"])[order], random, fixed).variance == pytest.approx(
        fit.variance, rel=1e-8
    )


def dense(case, psi):
    """Return V, X, y and the Z Z' of each factor, spelled out."""
    y = np.array(case["y"])
    x = np.stack([np.ones(len(y)), *case["fixed"].values()], 1)
    parts = [np.eye(len(y))]
    for labels in case["random"].values():
        same = np.array(labels)[:, None] == np.array(labels)[None]
        parts.append(same.astype(float))
    return sum(p * part for p, part in zip(psi, parts, strict=True)), x, y, parts


def test_derivatives_against_dense_matrices():
    from analysis.mixed.likelihood import evaluate
    from analysis.mixed.model import read_model

    case = REFERENCE["uneven"]
    model = read_model(case["y"], case["random"], case["fixed"])
    psi = np.array([0.3, 0.9, 0.2, 0.4])
    state = evaluate(model, psi)
    v, x, y, parts = dense(case, psi)
    y = y / model.scale
    inverse = np.linalg.inv(v)
    phi = np.linalg.inv(x.T @ inverse @ x)
    p = inverse - inverse @ x @ phi @ x.T @ inverse
    assert state.deviance == pytest.approx(
        np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ inverse @ x)[1] + y @ p @ y, rel=1e-9
    )
    np.testing.assert_allclose(state.phi, phi, rtol=1e-8)
    for i in range(4):
        assert state.gradient[i] == pytest.approx(np.trace(p @ parts[i]) - y @ p @ parts[i] @ p @ y, rel=1e-7)
        np.testing.assert_allclose(state.pull[i], x.T @ inverse @ parts[i] @ inverse @ x, rtol=1e-7)
        for j in range(4):
            trace = np.trace(p @ parts[i] @ p @ parts[j])
            assert state.expected[i, j] == pytest.approx(trace, rel=1e-7)
            both = 2 * y @ p @ parts[i] @ p @ parts[j] @ p @ y - trace
            assert state.observed[i, j] == pytest.approx(both, rel=1e-6, abs=1e-7)
            cross = x.T @ inverse @ parts[i] @ inverse @ parts[j] @ inverse @ x
            np.testing.assert_allclose(state.cross[i, j], cross, rtol=1e-6, atol=1e-9)


def test_prediction_for_a_new_task_and_a_new_language():
    _, fit = fitted("crossed")
    variance = fit.variance
    task = predict_new(fit, ["task"], averaged={"task:language": 6})
    expected = fit.standard_errors["intercept"] ** 2 + variance["task"] + variance["task:language"] / 6
    assert task.standard_error == pytest.approx(np.sqrt(expected))
    language = predict_new(fit, ["language"], averaged={"task:language": 9})
    assert language.half_width < task.half_width
    with pytest.raises(InputError, match="no factor 'tasks'"):
        predict_new(fit, ["tasks"])


def test_prediction_covers_new_tasks():
    """200 data sets of 9 tasks: the true mean of a tenth task lies inside the 95 % interval."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        task, language = rng.normal(0, 3, 10), rng.normal(0, 1, 5)
        y = task[:9, None, None] + language[None, :, None] + rng.normal(0, 1, (9, 5, 3))
        labels = {"task": np.repeat(range(9), 15), "language": np.tile(np.repeat(range(5), 3), 9)}
        made = predict_new(fit_mixed(y.ravel(), labels), ["task"])
        hits += made.low <= task[9] <= made.high
    assert hits / 200 == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))


def test_variance_interval_crosses_the_deviance():
    from scipy.stats import chi2

    from analysis.mixed.fit import optimise

    _, fit = fitted("penicillin")
    low, high = variance_interval(fit, "plate")
    assert low < fit.variance["plate"] < high
    for end in (low, high):
        held = optimise(fit.model, {1: end / fit.model.scale**2})
        assert held.state.deviance - fit.state.deviance == pytest.approx(chi2.ppf(0.95, 1), rel=1e-5)


def test_level_effects_shrink_towards_zero():
    case, fit = fitted("dyestuff")
    raw = np.array(case["y"]).reshape(6, 5).mean(1) - 1527.5
    shrink = fit.variance["Batch"] / (fit.variance["Batch"] + fit.variance["residual"] / 5)
    assert list(fit.level_effects("Batch").values()) == pytest.approx(shrink * raw, rel=1e-8)


def test_many_rows():
    rng = np.random.default_rng(0)
    n = 1_000_000
    labels = {"task": rng.integers(0, 9, n), "language": rng.integers(0, 15, n)}
    y = rng.normal(0, 2, 9)[labels["task"]] + rng.normal(0, 1, 15)[labels["language"]] + rng.normal(0, 0.5, n)
    fit = fit_mixed(y, labels)
    assert fit.converged
    assert fit.variance["residual"] == pytest.approx(0.25, rel=0.02)


@pytest.mark.parametrize(
    ("y", "random", "message"),
    [
        ([1.0, 2, np.nan, 4], {"task": list("aabb")}, "score 2 is nan"),
        ([1.0, 1, 1, 1], {"task": list("aabb")}, "all scores are equal"),
        ([1.0, 2, 3, 4], {"task": list("aaaa")}, "one level"),
        ([1.0, 2, 3, 4], {"task": list("abcd")}, "a level per score"),
        ([1.0, 2, 3, 4, 5], {"task": list("aabbb"), "source": list("xxyyy")}, "group the rows alike"),
        ([1.0, 2, 3, 4], {}, "no random factor"),
        ([1.0, 2, 3, 4], {"task": list("aab")}, "give 4 labels"),
    ],
)
def test_bad_input_is_named(y, random, message):
    with pytest.raises(InputError, match=message):
        fit_mixed(y, random)


def test_dependent_fixed_columns_are_named():
    with pytest.raises(InputError, match="depend on each other"):
        fit_mixed(np.arange(8.0) ** 2, {"task": list("aabbccdd")}, {"one": np.ones(8)})


def test_kenward_roger_counts_a_variance_of_zero_as_pbkrtest():
    """lmer(y ~ x + (1 | t) + (1 | l)): the variance of one factor is 0; vcovAdj and get_Lb_ddf of pbkrtest 0.5.2."""
    y = [47.6, 47.5, 50.9, 52.1, 47.2, 47.1, 52.6, 50.6, 48.1, 45.4, 51.0, 51.4]
    task, language = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]
    fit = fit_mixed(y, {"t": task, "l": language}, {"x": [1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1]})
    assert len(fit.boundary) == 1
    for name, error, df in (("intercept", 2.163443216, 1.028810462), ("x", 0.6123738488, 8.916666667)):
        found = effect(fit, name).interval
        np.testing.assert_allclose([found.standard_error, found.df], [error, df], rtol=1e-6)
