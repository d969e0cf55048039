"""Runs a study to its end while killing it, again and again, at chosen moments of its writing.

The interpreter's audit hook sees every file that is about to be opened for writing, renamed or removed. The
n-th such event under the runs folder becomes SIGKILL *before* it happens, so kills fall inside half-written
files and between writing and renaming. Nothing of the product is patched. Children are forked after the
imports, because importing torch a hundred times would be the whole cost.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

from verify_claims.main import main

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def arguments(study: str, runs: str) -> list[str]:
    return ["replicate", study, "--runs", runs, "--executor", "inline", "--checkpoint", "0", "--quiet"]


def run(study: str, runs: str) -> int:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        try:
            main(arguments(study, runs))
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def killed_at(nth: int, study: str, runs: str, log: str) -> int:
    """Fork a run that dies at its nth write; returns the status of the child."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    seen = 0

    def hook(event: str, values: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = values
            if not (isinstance(flags, int) and flags & WRITING):
                return
        elif event in ("os.rename", "os.remove", "os.mkdir"):
            path = values[0]
        else:
            return
        if isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(runs):
            seen += 1
            if seen == nth:
                with Path(log).open("a") as file:
                    file.write(json.dumps([event, os.path.relpath(os.fspath(path), runs)]) + "\n")
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    os._exit(run(study, runs))


def drive(study: str, reference: str, killed: str, log: str) -> int:
    """An uninterrupted run, then one that is killed until it is done; returns the number of kills."""
    assert run(study, reference) == 0, "the uninterrupted run failed"
    random = np.random.default_rng(0)
    kills = 0
    while True:
        status = killed_at(int(random.integers(2, 32)), study, killed, log)
        if os.WIFSIGNALED(status):
            kills += 1
            continue
        assert os.WEXITSTATUS(status) == 0, f"exit {os.WEXITSTATUS(status)} after {kills} kills"
        return kills


if __name__ == "__main__":
    assert Path(sys.argv[1]).is_file()
    print(drive(*sys.argv[1:5]))
