"""Rows from an MLflow SQLite store: the latest value of every metric of every finished, undeleted run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.adapters.rows import Row, WrongOption, refuse_large, refuse_options, score

QUERY: Final = """
SELECT runs.run_uuid, runs.name, experiments.name, latest_metrics.key, latest_metrics.value,
       latest_metrics.is_nan, seeds.value
FROM latest_metrics
JOIN runs ON runs.run_uuid = latest_metrics.run_uuid
JOIN experiments ON experiments.experiment_id = runs.experiment_id
LEFT JOIN params AS seeds ON seeds.run_uuid = runs.run_uuid AND seeds.key = 'seed'
WHERE runs.status = 'FINISHED' AND runs.lifecycle_stage = 'active'
  AND (:experiment IS NULL OR experiments.name = :experiment)
ORDER BY runs.run_uuid, latest_metrics.key
"""
MOST_SECONDS: Final = 60
MOST_ROWS: Final = 1_000_000


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per run and metric; the run's name is the variant. Option `experiment` keeps one experiment."""
    refuse_options(path, options, ("experiment",))
    experiment = options.get("experiment")
    if experiment is not None and not isinstance(experiment, str):
        what = f"the option `experiment` is {str(experiment)[:60]!r}, not a name"
        raise WrongOption(path, ("experiment", what, "write its name in quotes"))
    refuse_large(path)
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as store:
            store.execute("PRAGMA trusted_schema = OFF")
            end = monotonic() + MOST_SECONDS  # a store may hold views, and a view may never end
            store.set_progress_handler(lambda: monotonic() > end, 100_000)
            rows = store.execute(QUERY, {"experiment": experiment}).fetchmany(MOST_ROWS + 1)
            names = [name for (name,) in store.execute("SELECT name FROM experiments LIMIT 1000")]
        if experiment is not None and not rows and experiment not in names:
            what, has = f"there is no experiment {experiment!r}", ", ".join(map(str, names[:8]))
            raise WrongOption(path, ("experiment", what, f"the store has {has}"))
        if len(rows) > MOST_ROWS:
            raise sqlite3.DataError(f"more than {MOST_ROWS:,} metrics")
    except sqlite3.Error as error:
        raise InputError(
            Problem(f"not an MLflow store: {error}", "name the file of --backend-store-uri", str(path))
        ) from None
    for run, name, _experiment, metric, raw, is_nan, seed in rows:
        found = score(float("nan") if is_nan else raw)
        if found is not None:
            yield {"locator": f"run {run}", "variant": name, "metric": metric, "seed": seed, **found}
