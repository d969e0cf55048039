"""A column table with the label names its schema declares: what every data place hands to the loaders.

Columnar, because loaders need two to six columns of rows that have up to fifteen. The digest is over content,
not over a file: the same rows have the same digest whether they came from the hub, a folder or a generator.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from analysis.errors import InputError, Problem

_SCHEMA: Final = "the file must have the hub schema that docs/replication/tasks.md names"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length, in row order."""

    columns: Mapping[str, Sequence[Any]]
    origin: str
    """Where the rows came from, for messages and records: a path, `repo@revision/config/split`, `world:...`."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> names of its integer labels (ClassLabel), where the schema declares them."""
    language: str = ""
    """Set by `Task.loaded`, for tasks that read several languages at once."""
    obtain: str = ""
    """Set by `Task.loaded`: how to get a copy that has every column, where the common one lacks some."""

    @classmethod
    def of_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        origin: str,
        names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Table:
        """Table of row dictionaries; every row must have the keys of the first."""
        listed = list(rows)
        keys = tuple(listed[0]) if listed else ()
        return cls({key: [row[key] for row in listed] for key in keys}, origin, names or {})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def need(self, *wanted: str) -> tuple[Sequence[Any], ...]:
        """The wanted columns in that order.

        Raises
        ------
        InputError
            For an empty table, and once with all columns that are absent.
        """
        absent = [name for name in wanted if name not in self.columns]
        if absent and self.columns:
            raise InputError(
                Problem(
                    f"column {', '.join(map(repr, absent))} is missing (columns: {', '.join(self.columns)})",
                    "; ".join(filter(None, (_SCHEMA, self.obtain))),
                    self.origin,
                )
            )
        if not len(self):
            raise InputError(
                Problem(
                    "the split has no rows", "check the download or the file that was written", self.origin
                )
            )
        return tuple(self.columns[name] for name in wanted)

    def where(self, column: str, prefix: str) -> Table:
        """Rows whose value in `column` starts with `prefix` (TyDiQA keeps the language in the id)."""
        (values,) = self.need(column)
        keep = [i for i, value in enumerate(values) if str(value).startswith(prefix)]
        return Table(
            {name: [data[i] for i in keep] for name, data in self.columns.items()}, self.origin, self.names
        )

    def digest(self) -> str:
        """SHA-256 over column names, label names and values; independent of place, chunks and column order."""
        sha = hashlib.sha256()
        for name in sorted(self.columns):
            sha.update(json.dumps([name, self.names.get(name)]).encode())
            for value in self.columns[name]:
                sha.update(
                    json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
                )
                sha.update(b"\n")
        return sha.hexdigest()
