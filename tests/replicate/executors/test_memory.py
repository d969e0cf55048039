"""A stage that the system gives no memory is tried once more and then told what to lower; the rest goes on.

The failure is real: a process whose address space is limited (RLIMIT_AS) asks torch for more than there is left.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from replicate.shortage import shortage

CHILD = """
import json, resource, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {executors!r}]
import faults, tiny
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Request, launch

folder = Path({folder!r})
study = tiny.write(folder)
study.write_text(study.read_text().replace("controls: [random-init, constant]", "controls: [constant]"))
recipe = folder / "tiny-recipe.yaml"
# One matrix of all tokens of a batch (about 25,000 by 8,192 numbers) asks for more than is left; all else is small.
text = recipe.read_text().replace("ffn: 32", "ffn: 8192").replace("tokens_per_pass: 300", "tokens_per_pass: 400000")
recipe.write_text(text.replace("batch: 8, epochs: 1, rows: 40", "batch: 1000, epochs: 1, rows: 1000"))
one, heard = launch(Request(str(study), runs=folder / "runs", only=("none", "xnli"), device="cpu")), faults.Heard()
crew = Inline(one.setting, heard)
for stage in one.graph.stages.values():  # what is imported and allocated once
    if stage.kind in ("tokenizer", "pretrain"):
        crew.submit(stage)
        assert [end.state for end in crew.wait(0)] == ["done"]
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + {room} * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
summary = run(one.graph, one.ledger, crew, heard)
print(json.dumps({{
    "failed": {{one.graph.stages[key].name: [ended.cause, ended.trace] for key, ended in summary.failed.items()}},
    "skipped": [one.graph.stages[key].name for key in summary.skipped],
    "retried": heard.states("retried"),
    "done": [one.graph.stages[key].name for key in summary.done],
}}))
"""


@pytest.mark.slow
def test_a_stage_without_memory_is_tried_again_and_says_what_to_lower(tmp_path):
    if not Path("/proc/self/statm").exists():
        pytest.skip("address space is limited by RLIMIT_AS and read from /proc here")
    here = Path(__file__).parent
    code = CHILD.format(tests=str(here.parent), executors=str(here), folder=str(tmp_path), room=400)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    target = "target mnli after none, seed 0"
    assert list(told["failed"]) == [target] == told["retried"]
    cause, trace = told["failed"][target]
    assert cause.startswith("out of memory (") and "--workers" in cause and not trace
    assert "lower numerics.tokens_per_pass (now 400000)" in cause
    assert "evaluate xnli after none, seed 0" in told["skipped"]
    assert told["done"] == ["constant answers to xnli"], "what is small goes on"


def refused(what):
    """The error that a library raises when there is no room for 2^55 bytes."""
    with pytest.raises((MemoryError, RuntimeError, OSError)) as caught:
        what()
    return caught.value


def test_shortages_are_told_apart(tmp_path):
    assert shortage(refused(lambda: np.empty(2**52))) == "memory"
    assert shortage(refused(lambda: torch.empty(2**52))) == "memory"
    # No card here: the class that torch raises, with the words of CUDA's allocator.
    assert shortage(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")) == "memory"
    assert shortage(OSError(errno.ENOMEM, "Cannot allocate memory")) == "memory"
    assert shortage(RuntimeError("Error while serializing: I/O error: No space left on device")) == "disk"
    assert shortage(OSError(errno.EDQUOT, "Disk quota exceeded")) == "disk"
    assert shortage(RuntimeError("mat1 and mat2 shapes cannot be multiplied")) is None
    assert shortage(FileNotFoundError(errno.ENOENT, "No such file", "out of memory")) is None


def test_a_file_over_its_limit_is_a_full_disk(tmp_path):
    child = os.fork()
    if not child:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            (tmp_path / "file").write_bytes(b"x" * 10_000)
        except OSError as error:
            os._exit(0 if shortage(error) == "disk" else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
