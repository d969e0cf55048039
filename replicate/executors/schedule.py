"""Which stage is next, what is retried, what is skipped: the state is the ledger, so it can stop at any time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from replicate.dropping import WEIGHTS, Builds
from replicate.executors.executor import Ended, Executor
from replicate.ledger import Ledger
from replicate.progress import Reporter, State
from replicate.stages.graph import Graph
from replicate.stages.stage import Kind, Stage

ATTEMPTS = 2
POLL = 2.0
"""Seconds between two looks at a stage that another process works on."""
DAMAGED = "its record was damaged and has been moved to .damaged"
GONE = "its weights were dropped, and a stage builds on them"
OTHER = "its weights are not those that were dropped: scores of before and after are of two trainings"


@dataclass
class Summary:
    """How a study ended."""

    done: list[str] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)
    failed: dict[str, Ended] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """Key -> name of the failed stage that it builds on."""


def run(
    graph: Graph,
    ledger: Ledger,
    executor: Executor,
    reporter: Reporter,
    urgency: Mapping[str, float] | None = None,
    drop: frozenset[Kind] = frozenset(),
) -> Summary:
    """Run all stages that are not done; a stage that fails twice takes only what builds on it with it.

    Parameters
    ----------
    urgency
        Of the stages that can start, those with the largest start first; absent: in the order of the graph.
    drop
        Kinds of trainings whose weights are deleted once all that builds on them is done.
    """
    return _Schedule(graph, ledger, executor, reporter, urgency or {}, drop).run()


class _Schedule:
    def __init__(
        self,
        graph: Graph,
        ledger: Ledger,
        executor: Executor,
        reporter: Reporter,
        urgency: Mapping[str, float],
        drop: frozenset[Kind],
    ) -> None:
        self.builds = Builds(graph, drop)
        self.graph, self.ledger, self.executor, self.reporter = graph, ledger, executor, reporter
        self.summary = Summary()
        self.finished: set[str] = set()
        self.running: set[str] = set()
        self.attempts: dict[str, int] = {}
        self.later: dict[str, float] = {}
        self.told: set[str] = set()
        # A stage is at least as urgent as what waits for it, so it stays before it.
        self.order = sorted(graph.stages.values(), key=lambda stage: -urgency.get(stage.key, 0.0))
        self.open = {stage.key: stage for stage in self.order}
        """Stages that are neither finished nor given up, most urgent first: all that a look has to scan."""

    def run(self) -> Summary:
        for stage in self.graph.stages.values():
            self._is_done(stage)
        for key in self.builds.needed(self.finished, self.ledger):
            self._again(key)
        for key in [key for key in self.graph.stages if key in self.finished]:
            self.summary.cached.append(key)
            self.reporter(State(self.graph.stages[key].name, "cached"))
        self._drop(self.summary.cached)
        while True:
            for stage in self._ready(self.executor.capacity - len(self.running)):
                self.running.add(stage.key)
                self.executor.submit(stage)
            if not self.running:
                if not self.later:
                    return self.summary
                time.sleep(POLL)
                continue
            for ended in self.executor.wait(POLL if self.later else 3600.0):
                self._take(ended)

    def _is_done(self, stage: Stage) -> None:
        existed = self.ledger.folder(stage.key).exists()
        if self.ledger.whole(stage.key):
            self.ledger.tidy(stage.key)
            self._close(stage.key)
        elif existed:
            self.reporter(State(stage.name, "redone", DAMAGED))

    def _close(self, key: str) -> None:
        self.finished.add(key)
        self.open.pop(key, None)

    def _drop(self, after: Iterable[str]) -> None:
        for key in self.builds.useless(self.finished, after):
            if self.ledger.drop(key, WEIGHTS):
                self.reporter(
                    State(self.graph.stages[key].name, "dropped", "its weights; all scores are there")
                )

    def _again(self, key: str) -> None:
        """A finished stage that others cannot build on is run again."""
        dropped = (self.ledger.record(key) or {}).get("dropped")
        self.ledger.reopen(key)
        self.reporter(State(self.graph.stages[key].name, "redone", GONE if dropped else DAMAGED))
        self.finished.discard(key)
        closed = self.finished | self.summary.failed.keys() | self.summary.skipped.keys()
        self.open = {stage.key: stage for stage in self.order if stage.key not in closed}

    def _ready(self, room: int) -> list[Stage]:
        """The first stages that can start, as many as there is room for."""
        now = time.monotonic()
        gone = self.summary.failed.keys() | self.summary.skipped.keys()
        found: list[Stage] = []
        for stage in self.open.values():
            if len(found) >= room:
                break
            if stage.key in self.running or stage.key in gone:
                continue
            lost = next((parent for parent in stage.parents.values() if parent in gone), None)
            if lost is not None:
                self.summary.skipped[stage.key] = self.graph.stages[lost].name
                gone = gone | {stage.key}
                self.reporter(State(stage.name, "skipped", f"it builds on {self.graph.stages[lost].name}"))
            elif self.later.get(stage.key, now) <= now and self.finished.issuperset(stage.parents.values()):
                found.append(stage)
        for key in gone:
            self.open.pop(key, None)
        return found

    def _take(self, ended: Ended) -> None:
        stage = self.graph.stages[ended.key]
        self.running.discard(ended.key)
        self.later.pop(ended.key, None)
        if ended.state == "done":
            self._close(ended.key)
            self.summary.done.append(ended.key)
            record = self.ledger.record(ended.key) or {}
            self.reporter(State(stage.name, "done", seconds=record.get("seconds", 0.0)))
            if not record.get("made_again", {}).get("equal", True):
                self.reporter(State(stage.name, "differs", OTHER))
            self._drop([ended.key])
        elif ended.state == "busy":
            self.later[ended.key] = time.monotonic() + POLL
            if ended.key not in self.told:
                self.told.add(ended.key)
                self.reporter(
                    State(stage.name, "waiting", f"{ended.cause} works on it; its result will be used")
                )
        elif ended.state == "damaged" and ended.cause in self.graph.stages:
            if ended.cause not in self.running:
                self._again(ended.cause)
        else:
            self._failed(stage, ended)

    def _failed(self, stage: Stage, ended: Ended) -> None:
        tried = self.attempts[ended.key] = self.attempts.get(ended.key, 0) + 1
        if tried < ATTEMPTS and not ended.hopeless:
            self.reporter(State(stage.name, "retried", ended.cause))
        else:
            self.summary.failed[ended.key] = ended
            self.reporter(State(stage.name, "failed", ended.cause))
