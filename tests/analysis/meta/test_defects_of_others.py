"""Measured defects of other packages, each with the value that is right here (docs/statistics/differs-from.md)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.funnel import pet_peese
from analysis.meta.information import information
from analysis.meta.pool import pool
from analysis.meta.tau2_interval import q_profile
from analysis.meta.trim_fill import trim_and_fill

ALIKE = np.array([0.1, 0.12, 0.11, 0.09, 0.1]), np.full(5, 0.04)


def test_statsmodels_does_not_truncate_dersimonian_laird():
    """If this fails because statsmodels was corrected, take the row out of the page and the test out of here."""
    from statsmodels.stats.meta_analysis import combine_effects

    theirs = combine_effects(*ALIKE, method_re="chi2")
    ours = pool(*ALIKE, method="DL", test="z")
    assert theirs.tau2 < -0.03
    assert_allclose(theirs.tau2, -0.0399, atol=5e-5)
    assert ours.tau2 == 0
    assert_allclose(ours.mean_se, 0.0894, atol=5e-5)
    assert theirs.sd_eff_w_re < 0.06 < ours.mean_se


def test_statsmodels_paule_mandel_agrees_unless_asked_for_precision():
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = np.array([1.0, 4.0, 2.5, 7.0, 3.0]), np.array([0.5, 0.7, 0.2, 1.1, 0.9])
    ours = pool(y, v, method="PM")
    assert_allclose(ours.tau2, combine_effects(y, v, method_re="iterated").tau2, rtol=1e-6)
    unreached = combine_effects(y, v, method_re="iterated", atol=1e-12)
    assert unreached.tau2 == 0  # no root to that tolerance, so zero is handed out as the answer
    assert ours.converged and ours.tau2 > 4


@pytest.mark.parametrize("method", ["REML", "ML", "PM", "EB", "SJ", "DL"])
def test_small_effects_are_right_where_absolute_thresholds_fail(sets, method):
    """metafor's defaults near 1e-4: REML off by 34 %, PM zero, upper Q-profile limit 1,645 times too large."""
    tiny, base = sets["k9tiny"], sets["k9tiny"]["yi"] * 1e4
    ours = pool(tiny["yi"], tiny["vi"], method=method)
    right = pool(base, tiny["vi"] * 1e8, method=method)
    assert_allclose(ours.tau2 * 1e8, right.tau2, rtol=1e-9)
    assert_allclose(q_profile(ours).tau2_high * 1e8, q_profile(right).tau2_high, rtol=1e-9)


def test_pet_at_small_scale(sets):
    tiny = sets["k9tiny"]
    assert_allclose(
        pet_peese(tiny["yi"], tiny["vi"]).estimate * 1e4,
        pet_peese(tiny["yi"] * 1e4, tiny["vi"] * 1e8).estimate,
        rtol=1e-9,
    )


def test_a_nan_is_never_dropped_silently():
    """metafor drops rows with NaN under a warning; a lost study changes the question."""
    with pytest.raises(InputError, match="effect nan at position 2"):
        pool([1.0, 2.0, np.nan, 3.0], np.ones(4))


def test_aicc_without_degrees_of_freedom_is_missing():
    """metafor raises k inside, so that three effects and two parameters get a number."""
    found = information(pool([1.0, 2.0, 4.0], np.ones(3), method="ML"))
    assert np.isnan(found.aicc)
    assert np.isfinite(found.aic)


def test_trim_and_fill_of_a_side_with_too_many_has_a_standard_error():
    """metafor 3.8-1: NaN with a warning, the polynomial of the variance being negative far below zero."""
    found = trim_and_fill([1.0, 0.9, 0.8, 0.7], [1e-4, 9.0, 9.0, 9.0], side="left", method="DL", test="z")
    assert found.missing == 0
    assert_allclose(found.se_missing, 4 * np.sqrt(4 * 5 * 9 / 24) / 7, rtol=1e-12)
