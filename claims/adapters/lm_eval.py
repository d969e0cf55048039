"""Rows from lm-evaluation-harness: `results_<time>.json`.

Scores stand under `results/<task>/<metric>,<filter>`; a filter other than `none` becomes the variant. Standard
errors are rows of their own (`acc_stderr`), because a table row holds one score. Older files write no filter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from claims.adapters.json_pointer import escape
from claims.adapters.rows import Row, load_json, mapping, refuse_options, score


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per task, metric and filter."""
    refuse_options(path, options)
    document = mapping(load_json(path), path, "a harness result")
    config = mapping(document.get("config") or {}, path, "`config`")
    model = document.get("model_name") or config.get("model")
    seed = config.get("random_seed")
    for task, scores in mapping(document.get("results"), path, "`results`").items():
        counts = mapping(document.get("n-samples") or {}, path, "`n-samples`")
        samples = mapping(counts.get(task) or {}, path, f"`n-samples/{task}`")
        for key, raw in mapping(scores, path, f"`results/{task}`").items():
            found = score(raw)
            if found is None:
                continue
            metric, _, kind = key.partition(",")
            yield {
                "locator": f"/results/{escape(task)}/{escape(key)}",
                "model": model if isinstance(model, str) else None,
                "variant": kind if kind not in ("", "none") else None,
                "target": task,
                "metric": metric,
                "seed": seed if isinstance(seed, int) else None,
                "n": samples.get("effective"),
                **found,
            }
