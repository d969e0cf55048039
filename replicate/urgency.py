"""How long the longest chain of stages is that waits for each stage: who should start first.

Graph order starts column after column of the grid, so that the last column's long trainings begin when most
cards are idle already. Longest chain first (critical-path list scheduling; Graham 1969 bounds it) keeps the end
short: in a simulation of ten thousand stages on 256 cards the grid takes 6.4 instead of 10.1 hours, with a lower
bound of 5.4 (docs/replication/clusters.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.errors import InputError
from replicate.cost import Estimate, throughput
from replicate.launch import Launch


def planned(one: Launch) -> dict[str, float]:
    """Key -> hours of the stage as the bundled throughput has them; empty for an encoder of unknown size."""
    try:
        estimate, speed = Estimate(one), throughput("h200-assumed")
    except InputError:
        return {}
    return {key: estimate.of(stage).hours(speed) for key, stage in one.graph.stages.items()}


def urgency(one: Launch, hours: Mapping[str, float] | None = None) -> dict[str, float]:
    """Key -> hours of the longest chain that starts with the stage, from the hours of each; empty without them."""
    hours = planned(one) if hours is None else hours
    parents = {key: list(stage.parents.values()) for key, stage in one.graph.stages.items()}
    return chains(parents, dict(hours)) if hours else {}


def chains(parents: dict[str, list[str]], hours: dict[str, float]) -> dict[str, float]:
    """Length of the longest chain from each key on; every key stands after its parents.

    Examples
    --------
    >>> chains({"a": [], "b": ["a"], "c": ["a"]}, {"a": 1.0, "b": 2.0, "c": 5.0})
    {'a': 6.0, 'b': 2.0, 'c': 5.0}
    """
    found = dict(hours)
    for key in reversed(parents):
        for parent in parents[key]:
            if parent in found:
                found[parent] = max(found[parent], hours[parent] + found[key])
    return found
