"""Rows from the Hugging Face hub through `datasets.load_dataset`, at one recorded commit.

`trust_remote_code` is never used. Repositories that are still loading scripts are read from their Parquet copy
(`refs/convert/parquet`) or from their data files, through the packaged Parquet and JSON readers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from replicate.data.hub_errors import hub_errors
from replicate.data.pins import Pins
from replicate.data.place import HubSplit, Part
from replicate.data.table import Table


@dataclass(frozen=True, slots=True)
class HubPlace:
    """The hub, or whatever `HF_ENDPOINT` names."""

    pins: Pins = field(default_factory=Pins)
    languages: tuple[str, ...] | None = None

    def table(self, part: Part) -> Table:
        """Rows of all hub splits of a part, in order."""
        if not part.hub:
            raise InputError(
                Problem(f"{part} is not on the hub", part.obtain or "use --data with a folder that has it")
            )
        tables = [self._one(split, part) for split in part.hub]
        if len(tables) == 1:
            return tables[0]
        names = tables[0].names
        if any(table.names != names for table in tables):
            raise InputError(
                Problem(f"{part}: its splits declare different label names", "pin an older commit")
            )
        keys = list(tables[0].columns)
        joined = {key: [value for table in tables for value in table.need(key)[0]] for key in keys}
        return Table(joined, " + ".join(table.origin for table in tables), names)

    def has(self, part: Part) -> bool:
        """Whether the part has an address on the hub; the hub is not asked."""
        return bool(part.hub)

    def fingerprint(self, part: Part) -> str:
        """Addresses with their commits: the hub's content is what its commit says."""
        return " + ".join(self._address(split) for split in part.hub)

    def _address(self, split: HubSplit) -> str:
        commit = self.pins.commit(split.repo, split.revision)
        keep = f"?{'='.join(split.keep)}" if split.keep else ""
        return f"hub:{split.repo}@{commit}/{split.files or split.config}/{split.split}{keep}"

    def _one(self, split: HubSplit, part: Part) -> Table:
        commit = self.pins.commit(split.repo, split.revision)
        address = f"{split.repo}@{commit[:12]}/{split.files or split.config}/{split.split}"
        with hub_errors(address, part.obtain):
            rows = _load(split, commit)
        held = list(rows.column_names)
        wanted = [name for name in part.columns if name in held] or held
        table = Table({name: list(rows[name]) for name in wanted}, address, _class_names(rows.features))
        if split.keep is None:
            return table
        found = table.where(*split.keep)
        if not len(found):
            column, prefix = split.keep
            raise InputError(
                Problem(
                    f"no value of {column!r} starts with {prefix!r}",
                    "the language is not in this split",
                    address,
                )
            )
        return found


def _load(split: HubSplit, commit: str) -> Any:
    from datasets import load_dataset

    if split.files is None:
        rows = load_dataset(split.repo, split.config, split=split.split, revision=commit)
        _check_commit(rows, split, commit)
        return rows
    from huggingface_hub import snapshot_download

    # Through the hub cache, so that a cut download goes on where it stopped and offline mode finds the files.
    folder = Path(
        snapshot_download(split.repo, repo_type="dataset", revision=commit, allow_patterns=split.files)
    )
    files = sorted(str(path) for path in folder.glob(split.files))
    if not files:
        raise InputError(Problem(f"{split.repo} at {commit[:12]} has no {split.files}", "pin another commit"))
    reader = "json" if re.search(r"\.jsonl?(\.gz)?$", split.files) else "parquet"
    return load_dataset(reader, data_files={split.split: files}, split=split.split)


def _check_commit(rows: Any, split: HubSplit, commit: str) -> None:
    """Refuse rows of another commit: offline, `datasets` gives the newest cached version whatever was asked."""
    files = [entry["filename"] for entry in rows.cache_files]
    if files and not all(commit in Path(file).parts for file in files):
        raise InputError(
            Problem(
                f"the cache holds another version of {split.repo} than commit {commit[:12]}",
                "run once with network so that the pinned commit is fetched",
            )
        )


def _class_names(features: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for column, feature in features.items():
        inner = feature
        while not hasattr(inner, "names") and hasattr(inner, "feature"):
            inner = inner.feature
        if getattr(inner, "names", None):
            found[column] = tuple(inner.names)
    return found
