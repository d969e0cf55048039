"""XTREME's averages: a task is the mean over languages, a group and the total are unweighted means over tasks.

A question-answering task counts with (mean EM + mean F1) / 2. A total over fewer than all tasks or languages is not
the benchmark's number; it is None here, never a number that looks like one.
Source: google-research/xtreme@838c13b `evaluate.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from analysis.errors import InputError, Problem

Scores = Mapping[str, Mapping[str, float]]
"""language -> metric -> percent."""

XTREME: Final[dict[str, tuple[str, ...]]] = {
    "classification": ("xnli", "paws_x"),
    "tagging": ("udpos", "panx"),
    "qa": ("xquad", "mlqa", "tydiqa"),
    "retrieval": ("bucc2018", "tatoeba"),
}
"""Groups of the nine tasks of XTREME."""
XTREME_R: Final[dict[str, tuple[str, ...]]] = {
    "classification": ("xnli", "xcopa"),
    "tagging": ("udpos_r", "panx_r"),
    "qa": ("xquad_ro", "mlqa", "tydiqa"),
    "retrieval": ("tatoeba_r", "mewsli_x"),
    "multi_choice": ("xcopa",),
}
"""Groups of XTREME-R as its scorer has them: XCOPA stands in two groups, and LAReQA in none."""


def task_average(scores: Scores, languages: Sequence[str] | None = None) -> dict[str, float]:
    """Mean over languages of every metric.

    Parameters
    ----------
    languages
        The task's list; a language without a score is an error. Default: those that are there.

    Raises
    ------
    InputError
        Where a language of the list, or a metric of one language, is missing.
    """
    wanted = tuple(scores) if languages is None else tuple(languages)
    absent = [language for language in wanted if language not in scores]
    if absent or not wanted:
        raise InputError(
            Problem(
                f"no score in language {', '.join(absent) or '(none at all)'}",
                "an average over fewer languages is not the task's score; evaluate them or name the subset",
            )
        )
    metrics = list(scores[wanted[0]])
    if any(set(scores[language]) != set(metrics) for language in wanted):
        raise InputError(Problem("languages have different metrics", "score all of them with the same task"))
    return {name: sum(scores[language][name] for language in wanted) / len(wanted) for name in metrics}


def benchmark_average(
    tasks: Mapping[str, float], groups: Mapping[str, Sequence[str]] = XTREME
) -> dict[str, float | None]:
    """Group means and `average` over all tasks, from one score per task; None where a task is missing."""
    found: dict[str, float | None] = {name: _mean(tasks, members) for name, members in groups.items()}
    # A task counts once in the total, also where it stands in two groups (XCOPA).
    everything = tuple(dict.fromkeys(member for members in groups.values() for member in members))
    return found | {"average": _mean(tasks, everything)}


def _mean(tasks: Mapping[str, float], members: Sequence[str]) -> float | None:
    if any(member not in tasks for member in members):
        return None
    return sum(tasks[member] for member in members) / len(members)
