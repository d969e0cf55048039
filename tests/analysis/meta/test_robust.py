"""Cluster-robust variances: CR2 as clubSandwich gives it, two-way clustering, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import InputError
from analysis.meta.pool import pool
from analysis.meta.robust import robust


def test_cr2_is_unbiased_under_the_working_model(sets):
    """The identity that defines CR2: E[V] = (X'WX)^-1 when errors have the working covariance (no simulation)."""
    data = sets["k36"]
    cluster = np.repeat(np.arange(9), 4)
    f = pool(data["yi"], data["vi"], data["mods"], test="z")
    phi = np.diag(data["vi"] + f.tau2)
    x = f.effects.design[0]
    bread = np.linalg.inv(x.T @ np.linalg.inv(phi) @ x)
    residual_maker = np.eye(36) - x @ bread @ x.T @ np.linalg.inv(phi)
    root = np.linalg.cholesky(residual_maker @ phi @ residual_maker.T + 1e-14 * np.eye(36))
    total = np.zeros((3, 3))
    for column in root.T:  # sum over an exact decomposition of the residual covariance
        shifted = pool(x @ f.beta + column, data["vi"], data["mods"], tau2=f.tau2, test="z")
        total += robust(shifted, cluster).vcov
    assert_allclose(total, bread, rtol=1e-5)


def test_stata_factor_and_singleton_clusters(sets):
    data = sets["k9"]
    f = pool(data["yi"], data["vi"], test="z")
    cluster = [0, 0, 1, 1, 2, 2, 3, 3, 3]
    zero, stata = robust(f, cluster, correction="CR0"), robust(f, cluster, correction="CR1S")
    assert_allclose(stata.vcov, zero.vcov * (4 / 3) * (8 / 8), rtol=1e-12)
    renamed = robust(f, ["d", "d", "a", "a", "c", "c", "b", "b", "b"])
    assert_allclose(renamed.se, robust(f, cluster).se, rtol=1e-12)


def test_two_way_rule(reference):
    item = reference["mv"]["crossed"]["data"]
    f = pool(item["yi"], item["vi"], test="z")
    task, language = robust(f, item["task"]), robust(f, item["language"])
    both = robust(f, item["task"], item["language"])
    overlap = robust(f, item["id"])
    raw = task.vcov + language.vcov - overlap.vcov
    assert_allclose(
        np.diag(both.vcov), np.maximum(np.diag(raw), np.maximum(task.vcov, language.vcov)[0]), rtol=1e-12
    )
    assert_allclose(both.df, np.minimum(task.df, language.df), rtol=1e-12)
    assert both.clusters == (7, 6)
    assert both.se[0] >= max(task.se[0], language.se[0])


def test_robust_refuses_one_cluster_and_wrong_lengths(sets):
    f = pool(sets["k9"]["yi"], sets["k9"]["vi"])
    with pytest.raises(InputError, match="one cluster"):
        robust(f, [1] * 9)
    with pytest.raises(InputError, match="give 9 labels"):
        robust(f, [1, 2])
    with pytest.raises(InputError, match="unknown correction"):
        robust(f, range(9), correction="CR9")


def test_cr2_with_variances_that_differ_by_a_million():
    """In 60-digit arithmetic (mpmath); clubSandwich 0.5.8 agrees on this scale, not at effects near 1e-6."""
    y = np.array([0.001, 0.001, 0.001, 0.0, 0.001, 0.005, 0.001, 0.002, 0.001])
    v = np.array([3.59e-07, 3.52e-09, 2.86e-12, 3.52e-07, 2.49e-09, 2.75e-06, 3.83e-06, 1.69e-06, 1.7e-08])
    cluster = [0, 0, 2, 3, 1, 2, 1, 0, 1]
    found = robust(pool(y, v, method="CE", test="z"), cluster)
    assert_allclose(found.se, [1.427455194770027e-7], rtol=1e-6)
    for scale in (1e-6, 1e6):
        other = robust(pool(y * scale, v * scale**2, method="CE", test="z"), cluster)
        assert_allclose(other.se, found.se * scale, rtol=1e-6)
        assert_allclose(other.df, found.df, rtol=1e-6)
