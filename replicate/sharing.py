"""What sharing stages and not padding save: the same grid, counted as others would run it.

Five counts of one grid: as planned; with a training of its own for every target task (XQuAD and MLQA both train
on SQuAD, as jiant's guide does); with every evaluated cell on its own, intermediate training included; and the
second one with each batch padded to its longest row (the default of common trainers, random order) or to the
longest row of the task (jiant's scripts). Lengths are taken as log-normal, with the spread of sample rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from replicate.cost import Cost, Estimate, unshared
from replicate.launch import Launch
from replicate.stages.stage import Stage


@dataclass(frozen=True)
class Way:
    """One way to run a grid: how many stages, and what they cost together."""

    name: str
    stages: int
    cost: Cost


def ways(one: Launch) -> list[Way]:
    """The five counts; those with padding are absent for the generated world, whose rows have nearly one length."""
    estimate = Estimate(one)
    each = {key: estimate.of(stage) for key, stage in one.graph.stages.items()}
    apart = {key: one.graph.asked.get(key, 1) for key in each}
    alone = unshared(one, each)
    found = [
        Way("shared, unpadded (as planned)", len(each), sum(each.values(), Cost())),
        Way("XQuAD and MLQA etc. trained apart", sum(apart.values()), _sum(each, apart)),
        Way("every cell trained alone", len(alone), sum(alone, Cost())),
    ]
    if one.scale == "miniature":
        return found
    for name, widest in (
        ("padded to the longest row of a batch", False),
        ("padded to the longest row of a task", True),
    ):
        padded = {key: _padded(stage, each[key], estimate, widest) for key, stage in one.graph.stages.items()}
        found.append(Way(f"trained apart and {name}", sum(apart.values()), _sum(padded, apart)))
    return found


def padding(spread: float, rows: int) -> float:
    """Length of the longest of `rows` rows over the mean length, lengths log-normal with that spread.

    Examples
    --------
    >>> round(padding(0.41, 8), 2), padding(0.41, 1)
    (1.7, 1.0)
    """
    if rows <= 1:
        return 1.0
    from scipy.special import ndtri

    places = (np.arange(20_000) + 0.5) / 20_000
    # The maximum of n draws has the quantile function Q(u^(1/n)).
    return float(np.exp(spread * ndtri(places ** (1 / rows)) - spread**2 / 2).mean())


def _sum(each: Mapping[str, Cost], times: Mapping[str, int]) -> Cost:
    return sum((cost for key, cost in each.items() for _ in range(times[key])), Cost())


def _padded(stage: Stage, cost: Cost, estimate: Estimate, widest: bool) -> Cost:
    """Cost with padding tokens; masked language modelling is counted as it is, for its blocks are full."""
    told, table = stage.settings, estimate.table["padding"]
    model = estimate.size_of(stage)
    if stage.kind == "evaluate":
        rows, length = cost.tokens, estimate.table["evaluate"].get(told["task"], (10_000, 100))[1]
        wide = table["evaluate"].get(told["task"], length) / length
        factor = wide if widest else min(table["evaluate_batches"], wide)
        # jiant runs all layers and keeps them to take the 14th; padding to the longest row is theirs.
        share = 1.0 if widest or not told["retrieval"] else estimate.share(stage)
        return Cost(model.forward(rows * factor, length * factor, share), 0.0, rows * factor, cost.bytes)
    if stage.kind not in ("intermediate", "target"):
        return cost
    total = Cost(0.0, cost.steps, 0.0, cost.bytes)
    plain = Cost()
    for name in told["tasks"]:
        one = estimate.training(stage, name)
        _, group, length = estimate.size(name)
        spread, longest = table["train"].get(name, (0.5, 256))
        factor = min(longest / length, padding(spread, told["training"][name]["batch"] * group))
        factor = longest / length if widest else factor
        total += Cost(3 * model.forward(one.tokens * factor, length * factor), 0.0, one.tokens * factor)
        plain += one
    return total + Cost(cost.flops - plain.flops, 0.0, cost.tokens - plain.tokens)


def lines(found: list[Way]) -> list[dict[str, Any]]:
    """The ways as JSON values."""
    return [
        {"way": one.name, "stages": one.stages, "flops": one.cost.flops, "steps": round(one.cost.steps)}
        for one in found
    ]
