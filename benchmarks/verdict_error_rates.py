"""How often the verdict engine says `supported` or `contradicted` wrongly at a nominal 5 %.

Run: python benchmarks/verdict_error_rates.py [--replications 2000] [--seed 1] [--runs normal "heavy tails"]
Each cell simulates runs, lets the engine's own rule decide, and counts verdicts. A wrong `supported` is counted where
the truth lies at the edge of what the claim allows and outside of it; a wrong `contradicted` where the claim is true
and at its edge. Runs of one seed share luck over tasks and cells, as a shared checkpoint gives.
Prints the tables of docs/statistics/estimands.md.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator

import numpy as np

from analysis.curves.contrasts import concavity_test
from analysis.curves.points import read_points
from analysis.curves.replication import dose_means
from analysis.multiplicity import adjust
from analysis.seeds.interval import Interval
from claims.statistics.compared import ALPHA, above, equal, tail
from claims.statistics.runs import Seeded
from claims.statistics.together import best, no_gain, share, trend

SEEDS = (2, 3, 5, 10)
NOISE = 0.4
DOSES = np.array([0.0, 1, 2, 3, 5, 7, 9])
Rule = Callable[[np.random.Generator, int, str], tuple[float, float]]
"""(draw, seeds, runs) -> (p_holds, p_fails) of one simulated claim."""


def luck(rng: np.random.Generator, shape: tuple[int, ...], runs: str) -> np.ndarray:
    """Return noise of standard deviation .4: normal, or t with 3 degrees of freedom."""
    return NOISE * (rng.normal(0, 1, shape) if runs == "normal" else rng.standard_t(3, shape) / 3**0.5)


def arm(
    rng: np.random.Generator, levels: float, seeds: int, tasks: int, runs: str
) -> dict[str, dict[str, float]]:
    """Return one setting: task -> seed -> weighted score, with luck common to all tasks of a seed."""
    table = (levels + luck(rng, (seeds,), "normal") + luck(rng, (tasks, seeds), runs)) / tasks
    return {str(t): {str(s): float(v) for s, v in enumerate(row)} for t, row in enumerate(table)}


def gain(rng: np.random.Generator, size: float, seeds: int, tasks: int, runs: str) -> Interval:
    """Return the interval of a gain of one setting over another."""
    ours, theirs = arm(rng, size, seeds, tasks, runs), arm(rng, 0.0, seeds, tasks, runs)
    return Seeded(((1.0, ours), (-1.0, theirs)), ()).interval()


def gains(rng: np.random.Generator, sizes: list[float], seeds: int, runs: str) -> list[Interval]:
    """Return gains of several settings over one baseline that all share."""
    base = arm(rng, 0.0, seeds, 1, runs)
    return [Seeded(((1.0, arm(rng, s, seeds, 1, runs)), (-1.0, base)), ()).interval() for s in sizes]


def leads(rng: np.random.Generator, behind: list[float], seeds: int, runs: str) -> list[Interval]:
    """Return the leads of one setting over several others."""
    ours = arm(rng, 0.0, seeds, 1, runs)
    return [Seeded(((1.0, ours), (-1.0, arm(rng, -b, seeds, 1, runs))), ()).interval() for b in behind]


def doses(
    rng: np.random.Generator, level: Callable[[np.ndarray], np.ndarray], seeds: int, runs: str, shape: str
) -> tuple[float, float]:
    """Return both p values of a trend; a seed shares luck over its doses."""
    table = level(DOSES) + luck(rng, (seeds, 1), "normal") + luck(rng, (seeds, len(DOSES)), runs)
    points = read_points(np.tile(DOSES, seeds), table.ravel())
    means = dose_means(points, np.repeat(np.arange(seeds), len(DOSES)).astype(object))
    if isinstance(means, str):
        raise AssertionError(means)
    return trend(concavity_test(means), shape)


def passing(
    rng: np.random.Generator, sizes: list[float], seeds: int, runs: str, low: int, high: int
) -> tuple[float, float]:
    return share([tail(made, 0.0) for made in gains(rng, sizes, seeds, runs)], low, high)


def unequal(rng: np.random.Generator, seeds: int, runs: str) -> tuple[float, float]:
    """An order between a setting of three times the spread and one with three times the runs."""
    ours = {"": {str(s): float(3 * v) for s, v in enumerate(luck(rng, (seeds,), runs))}}
    theirs = {"": {str(s): float(v) for s, v in enumerate(luck(rng, (3 * seeds,), runs))}}
    found = above(Seeded(((1.0, ours), (-1.0, theirs)), ()).interval(), 0.0, "0")
    return found.p_holds, found.p_fails


def _equal(size: float, tasks: int) -> Rule:
    def rule(rng: np.random.Generator, seeds: int, runs: str) -> tuple[float, float]:
        found = equal(gain(rng, size, seeds, tasks, runs), 1.95, 2.05, "2.0", 1.0)
        return found.p_holds, found.p_fails

    return rule


def _above(tasks: int) -> Rule:
    def rule(rng: np.random.Generator, seeds: int, runs: str) -> tuple[float, float]:
        found = above(gain(rng, 0.0, seeds, tasks, runs), 0.0, "0")
        return found.p_holds, found.p_fails

    return rule


def saturating(k: np.ndarray) -> np.ndarray:
    return np.asarray(-8 * np.expm1(-0.4 * k))


S, C = "supported", "contradicted"
CASES: tuple[tuple[str, str, str, Rule], ...] = (
    ("equals 2.0, 1 task", "2.0", C, _equal(2.0, 1)),
    ("equals 2.0, 9 tasks", "2.0", C, _equal(2.0, 9)),
    ("equals 2.0, 1 task", "3.05, a margin away", S, _equal(3.05, 1)),
    ("equals 2.0, 9 tasks", "3.05", S, _equal(3.05, 9)),
    ("above 0, 1 task", "0", S, _above(1)),
    ("above 0, 9 tasks", "0", S, _above(9)),
    ("at least 0, 1 task", "0", C, _above(1)),
    ("at least 0, 9 tasks", "0", C, _above(9)),
    ("order, 3 x the spread against 3 x the runs", "equal", S, unequal),
    ("order, the same the other way", "equal", C, unequal),
    ("best of 2", "a tie", S, lambda g, n, r: best(leads(g, [0.0], n, r))),
    ("best of 9", "a tie with one, 5 ahead of the rest", S, lambda g, n, r: best(leads(g, [0.0] + [5.0] * 7, n, r))),
    ("best of 9", "a tie of all", S, lambda g, n, r: best(leads(g, [0.0] * 8, n, r))),
    ("best of 9", "a tie of all", C, lambda g, n, r: best(leads(g, [0.0] * 8, n, r))),
    ("no gain, margin 1, 1 cell", "1.0", S, lambda g, n, r: no_gain(gains(g, [1.0], n, r), 1.0, True)),
    ("no gain, margin 1, 9 cells", "one at 1.0, eight at 0", S,
     lambda g, n, r: no_gain(gains(g, [1.0] + [0.0] * 8, n, r), 1.0, True)),
    ("no gain, margin 1, 9 cells", "all at 1.0", C, lambda g, n, r: no_gain(gains(g, [1.0] * 9, n, r), 1.0, True)),
    ("no gain (one side), margin 1, 9 cells", "all at 1.0", C,
     lambda g, n, r: no_gain(gains(g, [1.0] * 9, n, r), 1.0, False)),
    ("at least 1 of 9 above 0", "none", S, lambda g, n, r: passing(g, [0.0] * 9, n, r, 1, 9)),
    ("at least 5 of 9 above 0", "four by 5, five at 0", S,
     lambda g, n, r: passing(g, [5.0] * 4 + [0.0] * 5, n, r, 5, 9)),
    ("at least 5 of 9 above 0", "five just above 0, four 5 below", C,
     lambda g, n, r: passing(g, [0.0] * 5 + [-5.0] * 4, n, r, 5, 9)),
    ("exactly 5 of 9 above 0", "four by 5, one at 0, four 5 below", S,
     lambda g, n, r: passing(g, [5.0] * 4 + [0.0] + [-5.0] * 4, n, r, 5, 5)),
    ("exactly 5 of 9 above 0", "five just above 0, four at 0", C,
     lambda g, n, r: passing(g, [0.0] * 9, n, r, 5, 5)),
    ("trend, diminishing", "a straight rise", S, lambda g, n, r: doses(g, lambda k: 0.9 * k, n, r, "diminishing")),
    ("trend, diminishing", "flat", S, lambda g, n, r: doses(g, lambda k: 0 * k, n, r, "diminishing")),
    ("trend, diminishing", "a rise that hardly slows", C,
     lambda g, n, r: doses(g, lambda k: 0.9 * k, n, r, "diminishing")),
    ("trend, diminishing", "saturating", C, lambda g, n, r: doses(g, saturating, n, r, "diminishing")),
    ("trend, increasing", "flat", S, lambda g, n, r: doses(g, lambda k: 0 * k, n, r, "increasing")),
    ("trend, decreasing", "flat", S, lambda g, n, r: doses(g, lambda k: 0 * k, n, r, "decreasing")),
    ("trend, flat", "a rise of 1 point", S, lambda g, n, r: doses(g, lambda k: k / 9, n, r, "flat")),
    ("trend, flat", "a rise of 1 point", C, lambda g, n, r: doses(g, lambda k: k / 9, n, r, "flat")),
)  # fmt: skip


def rates(
    runs: str, replications: int, seed: int, seeds: tuple[int, ...] = SEEDS
) -> Iterator[tuple[str, str, str, list[float]]]:
    """Yield claim, truth, wrong verdict, and its rate for each number of seeds."""
    for position, (claim, truth, wrong, rule) in enumerate(CASES):
        row = []
        for n in seeds:
            rng = np.random.default_rng([seed, position, n, len(runs)])
            count = 0
            for _ in range(replications):
                p_holds, p_fails = rule(rng, n, runs)
                count += p_holds <= ALPHA if wrong == S else p_fails <= ALPHA < p_holds
            row.append(count / replications)
        yield claim, truth, wrong, row


def suite(replications: int, seed: int, seeds: tuple[int, ...] = SEEDS) -> list[float]:
    """Return how often a suite of ten claims has any wrong verdict after Holm.

    Five gains of 0 are claimed to be above 0, five of 2.0 to equal 2.0: half could be supported wrongly, half
    contradicted wrongly.
    """
    out = []
    for n in seeds:
        rng = np.random.default_rng([seed, 99, n])
        count = 0
        for _ in range(replications):
            pairs = [_above(1)(rng, n, "normal") for _ in range(5)] + [
                _equal(2.0, 1)(rng, n, "normal") for _ in range(5)
            ]
            adjusted = adjust([min(pair) for pair in pairs], "holm") <= ALPHA
            wrong = [h <= ALPHA for h, _ in pairs[:5]] + [f <= ALPHA < h for h, f in pairs[5:]]
            count += bool((adjusted & np.array(wrong)).any())
        out.append(count / replications)
    return out


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", nargs="+", default=["normal", "heavy tails"])
    options = parser.parse_args()
    r, start = options.replications, time.process_time()
    for runs in options.runs:
        columns = " | ".join(f"{n} seeds" for n in SEEDS)
        print(
            f"\n| claim ({runs} runs) | truth | wrong verdict | {columns} |\n"
            f"| --- | --- | --- |{' ---: |' * len(SEEDS)}"
        )
        for claim, truth, wrong, row in rates(runs, r, options.seed):
            print(f"| {claim} | {truth} | {wrong} | {' | '.join(f'{v:.3f}' for v in row)} |", flush=True)
        if runs == "normal":
            row = suite(r, options.seed)
            cells = " | ".join(f"{v:.3f}" for v in row)
            print(f"| any of ten claims, after Holm | five at 0, five at 2.0 | any | {cells} |", flush=True)
    error = (0.05 * 0.95 / r) ** 0.5
    print(
        f"\n{r:,} replications, seed {options.seed}: Monte-Carlo standard error {error:.4f} at .05. CPython "
        f"{platform.python_version()}, numpy {np.__version__}, {platform.machine()}, one core, "
        f"{time.process_time() - start:.0f} s."
    )


if __name__ == "__main__":
    main()
