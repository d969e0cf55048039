"""The inner side: confines this process for good, step by step, then runs the program that it was given.

Started by `replicate.sandbox.run` with an empty environment. Reads one JSON object from standard input: the
program, its limits, the word that says that it came to its end, the protections that are needed. Writes to the
report channel the protections that are in force before the program starts, and the word after it. Exit codes: what
the program gives, 1 for an exception, 125 where a protection that is needed could not be had.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import Any, Final, NoReturn

from replicate.sandbox import kernel, landlock, namespaces, seccomp

UNPROTECTED: Final = 125
_SIGNALLED: Final = 128


def main(report: int, place: str) -> NoReturn:
    """Confine and run; `report` is the descriptor of the channel, `place` an empty folder of its own."""
    job: dict[str, Any] = json.load(sys.stdin.buffer)
    active = {}
    try:
        kernel.die_with_parent()
        if job["namespaces"]:
            namespaces.enter()
            _as_child_of_an_init()
            namespaces.private_root(place, job["limits"]["disk"])
            active["namespaces"] = "network, processes, mounts, users, ipc, host name"
        _limit(job["limits"], writes=bool(job["namespaces"]))
        kernel.no_new_privileges()
        kernel.drop_capabilities()
        if landlock.version():
            readable, writable = (["/"], ["/tmp"]) if job["namespaces"] else (namespaces.readable(), [])
            landlock.restrict(readable, writable)
            active["landlock"] = f"version {landlock.version()}"
        elif not job["namespaces"]:
            raise OSError(0, "neither namespaces nor landlock: files are not protected")
        nothing = os.open("/dev/null", os.O_RDONLY) if job["namespaces"] else _empty()
        os.dup2(nothing, 0)
        os.closerange(3, report)
        os.closerange(report + 1, 1024)
        seccomp.refuse()
        active["seccomp"] = f"{len(seccomp.REFUSED)} system calls refused"
    except OSError as error:
        os.write(report, json.dumps({"refused": str(error)}).encode() + b"\n")
        os._exit(UNPROTECTED)
    os.write(report, json.dumps(active).encode() + b"\n")
    _program(job["program"], report, job["word"].encode())


def _as_child_of_an_init() -> None:
    """Go on in the second process of a new process namespace; the first waits for it, and all die with the first."""
    for _ in range(2):
        child = os.fork()
        if child:
            os.closerange(0, 1024)
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else _SIGNALLED - code)
        kernel.die_with_parent()


def _limit(limits: dict[str, Any], writes: bool) -> None:
    seconds = int(-(-limits["seconds"] // 1))
    for which, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file"] if writes else 0),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, 8 * 2**20),
    ):
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))
    resource.setrlimit(resource.RLIMIT_NICE, (0, 0))
    # A write over the limit is an OSError in the program, as on a full disk, and not its end.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _empty() -> int:
    """A descriptor at which reading ends at once."""
    reading, writing = os.pipe()
    os.close(writing)
    return reading


def _program(source: str, report: int, word: bytes) -> NoReturn:
    """Run the program as `__main__`; a normal end, and only that, writes the word."""
    write, leave = os.write, os._exit
    for name in [name for name in sys.modules if name.partition(".")[0] == "replicate"]:
        del sys.modules[name]
    sys.argv = ["program.py"]
    code = 1
    try:
        exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})
        sys.stdout.flush()
        write(report, word)
        code = 0
    except SystemExit as end:  # an early exit is not a pass, whatever its code
        code = end.code if isinstance(end.code, int) and end.code % 256 else 1
    except BaseException as error:
        try:
            import traceback

            sys.stdout.flush()
            traceback.print_exception(
                error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
            )
            sys.stderr.flush()
        except BaseException:
            code = 1
    leave(code % 256)
