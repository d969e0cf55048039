"""Encoded rows on disk, memory-mapped: a split is tokenised once per tokenizer, by whichever stage needs it first.

Twenty models are scored on the same test sets, and a target task is trained after each of them; only the first
stage pays. Flat arrays in NumPy's own format: loading is a map of the file, and stages on one machine share its
pages. The files have the hash of all that determines them as their name. They are derived, so a shelf that cannot
be written or read only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

FORMAT: Final = 2
"""Raised when code changes what the same facts are encoded to; 1 did not tell noised rows from clean ones."""

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Shelf:
    """Where arrays of one kind of encoding are kept; without a folder they are made anew each time."""

    folder: Path | None
    scratch: Path | None
    """Folder on the same file system, where files are written before they are renamed."""
    facts: Mapping[str, Any]
    """Task, split, language, digest of the rows, noise: what the examples are."""

    def arrays(self, facts: Mapping[str, Any], make: Callable[[], Arrays]) -> Arrays:
        """The arrays of these examples encoded with these settings; made where they are not on the shelf."""
        if self.folder is None or self.scratch is None:
            return make()
        told = json.dumps({"format": FORMAT, **self.facts, **facts}, sort_keys=True, default=str)
        stem = self.folder / hashlib.sha256(told.encode()).hexdigest()[:24]
        found = _read(stem)
        if found is not None:
            return found
        made = make()
        with contextlib.suppress(OSError):  # a full disk: the next stage encodes again
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(stem, made)
        return made

    def _write(self, stem: Path, arrays: Arrays) -> None:
        assert self.scratch is not None
        for name, values in arrays.items():
            waiting = self.scratch / f".{stem.name}.{name}.{os.getpid()}.npy"
            np.save(waiting, values)
            waiting.replace(f"{stem}.{name}.npy")
        # The list of arrays comes last: what it names is there and whole.
        waiting = self.scratch / f".{stem.name}.{os.getpid()}.json"
        sizes = {name: list(values.shape) for name, values in arrays.items()}
        waiting.write_text(json.dumps(sizes), encoding="utf-8")
        waiting.replace(f"{stem}.json")


NOWHERE: Final = Shelf(None, None, {})
"""Keeps nothing."""


def _read(stem: Path) -> Arrays | None:
    try:
        sizes = json.loads(Path(f"{stem}.json").read_text(encoding="utf-8"))
        found = {
            name: np.load(f"{stem}.{name}.npy", mmap_mode="r" if np.prod(size) else None, allow_pickle=False)
            for name, size in sizes.items()
        }
    except (OSError, ValueError, AttributeError):
        return None
    whole = all(list(found[name].shape) == size for name, size in sizes.items())
    return found if whole else None
