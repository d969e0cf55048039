"""Which weights may go: those of a training on which nothing builds any more that the grid asks for.

At published size a training keeps 2.2 GB, and a grid 1 TB, of which only scores are wanted. What builds on a
training is counted over the whole graph (scores on noised rows, retained tasks, later phases), not over what is
done so far. A later run that asks for more trains the stage again, with the same bits where the machine type and
the libraries are the same; the record says whether they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, TypeAlias

from analysis.errors import InputError, Problem
from replicate.ledger import Ledger
from replicate.stages.graph import Graph
from replicate.stages.stage import Kind

Drop: TypeAlias = Literal["auto", "nothing", "targets", "trained"]

WEIGHTS: Final = "model.safetensors"
KINDS: Final[dict[str, frozenset[Kind]]] = {
    "nothing": frozenset(),
    "targets": frozenset({"target"}),
    "trained": frozenset({"target", "intermediate"}),
}
"""What a choice allows to go. Pretraining never goes: everything builds on it."""


def kinds(choice: Drop, scale: str, only: Collection[str], store: str | None) -> frozenset[Kind]:
    """Kinds of trainings whose weights go.

    By default those of target tasks, at scale paper, where the whole grid is run: with `only`, the rest of the
    grid is still to come, and would train them again.

    Raises
    ------
    InputError
        For weights in a shared store, where other machines hold copies, and for intermediate weights under `only`.
    """
    if choice == "auto":
        return KINDS["targets" if scale == "paper" and not only and store is None else "nothing"]
    if KINDS[choice] and store is not None:
        raise InputError(
            Problem(f"--drop {choice} with --runs {store}", "weights in a store are kept: use a folder")
        )
    if choice == "trained" and only:
        raise InputError(
            Problem(
                "--drop trained with --only: the rest of the grid would train the intermediates again",
                "use --drop targets, or leave --only out",
            )
        )
    return KINDS[choice]


class Builds:
    """What builds on the weights of each stage of a graph."""

    def __init__(self, graph: Graph, may: frozenset[Kind]) -> None:
        self.graph, self.may = graph, may
        self.on: dict[str, list[str]] = defaultdict(list)
        for stage in graph.stages.values():
            for parent in dict.fromkeys(stage.parents.values()):
                self.on[parent].append(stage.key)

    def useless(self, finished: Collection[str], after: Iterable[str]) -> list[str]:
        """Trainings whose weights nothing needs, among those that the stages `after` build on, and these."""
        some = dict.fromkeys(one for key in after for one in (key, *self.graph.stages[key].parents.values()))
        return [
            key
            for key in some
            if key in finished
            and key in self.graph.stages
            and self.graph.stages[key].kind in self.may
            and all(child in finished for child in self.on[key])
        ]

    def needed(self, finished: Collection[str], ledger: Ledger) -> list[str]:
        """Finished trainings whose weights were dropped and that an open stage builds on, at any remove."""
        open_keys = self.graph.stages.keys() - set(finished)
        found = []
        for key in reversed(self.graph.stages):  # a stage stands after those it builds on
            builders = self.on.get(key, [])
            if key not in finished or not any(child in open_keys for child in builders):
                continue
            if (ledger.record(key) or {}).get("dropped"):
                open_keys.add(key)
                found.append(key)
        return found[::-1]


def nearer(urgency: Mapping[str, float], graph: Graph) -> dict[str, float]:
    """The urgency of stages with each evaluation, and each writing, as urgent as its model: weights can go soon.

    By the longest chain alone all trainings would come before the first evaluation, and all weights would lie on
    the disk at once.
    """
    return {
        key: min((urgency[one] for one in stage.parents.values() if one in urgency), default=urgency[key])
        if stage.kind in ("generate", "evaluate")
        else urgency[key]
        for key, stage in graph.stages.items()
        if key in urgency
    }
