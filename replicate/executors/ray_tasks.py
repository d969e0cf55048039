"""Stages as Ray tasks: each takes a share of a GPU, and Ray finds the place and replaces lost nodes.

Ray has no durable graph (its workflows are gone since 2.47), and needs none here: the ledger is the state. A
task whose node or process is lost is tried again by Ray on another one; a stage that still waits for the
reservation of the lost process counts as busy and is asked for again. The driver may be stopped at any time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.executors.executor import Ended, attempt
from replicate.progress import Reporter, Silent, State
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage

RETRIES: Final = 3
"""Times that Ray starts a task anew after a lost node or process."""
PENDING: Final = 1000
"""Tasks that are given to Ray at once; what cannot run waits in Ray's own queue."""


class RayTasks:
    """Runs stages on a Ray cluster, or on this machine where there is none."""

    def __init__(
        self,
        setting: Setting,
        reporter: Reporter,
        pending: int = PENDING,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.setting, self.reporter, self.pending = setting, reporter, pending
        told = dict(options or {})
        self.ray, self.mine = _connected(told.pop("address", None))
        gpus = float(self.ray.cluster_resources().get("GPU", 0))
        shares = {
            "num_cpus": _share(told, "cpus", 1.0),
            "num_gpus": _share(told, "gpus", 1.0 if gpus else 0.0),
            "memory": _share(told, "memory", 0.0) or None,
        }
        if told:
            known = "address, cpus, gpus, memory"
            raise InputError(
                Problem(f"--cluster {next(iter(told))}: Ray has no such setting", f"use {known}")
            )
        if shares["num_gpus"] and not gpus:
            raise InputError(
                Problem(
                    f"--cluster gpus={shares['num_gpus']:g}, and the cluster has none",
                    "leave it out, or add a node",
                )
            )
        # GPU tasks get a new process each by default, which costs ten seconds of imports per stage.
        self.task = self.ray.remote(max_calls=0, max_retries=RETRIES, **shares)(work)
        self.running: dict[Any, Stage] = {}

    @property
    def capacity(self) -> int:
        """Tasks in Ray's hands at once."""
        return self.pending

    def submit(self, stage: Stage) -> None:
        """Hand a stage to Ray."""
        self.running[self.task.remote(stage, self.setting, str(Path.cwd()))] = stage
        self.reporter(State(stage.name, "started"))

    def wait(self, seconds: float) -> list[Ended]:
        """Stages that have ended."""
        ready, _ = self.ray.wait([*self.running], timeout=seconds)
        # All that is ready is taken at once: a wait per task would cost a scan over all pending ones each.
        more, _ = self.ray.wait([*self.running], num_returns=len(self.running), timeout=0)
        return [self._end(reference) for reference in dict.fromkeys([*ready, *more])]

    def close(self) -> None:
        """Kill what runs, and leave the cluster as it was found."""
        for reference in self.running:
            self.ray.cancel(reference, force=True)
        if self.mine:
            self.ray.shutdown()

    def _end(self, reference: Any) -> Ended:
        stage = self.running.pop(reference)
        try:
            ended: Ended = self.ray.get(reference)
        except self.ray.exceptions.RayError as error:
            why = next((line for line in str(error).splitlines() if line.strip()), "")
            return Ended(
                stage.key, "failed", f"Ray lost it {RETRIES + 1} times: {type(error).__name__}: {why}"
            )
        return ended


def work(stage: Stage, setting: Setting, folder: str) -> Ended:
    """One attempt on a node of the cluster, in the folder that relative paths of the setting mean."""
    os.chdir(folder)
    return attempt(stage, setting, Silent())


def _connected(address: str | None) -> tuple[Any, bool]:
    """Ray, and whether it was started (or joined) here and is ours to leave."""
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # tasks without a GPU leave CUDA alone
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise InputError(Problem("--executor ray needs ray", "pip install 'verify-claims[ray]'")) from None
    if ray.is_initialized():
        return ray, False
    try:
        ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level="warning")
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(
            Problem(
                f"--cluster address={address}: {str(error).splitlines()[0]}",
                "start a cluster (`ray start --head`) and give its address, or leave it out to use this machine",
            )
        ) from None
    return ray, True


def _share(told: dict[str, str], name: str, default: float) -> float:
    text = told.pop(name, None)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if value < 0:
        raise InputError(Problem(f"--cluster {name}={text}", "give a number, for example gpus=0.125"))
    return value
