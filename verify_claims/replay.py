"""Replays a check that nothing has changed since: the same bytes and exit code, without loading the engine.

An entry holds what a run wrote and everything that it read: hashes of files, names in folders, what patterns
matched, the date where one mattered. It counts only if all of that is still so, which is established by reading the
files again, never by their times. Only the standard library is imported here, because this runs before anything else.
"""

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from typing import Any, Final

from verify_claims.cache import cache_folder, digest, entry_path, read_entry

FLOORS: Final = ("analysis", "claims", "reports", "verify_claims")
PARENT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  (pathlib is slow to load)
UNREPLAYED: Final = ("--no-cache", "--out", "--github", "--help")
"""Options with which a run is neither replayed nor kept: they write more than this module keeps."""
NAMES: Final = frozenset(
    {
        "COLUMNS",
        "LINES",
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "COLORTERM",
        "TERMINAL_WIDTH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "SOURCE_DATE_EPOCH",
        "GITHUB_ACTIONS",
        "PY_COLORS",
        "PYTHONIOENCODING",
        "PYTHONUTF8",
        "PYTHONPATH",
        "PYTHONWARNINGS",
        "HOME",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
    }
)
PREFIXES: Final = ("VERIFY_CLAIMS_", "TYPER_", "_TYPER_", "RICH_", "JUPYTER_")
"""Environment variables that may change what is shown."""


def replay(arguments: list[str]) -> int | None:
    """Exit code of a replayed check; None where it has to be run.

    Parameters
    ----------
    arguments
        Those after `check`.
    """
    folder = cache_folder()
    if folder is None or not replayable(arguments):
        return None
    try:
        path = entry_path(folder, run_key(arguments))
        entry = read_entry(path)
        if entry is None or not current(entry[0]):
            return None
        os.utime(path)
        header, said = entry[0], _written(*entry)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # an entry that cannot be read, or is not what it should be, is as good as none
    for target, data in said:
        getattr(sys, target).write(data.decode("utf-8"))
    return int(header["code"])


def replayable(arguments: list[str]) -> bool:
    """Whether a run with these arguments may be kept and replayed."""
    return not any(argument.split("=")[0] in UNREPLAYED for argument in arguments) and all(
        (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"
        for stream in (sys.stdout, sys.stderr)
    )


def run_key(arguments: list[str]) -> str:
    """Name of a run: command line, folder, terminal, environment, Python, installed packages and our own code."""
    streams = [_terminal(stream) for stream in (sys.stdout, sys.stderr)]
    env = sorted(
        (name, word) for name, word in os.environ.items() if name in NAMES or name.startswith(PREFIXES)
    )
    parts = (arguments, os.getcwd(), streams, env, sys.version, sys.executable, _installed(), tool_state())  # noqa: PTH109
    return digest(repr(parts).encode("utf-8", "surrogateescape"))


def tool_state() -> str:
    """Name of our own code as it lies there: sizes and times, the rule by which Python trusts compiled code."""
    found = []
    for floor in FLOORS:
        stack = [os.path.join(PARENT, floor)]  # noqa: PTH118
        while stack:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith(("__pycache__", ".")) or entry.name == "catalog":
                        continue  # the bundled study is an input, not code
                    if entry.is_dir():
                        stack.append(entry.path)
                    else:
                        stat = entry.stat()
                        found.append((entry.path, stat.st_size, stat.st_mtime_ns))
    return digest(repr(sorted(found)).encode())


def _installed() -> list[tuple[str, int]]:
    """Installed packages with the time of their installation: their versions decide, and so do their adapters."""
    found = []
    for place in sys.path:
        if place.endswith("-packages"):
            with os.scandir(place) as entries:
                found += [
                    (e.name, e.stat().st_mtime_ns)
                    for e in entries
                    if e.name.endswith((".dist-info", ".pth", ".egg-link"))
                ]
    return sorted(found)


def _terminal(stream: Any) -> tuple[Any, ...]:
    if not stream.isatty():
        return (False,)
    return (True, *os.get_terminal_size(stream.fileno()))


def current(header: dict[str, Any]) -> bool:
    """Whether everything that the run read is as it was."""
    if header["today"] is not None and header["today"] != today():
        return False
    own = {tuple(pair) for pair in header["own"]}
    return (
        all(file_state(path) == state for path, state in header["files"].items())
        and all(folder_state(path, own) == state for path, state in header["folders"].items())
        and all(matches_state(folder, glob) == state for folder, glob, state in header["matches"])
    )


def today() -> str:
    """Date in the form 2026-11-20: that of `SOURCE_DATE_EPOCH` where it is set, else of the clock, in UTC."""
    import time

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = time.gmtime(int(epoch)) if epoch.isascii() and epoch.isdigit() else time.gmtime()
    return time.strftime("%Y-%m-%d", moment)


def file_state(path: str) -> str:
    """Hash of a file's content, or that there is none."""
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
            found = blake2b(digest_size=20)
            while block := stream.read(1 << 20):
                found.update(block)
            return found.hexdigest()
    except FileNotFoundError:
        return "absent"
    except OSError as error:
        return f"error {error.errno}"


def folder_state(path: str, own: set[tuple[str, ...]]) -> str:
    """Hash of the names in a folder and of where its links lead; files that the run itself writes do not count."""
    try:
        with os.scandir(path) as entries:
            found = sorted(
                (e.name, e.is_dir(), os.readlink(e.path) if e.is_symlink() else "")  # noqa: PTH115
                for e in entries
                if (path, e.name) not in own
            )
    except OSError as error:
        return f"error {error.errno}"
    return digest(repr(found).encode("utf-8", "surrogateescape"))


def matches_state(folder: str, glob: str) -> str:
    """Hash of the paths that a pattern matches in a folder."""
    from pathlib import Path

    return digest("\n".join(sorted(map(str, Path(folder).glob(glob)))).encode("utf-8", "surrogateescape"))


def _written(header: dict[str, Any], body: bytes) -> list[tuple[str, bytes]]:
    """Write the files that the run wrote; return what it said on its streams, in order."""
    said, at = [], 0
    for target, size in header["parts"]:
        data = body[at : at + size]
        at += size
        if target in ("stdout", "stderr"):
            said.append((target, data))
        else:
            _write(target, data)
    return said


def _write(path: str, data: bytes) -> None:
    from pathlib import Path

    from reports.whole import write_whole

    write_whole(Path(path), data)
