"""Refuses predictions that do not line up with the examples: a shifted list scores something, silently."""

from __future__ import annotations

from collections.abc import Sized

from analysis.errors import InputError, Problem


def paired(predictions: Sized, gold: Sized, what: str) -> None:
    """Raise `InputError` unless there are as many predictions as gold items, and at least one."""
    if len(predictions) != len(gold):
        raise InputError(
            Problem(
                f"{len(predictions)} {what} for {len(gold)} gold items",
                "predict every example once, in order",
            )
        )
    if not len(gold):
        raise InputError(Problem(f"no {what} to score", "an empty split has no score, and not the score 0"))
