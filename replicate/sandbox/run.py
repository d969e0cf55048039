"""The outer side: a program is started apart, watched, killed with all that it may have left, and judged."""

from __future__ import annotations

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from replicate.sandbox.limits import USUAL, Limits
from replicate.sandbox.protection import Protection, needed

How: TypeAlias = Literal["passed", "failed", "time", "output", "killed"]
_ROOT: Final = str(Path(__file__).parents[2])
_START: Final = (
    "import sys; sys.path.insert(0, {root!r}); from replicate.sandbox.inside import main;"
    " sys.path.remove({root!r}); main({report}, {place!r})"
)
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    how: How
    detail: str
    """Last line of its output where it failed (the exception), the limit where it was stopped, else empty."""
    output: str
    seconds: float
    protections: tuple[str, ...]
    """What was in force while it ran."""

    @property
    def passed(self) -> bool:
        """Whether it came to its normal end."""
        return self.how == "passed"


def run(program: str, limits: Limits = USUAL, protection: Protection | None = None) -> Ended:
    """Run one program and say how it ended.

    Parameters
    ----------
    program : str
        Python source; it passes if it comes to its end without an exception and without leaving early.
    protection : Protection, optional
        Default: the best that this machine has.

    Raises
    ------
    InputError
        Where a protection that is needed cannot be had here; nothing was run.
    """
    chosen = protection or needed()
    word = secrets.token_hex(16)
    told = {
        "program": program,
        "limits": asdict(limits),
        "word": word,
        "namespaces": chosen.namespaces,
    }
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sandbox-") as place:
        reading, writing = os.pipe()
        start = _START.format(root=_ROOT, report=writing, place=place)
        process = subprocess.Popen(
            [sys.executable, "-S", "-s", "-B", "-P", "-X", "utf8", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_ENVIRONMENT,
            cwd=place,
            pass_fds=(writing,),
            start_new_session=True,
        )
        os.close(writing)
        try:
            told_bytes = json.dumps(told).encode("utf-8", "surrogatepass")
            output, report, stopped = _watch(process, reading, told_bytes, started + limits.seconds, limits)
        finally:
            _kill(process)
            os.close(reading)
    seconds = round(time.monotonic() - started, 3)
    first, _, rest = report.partition(b"\n")
    active = json.loads(first) if first else {}
    if "refused" in active or (not first and not stopped):
        cause = active.get("refused") or output.decode("utf-8", "replace").strip()[-300:]
        raise chosen.refusal(cause)
    return _judged(process, word.encode() == rest, stopped, output, seconds, active, limits)


def run_all(programs: Iterable[str], limits: Limits = USUAL, workers: int | None = None) -> list[Ended]:
    """How each program ended, in order; as many run at a time as there are cores."""
    protection = needed()
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        return list(pool.map(lambda program: run(program, limits, protection), programs))


def _watch(
    process: subprocess.Popen[bytes], report: int, told: bytes, until: float, limits: Limits
) -> tuple[bytes, bytes, Literal["", "time", "output"]]:
    """(output, report, why it was stopped), read as they come and never more than the limit."""
    assert process.stdin is not None and process.stdout is not None
    found = {process.stdout.fileno(): bytearray(), report: bytearray()}
    largest = {process.stdout.fileno(): limits.output, report: 4096}
    stopped: Literal["", "time", "output"] = ""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdin, selectors.EVENT_WRITE)
        os.set_blocking(process.stdin.fileno(), False)
        for channel in found:
            ready.register(channel, selectors.EVENT_READ)
        while ready.get_map() and not stopped:
            left = until - time.monotonic()
            if left <= 0:
                stopped = "time"
            for key, _ in ready.select(max(left, 0)):
                if key.fd not in found:
                    told = _feed(process, told)
                    if not told:
                        ready.unregister(process.stdin)
                        process.stdin.close()
                    continue
                part = os.read(key.fd, 65_536)
                found[key.fd] += part
                if not part:
                    ready.unregister(key.fd)
                if len(found[key.fd]) > largest[key.fd]:
                    stopped = "output"
        if not stopped and not _ended(process, until):
            stopped = "time"
    return bytes(found[process.stdout.fileno()][: limits.output]), bytes(found[report]), stopped


def _feed(process: subprocess.Popen[bytes], told: bytes) -> bytes:
    """What is left to be written to the program's side."""
    assert process.stdin is not None
    try:
        return told[os.write(process.stdin.fileno(), told) :]
    except BrokenPipeError:
        return b""


def _ended(process: subprocess.Popen[bytes], until: float) -> bool:
    """Whether the process ends by itself in time, after it has closed its channels."""
    try:
        process.wait(max(until - time.monotonic(), 0.05))
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole tree: its process group, and with its first process the process namespace."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for channel in (process.stdin, process.stdout):
        if channel is not None:
            channel.close()


def _judged(
    process: subprocess.Popen[bytes],
    came_to_its_end: bool,
    stopped: Literal["", "time", "output"],
    output: bytes,
    seconds: float,
    active: dict[str, str],
    limits: Limits,
) -> Ended:
    text = output.decode("utf-8", "replace")
    kept = tuple(f"{name}: {what}" for name, what in active.items())
    if stopped:
        limit = f"{limits.seconds:g} s" if stopped == "time" else f"{limits.output} bytes"
        return Ended(stopped, f"more than {limit}", text, seconds, kept)
    code = process.returncode
    if code == 0 and came_to_its_end:
        return Ended("passed", "", text, seconds, kept)
    number = -code if code < 0 else code - 128
    if number in (
        signal.SIGXCPU,
        signal.SIGKILL,
        signal.SIGSEGV,
        signal.SIGBUS,
        signal.SIGSYS,
        signal.SIGILL,
    ):
        if number in (signal.SIGXCPU, signal.SIGKILL) and seconds >= int(limits.seconds):
            return Ended("time", f"more than {limits.seconds:g} s of processor time", text, seconds, kept)
        return Ended("killed", signal.Signals(number).name, text, seconds, kept)
    lines = text.strip().splitlines()
    return Ended("failed", lines[-1][:300] if lines and code else "it left early", text, seconds, kept)
