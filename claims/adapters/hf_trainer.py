"""Rows from the Hugging Face Trainer: `all_results.json` (and its per-split siblings) or `trainer_state.json`.

The Trainer prefixes a metric with its split (`eval_accuracy`, `predict_f1`), and keeps the number of examples as
`eval_samples`. In `trainer_state.json` the option `at` picks the evaluation: `last` (default) or `best`, the step
that `best_global_step` names; choosing by hand among steps would hide a selection, so nothing else is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.adapters.json_pointer import escape
from claims.adapters.rows import Row, WrongOption, load_json, mapping, refuse_options, score

SPLITS: Final = {"eval": "dev", "predict": "test", "test": "test", "train": "train"}
NOT_SCORES: Final = (
    "runtime",
    "samples",
    "samples_per_second",
    "steps_per_second",
    "mem_cpu_alloc_delta",
    "jit_compilation_time",
)


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per score and split."""
    refuse_options(path, options, ("at",))
    at = options.get("at", "last")
    if at not in ("last", "best"):
        raise WrongOption(path, ("at", f"the option `at` is {str(at)[:60]!r}", "write last or best"))
    document = mapping(load_json(path), path, "a Trainer result")
    if "log_history" in document:
        yield from _rows(*_evaluation(document, path, at))
    else:
        yield from _rows(document, "")


def _evaluation(state: dict[str, Any], path: Path, at: str) -> tuple[dict[str, Any], str]:
    history = state["log_history"]
    if not isinstance(history, list):
        raise InputError(Problem("log_history is no list", "is this a trainer_state.json?", str(path)))
    found = [
        (i, e) for i, e in enumerate(history) if isinstance(e, dict) and any(k.startswith("eval_") for k in e)
    ]
    if at == "best":
        step = state.get("best_global_step")
        if step is None:
            raise InputError(
                Problem("best_global_step is empty", "the run kept no best step; use at: last", str(path))
            )
        found = [(i, e) for i, e in found if e.get("step") == step]
    if not found:
        raise InputError(Problem("log_history holds no evaluation", "did the run evaluate?", str(path)))
    position, entry = found[-1]
    return entry, f"/log_history/{position}"


def _rows(scores: dict[str, Any], base: str) -> Iterator[Row]:
    for key, raw in scores.items():
        prefix, _, name = key.partition("_")
        found = score(raw)
        if prefix not in SPLITS or not name or name in NOT_SCORES or found is None:
            continue
        samples = scores.get(f"{prefix}_samples")
        yield {
            "locator": f"{base}/{escape(key)}",
            "split": SPLITS[prefix],
            "metric": name,
            "n": samples if isinstance(samples, int) else None,
            **found,
        }
