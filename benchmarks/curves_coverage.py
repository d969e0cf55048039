"""Coverage of profile and bootstrap intervals of curves, and error rates of the concavity tests.

Run: python benchmarks/curves_coverage.py [--replications 1000]
Prints the tables of docs/statistics/diminishing-returns.md.
"""

from __future__ import annotations

import argparse

import numpy as np

from analysis.curves import (
    asymptote,
    bootstrap_curve,
    fit_curve,
    gain_between,
    parameter_interval,
    profile_interval,
)
from analysis.curves.concave import shape_test
from analysis.curves.contrasts import concavity_test
from analysis.curves.points import read_points
from analysis.curves.replication import dose_means

DOSES = np.array([0.0, 1, 2, 3, 5, 7, 9])


def intervals(replications: int) -> None:
    print(
        "| points per dose | quantity | profile | bootstrap, residuals | bootstrap, points | profile open |\n"
        "|---|---|---|---|---|---|"
    )
    for seeds in (3, 5, 10):
        x = np.repeat(DOSES, seeds)
        truth = {"asymptote": 68.0, "gain 9 to 10": 8 * (np.exp(-0.4 * 9) - np.exp(-0.4 * 10)), "rate": 0.4}
        hits = {name: [0, 0, 0, 0] for name in truth}
        for r in range(replications):
            y = 60 + 8 * (1 - np.exp(-0.4 * x)) + np.random.default_rng([seeds, r]).normal(0, 0.5, len(x))
            fit = fit_curve(x, y)
            both = [
                bootstrap_curve(fit, 499, key=f"{seeds}/{r}", unit=unit) for unit in ("residuals", "points")
            ]
            for name, value in truth.items():
                quantity = asymptote(fit) if name == "asymptote" else gain_between(fit, 9, 10)
                made = parameter_interval(fit, "rate") if name == "rate" else profile_interval(fit, quantity)
                hits[name][0] += made.low <= value <= made.high
                hits[name][3] += not made.bounded
                for column, refits in enumerate(both, 1):
                    values = refits.shapes[:, 0] if name == "rate" else refits.values(quantity)
                    low, high = np.quantile(values, [0.025, 0.975])
                    hits[name][column] += low <= value <= high
        for name, counts in hits.items():
            print(
                f"| {seeds} | {name} | " + " | ".join(f"{c / replications:.3f}" for c in counts) + " |",
                flush=True,
            )


def errors(replications: int) -> None:
    shapes = {
        "straight": lambda k: 0.5 * k,
        "flat": lambda k: 0.0 * k,
        "saturating": lambda k: 8 * (1 - np.exp(-0.4 * k)),
        "convex": lambda k: 0.08 * k**2,
    }
    print(
        "\n| truth | seeds | slows down | speeds up | concave everywhere | curved (shape) | not concave (shape) |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, shape in shapes.items():
        for seeds in (3, 5):
            counts = np.zeros(5)
            for r in range(replications):
                rng = np.random.default_rng([99, seeds, r])
                x, seed = np.tile(DOSES, seeds), np.repeat(np.arange(seeds), len(DOSES))
                y = (
                    np.tile(shape(DOSES), seeds)
                    + rng.normal(0, 0.5, len(x))
                    + np.repeat(rng.normal(0, 1, seeds), 7)
                )
                means = dose_means(read_points(x, y), seed)
                tests, shaped = concavity_test(means), shape_test(means, key=f"{name}{r}", draws=199)
                counts += [
                    float(tests.slowing.high) < 0, float(tests.slowing.low) > 0, tests.p_concave <= 0.05,
                    shaped.p_curved <= 0.05, shaped.p_not_concave <= 0.05,
                ]  # fmt: skip
            print(
                f"| {name} | {seeds} | " + " | ".join(f"{c / replications:.3f}" for c in counts) + " |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=1000)
    options = parser.parse_args()
    intervals(options.replications)
    errors(options.replications)


if __name__ == "__main__":
    main()
