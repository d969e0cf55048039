"""A real grid that takes seconds, its scores, and the moments at which something is broken in the middle of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Launch, Request, launch


class Heard:
    """Keeps the events."""

    def __init__(self):
        self.events = []

    def __call__(self, event):
        self.events.append(event)

    def states(self, state):
        return [event.stage for event in self.events if getattr(event, "state", "") == state]


def study(folder: Path) -> Path:
    """Two target trainings that can run side by side, each of a few seconds, and what is scored with them."""
    path = tiny.write(folder)
    path.write_text(path.read_text().replace("controls: [random-init, constant]", "controls: []"))
    recipe = folder / "tiny-recipe.yaml"
    longer = tiny.RECIPE.replace("batch: 8, epochs: 1, rows: 40", "batch: 8, epochs: 20, rows: 40")
    assert longer != tiny.RECIPE
    recipe.write_text(
        longer.replace("select: {every: 2, rows: 20, patience: 2}", "select: {every: 50, rows: 20}")
    )
    return path


def request(folder: Path, runs: str, **more) -> Request:
    # A checkpoint after every step makes a training long in seconds and short in arithmetic.
    return Request(
        str(folder / "tiny-study.yaml"),
        runs=folder / runs,
        only=("none", "xnli", "udpos"),
        checkpoint_seconds=0,
        device="cpu",
        **more,
    )


def scores(one: Launch) -> dict[str, str]:
    """Hash of the scores of every stage that has any."""
    return {
        key: hashlib.sha256((one.ledger.folder(key) / "scores.parquet").read_bytes()).hexdigest()
        for key, stage in one.graph.stages.items()
        if stage.kind == "evaluate"
    }


def begun(folder: Path, runs: str) -> Launch:
    """A new run that has the reference's tokenizer and pretraining: every job of a cluster costs its imports."""
    one = launch(request(folder, runs))
    for key, stage in one.graph.stages.items():
        if stage.kind in ("tokenizer", "pretrain"):
            shutil.copytree(folder / "reference" / key, one.ledger.folder(key))
    return one


def reference(folder: Path) -> dict[str, str]:
    """Scores of an undisturbed run in one process."""
    study(folder)
    one = launch(request(folder, "reference"))
    heard = Heard()
    summary = run(one.graph, one.ledger, Inline(one.setting, heard), heard)
    assert not summary.failed, summary.failed
    return scores(one)


def in_the_middle(one: Launch, trainings: int = 1, seconds: float = 900.0) -> list[int]:
    """Process numbers of target trainings that have made steps and are not done, once there are so many."""
    until = time.monotonic() + seconds
    targets = [key for key, stage in one.graph.stages.items() if stage.kind == "target"]
    while time.monotonic() < until:
        found = []
        for key in targets:
            stepped = list(one.ledger.work(key).glob("step-*.safetensors"))
            for claim in (one.setting.runs / ".claims").glob(f"{key}.*") if stepped else ():
                try:
                    found.append(int(json.loads(claim.read_text())["pid"]))
                except (OSError, ValueError):
                    continue
        if len(found) >= trainings:
            return found
        time.sleep(0.01)
    raise AssertionError("no training was caught in the middle")


class Saboteur:
    """Does something to a running grid, once, from the side; `done` says that it happened."""

    def __init__(self, act):
        self.done, self.error = False, None
        self.thread = threading.Thread(target=self._run, args=(act,), daemon=True)
        self.thread.start()

    def _run(self, act):
        try:
            act()
            self.done = True
        except BaseException as error:  # shown by the test
            self.error = error


def kill(pid: int) -> None:
    os.kill(pid, 9)


def ancestors(pid: int) -> list[int]:
    """The process, its parent, its parent's parent, ..."""
    found = [pid]
    while found[-1] > 1:
        status = Path(f"/proc/{found[-1]}/status").read_text().splitlines()
        found.append(next(int(line.split()[1]) for line in status if line.startswith("PPid:")))
    return found
