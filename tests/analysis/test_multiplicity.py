"""Adjusted p values against R's p.adjust and statsmodels; the defect of deep-significance stays out."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.errors import InputError
from analysis.multiplicity import CONTROLS, adjust

P = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.2]
# R 4.2.2: p.adjust(p, method)
R = {
    "holm": [0.060, 0.100, 0.120, 0.120, 0.120, 0.007, 0.200],
    "hochberg": [0.060, 0.100, 0.100, 0.100, 0.100, 0.007, 0.200],
    "benjamini-hochberg": [0.035, 0.0466666666666667, 0.0525, 0.056, 0.0583333333333333, 0.007, 0.2],
    "benjamini-yekutieli": [0.09075, 0.121, 0.136125, 0.1452, 0.15125, 0.01815, 0.518571428571429],
    "bonferroni": [0.07, 0.14, 0.21, 0.28, 0.35, 0.007, 1.0],
}
STATSMODELS = {
    "holm": "holm",
    "hochberg": "simes-hochberg",
    "benjamini-hochberg": "fdr_bh",
    "benjamini-yekutieli": "fdr_by",
    "bonferroni": "bonferroni",
}


@pytest.mark.parametrize("method", CONTROLS)
def test_r_and_statsmodels(method):
    assert adjust(P, method) == pytest.approx(R[method], rel=1e-12)
    p = np.random.default_rng(1).beta(0.4, 2, (5, 23)).round(3)
    ours = adjust(p, method)
    for row, made in zip(p, ours, strict=True):
        assert made == pytest.approx(multipletests(row, method=STATSMODELS[method])[1], rel=1e-9)


def test_defect_of_deep_significance():
    # deepsig 1.2.8: bonferroni_correction([.04, .03, .01, .02]) = [.06, .04, .06, .04], neither Bonferroni nor Holm.
    assert adjust([0.04, 0.03, 0.01, 0.02], "bonferroni") == pytest.approx([0.16, 0.12, 0.04, 0.08])
    assert adjust([0.04, 0.03, 0.01, 0.02], "holm") == pytest.approx([0.06, 0.06, 0.04, 0.06])


def test_order_within_and_between_methods():
    p = np.random.default_rng(0).uniform(size=30)
    order = np.random.default_rng(1).permutation(30)
    for method in CONTROLS:
        assert adjust(p, method)[order] == pytest.approx(adjust(p[order], method))
        assert (adjust(p, method) >= p).all() and adjust(p, method).max() <= 1
    assert (adjust(p, "holm") <= adjust(p, "bonferroni")).all() and (
        adjust(p, "hochberg") <= adjust(p, "holm")
    ).all()
    assert adjust([0.03]) == [0.03]


@pytest.mark.parametrize("bad", [[0.1, np.nan], [-0.1], [1.2], []])
def test_what_is_no_probability_is_refused(bad):
    with pytest.raises(InputError):
        adjust(bad)
    with pytest.raises(InputError, match="unknown method"):
        adjust([0.1], "tukey")
