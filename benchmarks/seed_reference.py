"""Prints the values of rliable and deep-significance that tests/analysis/seeds record, and their measured defects.

    PYTHON benchmarks/seed_reference.py

PYTHON is an interpreter with pandas<3, rliable==1.2.0, deepsig==1.2.8 and arch==7.2.0; the project's own cannot
import them (pandas 3).
"""

import importlib
import sys
import warnings
from importlib.metadata import version

import numpy as np

warnings.filterwarnings("ignore")
library = importlib.import_module("rliable.library")
metrics = importlib.import_module("rliable.metrics")
deepsig = importlib.import_module("deepsig")
importlib.import_module("deepsig.aso")
order = sys.modules["deepsig.aso"]

A = np.array([[79.2, 81.5, 80.3, 78.8, 82.1], [65.1, 66.9, 64.2, 67.7, 66.0], [71.4, 70.2, 72.8, 69.9, 71.1]])
B = np.array([[78.9, 80.1, 79.4, 81.9, 77.5], [66.5, 63.2, 64.9, 65.8, 62.7], [70.0, 69.1, 71.6, 68.4, 72.0]])


def iqm(x):
    return np.array([metrics.aggregate_iqm(x), metrics.aggregate_mean(x)])


def improvement(x, y):
    return np.array([metrics.probability_of_improvement(x, y)])


print({name: version(name) for name in ("rliable", "deepsig", "arch", "numpy", "pandas")})
print("iqm, mean", iqm(A.T), "optimality gap", metrics.aggregate_optimality_gap(A.T, 100.0))
print(library.get_interval_estimates({"a": A.T}, iqm, reps=100_000)[1])
print("improvement", improvement(A.T, B.T))
print(library.get_interval_estimates({"a": (A.T, B.T)}, improvement, reps=20_000)[1])
print(library.create_performance_profile({"a": A.T}, np.array([64.0, 66, 70, 71.5, 80]), reps=20_000))
print("violation ratio", order.compute_violation_ratio(A[0], B[0][:4], dt=1e-6))
print("bound", order.aso(A[0], B[0], num_bootstrap_iterations=20_000, dt=0.005, seed=1, show_progress=False))

print("defect: one random_state, two answers")
for _ in range(2):
    print(
        library.get_interval_estimates({"a": A.T}, iqm, reps=500, random_state=np.random.RandomState(1))[1][
            "a"
        ][:, 0]
    )
print("defect: Bonferroni", deepsig.bonferroni_correction(np.array([0.04, 0.03, 0.01, 0.02])))
pair = [A[0].tolist(), B[0].tolist()]
print("defect: two models", deepsig.multi_aso(pair, num_bootstrap_iterations=200, show_progress=False))
print(
    "defect: one observation",
    order.aso([8.0], [5.0, 5, 8, 7, 8], num_bootstrap_iterations=1000, show_progress=False),
)
