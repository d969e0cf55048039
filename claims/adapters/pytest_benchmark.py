"""Rows from pytest-benchmark: one per benchmark and statistic (seconds), with the rounds as `n`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from claims.adapters.rows import Row, load_json, mapping, refuse_options, score

STATISTICS: Final = ("min", "max", "mean", "stddev", "median", "iqr", "ops")
"""All in seconds but `ops`, which is 1/s."""


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per benchmark and statistic; target is the test's full name."""
    refuse_options(path, options)
    document = mapping(load_json(path), path, "a pytest-benchmark file")
    for position, entry in enumerate(document.get("benchmarks") or []):
        stats = mapping(mapping(entry, path, f"benchmark {position}").get("stats"), path, "`stats`")
        for name in STATISTICS:
            found = score(stats.get(name))
            if found is not None:
                yield {
                    "locator": f"/benchmarks/{position}/stats/{name}",
                    "target": entry.get("fullname") or entry.get("name"),
                    "variant": entry.get("group"),
                    "metric": name,
                    "n": stats.get("rounds"),
                    **found,
                }
