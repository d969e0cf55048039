"""How often the verdict engine says `supported` or `contradicted` wrongly at a nominal 5 %.

Run: python benchmarks/verdict_error_rates.py [--replications 4000]
Each row simulates runs of two settings, lets the engine decide, and counts verdicts. A wrong `supported` is counted
where the truth lies at the edge of what the claim allows; a wrong `contradicted` where the claim is true.
Prints the table of docs/statistics/estimands.md.
"""

from __future__ import annotations

import argparse

import numpy as np

from claims.statistics.compared import ALPHA, above, equal
from claims.statistics.runs import Seeded
from claims.statistics.several import _at_least


def quantity(rng: np.random.Generator, gain: float, seeds: int, tasks: int, shape: str) -> Seeded:
    """Two arms of runs; a run effect common to all tasks of a seed (as a shared checkpoint gives) is included."""
    arms = []
    for sign, level in ((1.0, gain), (-1.0, 0.0)):
        common = rng.normal(0, 0.4, seeds)
        noise = (
            rng.normal(0, 0.4, (tasks, seeds))
            if shape == "normal"
            else rng.standard_t(3, (tasks, seeds)) * 0.4 / 3**0.5
        )
        table = (level + common + noise) / tasks
        arms.append(
            (
                sign,
                {
                    str(t): dict(zip(map(str, range(seeds)), row.tolist(), strict=True))
                    for t, row in enumerate(table)
                },
            )
        )
    return Seeded(tuple(arms), ())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=4000)
    options = parser.parse_args()
    print("| claim | truth | runs | seeds | tasks | wrong verdict | rate |\n|---|---|---|---|---|---|---|")
    for shape in ("normal", "heavy tails"):
        for seeds in (2, 3, 5, 10):
            for tasks in (1, 9):
                rng = np.random.default_rng([seeds, tasks, len(shape)])
                counts = dict.fromkeys(("equal!", "equal?", "above!", "above?"), 0)
                for _ in range(options.replications):
                    same = equal(quantity(rng, 2.0, seeds, tasks, shape).interval(), 1.95, 2.05, "2.0", 1.0)
                    apart = equal(quantity(rng, 3.05, seeds, tasks, shape).interval(), 1.95, 2.05, "2.0", 1.0)
                    edge = above(quantity(rng, 0.0, seeds, tasks, shape).interval(), 0.0, "0")
                    counts["equal?"] += same.p_fails <= ALPHA and same.p_holds > ALPHA
                    counts["equal!"] += apart.p_holds <= ALPHA
                    counts["above!"] += edge.p_holds <= ALPHA
                    counts["above?"] += edge.p_fails <= ALPHA and edge.p_holds > ALPHA
                for key, claim, truth, wrong in (
                    ("equal?", "equals 2.0", "2.0", "contradicted"), ("equal!", "equals 2.0", "3.05", "supported"),
                    ("above!", "above 0", "0", "supported"), ("above?", "at least 0", "0", "contradicted"),
                ):  # fmt: skip
                    rate = counts[key] / options.replications
                    print(
                        f"| {claim} | {truth} | {shape} | {seeds} | {tasks} | {wrong} | {rate:.3f} |",
                        flush=True,
                    )
    rng = np.random.default_rng(5)
    hits = np.mean([_at_least(rng.uniform(size=9).tolist(), 1) <= ALPHA for _ in range(options.replications)])
    print(f"| at least 1 of 9 above 0 | none is | exact p | any | 9 | supported | {hits:.3f} |")


if __name__ == "__main__":
    main()
