"""Rows from lighteval: `results_<time>.json`, scores under `results/<suite>|<task>|<shots>`.

The row `all` is lighteval's own mean over whatever tasks were run; it is kept under the target `all`, never taken for
a benchmark's average.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from claims.adapters.json_pointer import escape
from claims.adapters.rows import Row, load_json, mapping, refuse_options, score


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per task and metric; the number of shots becomes the variant, `25-shot`."""
    refuse_options(path, options)
    document = mapping(load_json(path), path, "a lighteval result")
    general = mapping(document.get("config_general") or {}, path, "`config_general`")
    configured = mapping(general.get("model_config") or {}, path, "`model_config`")
    model = general.get("model_name") or configured.get("model_name")
    for key, scores in mapping(document.get("results"), path, "`results`").items():
        parts = key.split("|")
        task = parts[1] if len(parts) >= 3 else parts[0]
        shots = parts[2] if len(parts) >= 3 else None
        for metric, raw in mapping(scores, path, f"`results/{key}`").items():
            found = score(raw)
            if found is not None:
                yield {
                    "locator": f"/results/{escape(key)}/{escape(metric)}",
                    "model": model if isinstance(model, str) else None,
                    "variant": f"{shots}-shot" if shots else None,
                    "target": task,
                    "metric": metric,
                    **found,
                }
