"""Where `--runs` points: a folder, or this machine's copy of a store and the store's URL."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def runs(text: str) -> tuple[Path, str | None]:
    """(folder, URL or None). The copies lie under the user's cache folder, or VERIFY_CLAIMS_CACHE.

    Examples
    --------
    >>> runs("runs")
    (PosixPath('runs'), None)
    >>> runs("s3://bucket/xstilts")[1]
    's3://bucket/xstilts'
    """
    if "://" not in text:
        return Path(text), None
    cache = os.environ.get("VERIFY_CLAIMS_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Path(cache).expanduser() / "verify-claims" / f"runs-{name}", text
