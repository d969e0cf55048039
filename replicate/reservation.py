"""Who works on a stage: a file per stage that exactly one process can create, and that the dead lose.

`runs/.claims/<key>.<n>` is created with O_EXCL; the highest n owns the stage. A reservation is stale when its
process is gone (same machine) or its heartbeat is old. Whoever finds it stale creates number
n + 1, which only one can, so a stale reservation is never taken twice and nothing needs to be deleted first.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final

HEARTBEAT: Final = 10.0
STALE: Final = 120.0
"""Seconds without a heartbeat after which a reservation of another machine counts as left behind."""


class Busy(RuntimeError):
    """Another process works on the stage."""


class Reservation:
    """Context in which this process, and no other, works on a stage; raises `Busy` on entry."""

    def __init__(self, runs: Path, key: str) -> None:
        self.folder, self.key = runs / ".claims", key
        self.path: Path | None = None
        self.ended = threading.Event()

    def __enter__(self) -> Reservation:
        self.folder.mkdir(parents=True, exist_ok=True)
        held = self._numbers()
        if held and not _stale(self._file(held[-1])):
            raise Busy(owner(self._file(held[-1])))
        path = self._file(held[-1] + 1 if held else 0)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            raise Busy(owner(path)) from None
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}, file)
        except OSError:  # a full disk: a file that names nobody would hold the stage for two minutes
            path.unlink(missing_ok=True)
            raise
        self.path = path
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        for number in self._numbers():
            if self.path is not None and self._file(number) <= self.path:
                self._file(number).unlink(missing_ok=True)

    def _beat(self) -> None:
        while not self.ended.wait(HEARTBEAT):
            if self.path is None or not self.path.exists():
                return
            os.utime(self.path)

    def _file(self, number: int) -> Path:
        return self.folder / f"{self.key}.{number:06d}"

    def _numbers(self) -> list[int]:
        return sorted(int(path.suffix[1:]) for path in self.folder.glob(f"{self.key}.*"))


def owner(path: Path) -> str:
    """Who holds a reservation, in words."""
    try:
        held = json.loads(path.read_text())
    except (OSError, ValueError):
        return "a process that has just started"
    return f"process {held['pid']} on {held['host']}"


def _stale(path: Path) -> bool:
    try:
        silent = time.time() - path.stat().st_mtime
        held = json.loads(path.read_text())
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return silent > STALE  # killed between creating the file and writing into it
    # A number alone could be another process after a restart; a heartbeat alone would keep the dead for minutes.
    gone = held.get("host") == socket.gethostname() and not _alive(int(held["pid"]))
    return gone or silent > STALE


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    """Whether the process has ended and only waits to be collected by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
