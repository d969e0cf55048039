"""The ledger: a folder in which every finished stage has a record, and only finished stages have one.

`runs/<key>/` holds `record.json`, the files that it names with their SHA-256 (`scores.parquet`,
`model.safetensors`, ...) and nothing else. It is written under a temporary name and renamed; a folder whose
files do not match their hashes is moved aside and counts as absent. A scan of `*/scores.parquet` is the
results table.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas

SCHEMA: Final = "verify-claims/run/1"


class Damaged(RuntimeError):
    """A record whose files are not what they were; the stage must run again."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"record {key} is damaged: {what}")
        self.key = key


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
        try:
            record = json.loads((self.folder(key) / "record.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        whole = isinstance(record, dict) and isinstance(record.get("files"), dict)
        return record if whole and record.get("schema") == SCHEMA else None

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
        """Remove what a killed run left behind of a finished stage: checkpoints and its reservation."""
        shutil.rmtree(self.work(key), ignore_errors=True)
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
                _stamp(self.folder(key) / name) == told for name, told in stamps.items()
            )
        except OSError:
            return False

    def set_aside(self, key: str) -> None:
        """Move a damaged record out of the way, to `.damaged/`, for whoever wants to look at it."""
        aside = self.root / ".damaged"
        aside.mkdir(exist_ok=True)
        number = sum(1 for _ in aside.glob(f"{key}-*"))
        self.folder(key).replace(aside / f"{key}-{number}")

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
        stamps = {name: _stamp(waiting / name) for name in hashes}
        full = {"schema": SCHEMA, "key": key, **record, "files": hashes, "stamps": stamps}
        (waiting / "record.json").write_text(
            json.dumps(full, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        for path in waiting.iterdir():
            _flush(path)
        try:
            waiting.replace(self.folder(key))
        except OSError:
            if (
                self.record(key) is None
            ):  # another process finished the same stage first: equal by construction
                raise
        shutil.rmtree(self.work(key), ignore_errors=True)

    def records(self) -> list[dict[str, Any]]:
        """All records, in the order of their keys."""
        found = (self.record(path.parent.name) for path in sorted(self.root.glob("*/record.json")))
        return [record for record in found if record is not None]

    def results(self, *keys: str) -> pandas.DataFrame:
        """Results table of the given stages, or of all that have scores."""
        from replicate import scan

        return scan.scores(self.root, keys or scan.keys(self.root))


def results(root: Path) -> pandas.DataFrame:
    """Results table of all run records under `root`."""
    return Ledger(root).results()


def sha256(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> list[int]:
    """Size in bytes and time of the last change in nanoseconds; renaming keeps both."""
    told = path.stat()
    return [told.st_size, told.st_mtime_ns]


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
