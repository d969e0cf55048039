"""Records a check while it runs, so that `replay` can repeat it: what it read, wrote and said.

Python itself tells what is opened and listed (audit events, PEP 578), adapters of other packages included, so nothing
has to be declared and nothing can be forgotten. A run is kept only if all that it read was at rest: a file that
changed while the run went on, or just before, could have been read in its older state.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from verify_claims import cache, replay

REST_NS: Final = 20_000_000
"""File times lag behind the clock by up to a tick of the kernel."""
UNKNOWN: Final = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect", "os.fork")
"""Events after which it cannot be known what a run depends on."""
_active: list[Recording] = []


class Recording:
    """One run under record."""

    def __init__(self, arguments: list[str], started_ns: int) -> None:
        self.arguments, self.started_ns = arguments, started_ns
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.matches: set[tuple[str, str]] = set()
        self.today: str | None = None
        self.parts: list[tuple[str, str]] = []
        self.written: dict[str, bytes] = {}
        self.seen: dict[str, set[str]] = {}
        self.study: Path | None = None
        self.lost = False
        self.busy = False

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take in one audit event."""
        if event == "open":
            path, mode, flags = (*arguments, None, None)[:3]
            writes = isinstance(mode, str) and any(sign in mode for sign in "wax+")
            if not writes and not (mode is None and isinstance(flags, int) and flags & 3):
                self._add(self.files, path)
        elif event in ("os.listdir", "os.scandir"):
            self._add(self.folders, arguments[0] if arguments[0] is not None else ".")
        elif event == "sqlite3.connect":
            for ending in ("", "-wal", "-journal"):
                self._add(self.files, _database(str(arguments[0])) + ending)
        elif event == "verify_claims.matches":
            self.matches.add((str(arguments[0]), str(arguments[1])))
        elif event == "verify_claims.today":
            self.today = str(arguments[0])
        elif event in UNKNOWN or event == "verify_claims.foreign_adapter":
            self.lost = True

    def _add(self, where: set[str], path: Any) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        where.add(name)
        place = os.path.dirname(name)  # noqa: PTH120
        if place not in self.seen and not place.startswith((sys.prefix, sys.base_prefix)):
            self.busy = True
            self.seen[place] = _names(place)
            self.busy = False

    def keep(self, code: int) -> None:
        """Write the entry; without a judgement, or where anything was not at rest, nothing."""
        folder = cache.cache_folder()
        if self.lost or self.study is None or folder is None or code not in (0, 1, 3):
            return
        header = self._header(code, str(self.study.resolve()), folder)
        if header is None:
            return
        parts = [
            (target, "".join(text for _, text in said).encode("utf-8", "backslashreplace"))
            for target, said in groupby(self.parts, key=lambda part: part[0])
        ]
        parts += list(self.written.items())
        header["parts"] = [(target, len(data)) for target, data in parts]
        data = cache.entry_bytes(header, b"".join(data for _, data in parts))
        cache.store(folder, cache.entry_path(folder, replay.run_key(self.arguments)), data)

    def _header(self, code: int, study: str, kept: str) -> dict[str, Any] | None:
        inside = study + os.sep
        files = sorted(p for p in self.files | _foreign_modules() if _counts(p, inside, kept))
        folders = {p for p in self.folders if _counts(p + os.sep, inside, kept)} | {study}
        for path in files:  # a file that was looked for in vain shows in the names of its folder
            while path.startswith(inside):
                path = os.path.dirname(path)  # noqa: PTH120
                folders.add(path)
        own = {os.path.split(os.path.abspath(path)) for path in self.written}  # noqa: PTH100
        latest = self.started_ns - REST_NS
        states = {}
        for path in files:
            if not _at_rest(path, latest):
                return None
            states[path] = replay.file_state(path)
            if not _at_rest(path, latest):
                return None
        writes_in = {place for place, _ in own}
        for path in folders:
            ours = {name for place, name in own if place == path}
            same = self.seen.get(path, ours) - ours == _names(path) - ours
            if not (same if path in writes_in else _at_rest(path, latest)):
                return None
        return {
            "code": code,
            "today": self.today,
            "own": sorted(own),
            "files": states,
            "folders": {path: replay.folder_state(path, set(own)) for path in sorted(folders)},
            "matches": [(f, glob, replay.matches_state(f, glob)) for f, glob in sorted(self.matches)],
        }


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return set()


def _at_rest(path: str, latest_ns: int) -> bool:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return True  # absent, and its folder is watched
    return max(found.st_mtime_ns, found.st_ctime_ns) < latest_ns


def _counts(path: str, inside: str, kept: str) -> bool:
    """Whether a path is an input: all of the study, and what lies outside Python, our code and the machine's own."""
    if path.startswith(inside):
        return True
    own = [os.path.join(replay.PARENT, floor) + os.sep for floor in replay.FLOORS]  # noqa: PTH118
    python = [os.path.realpath(p) + os.sep for p in {sys.prefix, sys.base_prefix, sys.exec_prefix}]
    python += [p + os.sep for p in {sys.prefix, sys.base_prefix}]
    if path.startswith(tuple(own)):
        return f"{os.sep}catalog{os.sep}" in path
    return not path.startswith((*python, kept, "/proc/", "/sys/", "/dev/")) and path != "/dev/null"


def _foreign_modules() -> set[str]:
    """Source files of the loaded modules; `_counts` leaves out those of installed packages and our own."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {os.path.abspath(file) for file in files if file}  # noqa: PTH100


def _database(name: str) -> str:
    return unquote(urlsplit(name).path) if name.startswith("file:") else name


class _Tee:
    """A text stream that also remembers what was written to it."""

    def __init__(self, stream: Any, name: str, parts: list[tuple[str, str]]) -> None:
        self._stream, self._name, self._parts = stream, name, parts

    def write(self, text: str) -> int:
        self._parts.append((self._name, text))
        return int(self._stream.write(text))

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def remember_finished(study: Path) -> None:
    """Tell the recording under way, if any, that the run came to a judgement about a study."""
    for run in _active:
        run.study = study


def remember_written(path: Path, data: bytes) -> None:
    """Tell the recording under way, if any, of a file that the run wrote."""
    for run in _active:
        run.written[str(path)] = data


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active or _active[-1].busy:
        return
    try:
        _active[-1].heard(event, arguments)
    except (OSError, ValueError):  # raised here it would hit whoever opened the file
        _active[-1].lost = True


_hooked: list[bool] = []


@contextmanager
def recording(arguments: list[str], started_ns: int) -> Iterator[None]:
    """Record what happens inside, and keep it if it ends with a judgement."""
    if not replay.replayable(arguments) or cache.cache_folder() is None:
        yield
        return
    run = Recording(arguments, started_ns)
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    streams = sys.stdout, sys.stderr
    sys.stdout = _Tee(streams[0], "stdout", run.parts)
    sys.stderr = _Tee(streams[1], "stderr", run.parts)
    _active.append(run)
    try:
        yield
    except SystemExit as end:
        run.busy = True
        sys.stdout, sys.stderr = streams
        if isinstance(end.code, int):
            with suppress(OSError, ValueError):  # a run that cannot be kept is still a run
                run.keep(end.code)
        raise
    finally:
        _active.pop()
        sys.stdout, sys.stderr = streams
