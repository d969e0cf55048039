"""The shipped coverage table: complete, reproducible, and in line with what its docstrings say."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.coverage.methods import METHODS
from analysis.coverage.simulate import SHAPES, draw
from analysis.coverage.table import SEEDS, TASKS, TAUS, shipped_table, simulate


def test_table_has_every_design():
    rows = {(r.method, r.seeds, r.tasks, r.tau, r.shape) for r in shipped_table()}
    for name, (about, _) in METHODS.items():
        for seeds in SEEDS:
            for tasks in TASKS:
                for tau in TAUS:
                    for shape in SHAPES:
                        expected = about == "these tasks" or tasks >= 3
                        assert ((name, seeds, tasks, tau, shape) in rows) == expected
    assert len(rows) == len(shipped_table())


def test_replications_are_a_prefix_whatever_the_chunk():
    whole, part = draw("k", range(40), 3, 3, tau=1.0), draw("k", range(20, 40), 3, 3, tau=1.0)
    assert np.array_equal(whole.treated[20:], part.treated)
    assert np.array_equal(whole.fixed[20:], part.fixed)


def test_a_short_run_agrees_with_the_shipped_table():
    """400 replications against the shipped ones, within 4 Monte-Carlo errors, for the methods that are defaults."""
    shipped = {
        (r.method, r.seeds, r.tasks, r.tau): r.coverage for r in shipped_table() if r.shape == "normal"
    }
    names = ("Welch-Satterthwaite over tasks", "t over task effects", "every language and seed a run")
    for row in simulate(400, ("normal",), names):
        p = shipped[row.method, row.seeds, row.tasks, row.tau]
        assert row.coverage == pytest.approx(p, abs=4 * np.sqrt(max(p * (1 - p), 0.02) / 400)), row


@pytest.mark.parametrize(
    ("method", "seeds", "low", "high"),
    [
        ("Welch-Satterthwaite over tasks", 3, 0.94, 0.97),
        ("Welch-Satterthwaite over tasks", 5, 0.94, 0.96),
        ("every language and seed a run", 3, 0.36, 0.46),
        ("percentile bootstrap, stratified", 3, 0.83, 0.89),
        ("DL, z", 3, 0.86, 0.93),
    ],
)
def test_measured_bars_with_nine_tasks(method, seeds, low, high):
    found = [
        r.coverage for r in shipped_table()
        if (r.method, r.seeds, r.tasks, r.tau, r.shape) == (method, seeds, 9, 1.0, "normal")
    ]  # fmt: skip
    assert low <= found[0] <= high
