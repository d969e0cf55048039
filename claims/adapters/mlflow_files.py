"""Rows from an MLflow file store: `mlruns/<experiment>/<run>/metrics/<name>`.

The path names one metric file, so a template reads the columns off it: `mlruns/*/{variant}/metrics/{metric}`. A line
is `<milliseconds> <value> <step>`; the last step counts. A run that did not finish (status 3 in `meta.yaml` is
FINISHED) is an error, because its last value is not its result.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.adapters.rows import Row, refuse_options

FINISHED: Final = ("3", "FINISHED")


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row: the value at the last step. `seed` is filled from the run's parameter of that name, if logged."""
    refuse_options(path, options)
    run = path.parent
    while run.name != "metrics" and run != run.parent:
        run = run.parent
    name = path.relative_to(run).as_posix()
    run = run.parent
    status = _meta(run / "meta.yaml").get("status")
    if status is not None and status.strip("'\"") not in FINISHED:
        raise InputError(
            Problem(
                f"the run {run.name} has status {status}, not FINISHED", "finish or leave it out", str(path)
            )
        )
    steps = []
    for count, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split()
        try:
            value, step = float(parts[1]), int(parts[2]) if len(parts) > 2 else count
        except (IndexError, ValueError):
            raise InputError(
                Problem(f"not a metric line: {line[:60]!r}", "expected time, value, step", str(path), count)
            ) from None
        steps.append((step, count, value))
    if steps and math.isfinite(max(steps)[2]):
        step, line_number, value = max(steps)
        seed = run / "params" / "seed"
        yield {
            "locator": f"line {line_number}, step {step}",
            "metric": name,
            "seed": seed.read_text(encoding="utf-8").strip() if seed.is_file() else None,
            "value": value,
        }


def _meta(path: Path) -> dict[str, str]:
    """Top-level scalars of the run's small YAML file, without a YAML parser for one key."""
    if not path.is_file():
        return {}
    pairs = (line.split(":", 1) for line in path.read_text(encoding="utf-8").splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}
