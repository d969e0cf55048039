"""Who starts first: the longest chain; the order changes the time of a grid and nothing else."""

from __future__ import annotations

from replicate.executors.executor import Ended
from replicate.executors.schedule import run
from replicate.launch import Request, launch
from replicate.progress import Silent
from replicate.urgency import chains, urgency


class Clock:
    """An executor of two slots with a clock of its own."""

    capacity = 2

    def __init__(self, hours):
        self.hours, self.now, self.running, self.started = hours, 0.0, [], []

    def submit(self, stage):
        self.running.append((self.now + self.hours[stage.key], stage.key))
        self.started.append(stage.key)

    def wait(self, seconds):
        self.now, key = min(self.running)
        self.running.remove((self.now, key))
        return [Ended(key, "done")]

    def close(self):
        """Nothing runs."""


def test_longest_chain_first_ends_sooner_and_respects_parents(tmp_path):
    one = launch(Request(scale="paper", seeds=1, planning=True, runs=tmp_path))
    hours = urgency(one)
    stages = one.graph.stages
    assert set(hours) == set(stages)
    assert all(hours[p] >= hours[key] for key, stage in stages.items() for p in stage.parents.values())
    own = {key: 1.0 + len(stage.name) % 7 for key, stage in stages.items()}
    order = chains({key: list(stage.parents.values()) for key, stage in stages.items()}, own)
    ended = {}
    for name, told in ("graph", None), ("urgent", order):
        crew = Clock(own)
        summary = run(one.graph, one.ledger, crew, Silent(), told)
        assert len(summary.done) == len(stages) and not summary.failed
        place = {key: number for number, key in enumerate(crew.started)}
        assert all(place[p] < place[key] for key, stage in stages.items() for p in stage.parents.values())
        ended[name] = crew.now
    assert max(sum(own.values()) / 2, max(order.values())) <= ended["urgent"] <= ended["graph"]
