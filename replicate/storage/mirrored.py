"""A ledger whose folder is this machine's copy of a shared store: records come when asked for, and go when made.

Everything that runs sees an ordinary folder; only finished records travel. Checkpoints do not: a stage that
is lost with its node starts anew on another one, which loses less than uploading gigabytes every minute.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replicate.ledger import Damaged, Ledger
from replicate.record import sha256
from replicate.storage.store import Store

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Mirrored(Ledger):
    """Run records of a store, copied to `root` one by one."""

    store: Store

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store.reach()

    def record(self, key: str) -> dict[str, Any] | None:
        """The record here, else that of the store."""
        found = super().record(key)
        if found is None:
            return self.store.record(key)
        self._send(key)
        return found

    def verify(self, key: str, *names: str) -> dict[str, Any]:
        """As any ledger; what is absent or damaged here is fetched, what is damaged in the store is forgotten."""
        self._fetch(key)
        try:
            return super().verify(key, *names)
        except Damaged:
            if self.folder(key).exists():
                self.set_aside(key)
            if not self._fetch(key):
                raise
            return super().verify(key, *names)

    def whole(self, key: str) -> bool:
        """As any ledger; a record that is damaged here is fetched again."""
        try:
            return super().whole(key) or (self._fetch(key) and super().whole(key))
        except Damaged:
            return False

    def publish(self, key: str, record: Mapping[str, Any], files: Mapping[str, Path]) -> None:
        """Here first, then in the store."""
        super().publish(key, record, files)
        self._send(key)

    def results(self, *keys: str) -> pandas.DataFrame:
        """Results table of the given stages, or of all in the store."""
        for key in keys or sorted(self.store.keys()):
            self._fetch(key)
        return super().results(*keys)

    def _fetch(self, key: str) -> bool:
        if super().record(key) is not None:
            return True
        waiting = self.root / ".fetched" / f"{key}-{os.getpid()}"
        record = self.store.get(key, waiting)
        if record is None:
            shutil.rmtree(waiting, ignore_errors=True)
            return False
        if self.folder(key).exists():
            self.set_aside(key)
        for name, digest in record["files"].items():
            if sha256(waiting / name) != digest:
                self.store.forget(key)
                shutil.rmtree(waiting, ignore_errors=True)
                raise Damaged(key, f"{name} is changed in {self.store.url}")
        known = {
            name: value
            for name, value in record.items()
            if name not in ("schema", "key", "files", "digest", "attempt")
        }
        super().publish(key, known, {name: waiting / name for name in record["files"]})
        (self.root / ".sent").mkdir(exist_ok=True)
        (self.root / ".sent" / key).touch()
        shutil.rmtree(waiting, ignore_errors=True)
        return True

    def _send(self, key: str) -> None:
        """Upload a record once; an upload that was killed has left no mark, and is repeated."""
        mark = self.root / ".sent" / key
        if not mark.exists() and self.store.put(key, self.folder(key)):
            mark.parent.mkdir(exist_ok=True)
            mark.touch()
