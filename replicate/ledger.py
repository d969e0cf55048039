"""The ledger: a folder in which every finished stage has a record, and only finished stages have one.

`runs/<key>/` holds `record.json` (with a digest of its own), the files that it names with their SHA-256
(`scores.parquet`, `model.safetensors`, ...) and nothing else. It is written under a temporary name and renamed; a
folder whose record or files are not what they were is moved aside and counts as absent. A scan of
`*/scores.parquet` is the results table. Weights that nothing needs any more may be dropped; the record keeps their
hash and size, and when they are made again they are compared with it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError, Problem
from replicate.record import NAME, SCHEMA, flush, read, sealed, sha256, stamp

if TYPE_CHECKING:
    import pandas


class Damaged(RuntimeError):
    """A record whose files are not what they were; the stage must run again."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"record {key} is damaged: {what}")
        self.key = key


class Dropped(Damaged):
    """A record whose weights were dropped when nothing needed them; the stage must run again."""

    def __init__(self, key: str) -> None:
        super().__init__(key, "its weights were dropped")


@dataclass(frozen=True)
class Ledger:
    """Run records under one folder."""

    root: Path

    def __post_init__(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                Problem(f"{self.root} cannot be made: {error.strerror}", "choose another --runs")
            ) from None

    def folder(self, key: str) -> Path:
        """Where the record of a stage is, or will be."""
        return self.root / key

    def work(self, key: str) -> Path:
        """Where a running stage keeps its checkpoints."""
        return self.root / ".work" / key

    def record(self, key: str) -> dict[str, Any] | None:
        """The record of a finished stage, or None; the hashes of its files are not looked at."""
        return read(self.folder(key))

    def verify(self, key: str, *names: str) -> dict[str, Any]:
        """The record, after its files (those named, or all) have been compared with their hashes.

        Raises
        ------
        Damaged
            Where the record or a file is absent, cut or changed.
        """
        record = self.record(key)
        if record is None:
            raise Damaged(key, "record.json is absent or not whole")
        for name in names or record["files"]:
            path = self.folder(key) / name
            if not path.is_file() or sha256(path) != record["files"].get(name):
                raise Damaged(key, f"{name} is absent or changed")
        return record

    def whole(self, key: str) -> bool:
        """Whether a stage is finished and its files are whole; a damaged record is moved aside."""
        if not self.folder(key).exists():
            return False
        if self._untouched(key):
            return True
        try:
            self.verify(key)
        except Damaged:
            self.set_aside(key)
            return False
        return True

    def tidy(self, key: str) -> None:
        """Remove what a killed run left behind of a finished stage: checkpoints, reservation, dropped weights."""
        shutil.rmtree(self.work(key), ignore_errors=True)
        shutil.rmtree(self._earlier(key), ignore_errors=True)
        for name in (self.record(key) or {}).get("dropped", {}):
            (self.folder(key) / name).unlink(missing_ok=True)
        for left in (self.root / ".claims").glob(f"{key}.*"):
            left.unlink(missing_ok=True)

    def _untouched(self, key: str) -> bool:
        """Whether no file has another size or time than when it was published.

        A grid of published size has terabytes of weights, which no start can hash; whoever reads a file
        still compares its hash (`verify`).
        """
        stamps: dict[str, list[int]] = (self.record(key) or {}).get("stamps") or {}
        try:
            return bool(stamps) and all(
                stamp(self.folder(key) / name) == told for name, told in stamps.items()
            )
        except OSError:
            return False

    def set_aside(self, key: str) -> None:
        """Move a damaged record out of the way, to `.damaged/`, for whoever wants to look at it."""
        aside = self.root / ".damaged"
        aside.mkdir(exist_ok=True)
        free = next(path for n in itertools.count() if not (path := aside / f"{key}-{n}").exists())
        with contextlib.suppress(FileNotFoundError):  # another process was first
            self.folder(key).replace(free)

    def drop(self, key: str, *names: str) -> bool:
        """Delete files of a finished stage, and let its record say so; whether anything was there to delete.

        The record is rewritten first: killed in between, it is whole, and `tidy` deletes what it calls dropped.
        """
        record = self.record(key)
        folder = self.folder(key)
        here = [name for name in names if record and name in record["files"] and (folder / name).is_file()]
        if record is None or not here:
            return False
        dropped = {
            name: {"sha256": record["files"][name], "bytes": (folder / name).stat().st_size} for name in here
        }
        for part in ("files", "stamps"):
            record[part] = {name: told for name, told in record.get(part, {}).items() if name not in here}
        record["dropped"] = record.get("dropped", {}) | dropped
        waiting = self.work(key) / f".record-{os.getpid()}.json"
        with contextlib.suppress(
            OSError
        ):  # another process took the record away, or the disk is full: it stays
            waiting.parent.mkdir(parents=True, exist_ok=True)
            waiting.write_text(sealed({**record, "schema": SCHEMA}), encoding="utf-8")
            flush(waiting)
            waiting.replace(folder / NAME)
            for name in here:
                (folder / name).unlink(missing_ok=True)
            waiting.parent.rmdir()
        return "dropped" in (self.record(key) or {})

    def reopen(self, key: str) -> None:
        """Take a record away that a stage cannot build on: damaged to `.damaged/`, without weights to `.dropped/`."""
        try:
            # The hashes and not `whole`: a disk that changes a bit changes no time.
            if not self.verify(key).get("dropped"):
                return
        except Damaged:
            self.set_aside(key)
            return
        earlier = self._earlier(key)
        shutil.rmtree(earlier, ignore_errors=True)
        earlier.parent.mkdir(exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # another process was first
            self.folder(key).replace(earlier)

    def _earlier(self, key: str) -> Path:
        """Where the record of a stage waits whose weights are made again."""
        return self.root / ".dropped" / key

    def _made_again(self, key: str, hashes: Mapping[str, str]) -> dict[str, Any]:
        """What a record says of weights that were dropped and made again: their first hashes, and whether equal."""
        dropped = (read(self._earlier(key)) or {}).get("dropped")
        if not dropped:
            return {}
        first = {name: told["sha256"] for name, told in dropped.items()}
        equal = all(hashes.get(name) == told for name, told in first.items())
        return {"made_again": {"first": first, "equal": equal}}

    def publish(self, key: str, record: Mapping[str, Any], files: Mapping[str, Path]) -> None:
        """Make the record of a finished stage: all of it or nothing.

        Parameters
        ----------
        record : mapping
            What the record says; schema, key and file hashes are added.
        files : mapping
            Name in the record -> file to move there.
        """
        waiting = self.work(key) / f".record-{os.getpid()}"
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir(parents=True)
        hashes = {}
        for name, path in files.items():
            path.replace(waiting / name)
            hashes[name] = sha256(waiting / name)
        stamps = {name: stamp(waiting / name) for name in hashes}
        added = {**self._made_again(key, hashes), "files": hashes, "stamps": stamps}
        (waiting / NAME).write_text(
            sealed({**record, "schema": SCHEMA, "key": key, **added}), encoding="utf-8"
        )
        for path in waiting.iterdir():
            flush(path)
        try:
            waiting.replace(self.folder(key))
        except OSError:
            # Another process may have finished the same stage first: equal by construction.
            if self.record(key) is None:
                raise
        shutil.rmtree(self.work(key), ignore_errors=True)
        shutil.rmtree(self._earlier(key), ignore_errors=True)
        if "scores.parquet" in hashes:
            from replicate import scan

            scan.made(self.root, key)

    def records(self) -> list[dict[str, Any]]:
        """All records, in the order of their keys."""
        found = (self.record(path.parent.name) for path in sorted(self.root.glob(f"*/{NAME}")))
        return [record for record in found if record is not None]

    def damaged(self) -> list[str]:
        """Keys of records that are there and cannot be read whole; their scores are in no table."""
        found = (path.parent.name for path in sorted(self.root.glob(f"*/{NAME}")))
        return [key for key in found if not key.startswith(".") and self.record(key) is None]

    def results(self, *keys: str) -> pandas.DataFrame:
        """Results table of the given stages, or of all that have scores."""
        from replicate import scan

        return scan.scores(self.root, keys or scan.keys(self.root))


def results(root: Path) -> pandas.DataFrame:
    """Results table of all run records under `root`."""
    return Ledger(root).results()
