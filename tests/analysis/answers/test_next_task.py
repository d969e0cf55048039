"""How many tasks is told apart from which, the interval covers, and what cannot be told apart is said."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.answers.next_task import Separated, Trained, answer_next_task, separate

NINE = [f"t{i}" for i in range(9)]


def models(
    random: np.random.Generator,
    effects: np.ndarray,
    *,
    further: float = 0.3,
    rest: float = 0.6,
    seeds: int = 3,
) -> list[Trained]:
    """Three chains of 1, 3, 5, 7, 9 tasks, and none; nine tasks with effects that are centred on 0."""
    start = random.permutation(9)
    subsets = {
        tuple(sorted(int(i) for i in np.roll(start, -3 * chain)[:size]))
        for chain in range(3)
        for size in (1, 3, 5, 7, 9)
    }
    shift = random.normal(0, 0.5, seeds)
    found = []
    for subset in [(), *sorted(subsets)]:
        k = len(subset)
        level = 40 + 1.0 * (k > 0) + further * max(k - 1, 0) + effects[list(subset)].sum()
        level += random.normal(0, 0.3) if subset else 0
        names = tuple(NINE[i] for i in subset)
        found += [
            Trained(names, str(s), float(level + shift[s] + random.normal(0, rest))) for s in range(seeds)
        ]
    return found


def test_intervals_cover_where_tasks_differ_and_where_they_do_not() -> None:
    random = np.random.default_rng(11)
    further, tasks = [], []
    for trial in range(30):
        effects = random.normal(0, (0.0, 0.6)[trial % 2], 9)
        found = separate(models(random, effects))
        assert isinstance(found, Separated)
        further.append(found.further.low <= 0.3 <= found.further.high)
        tasks += [
            found.tasks[t].low <= 0.3 + e <= found.tasks[t].high for t, e in zip(NINE, effects, strict=True)
        ]
    assert sum(further) >= 27 and np.mean(tasks) > 0.92


def test_a_strong_task_is_found_and_shares_add_up() -> None:
    random = np.random.default_rng(2)
    effects = np.array([4.0, -2.0, 0, 0, 0, 0, -1, -1, 0])
    part = answer_next_task(
        "next", "q", {"mean of x": models(random, effects, rest=0.2), "x": models(random, effects)}
    )
    assert "Best further task: t0" in part.answer and "worst: t1" in part.answer and "X: +" in part.answer
    rows = [row for row in part.rows if row["series"] == "mean of x"]
    shares = {
        row["quantity"]: row["share_of_variance"] for row in rows if row["share_of_variance"] is not None
    }
    assert (
        sum(shares.values()) == pytest.approx(1)
        and max(shares, key=shares.__getitem__) == "deviation by which tasks"
    )
    drawn = {one["label"]: one for one in part.figures[0]["effects"]}
    assert (
        len(part.figures) == 1
        and drawn["t0"]["low"] > drawn["t1"]["high"]
        and drawn["one further task"]["pooled"]
    )


def test_what_cannot_be_told_apart_is_said() -> None:
    chain = [Trained(tuple(NINE[:k]), str(s), float(k + s)) for k in (0, 1, 3, 5) for s in range(3)]
    assert "each number of tasks has one subset" in str(separate(chain))
    assert "fewer than two numbers" in str(separate([Trained((t,), "0", 1.0) for t in NINE]))
    few = [Trained(("a",), "0", 1.0), Trained(("b",), "0", 2.0), Trained(("a", "b"), "0", 2.5)]
    assert "cannot be fitted to 3 scores" in str(separate(few))
    equal = [
        Trained(t, str(s), 50.0) for t in [("a",), ("b",), ("c",), ("a", "b"), ("b", "c")] for s in range(3)
    ]
    assert "all scores are equal" in str(separate(equal))
    part = answer_next_task("next", "q", {"mean": chain})
    assert part.answer.startswith("Mean: cannot be told apart, because") and not part.rows and not part.limits
