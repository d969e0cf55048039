"""How SQuAD-shaped rows become `Span` examples: SQuAD, XQuAD, MLQA, TyDiQA.

An offset that does not point at its text is moved to the occurrence nearest to it; a text that does not occur
gets the start -1 (scored, not trained). An empty answer list means "no answer": SQuAD v2.0 on the hub has no
`is_impossible` column.
"""

from __future__ import annotations

from typing import Any

from analysis.errors import InputError, Problem
from replicate.data.table import Table
from replicate.examples import Example, Span
from replicate.tasks.task import Reader

COLUMNS = ("id", "context", "question", "answers")


def spans(*, unanswerable: bool = False, strip: bool = True) -> Reader:
    """Reader of `Span`s.

    Parameters
    ----------
    unanswerable
        Whether rows without an answer are legal (SQuAD v2.0).
    strip
        Strip blanks around questions (SQuAD v1.1 has 80 with leading blanks).
    """

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        seen: set[str] = set()
        for table in tables:
            for row, (name, context, question, answers) in enumerate(zip(*table.need(*COLUMNS), strict=True)):
                gold = _gold(table, row, context, answers)
                if not gold and not unanswerable:
                    raise InputError(
                        Problem(
                            f"row {row} (id {name!r}) has no answer",
                            "only SQuAD v2.0 has unanswerable questions; is this the right data set?",
                            table.origin,
                        )
                    )
                if name in seen:
                    raise InputError(
                        Problem(
                            f"row {row}: id {name!r} occurs twice",
                            "answers are scored by id, so ids must be unique",
                            table.origin,
                        )
                    )
                seen.add(name)
                asked = question.strip() if strip else question
                rows.append(Span(name, asked, context, gold, not gold, language))
        return rows

    return read


def _gold(table: Table, row: int, context: str, answers: Any) -> tuple[tuple[str, int], ...]:
    try:
        if isinstance(answers, list):  # a list of structs: some Parquet writers turn Sequence({...}) so
            listed = [(item["text"], item["answer_start"]) for item in answers]
        else:
            listed = list(zip(answers["text"], answers["answer_start"], strict=True))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            Problem(
                f"row {row}: answers are {str(answers)[:60]!r}",
                "expected {'text': [...], 'answer_start': [...]} of equal length",
                table.origin,
            )
        ) from error
    return tuple((text, located(context, text, start)) for text, start in listed if text)


def located(context: str, text: str, start: int) -> int:
    """Start of `text` in `context`: `start` if right, else the nearest occurrence, else -1.

    >>> located("a b a b", "b", 2), located("a b a b", "b", 5), located("a b", "c", 0)
    (2, 6, -1)
    """
    if context.startswith(text, start) and start >= 0:
        return start
    best = -1
    at = context.find(text)
    while at >= 0:
        if best < 0 or abs(at - start) < abs(best - start):
            best = at
        at = context.find(text, at + 1)
    return best
