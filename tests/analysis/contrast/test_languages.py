"""Slopes over languages: those of numpy within a seed, with an interval that keeps its coverage for shared models."""

from __future__ import annotations

import numpy as np
import pandas
import pytest
from scipy import stats

from analysis.contrast.languages import slope_over_languages


def test_the_slope_is_that_of_a_regression_within_each_seed() -> None:
    random = np.random.default_rng(3)
    x = {language: float(random.normal()) for language in "abcdef"}
    values = {language: {seed: float(random.normal()) for seed in range(4)} for language in x}
    slopes = [
        np.polyfit(list(x.values()), [values[language][seed] for language in x], 1)[0] for seed in range(4)
    ]
    found = slope_over_languages({**values, "unknown": {0: 1.0}}, x)
    assert found is not None and float(found.estimate) == pytest.approx(np.mean(slopes))
    low, high = stats.t.interval(0.95, 3, np.mean(slopes), stats.sem(slopes))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_targets_with_other_languages_keep_a_level_of_their_own() -> None:
    import statsmodels.formula.api as formula

    random = np.random.default_rng(5)
    x = {
        (target, language): float(random.normal())
        for target in "pq"
        for language in "abcde"[: 5 if target == "p" else 3]
    }
    level = {"p": 0.0, "q": 40.0}
    values = {
        one: {seed: level[one[0]] + 2 * x[one] + float(random.normal()) for seed in range(3)} for one in x
    }
    within = {one: one[0] for one in x}
    slopes = []
    for seed in range(3):
        data = {"y": [values[one][seed] for one in x], "x": list(x.values()), "target": [one[0] for one in x]}
        slopes.append(formula.ols("y ~ x + C(target)", pandas.DataFrame(data)).fit().params["x"])
    found = slope_over_languages(values, x, within=within)
    assert found is not None and float(found.estimate) == pytest.approx(np.mean(slopes), rel=1e-9)
    apart = slope_over_languages(values, x)
    assert apart is not None and abs(float(apart.estimate) - 2) > abs(float(found.estimate) - 2)
    few = {one: values[one] for one in (("p", "a"), ("p", "b"), ("q", "a"))}
    assert slope_over_languages(few, x, within=within) is None, "two levels and a slope from three values"


def test_coverage_where_languages_share_the_error_of_their_seed() -> None:
    random = np.random.default_rng(0)
    x = {str(i): float(i % 2) for i in range(8)}
    hits = 0
    for _ in range(600):
        shared = {seed: random.normal(0, 2) for seed in range(3)}
        tilt = {seed: random.normal(0, 1) for seed in range(3)}
        values = {
            k: {s: 1.5 * v + shared[s] + tilt[s] * v + random.normal(0, 0.3) for s in shared}
            for k, v in x.items()
        }
        found = slope_over_languages(values, x)
        assert found is not None
        hits += float(found.low) <= 1.5 <= float(found.high)
    assert 0.925 <= hits / 600 <= 0.975


def test_nothing_follows_from_too_little() -> None:
    two = {0: 1.0, 1: 2.0}
    assert slope_over_languages({"a": two, "b": two}, {"a": 0, "b": 1}) is None
    three = {"a": two, "b": two, "c": {0: 3.0, 1: 5.0}}
    assert slope_over_languages(three, dict.fromkeys("abc", 1.0)) is None
    assert slope_over_languages(three, {"a": 0, "b": 0}) is None
    assert slope_over_languages({k: {0: 1.0} for k in "abc"}, {"a": 0, "b": 0, "c": 1}) is None
    flat = {"a": two, "b": two, "c": {0: 3.0, 1: 4.0}}
    assert slope_over_languages(flat, {"a": 0, "b": 0, "c": 1}) is None
