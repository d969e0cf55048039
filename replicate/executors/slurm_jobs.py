"""Stages as Slurm jobs, by submitit: one job per stage, or per handful of stages that share one GPU.

The ledger decides what is done; a job's own result only says why a stage is not. So a job whose answer was
lost (a full disk, a node that went away, a pickle of another version) costs nothing where its record is
there. A job that is preempted or runs into its time limit is queued again and goes on from its checkpoint.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from replicate.executors.executor import Ended, attempt
from replicate.progress import JsonLines, Reporter, State
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage

LOOK = 1.0
"""Seconds between two looks at the jobs; submitit asks Slurm itself far less often."""


@dataclass(frozen=True)
class Work:
    """What one job does; submitit pickles it and calls it on the node."""

    stages: tuple[Stage, ...]
    setting: Setting
    folder: str

    def __call__(self) -> list[Ended]:
        """Run the stages, at once where there are several; each finished one is in the ledger already."""
        os.chdir(self.folder)
        if len(self.stages) == 1:
            return [attempt(self.stages[0], self.setting, JsonLines(sys.stdout))]
        from replicate.executors.processes import Processes

        crew = Processes(self.setting, JsonLines(sys.stdout), len(self.stages))
        try:
            for stage in self.stages:
                crew.submit(stage)
            ended: list[Ended] = []
            while len(ended) < len(self.stages):
                ended += crew.wait(60.0)
            return ended
        finally:
            crew.close()

    def checkpoint(self, *_: Any) -> Any:
        """Called before the time limit or at preemption: the same work again, from the stages' checkpoints."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(Work(self.stages, self.setting, self.folder))


class SlurmJobs:
    """Submits stages to Slurm; `where` = "local" or "debug" runs them here, which tests and trials need."""

    def __init__(
        self, setting: Setting, reporter: Reporter, jobs: int = 64, options: Mapping[str, str] | None = None
    ) -> None:
        self.setting, self.reporter, self.jobs = setting, reporter, jobs
        told = dict(options or {})
        where = told.pop("where", None)
        self.pack = _number(told, "pack", 1)
        self.submitit = _submitit(setting.runs.absolute() / ".jobs", where, told)
        self.ledger = setting.ledger()
        self.waiting: list[Stage] = []
        self.running: dict[str, Any] = {}
        """Key -> job; several keys have one job where stages share a GPU."""

    @property
    def capacity(self) -> int:
        """Stages in the queue at once."""
        return self.jobs * self.pack

    def submit(self, stage: Stage) -> None:
        """Keep a stage for the next job; `wait` sends it."""
        self.waiting.append(stage)

    def wait(self, seconds: float) -> list[Ended]:
        """Stages that have ended: by their record, else by what became of their job."""
        self._send()
        until = time.monotonic() + seconds
        while True:
            ended = [end for key in [*self.running] if (end := self._look(key)) is not None]
            for end in ended:
                self.running.pop(end.key)
            if ended or (left := until - time.monotonic()) <= 0:
                return ended
            time.sleep(min(LOOK, left))

    def close(self) -> None:
        """Cancel what runs; it goes on from its checkpoint next time."""
        for job in {id(job): job for job in self.running.values()}.values():
            job.cancel()

    def _send(self) -> None:
        for at in range(0, len(self.waiting), self.pack):
            group = tuple(self.waiting[at : at + self.pack])
            job = self.submitit.submit(Work(group, self.setting, str(Path.cwd())))
            for stage in group:
                self.running[stage.key] = job
                self.reporter(State(stage.name, "started", f"job {job.job_id}"))
        self.waiting.clear()

    def _look(self, key: str) -> Ended | None:
        job = self.running[key]
        over = job.done()  # before the ledger, so that a record written in between is not missed
        if self.ledger.record(key) is not None:
            return Ended(key, "done")
        if not over:
            return None
        try:
            found: list[Ended] = job.result()
            return next(end for end in found if end.key == key)
        except Exception as error:
            # submitit's first line says that the job failed, its last ones why.
            said = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
            return Ended(key, "failed", f"job {job.job_id} ({job.state}): {said[-1]}", trace=str(error))


def _submitit(folder: Path, where: str | None, told: dict[str, str]) -> Any:
    try:
        import submitit
    except ImportError:
        raise InputError(
            Problem("--executor slurm needs submitit", "pip install 'verify-claims[slurm]'")
        ) from None
    try:
        found = submitit.AutoExecutor(folder=folder, cluster=where or "slurm")
        found.update_parameters(
            **{"timeout_min": 24 * 60, **{name: _value(text) for name, text in told.items()}}
        )
    except (RuntimeError, NameError, TypeError, ValueError) as error:
        raise InputError(
            Problem(
                f"--executor slurm: {str(error).splitlines()[0]}",
                "give submitit's parameters as --cluster name=value, for example --cluster slurm_partition=gpu"
                " --cluster gpus_per_node=1 --cluster pack=8; without Slurm try --cluster where=local",
            )
        ) from None
    return found


def _number(told: dict[str, str], name: str, default: int) -> int:
    text = told.pop(name, str(default))
    if not text.isdecimal() or not int(text):
        raise InputError(Problem(f"--cluster {name}={text}", "give a whole number from 1 on"))
    return int(text)


def _value(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
