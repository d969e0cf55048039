"""What no curve can be read off is told with the remedy, never answered with NaN or silence."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.curves import (
    asymptote,
    bootstrap_curve,
    compare_families,
    diminishing_returns,
    fit_curve,
    gain_between,
    parameter_interval,
    profile_interval,
    value_at,
)
from analysis.errors import InputError

X = np.repeat([0.0, 1, 2, 3, 5, 9], 3)
Y = 60 - 8 * np.expm1(-0.4 * X) + np.random.default_rng(1).normal(0, 0.5, len(X))
FIT = fit_curve(X, Y)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: gain_between(FIT, 9, -1), "a dose is -1"),
        (lambda: value_at(FIT, float("nan")), "a dose is nan"),
        (lambda: profile_interval(FIT, asymptote(FIT), 95), "level is 95"),
        (lambda: parameter_interval(FIT, "rate", 1.0), "level is 1.0"),
        (lambda: fit_curve(X, Y, level=95), "level is 95"),
        (lambda: bootstrap_curve(FIT, 0, key="a"), "0 resamples"),
        (lambda: bootstrap_curve(FIT, 9, key="a").interval(asymptote(FIT), 0), "level is 0"),
        (lambda: compare_families(X, Y, []), "no families"),
        (lambda: compare_families(X, Y).average(lambda fit: gain_between(fit, 9, 10), 95), "level is 95"),
        (lambda: diminishing_returns(X, Y, level=95), "level is 95"),
        (lambda: diminishing_returns(X, Y, seed=[1, 2, 3]), "seed has shape"),
        (lambda: diminishing_returns(X, Y, next_dose=4), "the next dose is 4"),
        (lambda: diminishing_returns(X, Y, next_dose=float("nan")), "the next dose is nan"),
    ],
)
def test_refused_with_the_value_seen(ask, said):
    with pytest.raises(InputError, match=said):
        ask()


def test_four_doses_say_that_the_curve_is_an_assumption():
    four = np.isin(X, [0, 1, 3, 9])
    assert any("assumption" in text for text in diminishing_returns(X[four], Y[four]).open)
    assert not any("assumption" in text for text in diminishing_returns(X, Y).open)


def test_scores_without_spread_give_no_interval_of_width_zero():
    for scores in (np.full(len(X), 60.0), 2 * X):
        made = compare_families(X, scores).average(lambda fit: gain_between(fit, 9, 10))
        assert (made.low, made.high) == (-np.inf, np.inf) and "no spread" in made.method
        assert "brings" not in diminishing_returns(X, scores).sentence
