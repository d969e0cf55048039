"""What ten thousand stages cost the machine that schedules them: ledger scans on real files, and 256 GPUs simulated.

    python benchmarks/replicate_scale.py [--records 10000] [--gpus 256]

The ledger part writes that many records of the usual size (16 scores, 100 points of a loss curve) and reads them
with the shipped code, which brings the index up to date while records are made. The scheduling part runs the shipped
schedule over a real graph of the bundled study at paper scale with as many seeds as make that many stages; only the
executor is simulated: it keeps a clock, takes each stage's estimated time, makes some slow and loses some. Prints
Markdown tables; exits 1 where the first scan of 10,000 records takes a second or more of processor time.
"""

from __future__ import annotations

import argparse
import heapq
import json
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas

from replicate import scan
from replicate.cost import Estimate, throughput
from replicate.executors import schedule
from replicate.executors.executor import Ended
from replicate.launch import Request, launch
from replicate.ledger import Ledger
from replicate.progress import Silent
from replicate.record import sealed, sha256
from replicate.urgency import chains

LANGUAGES = ["en", *(f"l{i:02d}" for i in range(14)), "all"]


def fill(root: Path, count: int) -> None:
    """Records as an evaluation leaves them: one is published, the others are written in its image without waiting
    for the disk each time."""
    ledger, known = Ledger(root), {}
    random = np.random.default_rng(0)
    for number in range(count):
        key = f"{number:020x}"
        frame = pandas.DataFrame(
            {
                "source": "run", "locator": key, "scale": "paper", "split": "test", "model": "xlm-roberta-large",
                "intermediate": f"i{number % 12}", "variant": "plain", "target": f"t{number % 9}",
                "language": LANGUAGES, "metric": "accuracy", "seed": number // 108, "n": 5010,
                "value": random.normal(70, 5, len(LANGUAGES)), "printed": None, "status": "measured",
            }
        )  # fmt: skip
        if number:
            (folder := ledger.folder(key)).mkdir()
            frame.to_parquet(path := folder / "scores.parquet", index=False)
            told = path.stat()
            known |= {"key": key, "files": {path.name: sha256(path)}}
            known |= {"stamps": {path.name: [told.st_size, told.st_mtime_ns]}}
            (folder / "record.json").write_text(sealed(known))
            continue
        work = ledger.work(key)
        work.mkdir(parents=True)
        frame.to_parquet(work / "scores.parquet", index=False)
        losses = [(step, float(x)) for step, x in enumerate(random.normal(size=100))]
        ledger.publish(
            key,
            {"kind": "evaluate", "facts": {"losses": losses}},
            {"scores.parquet": work / "scores.parquet"},
        )
        known |= ledger.record(key) or {}


def timed(what) -> tuple[float, float, object]:
    wall, used = time.perf_counter(), time.process_time()
    found = what()
    return time.process_time() - used, time.perf_counter() - wall, found


class Simulated:
    """An executor with a clock of its own: stages take their estimated time, some longer, some are lost."""

    def __init__(self, hours: dict[str, float], gpus: int, slow: float, lost: float) -> None:
        self.hours, self.capacity, self.slow, self.lost = hours, gpus, slow, lost
        self.random, self.clock, self.busy, self.losses = np.random.default_rng(0), 0.0, 0.0, 0
        self.heap: list[tuple[float, str, bool]] = []

    def submit(self, stage) -> None:
        takes = self.hours[stage.key] * self.random.lognormal(0, 0.1)
        if self.random.random() < self.slow:
            takes *= 3
        gone = self.random.random() < self.lost
        takes *= self.random.random() if gone else 1
        self.losses += gone
        self.busy += takes
        heapq.heappush(self.heap, (self.clock + takes, stage.key, gone))

    def wait(self, seconds: float) -> list[Ended]:
        self.clock, key, gone = heapq.heappop(self.heap)
        return [Ended(key, "failed", "its node was lost") if gone else Ended(key, "done")]

    def close(self) -> None:
        """Nothing runs."""


def grid(stages: int):
    """The bundled study at paper scale, with the seeds that make about so many stages."""
    one = launch(Request(scale="paper", seeds=2, planning=True, runs=Path(tempfile.mkdtemp())))
    per_seed = len(one.graph.stages) / 2
    return launch(
        Request(scale="paper", seeds=max(1, round(stages / per_seed)), planning=True, runs=one.ledger.root)
    )


def critical(graph, hours) -> float:
    end: dict[str, float] = {}
    for key, stage in graph.stages.items():
        end[key] = hours[key] + max((end[parent] for parent in stage.parents.values()), default=0.0)
    return max(end.values())


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--gpus", type=int, default=256)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "runs"
        fill(root, told.records)
        ledger = Ledger(root)
        keys = [f"{n:020x}" for n in range(told.records)]
        print(f"| ledger of {told.records:,} records | processor s | wall s |\n|---|---:|---:|")
        for name, what in (
            ("which are done (`whole`, nothing touched)", lambda: sum(map(ledger.whole, keys))),
            ("index kept while they are made (all of it together)",
             lambda: [scan.made(root, key) for key in keys]),
            ("results table, first scan", ledger.results),
            ("results table, later scans", ledger.results),
            ("results table without the index (copied or damaged)",
             lambda: (shutil.rmtree(root / ".index"), ledger.results())[1]),
            ("as before: one `read_parquet` per record", lambda: pandas.concat(
                [pandas.read_parquet(ledger.folder(key) / "scores.parquet") for key in keys[: told.records // 10]])),
        ):  # fmt: skip
            used, wall, found = timed(what)
            if name.startswith("as before"):
                used, wall, name = used * 10, wall * 10, name + " (a tenth measured)"
            print(f"| {name} | {used:.2f} | {wall:.2f} |")
            if name.endswith("first scan"):
                first = used * 10_000 / told.records
                assert len(found) == told.records * len(LANGUAGES)
    print()
    speed = throughput("h200-assumed")
    used, wall, one = timed(lambda: grid(told.records))
    cost = Estimate(one)
    print(f"Graph of {len(one.graph.stages):,} stages ({one.seeds} seeds): built in {used:.1f} s.\n")
    rows = []
    for slow, lost, first in ((0, 0, False), (0, 0, True), (0.01, 0.005, False), (0.01, 0.005, True)):
        hours = {
            key: max(c.flops / speed.flops_per_second, c.steps * speed.seconds_per_step) / 3600
            for key, c in ((key, cost.of(stage)) for key, stage in one.graph.stages.items())
        }
        crew = Simulated(hours, told.gpus, slow, lost)
        parents = {key: list(stage.parents.values()) for key, stage in one.graph.stages.items()}
        order = chains(parents, hours) if first else None
        used, _, summary = timed(lambda c=crew, o=order: schedule.run(one.graph, one.ledger, c, Silent(), o))
        bound = max(sum(hours.values()) / crew.capacity, critical(one.graph, hours))
        rows.append((first, slow, lost, crew, used, summary, bound, critical(one.graph, hours)))
    print(
        "| order | slow (3x) | lost | hours | lower bound | longest chain | cards busy | failed for good",
        end=" ",
    )
    print("| scheduling, ms per stage |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for first, slow, lost, crew, used, summary, bound, path in rows:
        busy = crew.busy / (crew.capacity * crew.clock)
        print(
            f"| {'longest chain first' if first else 'graph'} | {slow:.1%} | {lost:.1%} | {crew.clock:.1f}"
            f" | {bound:.1f} | {path:.1f} | {busy:.0%} |"
            f" {len(summary.failed)} (+{len(summary.skipped)} skipped) | {1000 * used / len(one.graph.stages):.2f} |"
        )
    print(json.dumps({"scan_seconds_per_10000": round(first, 3)}))
    return int(first >= 1)


if __name__ == "__main__":
    raise SystemExit(main())
