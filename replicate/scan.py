"""All scores of a ledger as one table; what was read before comes from one file, so a scan stays under a second.

Ten thousand records are ten thousand small Parquet files, and opening each takes longer than reading it. The
index under `runs/.index/` holds the rows of those that were read, with size and time of each file. It is
derived: a record that is new or changed is read again, and without the index (or with a damaged one) the scan is
only slower. It is written under a temporary name and renamed, so two scans at once do no harm. Whoever makes a
record says so (`made`), and every 64th brings the index up to date, so that no scan has much to read, not even the
first; a process that is killed before it says so costs the next scan one file. A record that is
not whole, or whose scores have another hash than it says, has no rows here: it counts as absent everywhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from replicate.record import NAME, read

if TYPE_CHECKING:
    import pandas

SCORES: Final = "scores.parquet"
WORTH: Final = 64
"""New records from which on the index is written anew."""


def keys(root: Path) -> list[str]:
    """Names of the folders of records under `root`, in order."""
    with os.scandir(root) as found:
        return sorted(entry.name for entry in found if not entry.name.startswith("."))


@dataclass(frozen=True)
class Part:
    """Rows of some records, one record after another."""

    table: Any
    keys: list[str]
    stamps: list[int]
    rows: list[int]
    """How many rows of the table each record has."""

    def of_keys(self) -> list[tuple[str, int]]:
        """(key, stamp) of every record."""
        return list(zip(self.keys, self.stamps, strict=True))


def scores(root: Path, names: Sequence[str]) -> pandas.DataFrame:
    """Rows of the scores of the named records, in the order of the names; records without scores have none."""
    import pandas

    whole = _gathered(root, names, WORTH)
    if whole is None:
        return pandas.DataFrame()
    frame: pandas.DataFrame = whole.table.to_pandas()
    order = {name: place for place, name in enumerate(names)}
    places = np.repeat([order[key] for key in whole.keys], whole.rows)
    if (np.diff(places) < 0).any():
        frame = frame.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)
    return frame


def made(root: Path, key: str) -> None:
    """Note that a record with scores was made; every `WORTH`-th time the index takes in what is new."""
    import pyarrow as pa

    # The record is there already: whatever goes wrong here only makes the next scan slower.
    with contextlib.suppress(OSError, pa.ArrowException):
        notes = root / ".index" / "made"
        notes.parent.mkdir(exist_ok=True)
        with notes.open("a", encoding="utf-8") as file:
            file.write(f"{key}\n")
            due = file.tell() >= WORTH * (len(key) + 1)
        if due:
            taken = notes.with_name(f"made-{os.getpid()}")
            notes.replace(taken)  # of two processes one finds it gone
            _gathered(root, keys(root), 1)
            taken.unlink()


def _gathered(root: Path, names: Sequence[str], worth: int) -> Part | None:
    """Rows of the named records, from the index and their files; `worth` new ones are put into the index."""
    stamps = {name: stamp for name in names if (stamp := _stamp(root / name)) is not None}
    known = _index(root)
    parts = [] if known is None else [_chosen(known, [stamps.get(k) == s for k, s in known.of_keys()])]
    held = {key for part in parts for key in part.keys}
    new = [name for name in stamps if name not in held]
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda name: _table(root / name), new))
    parts += [Part(t, [n], [stamps[n]], [len(t)]) for n, t in zip(new, tables, strict=True) if t is not None]
    parts = [part for part in parts if part.keys]
    if not parts:
        return None
    whole = _joined(parts)
    if len(new) >= worth:
        # Records that nobody asked for now stay in the index as long as they exist.
        kept = known and _chosen(known, [k not in stamps and (root / k).is_dir() for k, _ in known.of_keys()])
        _write(root, _joined([whole, kept]) if kept and kept.keys else whole)
    return whole


def _table(folder: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = (folder / SCORES).read_bytes()
        told = (read(folder) or {"files": {}})["files"].get(SCORES)
        if told != hashlib.sha256(content).hexdigest():
            return None  # damaged: whoever needs the stage will run it again
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            return file.read()
    except (OSError, pa.ArrowException):
        return None  # it went away


def _joined(parts: list[Part]) -> Part:
    import pyarrow as pa

    return Part(
        pa.concat_tables([part.table for part in parts], promote_options="permissive"),
        [key for part in parts for key in part.keys],
        [stamp for part in parts for stamp in part.stamps],
        [count for part in parts for count in part.rows],
    )


def _chosen(part: Part, good: Sequence[bool]) -> Part:
    """The records of a part that are good."""
    import pyarrow as pa

    if all(good):
        return part
    kept = [number for number, fine in enumerate(good) if fine]
    table = part.table.filter(pa.array(np.repeat(np.asarray(good, dtype=bool), part.rows)))
    return Part(
        table, [part.keys[n] for n in kept], [part.stamps[n] for n in kept], [part.rows[n] for n in kept]
    )


def _stamp(folder: Path) -> int | None:
    """One number of size and time of the scores and of their record; None where there are no scores."""
    try:
        # A third of the time of Path.stat, ten thousand times.
        rows, record = (os.stat(f"{folder}/{name}") for name in (SCORES, NAME))  # noqa: PTH116
    except OSError:
        return None
    return (rows.st_mtime_ns ^ rows.st_size) * 31 + (record.st_mtime_ns ^ record.st_size)


def _index(root: Path) -> Part | None:
    import pyarrow as pa
    import pyarrow.feather as feather

    try:
        table = feather.read_table(root / ".index" / "scores.arrow")
        told = json.loads(table.schema.metadata[b"records"])
        found = Part(
            table.replace_schema_metadata(_without(table)), told["keys"], told["stamps"], told["rows"]
        )
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException):
        return None
    return found if sum(found.rows) == len(table) else None


def _without(table: Any) -> dict[bytes, bytes]:
    return {name: value for name, value in (table.schema.metadata or {}).items() if name != b"records"}


def _write(root: Path, whole: Part) -> None:
    import pyarrow.feather as feather

    told = json.dumps({"keys": whole.keys, "stamps": whole.stamps, "rows": whole.rows}).encode()
    table = whole.table.replace_schema_metadata({**_without(whole.table), b"records": told})
    waiting = root / ".index" / f".scores-{os.getpid()}"
    with contextlib.suppress(OSError):  # a full or read-only disk: the next scan reads the files again
        waiting.parent.mkdir(exist_ok=True)
        feather.write_feather(table.combine_chunks(), waiting, compression="lz4")
        waiting.replace(root / ".index" / "scores.arrow")
