"""The cache's folder and its entries: written whole, read whole or not at all, and never more than a bound.

Only the standard library is imported here, and little of it, because a replay runs before anything else.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: Final = b"verify-claims run 1\n"
BOUND: Final = 256_000_000
"""Bytes that the cache may hold; the entries longest unused go first."""
LARGEST: Final = BOUND // 4
"""Bytes of the largest entry that is kept."""


def cache_folder() -> str | None:
    """Folder of the cache: `$VERIFY_CLAIMS_CACHE`, else the user's cache folder; None where there is no safe one.

    A folder that others may write to is not safe: a planted entry would be a planted verdict.
    """
    place = os.environ.get("VERIFY_CLAIMS_CACHE")
    if place is None:
        if os.name == "nt":
            base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")  # noqa: PTH111
        else:
            base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
        place = os.path.join(base, "verify-claims")  # noqa: PTH118
    if not place or not os.path.isabs(place):  # noqa: PTH117
        return None
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)  # noqa: PTH103
        found = os.stat(place)  # noqa: PTH116
    except OSError:
        return None
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        return None
    return place


def entry_path(folder: str, key: str) -> str:
    """File of a run's entry."""
    return os.path.join(folder, f"{key}.run")  # noqa: PTH118


def digest(data: bytes) -> str:
    """Short hash of bytes."""
    return blake2b(data, digest_size=20).hexdigest()


def read_entry(path: str) -> tuple[dict[str, Any], bytes] | None:
    """Header and body of an entry; None where its bytes are not those that were written."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            data = stream.read()
    except FileNotFoundError:
        return None
    start = len(MAGIC) + 41
    if not data.startswith(MAGIC) or data[len(MAGIC) : start - 1].decode("ascii", "replace") != digest(
        data[start:]
    ):
        return None
    head, _, body = data[start:].partition(b"\n")
    return json.loads(head), body


def entry_bytes(header: dict[str, Any], body: bytes) -> bytes:
    """Bytes of an entry, with the digest that tells a damaged one."""
    rest = json.dumps(header).encode() + b"\n" + body
    return MAGIC + digest(rest).encode() + b"\n" + rest


def store(folder: str, path: str, data: bytes) -> None:
    """Put the entry in its place at once, then make room; two runs at a time do no harm."""
    import tempfile
    from pathlib import Path

    if len(data) > LARGEST:
        return
    try:
        handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).replace(path)
        prune(Path(folder))
    except OSError:
        return  # a full or read-only disk costs the speed and nothing else


def prune(folder: Path, bound: int = BOUND) -> None:
    """Remove the entries longest unused until the folder holds no more than `bound` bytes."""
    import time

    found = []
    for path in folder.iterdir():
        try:
            stat = path.stat()
        except OSError:
            continue  # another run was quicker
        if path.suffix in (".run", ".claims") or (
            path.name.startswith(".new-") and time.time() - stat.st_mtime > 3600
        ):
            found.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= bound:
            return
        path.unlink(missing_ok=True)
        total -= size
