"""Rows from Weights & Biases: a run's `wandb-summary.json`, or the CSV that its table exports.

In a CSV every run is a line and every numeric column a metric; `State` other than `finished` is left out by W&B's own
export filter, so a line that says otherwise is refused here rather than trusted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.adapters.json_pointer import escape
from claims.adapters.rows import Row, WrongOption, load_json, mapping, read_text, refuse_options, score

NOT_FINITE: Final = ("NaN", "Infinity", "-Infinity")
"""How a summary writes what JSON has no word for."""


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per metric (summary) or per run and metric (CSV); the option `metrics` keeps some, in a list."""
    refuse_options(path, options, ("metrics",))
    wanted = options.get("metrics")
    if wanted is not None and not isinstance(wanted, list):
        what = f"the option `metrics` is {str(wanted)[:60]!r}, not a list"
        raise WrongOption(path, ("metrics", what, "write metrics: [eval/acc]"))
    rows = _csv(path) if path.suffix == ".csv" else _summary(path)
    others: dict[str, None] = {}
    kept = False
    for row in rows:
        if wanted is None or row["metric"] in wanted:
            kept = True
            yield row
        else:
            others[str(row["metric"])] = None
    if others and not kept:
        what = f"no metric of the file is {' or '.join(map(repr, wanted or ()))}"
        raise InputError(Problem(what, f"it has {', '.join(list(others)[:8])}", str(path)))


def _summary(path: Path) -> Iterator[Row]:
    def walk(node: dict[str, Any], prefix: str, pointer: str) -> Iterator[Row]:
        for key, item in node.items():
            if key.startswith("_"):
                continue  # _step, _runtime, _timestamp: bookkeeping
            at = f"{pointer}/{escape(key)}"
            if isinstance(item, dict):
                yield from walk(item, f"{prefix}{key}/", at)
            elif (found := score(float(item) if item in NOT_FINITE else item)) is not None:
                yield {"locator": at, "metric": f"{prefix}{key}", **found}

    yield from walk(mapping(load_json(path), path, "a W&B summary"), "", "")


def _csv(path: Path) -> Iterator[Row]:
    try:
        with StringIO(read_text(path), newline="") as file:
            table = csv.DictReader(file)
            for entry in table:
                state = entry.get("State") or "finished"
                if state.lower() != "finished":
                    what = f"the run {entry.get('Name')!r} is {state}, not finished"
                    raise InputError(Problem(what, "export finished runs only", str(path), table.line_num))
                seed = entry.get("seed") or None
                for metric, text in entry.items():
                    if metric in (None, "Name", "State", "seed") or not isinstance(text, str):
                        continue
                    try:
                        found = score(float(text))
                    except ValueError:
                        continue  # a configuration column, not a score
                    if found is not None:
                        yield {
                            "locator": f"line {table.line_num}, column {metric}",
                            "variant": entry.get("Name"),
                            "metric": metric,
                            "seed": seed,
                            **found,
                        }
    except csv.Error as error:
        raise InputError(Problem(f"cannot be read: {error}", "export it as CSV again", str(path))) from None
