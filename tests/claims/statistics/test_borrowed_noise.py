"""Published gains against borrowed seed noise: the finding says so, the verdict about the print stays."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from claims.finding import Reason
from claims.statistics.light_t import holm, reach, two_sided
from claims.study import BUNDLED, check_study


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 24, 25, 120, np.inf])
def test_t_without_numpy_is_scipys(df):
    for t in (0.0, 0.3, 1.375, -2.0639, 7.5):
        assert two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-9, abs=1e-13)
    assert reach(df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-9)


def test_holm_without_numpy_is_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = [0.04, 0.03, 0.01, 0.02, 0.5]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert holm([]) == []


@pytest.fixture(scope="module")
def findings():
    return {finding.id: finding for finding in check_study(BUNDLED).findings}


def test_three_positive_xnli_gains_are_all_inside_seed_noise(findings):
    found = findings["xstilts.v1.targets/xnli-mlm"]
    assert found.reason is Reason.HOLDS  # the table does print three positive gains
    assert found.statistics["beyond_noise_up"] == 0
    assert "hellaswag on xnli +0.7 (-0.35 to +1.75)" in found.statistics["gains"]
    assert "borrowed from arXiv:2310.10532" in found.detail
    assert "0 of the 8 gains exceed it upwards" in found.detail


def test_differences_of_gains_and_averages_are_left_alone(findings):
    assert findings["xstilts.alternatives.mlm/drift"].statistics is None
    assert all(f.statistics is None for f in findings.values() if f.kind == "value")
