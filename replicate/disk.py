"""Disk that a study takes while it runs and when it has ended, with weights kept and with weights dropped.

The most at once depends on the order, so the schedule is followed with the hours of the plan: the same urgency,
as many stages at once as the throughput names. A running training holds its checkpoint as well, three times its
weights (the weights and Adam's two moments in fp32), and while it writes the next one, both; one that selects its
model holds the best one so far, and beside it the next best while no checkpoint names it.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from replicate.cost import Cost, Throughput
from replicate.dropping import KINDS, Builds, nearer
from replicate.stages.graph import Graph
from replicate.stages.stage import Kind, Stage
from replicate.urgency import chains

CHECKPOINT: Final = 6.0
"""Times the weights: two checkpoints of three while one replaces the other."""
BEST: Final = 2.0
"""Times the weights, where the best model is kept."""


@dataclass(frozen=True)
class Room:
    """Bytes of one way to run a study."""

    most: float
    """At any one time."""
    end: float


def rooms(graph: Graph, each: Mapping[str, Cost], speed: Throughput) -> dict[str, Room]:
    """Choice of `--drop` -> disk, of all stages from an empty folder on.

    Parameters
    ----------
    each : mapping
        Key -> cost of the stage.
    """
    hours = {key: cost.hours(speed) for key, cost in each.items()}
    urgent = chains({key: list(stage.parents.values()) for key, stage in graph.stages.items()}, hours)
    weights = {key: cost.bytes for key, cost in each.items()}
    found = {}
    for choice, may in KINDS.items():
        order = nearer(urgent, graph) if may else urgent
        found[choice] = _followed(graph, weights, hours, order, speed.workers, may)
    return found


def _followed(
    graph: Graph,
    weights: Mapping[str, float],
    hours: Mapping[str, float],
    urgent: Mapping[str, float],
    workers: int,
    may: frozenset[Kind],
) -> Room:
    """The most and the last sum of bytes when stages run in the order of their urgency."""
    builds = Builds(graph, may)
    place = {key: at for at, key in enumerate(sorted(graph.stages, key=lambda key: -urgent[key]))}
    left = {key: len(set(stage.parents.values())) for key, stage in graph.stages.items()}
    ready = [(place[key], key) for key, parents in left.items() if not parents]
    heapq.heapify(ready)
    running: list[tuple[float, int, str]] = []
    finished: set[str] = set()
    dropped: set[str] = set()
    now = held = most = 0.0
    while ready or running:
        while ready and len(running) < workers:
            at, key = heapq.heappop(ready)
            heapq.heappush(running, (now + hours[key], at, key))
            held += _beside(graph.stages[key]) * weights[key]
        most = max(most, held)
        now, _, key = heapq.heappop(running)
        finished.add(key)
        held += weights[key]
        most = max(most, held)
        held -= _beside(graph.stages[key]) * weights[key]
        for child in builds.on[key]:
            left[child] -= 1
            if not left[child]:
                heapq.heappush(ready, (place[child], child))
        for useless in builds.useless(finished, [key]):
            if useless not in dropped:
                dropped.add(useless)
                held -= weights[useless]
    return Room(most, held)


def _beside(stage: Stage) -> float:
    """Times the weights that a stage holds while it runs."""
    told = stage.settings.get("training")
    several = told.values() if isinstance(told, dict) and stage.kind in ("intermediate", "target") else ()
    return CHECKPOINT + (BEST if any(one.get("select") for one in several) else 0.0)
