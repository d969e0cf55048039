"""Stages in worker processes that live as long as the study: several per GPU, or one per core.

A worker imports torch once and then takes stage after stage; one that dies (killed for memory, a crashed
driver) fails its stage and is replaced. Published batches of 4 to 32 short rows leave most of a GPU idle, so
several workers per GPU help more than faster arithmetic. Workers end when their parent is gone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any

from replicate.executors.executor import Ended
from replicate.progress import Event, Reporter
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage


class Processes:
    """A pool of worker processes."""

    def __init__(self, setting: Setting, reporter: Reporter, workers: int, devices: int = 0) -> None:
        self.setting, self.reporter = setting, reporter
        self.devices = devices
        self.context = multiprocessing.get_context("spawn")
        self.workers = [self._start(number) for number in range(workers)]
        self.running: dict[int, Stage] = {}

    @property
    def capacity(self) -> int:
        """Number of workers."""
        return len(self.workers)

    def submit(self, stage: Stage) -> None:
        """Give a stage to an idle worker."""
        number = next(i for i in range(self.capacity) if i not in self.running)
        self.running[number] = stage
        with contextlib.suppress(OSError):  # it died while idle; `wait` sees that and replaces it
            self.workers[number][1].send(stage)

    def wait(self, seconds: float) -> list[Ended]:
        """Stages that have ended; events of those that run are passed on meanwhile."""
        ended: list[Ended] = []
        until = time.monotonic() + seconds
        while not ended and (left := until - time.monotonic()) > 0:
            pipes = {self.workers[number][1]: number for number in self.running}
            for pipe in wait(list(pipes), left):
                assert isinstance(pipe, Connection)
                self._take(pipes[pipe], pipe, ended)
            if not pipes:
                time.sleep(left)
        return ended

    def close(self) -> None:
        """Kill the workers."""
        for process, pipe in self.workers:
            process.kill()
            process.join()
            pipe.close()

    def _take(self, number: int, pipe: Connection, ended: list[Ended]) -> None:
        try:
            message: Event | Ended = pipe.recv()
        except (EOFError, OSError):
            stage = self.running.pop(number)
            process = self.workers[number][0]
            process.join()
            code = process.exitcode or 0
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            hint = (
                "; signal 9 is most often the system short of memory: use fewer workers" if code == -9 else ""
            )
            ended.append(Ended(stage.key, "failed", f"its worker process died ({how}{hint})"))
            self.workers[number] = self._start(number)
            return
        if isinstance(message, Ended):
            del self.running[number]
            ended.append(message)
        else:
            self.reporter(message)

    def _start(self, number: int) -> tuple[Any, Connection]:
        ours, theirs = self.context.Pipe()
        setting = self.setting
        if self.devices:
            setting = replace(setting, device=f"cuda:{number % self.devices}")
        process = self.context.Process(target=work, args=(theirs, setting, os.getpid()), daemon=True)
        process.start()
        theirs.close()
        return process, ours


def work(pipe: Connection, setting: Setting, parent: int) -> None:
    """Body of a worker: stages in, events and ends out, until the pipe closes."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from replicate.executors.executor import attempt
    from replicate.stages.outcome import Parents

    parents = Parents(setting.ledger())
    try:
        while True:
            stage: Stage = pipe.recv()
            pipe.send(attempt(stage, setting, lambda event: pipe.send(event), parents))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would hold its reservation and its GPU memory for nobody."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
