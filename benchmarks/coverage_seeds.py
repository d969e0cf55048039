"""Prints how often the intervals over seeds cover the truth and how often the tests reject a true null, as Markdown.

    python benchmarks/coverage_seeds.py --replications 3000 > docs/statistics/coverage_seeds.md

World: two arms, 9 tasks x 15 languages x n runs. A run has one luck for all its languages (standard deviation .5 to
1.5 points, different per task) and a little noise per language (.5). "heavy tails": luck is t with 3 degrees of
freedom, scaled to the same variance. "failed runs": one run in twenty loses 5 points; the truth then is the mean
with that risk in it.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version

import numpy as np

from analysis.hypothesis.equivalence import equivalence_test
from analysis.hypothesis.many_claims import max_t
from analysis.hypothesis.permutation import permutation_test, sign_flip_test, stratified_permutation_test
from analysis.hypothesis.ranks import mann_whitney_test, wilcoxon_test
from analysis.hypothesis.student import one_sample_t, task_average_t, welch_t
from analysis.multiplicity import adjust
from analysis.seeds.bootstrap import bootstrap_interval
from analysis.seeds.dominance import almost_stochastic_order
from analysis.seeds.hierarchical import hierarchical_interval
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.interval import Interval
from analysis.seeds.prediction import gain_prediction_interval, prediction_interval
from analysis.seeds.stratified import stratified_difference, studentized_task_interval
from analysis.seeds.student import difference_interval, mean_interval
from analysis.seeds.tasks import shared_run_interval, task_average_difference
from analysis.selection.shrinkage import shrunken
from analysis.selection.winners import winner

TASKS, LANGUAGES, SEEDS = 9, 15, (3, 5, 10)
LUCK = np.linspace(0.5, 1.5, TASKS)
WORLDS = ("normal", "heavy tails", "failed runs")
GAIN = 1.0
HEAD = """Printed by `python benchmarks/coverage_seeds.py --replications {r} --seed {seed}`.
Nominal level .95, error rate .05. {r:,} replications: a rate of .95 has a Monte-Carlo error of +-{error:.3f} (one
task: half of it; tables marked * use a sixth to a half of the replications). 9 tasks, 15 languages, run luck of .5
to 1.5 points shared by a run's languages; the script describes each world."""
ALIKE = (
    "Nine candidates and a baseline, all alike: the worst case for picking the best. Run variance is pooled."
)


def luck(draw: np.random.Generator, shape: tuple[int, ...], world: str) -> np.ndarray:
    """Return luck of mean zero and unit variance, but for failed runs (mean zero)."""
    if world == "heavy tails":
        return draw.standard_t(3, shape) / np.sqrt(3)
    if world == "failed runs":
        return draw.normal(0, 1, shape) - 5.0 * (draw.random(shape) < 0.05) + 0.25
    return draw.normal(0, 1, shape)


def runs(draw: np.random.Generator, n: int, world: str) -> np.ndarray:
    """Return scores of one arm, of shape (tasks, languages, runs)."""
    level = np.linspace(50, 90, TASKS)[:, None, None] + np.linspace(-8, 8, LANGUAGES)[:, None]
    shared = luck(draw, (TASKS, 1, n), world) * LUCK[:, None, None]
    return level + shared + draw.normal(0, 0.5, (TASKS, LANGUAGES, n))


def covers(interval: Interval, truth: float) -> bool:
    return bool(interval.low <= truth <= interval.high)


def gain_intervals(n: int, world: str, replications: int, seed: int) -> Iterator[tuple[str, float, float]]:
    """Yield name, coverage and mean width of the intervals of a gain of task averages."""
    made: dict[str, Callable[[np.ndarray, np.ndarray, str], Interval]] = {
        "Welch-Satterthwaite over tasks (default)": lambda a, b, _: task_average_difference(
            a.mean(1), b.mean(1)
        ),
        "Welch on run averages": lambda a, b, _: shared_run_interval(a.mean(1).T, b.mean(1).T),
        "stratified studentized bootstrap": lambda a, b, name: studentized_task_interval(
            a.mean(1), name, b.mean(1), resamples=999
        ),
        "stratified percentile bootstrap (rliable's)": lambda a, b, name: stratified_difference(
            a.mean(1), b.mean(1), name, "mean", resamples=999
        ),
        "refused: languages x runs as independent": lambda a, b, _: task_average_difference(
            a.reshape(TASKS, -1)
            - a.mean(2, keepdims=True).repeat(a.shape[2], 2).reshape(TASKS, -1)
            + a.mean((1, 2))[:, None],
            b.reshape(TASKS, -1)
            - b.mean(2, keepdims=True).repeat(b.shape[2], 2).reshape(TASKS, -1)
            + b.mean((1, 2))[:, None],
        ),
    }
    hits, width = dict.fromkeys(made, 0), dict.fromkeys(made, 0.0)
    draw = np.random.default_rng([seed, n, WORLDS.index(world)])
    for replication in range(replications):
        a, b = runs(draw, n, world) + GAIN, runs(draw, n, world)
        for name, method in made.items():
            interval = method(a, b, f"{replication}")
            hits[name] += covers(interval, GAIN)
            width[name] += float(interval.high - interval.low)
    for name in made:
        yield name, hits[name] / replications, width[name] / replications


def mean_intervals(n: int, world: str, replications: int, seed: int) -> Iterator[tuple[str, float, float]]:
    """Yield name, coverage and width of intervals of one mean score and of what a new run will give."""
    draw = np.random.default_rng([seed, n, WORLDS.index(world), 1])
    scores, new = luck(draw, (replications, n), world), luck(draw, replications, world)
    other = luck(draw, (replications, n), world)
    for name, interval, truth in (
        ("t, mean of one task", mean_interval(scores), np.zeros(replications)),
        ("Welch, two arms of one task", difference_interval(scores, other), np.zeros(replications)),
        ("BCa, mean of one task", bootstrap_interval(scores, "x"), np.zeros(replications)),
        (
            "percentile, mean of one task",
            bootstrap_interval(scores, "x", rule="percentile"),
            np.zeros(replications),
        ),
        ("prediction of one new run", prediction_interval(scores), new),
    ):
        inside = (interval.low <= truth) & (truth <= interval.high)
        yield name, float(inside.mean()), float(np.mean(interval.high - interval.low))
    arms = luck(draw, (4, replications, TASKS, n), world) * LUCK[:, None]
    made = gain_prediction_interval(arms[0], arms[1], new_seeds=n)
    later = arms[2].mean((1, 2)) - arms[3].mean((1, 2))
    yield (
        "prediction of a replicated gain",
        float(((made.low <= later) & (later <= made.high)).mean()),
        float(np.mean(made.high - made.low)),
    )


def other_intervals(n: int, replications: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield name and coverage of intervals for other quantities (normal luck)."""
    draw = np.random.default_rng([seed, n, 9])
    from scipy.special import ndtr

    shift = 0.8
    truth = float(ndtr(shift / np.sqrt(2)))
    kinds = ("guaranteed", "score", "bootstrap")
    improvement = dict.fromkeys(kinds, 0)
    hierarchical = picked = hybrid = conditional = raw = above = shrunk = 0
    for replication in range(replications):
        a, b = draw.normal(shift, 1, (1, n)), draw.normal(0, 1, (1, n))
        for kind in kinds:
            improvement[kind] += covers(
                probability_of_improvement(a, b, kind, name=f"{replication}", resamples=500), truth
            )
        nested = (
            draw.normal(0, 1, (TASKS, 1, 1))
            + draw.normal(0, 0.5, (TASKS, LANGUAGES, 1))
            + draw.normal(0, 1, (TASKS, 1, n))
        )
        hierarchical += covers(
            hierarchical_interval(nested, f"{replication}", ("task", "seed"), resamples=499), 0.0
        )
        arms = draw.normal(0, 1, (10, n))  # nine intermediate tasks and the baseline, all alike
        variance = float(arms.var(axis=1, ddof=1).mean() / n)
        gains, covariance = arms[1:].mean(1) - arms[0].mean(), variance * (1 + np.eye(9))
        best = int(np.argmax(gains))
        raw += covers(difference_interval(arms[1 + best], arms[0]), 0.0)
        one, other = winner(gains, covariance, "hybrid"), winner(gains, covariance, "conditional")
        hybrid, conditional = (
            hybrid + (one.low <= 0 <= one.high),
            conditional + (other.low <= 0 <= other.high),
        )
        picked, above = picked + one.reported, above + (one.estimate > 0)
        fit = shrunken(arms[1:].mean(1), np.full(9, variance))
        shrunk += fit.low[best] <= 0 <= fit.high[best]
    yield "probability of improvement, guaranteed", improvement["guaranteed"] / replications
    yield "probability of improvement, score", improvement["score"] / replications
    yield "probability of improvement, bootstrap (rliable's)", improvement["bootstrap"] / replications
    yield "hierarchical percentile, tasks and runs (9 tasks)", hierarchical / replications
    yield "best of nine, uncorrected Welch", raw / replications
    yield "best of nine, conditional", conditional / replications
    yield "best of nine, hybrid", hybrid / replications
    yield "best of nine, shrinkage (variance pooled)", shrunk / replications
    yield "bias of the uncorrected best (points, run sd 1)", picked / replications
    yield "corrected best above the truth (nominal .5)", above / replications


def error_rates(n: int, replications: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield name and rejection rate of a true null at nominal .05."""
    draw = np.random.default_rng([seed, n, 10])
    a, b = draw.normal(0, 1, (2, replications, n))
    tasks = draw.normal(0, 1, (2, replications, TASKS, n)) * LUCK[:, None]
    yield "Welch t", float(np.mean(welch_t(a, b).p <= 0.05))
    yield "one-sample (paired) t", float(np.mean(one_sample_t(a).p <= 0.05))
    yield "t of task averages", float(np.mean(task_average_t(*tasks).p <= 0.05))
    few = replications // 3
    yield (
        "permutation",
        float(
            np.mean(
                [
                    permutation_test(x, y, "x", resamples=999).p <= 0.05
                    for x, y in zip(a[:few], b[:few], strict=True)
                ]
            )
        ),
    )
    yield "permutation within tasks", float(np.mean([
        stratified_permutation_test(x, y, f"{i}", resamples=499).p <= 0.05
        for i, (x, y) in enumerate(zip(tasks[0][: few // 2], tasks[1][: few // 2], strict=True))
    ]))  # fmt: skip
    yield "sign flips", float(np.mean(sign_flip_test(a, "x", resamples=999).p <= 0.05))
    yield (
        "Mann-Whitney",
        float(np.mean([mann_whitney_test(x, y).p <= 0.05 for x, y in zip(a[:few], b[:few], strict=True)])),
    )
    yield "Wilcoxon signed rank", float(np.mean([wilcoxon_test(x).p <= 0.05 for x in a[:few]]))
    gap = difference_interval(a + 1.0, b)
    shown = [
        equivalence_test(Interval(e, 0, 0, 0.95, "", "", n, s, d), -1.0, 1.0).equivalent
        for e, s, d in zip(gap.estimate[:few], gap.standard_error[:few], gap.df[:few], strict=True)
    ]
    yield "equivalence, truth on the margin of 1 sd", float(np.mean(shown))
    claims = draw.normal(0, 1, (few, 6, n)) + draw.normal(0, 1, (few, 1, n))
    yield (
        "max-t over 6 correlated claims (any)",
        float(np.mean([max_t(one, "x", resamples=499).p.min() <= 0.05 for one in claims])),
    )
    single = one_sample_t(claims).p
    yield "Holm over 6 correlated claims (any)", float(np.mean(adjust(single, "holm").min(axis=1) <= 0.05))
    yield "no correction over 6 correlated claims (any)", float(np.mean(single.min(axis=1) <= 0.05))
    order = [
        almost_stochastic_order(x, y, "x", resamples=499).bound for x, y in zip(a[:few], b[:few], strict=True)
    ]
    yield "stochastic order, bound below .2", float(np.mean(np.array(order) < 0.2))
    yield "stochastic order, bound below .5", float(np.mean(np.array(order) < 0.5))


def table(head: str, rows: dict[str, list[str]], columns: list[str]) -> None:
    print(f"\n| {head} | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--replications", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    r, start = chosen.replications, time.process_time()
    error = 1.96 * np.sqrt(0.95 * 0.05 / r)
    print("# Coverage of the intervals over seeds, error rates of the tests\n")
    print(HEAD.format(r=r, seed=chosen.seed, error=error))
    print("\n## Gain of task averages: coverage (mean width in points)")
    rows: dict[str, list[str]] = {}
    for world in WORLDS:
        for n in SEEDS:
            for name, rate, width in gain_intervals(n, world, r, chosen.seed):
                rows.setdefault(name, []).append(f"{rate:.3f} ({width:.2f})")
    table("interval", rows, [f"{world}, n = {n}" for world in WORLDS for n in SEEDS])
    print("\n## One task, and predictions: coverage")
    rows = {}
    for world in WORLDS:
        for n in SEEDS:
            for name, rate, _ in mean_intervals(n, world, 4 * r, chosen.seed):
                rows.setdefault(name, []).append(f"{rate:.3f}")
    table("interval", rows, [f"{world}, n = {n}" for world in WORLDS for n in SEEDS])
    print("\n## Other quantities: coverage*")
    print(f"\n{ALIKE}")
    rows = {}
    for n in SEEDS:
        for name, rate in other_intervals(n, max(r // 2, 100), chosen.seed):
            rows.setdefault(name, []).append(f"{rate:.3f}")
    table("interval", rows, [f"n = {n}" for n in SEEDS])
    print("\n## Rejections of a true null at .05*")
    rows = {}
    for n in SEEDS:
        for name, rate in error_rates(n, r, chosen.seed):
            rows.setdefault(name, []).append(f"{rate:.3f}")
    table("test", rows, [f"n = {n}" for n in SEEDS])
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    seconds = time.process_time() - start
    print(
        f"\nCPython {platform.python_version()}, {packages}, {platform.machine()}, one core, {seconds:.0f} s."
    )


if __name__ == "__main__":
    main()
