"""Run records under an fsspec URL: a record is there whole or not at all, with no lock and no rename.

Object stores have neither, but writing one object is atomic. So the files of a record go first, under a
number that no other attempt has (`<key>/<attempt>/<name>`), and `<key>/record.json`, which names the attempt
and the hash of every file, goes last. Two machines that finish one stage at the same time write two attempts,
and whichever `record.json` stays names a whole one. A writer that dies leaves files that nobody names.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from replicate.record import NAME as RECORD
from replicate.record import SCHEMA, parsed, read, sealed


@dataclass(frozen=True)
class Store:
    """Records under a URL (s3://bucket/runs, gs://..., file:///...)."""

    url: str

    @cached_property
    def _place(self) -> tuple[Any, str]:
        import fsspec

        protocol = self.url.partition("://")[0]
        try:
            place, root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        except ImportError:
            raise InputError(
                Problem(
                    f"--runs {self.url}: the file system {protocol!r} is not installed",
                    "pip install 'verify-claims[s3]'" if protocol == "s3" else f"install fsspec's {protocol}",
                )
            ) from None
        except ValueError as error:
            raise InputError(
                Problem(f"--runs {self.url}: {error}", "give a folder or an fsspec URL")
            ) from None
        return place, str(root).rstrip("/")

    def reach(self) -> None:
        """Make the place where it can be made; raises InputError where it cannot be reached."""
        place, root = self._place
        try:
            place.makedirs(root, exist_ok=True)
            place.ls(root, detail=False)
        except FileNotFoundError:
            return  # an empty prefix of an object store does not exist
        except Exception as error:
            raise InputError(
                Problem(
                    f"--runs {self.url} cannot be reached: {type(error).__name__}: {error}",
                    "check address, bucket and credentials",
                )
            ) from None

    def keys(self) -> set[str]:
        """Keys of the records that are there."""
        place, root = self._place
        try:
            found = place.glob(f"{root}/*/{RECORD}")
        except FileNotFoundError:
            return set()
        return {str(path).rsplit("/", 2)[1] for path in found}

    def record(self, key: str) -> dict[str, Any] | None:
        """The record of a key, or None where there is none (or none that can be read)."""
        place, root = self._place
        try:
            record = parsed(place.cat_file(f"{root}/{key}/{RECORD}"))
        except FileNotFoundError:
            return None
        return record if record is not None and "attempt" in record else None

    def put(self, key: str, folder: Path) -> bool:
        """Publish a finished record: its files, then `record.json`; False where it is not whole any more."""
        place, root = self._place
        record = read(folder)
        if record is None:
            return False
        record["attempt"] = uuid.uuid4().hex[:12]
        base = f"{root}/{key}/{record['attempt']}"
        place.makedirs(base, exist_ok=True)
        for name in record["files"]:
            place.put_file(str(folder / name), f"{base}/{name}")
        content = sealed({**record, "schema": SCHEMA}).encode()
        if "file" in (place.protocol if isinstance(place.protocol, tuple) else (place.protocol,)):
            # On a file system a write can be seen half done; there renaming is the atomic step.
            place.pipe_file(f"{base}/{RECORD}", content)
            Path(f"{base}/{RECORD}").replace(f"{root}/{key}/{RECORD}")
        else:
            place.pipe_file(f"{root}/{key}/{RECORD}", content)
        return True

    def get(self, key: str, into: Path) -> dict[str, Any] | None:
        """Copy the files of a record into the folder `into` (which is made); the record, or None.

        Nothing is checked here: whoever publishes the copy compares hashes.
        """
        record = self.record(key)
        if record is None:
            return None
        place, root = self._place
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        for name in record["files"]:
            try:
                place.get_file(f"{root}/{key}/{record['attempt']}/{name}", str(into / name))
            except FileNotFoundError:
                return None
        return record

    def forget(self, key: str) -> None:
        """Take a damaged record out; its files stay for whoever wants to look at them."""
        place, root = self._place
        try:
            place.rm_file(f"{root}/{key}/{RECORD}")
        except FileNotFoundError:
            return
