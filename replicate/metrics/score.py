"""The scores of one task in one language, from predictions in the form that `replicate.examples` states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.examples import Code, Examples, Span
from replicate.metrics.accuracy import accuracy, token_accuracy
from replicate.metrics.answers import by_language, english, span_scores
from replicate.metrics.chunks import chunk_scores
from replicate.metrics.mining import mining_scores
from replicate.metrics.paired import paired
from replicate.metrics.ranking import map_at
from replicate.tasks.task import Task

Scorer = Callable[[Task, str, Any, Examples], dict[str, float]]


def score(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    """Metric name -> percent, the task's primary metric among them.

    Raises
    ------
    InputError
        Where predictions and examples do not line up, or there is nothing to score.
    """
    if task.metric not in SCORERS:
        raise InputError(
            Problem(f"task {task.name} has unknown metric {task.metric!r}", f"known: {', '.join(SCORERS)}")
        )
    return SCORERS[task.metric](task, language, predictions, examples)


def _labels(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    return accuracy(predictions, [row.label for row in examples])  # type: ignore[union-attr]


def _tokens(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    return token_accuracy(predictions, [row.tags for row in examples])  # type: ignore[union-attr]


def _chunks(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    def named(rows: Sequence[Sequence[int]]) -> list[list[str]]:
        return [[task.labels[tag] for tag in row] for row in rows]

    return chunk_scores(named(predictions), named([row.tags for row in examples]))  # type: ignore[union-attr]


def _spans(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    rows = [row for row in examples if isinstance(row, Span)]
    if task.metric == "mlqa":
        return span_scores(predictions, rows, lambda text: by_language(text, language))
    return span_scores(predictions, rows, english)


def _nearest(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    return accuracy([int(found) for found in predictions], range(len(examples)))


def _mining(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    paired(examples, (None,), "mining pools")
    return mining_scores([tuple(pair) for pair in predictions], examples[0].gold)  # type: ignore[union-attr]


def _ranking(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    paired(examples, (None,), "ranking pools")
    return {"map@20": map_at(predictions, examples[0].relevant, 20)}  # type: ignore[union-attr]


def _programs(task: Task, language: str, predictions: Any, examples: Examples) -> dict[str, float]:
    from replicate.metrics.programs import pass_rates

    return pass_rates(predictions, [row for row in examples if isinstance(row, Code)])


SCORERS: Final[dict[str, Scorer]] = {
    "accuracy": _labels,
    "token_accuracy": _tokens,
    "chunk_f1": _chunks,
    "squad": _spans,
    "squad_v2": _spans,
    "mlqa": _spans,
    "retrieval": _nearest,
    "mining_f1": _mining,
    "map_at_20": _ranking,
    "pass_at_k": _programs,
}
"""Metric name of a task -> scorer."""
_CHUNKS: Final = ("f1", "precision", "recall")
SCORES: Final[dict[str, tuple[str, ...]]] = {
    "accuracy": ("acc",),
    "token_accuracy": ("acc",),
    "chunk_f1": _CHUNKS,
    "squad": ("em", "f1"),
    "squad_v2": ("em", "f1"),
    "mlqa": ("em", "f1"),
    "retrieval": ("acc",),
    "mining_f1": _CHUNKS,
    "map_at_20": ("map@20",),
    "pass_at_k": ("pass@1", "pass@10", "pass@100"),
}
"""Metric name of a task -> names of its scores in the results table; `score`, its own one, is added to them."""
