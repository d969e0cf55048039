"""The executor that a person named, with what fits the machine where no number was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from analysis.errors import InputError, Problem
from replicate.executors.executor import Executor
from replicate.executors.inline import Inline
from replicate.executors.processes import Processes
from replicate.progress import Reporter
from replicate.stages.setting import Setting

Kind: TypeAlias = Literal["inline", "processes", "slurm", "ray"]


def executor(
    kind: Kind,
    setting: Setting,
    reporter: Reporter,
    workers: int | None = None,
    cluster: Mapping[str, str] | None = None,
) -> Executor:
    """An executor; by default one worker per core on a CPU, and as many per GPU as its memory holds.

    For a cluster, `workers` is how many stages it is given at once, and `cluster` its own settings.
    """
    if kind == "inline":
        return Inline(setting, reporter)
    if kind == "slurm":
        from replicate.executors.slurm_jobs import SlurmJobs

        return SlurmJobs(setting, reporter, workers or 64, cluster)
    if kind == "ray":
        from replicate.executors.ray_tasks import PENDING, RayTasks

        return RayTasks(setting, reporter, workers or PENDING, cluster)
    if cluster:
        raise InputError(Problem(f"--cluster with --executor {kind}", "add --executor slurm or ray"))
    devices, fitting = capacity(setting)
    return Processes(setting, reporter, workers or fitting, devices)


def capacity(setting: Setting) -> tuple[int, int]:
    """(CUDA devices to spread over, workers): 16 bytes per parameter and room for activations each."""
    import os

    import torch

    device = setting.on().torch
    if device.type == "cpu":
        return 0, max(
            1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        )
    devices = 1 if device.index is not None else torch.cuda.device_count()
    memory = torch.cuda.get_device_properties(device).total_memory
    # fp32 weights, gradients and two Adam moments of XLM-R Large are 9 GB; activations of 16k tokens about 5.
    return (0 if device.index is not None else devices), max(1, int(memory // 15e9)) * devices


def cluster_settings(texts: list[str]) -> dict[str, str]:
    """`--cluster name=value` as a mapping; raises InputError for anything else."""
    told = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise InputError(
                Problem(f"--cluster {text}", "write name=value, for example --cluster gpus=0.125")
            )
        told[name.strip()] = value.strip()
    return told
