"""A run record as JSON with a digest of its own, and what tells whether its files are as they were written.

The files of a record are hashed in it; nothing else would notice a flipped digit of a setting, a loss or a
hash. The digest is the SHA-256 of the values without it (sorted names, no spaces), so another layout of the same
values is the same record. Records of schema run/1 have none and are believed, as they were when they were made;
of run/2, one without a digest is as damaged as one with a wrong digest.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

NAME: Final = "record.json"
SCHEMA: Final = "verify-claims/run/2"
UNSEALED: Final = "verify-claims/run/1"
"""Schema of records that were made before records had a digest."""


def sealed(record: Mapping[str, Any]) -> str:
    """Text of a record, with its digest.

    Examples
    --------
    >>> text = sealed({"schema": SCHEMA, "key": "k", "files": {}, "seconds": 1.5})
    >>> parsed(text)["seconds"], parsed(text.replace("1.5", "7.5"))
    (1.5, None)
    """
    values = json.loads(json.dumps({name: value for name, value in record.items() if name != "digest"}))
    return json.dumps({**values, "digest": digest(values)}, indent=1, ensure_ascii=False) + "\n"


def parsed(text: str | bytes) -> dict[str, Any] | None:
    """The record that a text holds, or None where it is not whole."""
    try:
        record = json.loads(text)
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("files"), dict):
        return None
    told = record.get("digest")
    if told is None:
        return record if record.get("schema") == UNSEALED else None
    return record if record.get("schema") in (SCHEMA, UNSEALED) and told == digest(record) else None


def read(folder: Path) -> dict[str, Any] | None:
    """The record in a folder, or None where there is none or it is not whole."""
    try:
        return parsed((folder / NAME).read_bytes())
    except OSError:
        return None


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of all values besides the digest; the values are those that JSON gives back."""
    values = {name: value for name, value in record.items() if name != "digest"}
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sha256(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(path: Path) -> list[int]:
    """Size in bytes and time of the last change in nanoseconds; renaming keeps both."""
    told = path.stat()
    return [told.st_size, told.st_mtime_ns]


def flush(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
