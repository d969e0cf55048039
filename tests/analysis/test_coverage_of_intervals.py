"""The short, seeded form of benchmarks/coverage_intervals.py: bands are four Monte-Carlo standard errors."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "coverage_intervals.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("coverage_intervals", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def least(times, rate=0.95):
    return rate - 4 * np.sqrt(rate * (1 - rate) / times)


def test_studentized_bootstrap_of_seeds(bench):
    found = dict(bench.studentized(5, "normal", 640, 7))
    assert found["studentized, mean, one arm"] >= least(640)
    for statistic in ("median", "iqm"):
        assert found[f"studentized, {statistic}, one arm"] >= least(160)
        assert found[f"percentile, {statistic}, one arm"] < found[f"studentized, {statistic}, one arm"]
    assert found["t, mean, one arm"] >= least(640)
    assert dict(bench.studentized(3, "normal", 64, 7))["studentized, mean, one arm"] is None  # refused


def test_few_sources(bench):
    found = dict(bench.levels(4, 1.5, 60, 7))
    assert found["mean: t, levels (default)"] >= least(60)
    assert found["mean: CR2, Satterthwaite"] >= least(60)
    assert found["mean: z"] < found["mean: t, levels (default)"]


@pytest.mark.parametrize("shape", ["saturating", "two slopes"])
def test_gains_averaged_over_curves(bench, shape):
    """Two slopes are no curve with three parameters: without the broken stick the envelope misses them too."""
    name = next(one for one in bench.SHAPES if one.startswith(shape))
    for _, rate, width in bench.averages(name, 8, 24, 7):
        assert rate >= least(24) and width < 2
