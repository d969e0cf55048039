"""Rows from a folder `<root>/<dataset>/<config>/<split>.parquet` with the columns of the hub.

The layout of the sample data, of anything that a user converts, and of data that may not be redistributed.
JSON lines (`.jsonl`) are read too, so that a licensed corpus can be brought in without a Parquet writer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from replicate.data.place import Part
from replicate.data.table import Table
from replicate.record import sha256, stamp


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """Local files in the schema of the hub."""

    root: Path
    full: bool = False
    """Prefer `<split>_full` where it exists (sample folders keep a small and a full training split)."""
    languages: tuple[str, ...] | None = None

    def table(self, part: Part) -> Table:
        """Rows of the part's file."""
        path = self.path(part)
        if path.suffix == ".jsonl":
            return _json_lines(path)
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            # partitioning=None: a folder named `x=y` above the file must not become a column.
            with pq.ParquetFile(path) as file:
                held = set(file.schema_arrow.names)
                # All of them where one is absent, so that the message can say what the file has instead.
                whole = not part.columns or not held.issuperset(part.columns)
                rows = file.read(columns=None if whole else list(part.columns))
                metadata = file.schema_arrow.metadata or {}
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                Problem(f"not a readable Parquet file: {error}", "fetch or write it again", str(path))
            ) from error
        names = class_names(metadata.get(b"huggingface", b"{}"))
        return Table({name: rows[name].to_pylist() for name in rows.column_names}, str(path), names)

    def has(self, part: Part) -> bool:
        """Whether the part's file is there."""
        try:
            return bool(self.path(part))
        except InputError:
            return False

    def fingerprint(self, part: Part) -> str:
        """SHA-256 of the file."""
        path = self.path(part)
        size, changed = stamp(path)
        return f"sha256:{_hash(path, size, changed)}"

    def path(self, part: Part) -> Path:
        """File of a part.

        Raises
        ------
        InputError
            Saying which path was looked for, which languages or splits lie there, and how to get the data.
        """
        folder = self.root / part.dataset / part.config
        stems = (f"{part.split}_full", part.split) if self.full else (part.split,)
        for stem in stems:
            for suffix in (".parquet", ".jsonl"):
                if (path := folder / (stem + suffix)).is_file():
                    return path
        raise InputError(Problem(*self._absence(part, folder)))

    def _absence(self, part: Part, folder: Path) -> tuple[str, str]:
        """(what, remedy) for a part that is not there."""
        what = f"there is no {folder / (part.split + '.parquet')}"
        if folder.is_dir():
            has = ", ".join(sorted(path.stem for path in folder.iterdir() if path.is_file())) or "no file"
            return f"{what} (that folder has {has})", part.obtain or "choose another split"
        if folder.parent.is_dir():
            has = ", ".join(sorted(path.name for path in folder.parent.iterdir() if path.is_dir())) or "none"
            return f"{what} ({part.dataset} has: {has})", part.obtain or "choose another language"
        return what, part.obtain or f"put {part.dataset!r} under {self.root}, or name another data folder"


@lru_cache(maxsize=4096)
def _hash(path: Path, size: int, changed: int) -> str:
    """SHA-256 of a file as it was then: a grid asks for the same file hundreds of times."""
    return sha256(path)


def class_names(metadata: bytes) -> dict[str, tuple[str, ...]]:
    """Label names per column from the `huggingface` schema metadata; list columns give their element's."""
    features = json.loads(metadata).get("info", {}).get("features", {})
    found: dict[str, tuple[str, ...]] = {}
    for column, feature in features.items():
        inner: Any = feature
        while isinstance(inner, dict) and "names" not in inner and "feature" in inner:
            inner = inner["feature"]
        if isinstance(inner, dict) and "names" in inner:
            found[column] = tuple(inner["names"])
    return found


def _json_lines(path: Path) -> Table:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(Problem(f"not JSON: {error.msg}", "", str(path), number, error.colno)) from error
        if not isinstance(row, dict) or (rows and row.keys() != rows[0].keys()):
            raise InputError(
                Problem("row is not an object with the keys of the first row", "", str(path), number)
            )
        rows.append(row)
    return Table.of_rows(rows, str(path))
