"""Effect sizes against metafor escalc, hand calculations and refusals."""

from __future__ import annotations

from math import gamma, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.effect_sizes import (
    accuracy_difference,
    hedges_correction,
    log_ratio_of_means,
    mean_difference,
    paired_seeds,
    standardised_mean_difference,
)

INDEPENDENT = {
    "MD": mean_difference,
    "ROM": log_ratio_of_means,
    "SMD_LS": standardised_mean_difference,
    "SMD_LS2": lambda *a: standardised_mean_difference(*a, variance="LS2"),
    "SMD_UB": lambda *a: standardised_mean_difference(*a, variance="UB"),
    "SMDH": lambda *a: standardised_mean_difference(*a, equal_spread=False),
}
PAIRED = {"MC": "difference", "SMCC": "standardised", "ROMC": "log_ratio"}


@pytest.mark.parametrize("measure", INDEPENDENT)
def test_independent_groups_agree_with_escalc(reference, measure):
    s = reference["sizes"]
    ours = INDEPENDENT[measure](*(np.array(s[name], float) for name in ("m1", "s1", "n1", "m2", "s2", "n2")))
    assert_allclose(ours.yi, s[measure]["yi"], rtol=1e-12)
    assert_allclose(ours.vi, s[measure]["vi"], rtol=1e-12)


def seeds_with(mean1, sd1, mean2, sd2, rho, n, rng):
    """Pairs whose sample means, SDs and correlation are exactly as asked."""
    z = rng.normal(size=(n, 2))
    z -= z.mean(0)
    z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T))).T
    z = z @ np.linalg.cholesky([[1, rho], [rho, 1]]).T
    return mean1 + sd1 * z[:, 0], mean2 + sd2 * z[:, 1]


@pytest.mark.parametrize("measure", PAIRED)
def test_paired_seeds_agree_with_escalc(reference, measure):
    s = reference["sizes"]
    rng = np.random.default_rng(2)
    for i in range(4):
        x, y = seeds_with(*(s[name][i] for name in ("m1", "s1", "m2", "s2", "rho", "n1")), rng)
        ours = paired_seeds(x, y, measure=PAIRED[measure])
        assert_allclose([ours.yi, ours.vi], [s[measure]["yi"][i], s[measure]["vi"][i]], rtol=1e-9)


def test_accuracy_difference(reference):
    told = reference["sizes"]["RD"]
    ours = accuracy_difference([81, 40], [100, 52], [74, 45], [100, 51])
    assert_allclose(ours.yi, told["yi"], rtol=1e-12)
    assert_allclose(ours.vi, told["vi"], rtol=1e-12)


def test_hedges_correction_is_the_gamma_ratio():
    for m in (2, 5, 8, 38):
        assert_allclose(hedges_correction(m), gamma(m / 2) / (sqrt(m / 2) * gamma((m - 1) / 2)), rtol=1e-12)
    # Borenstein et al. (2009), Introduction to Meta-Analysis, page 27: d = 0.5970, J = 0.9923, g = 0.5924.
    g = standardised_mean_difference(103, 5.5, 50, 100, 4.5, 50)
    assert round(float(hedges_correction(98)), 4) == 0.9923
    assert round(float(g.yi), 4) == 0.5924


def test_shapes_broadcast_and_scale_cancels():
    g = standardised_mean_difference(np.ones((4, 1)) * 2, 1.0, 5, np.zeros(3), 1.0, 5)
    assert g.yi.shape == (4, 3)
    tiny = standardised_mean_difference(2e-5, 1e-5, 5, 0.0, 1e-5, 5)
    assert_allclose([tiny.yi, tiny.vi], [g.yi[0, 0], g.vi[0, 0]], rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_difference(1, -1, 3, 1, 1, 3), "negative SD"),
        (lambda: mean_difference(1, np.nan, 3, 1, 1, 3), "NaN"),
        (lambda: mean_difference(1, 1, 0, 1, 1, 3), "n = 0"),
        (lambda: standardised_mean_difference(1, 1, 1, 1, 1, 2), "degrees of freedom"),
        (lambda: standardised_mean_difference(1, 1, 3, 1, 1, 3, variance="X"), "unknown variance"),
        (lambda: log_ratio_of_means(-1, 1, 3, 1, 1, 3), "not positive"),
        (lambda: accuracy_difference(5, 4, 1, 4), "outside"),
        (lambda: paired_seeds([1.0], [2.0]), "one pair of seeds"),
        (lambda: paired_seeds([1.0, np.nan], [2.0, 1.0]), "NaN"),
        (lambda: paired_seeds([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], measure="standardised"), "same amount"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
