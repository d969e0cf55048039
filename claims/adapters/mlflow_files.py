"""Rows from an MLflow file store: `mlruns/<experiment>/<run>/metrics/<name>`.

The path names one metric file, so a template reads the columns off it: `mlruns/*/{variant}/metrics/{metric}`. A line
is `<milliseconds> <value> <step>`; the last step counts. A run that did not finish (status 3 in `meta.yaml` is
FINISHED) is an error, because its last value is not its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.adapters.rows import Row, read_text, refuse_options, score

FINISHED: Final = ("3", "FINISHED")


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row: the value at the last step. `seed` is filled from the run's parameter of that name, if logged."""
    refuse_options(path, options)
    metrics = next((folder for folder in path.parents if folder.name == "metrics"), None)
    if metrics is None:
        remedy = "name mlruns/<experiment>/<run>/metrics/<name>"
        raise InputError(Problem("the file lies in no folder `metrics`", remedy, str(path)))
    name = path.relative_to(metrics).as_posix()
    run = metrics.parent
    status = _meta(_beside(run, "meta.yaml")).get("status")
    if status is not None and status.strip("'\"") not in FINISHED:
        raise InputError(
            Problem(
                f"the run {run.name} has status {status}, not FINISHED", "finish or leave it out", str(path)
            )
        )
    steps = []
    for count, line in enumerate(read_text(path).splitlines(), start=1):
        parts = line.split()
        try:
            value, step = float(parts[1]), int(parts[2]) if len(parts) > 2 else count
        except (IndexError, ValueError):
            raise InputError(
                Problem(f"not a metric line: {line[:60]!r}", "expected time, value, step", str(path), count)
            ) from None
        steps.append((step, count, value))
    if steps:
        step, line_number, value = max(steps, key=lambda entry: entry[:2])
        seed = _beside(run, "params/seed").strip()
        yield {
            "locator": f"line {line_number}, step {step}",
            "metric": name,
            "seed": seed or None,
            **(score(value) or {}),
        }


def _beside(run: Path, name: str) -> str:
    """Text of another file of the run, empty if there is none; a link that leads elsewhere is refused."""
    path = run / name
    if not path.is_file():
        return ""
    if not path.resolve().is_relative_to(run.resolve()):
        raise InputError(Problem("the file is a link out of its run", "copy the file", str(path)))
    return read_text(path)


def _meta(text: str) -> dict[str, str]:
    """Top-level scalars of the run's small YAML file, without a YAML parser for one key."""
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}
