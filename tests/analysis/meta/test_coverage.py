"""A short, seeded version of benchmarks/coverage_meta.py: coverage and type-I error within Monte-Carlo error.

Bands are the nominal rate +- 4 standard errors at 3,000 replications (.016), plus the shortfall or excess that
docs/statistics/meta-analysis.md states for that cell.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

SPEC = importlib.util.spec_from_file_location(
    "coverage_meta", Path(__file__).parents[3] / "benchmarks" / "coverage_meta.py"
)
SIZE, SEED = 3000, 77


@pytest.fixture(scope="module")
def tables():
    module = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(module)
    rows = module.coverage(SIZE, SEED, ks=(3, 5, 9), mixture=300)
    rates = module.error_rates(SIZE, SEED, ks=(9,))
    crossed = {row[0]: float(row[2]) for row in module.clustered(80, SEED, designs=((9, 15),))}
    coverage = {(label, int(k), known): [float(c) for c in cells] for label, k, known, *cells in rows}
    return coverage, {label: [float(c) for c in cells] for label, _, *cells in rates}, crossed


def test_floored_knapp_hartung_never_falls_short(tables):
    for k in (3, 5, 9):
        assert min(tables[0]["mean: REML, floored Knapp-Hartung", k, "known"]) > 0.92
        assert min(tables[0]["mean: REML, floored Knapp-Hartung", k, "5 seeds"]) > 0.92


def test_plain_knapp_hartung_is_close_and_z_is_not(tables):
    for k in (3, 5, 9):
        assert min(tables[0]["mean: REML, Knapp-Hartung", k, "known"]) > 0.91
    assert tables[0]["mean: DL, z", 3, "known"][2] < 0.87  # .84 at three heterogeneous studies
    assert tables[0]["mean: DL, z", 9, "known"][2] < 0.93


def test_q_profile_holds_with_known_variances(tables):
    for k in (3, 5, 9):
        cells = tables[0]["tau2: Q-profile", k, "known"]
        assert np.all(np.abs(np.array(cells[1:]) - 0.95) < 0.016)
        assert 0.95 <= cells[0] < 0.995  # at tau = 0 only the lower limit can miss


def test_prediction_interval_covers_where_tau_is_visible(tables):
    assert tables[0]["new effect: plug-in, k-2", 9, "known"][2] > 0.90
    assert tables[0]["new effect: plug-in, k-2", 3, "known"][2] > 0.98
    assert tables[0]["new effect: plug-in, normal", 5, "known"][2] < 0.87  # why "normal" is not the default


def test_mixture_prediction_interval_covers_where_the_plug_in_does_not(tables):
    for k in (3, 5, 9):
        assert min(tables[0]["new effect: mixture", k, "known"]) > 0.90  # 4 standard errors at 300: .05
    assert tables[0]["new effect: plug-in, k-2", 9, "known"][1] < 0.92


def test_type_one_errors(tables):
    rates = tables[1]
    for label in ("Q (rejects tau = 0)", "Egger, multiplicative", "Egger, random effects", "PET (intercept)"):
        assert abs(rates[label][0] - 0.05) < 0.016
    assert rates["Q, variances of 5 seeds"][0] > 0.10  # why welch_q exists
    assert abs(rates["Welch's Q, variances of 5 seeds"][0] - 0.05) < 0.016 + 0.01
    assert rates["Begg rank test"][0] < 0.066 + 0.01
    assert rates["PET (intercept)"][2] > 0.08  # its stated weakness: heterogeneity


def test_crossed_dependence(tables):
    crossed = tables[2]
    assert crossed["every effect independent (REML, floored KH)"] < 0.7
    assert crossed["CR2 two-way, task and language"] > 0.85  # 4 standard errors at 80 replications
    assert crossed["crossed REML, CR2 two-way"] > 0.85
