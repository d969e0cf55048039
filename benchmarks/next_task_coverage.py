"""Coverage of what one further task brings, apart from which it is, on the design of study `scaling`.

Run: python benchmarks/next_task_coverage.py [--replications 1000]
Prints the table of docs/statistics/mixed-models.md.
"""

from __future__ import annotations

import argparse

import numpy as np

from analysis.answers.next_task import Separated, Trained, separate

FURTHER, FIRST, SIZES, TASKS = 0.3, 1.0, (1, 3, 5, 7, 9), 9


def models(
    random: np.random.Generator, chains: int, seeds: int, task: float, combination: float
) -> tuple[list[Trained], np.ndarray]:
    """Scores of nested subsets and the true effect of each task, in points: .5 between seeds, .6 between runs."""
    effects, start = random.normal(0, task, TASKS), random.permutation(TASKS)
    step = TASKS // chains
    subsets = {tuple(sorted(np.roll(start, -step * c)[:k].tolist())) for c in range(chains) for k in SIZES}
    shift = random.normal(0, 0.5, seeds)
    found = []
    for subset in [(), *sorted(subsets)]:
        k = len(subset)
        level = 40 + FIRST * (k > 0) + FURTHER * max(k - 1, 0) + effects[list(subset)].sum()
        level += random.normal(0, combination) if subset else 0
        names = tuple(f"t{i}" for i in subset)
        found += [
            Trained(names, str(s), float(level + shift[s] + random.normal(0, 0.6))) for s in range(seeds)
        ]
    return found, effects


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--replications", type=int, default=1000)
    count = reader.parse_args().replications
    print(
        "| chains | seeds | sd of tasks | of combinations | one further task | the first | each task | half width |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for chains, seeds, task, combination in (
        (3, 3, 0.5, 0.4), (3, 3, 0.0, 0.4), (3, 3, 1.5, 0.4), (3, 3, 0.5, 0.0),
    ):  # fmt: skip
        random = np.random.default_rng(0)
        further, first, each, width = [], [], [], []
        for _ in range(count):
            scores, effects = models(random, chains, seeds, task, combination)
            found = separate(scores)
            if not isinstance(found, Separated) or found.first is None:
                continue
            further.append(found.further.low <= FURTHER <= found.further.high)
            first.append(found.first.low <= FIRST <= found.first.high)
            each += [
                found.tasks[f"t{i}"].low <= FURTHER + e <= found.tasks[f"t{i}"].high
                for i, e in enumerate(effects)
            ]
            width.append(float(found.further.half_width))
        print(
            f"| {chains} | {seeds} | {task} | {combination} | {np.mean(further):.3f} | {np.mean(first):.3f} |"
            f" {np.mean(each):.3f} | {np.median(width):.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
