"""How rows become examples, one reader per task format; each returns a `Reader`.

Rows without a gold label (label -1, None or "") are left out: SNLI's 785 training rows where the annotators
did not agree, and public test splits. Any other label outside the set is an error that names the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.errors import InputError, Problem
from replicate.data.table import Table
from replicate.examples import Choice, Example, Pair, Tagged
from replicate.tasks.task import UNSEEN, Reader

NO_GOLD = (-1, "-1", "", None)


def pairs(first: str, second: str | None, label: str) -> Reader:
    """Reader of `Pair`s from one or two text columns and a label column."""

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        for table in tables:
            texts_a, *rest, golds = table.need(*filter(None, (first, second, label)))
            texts_b: Sequence[Any] = rest[0] if rest else [None] * len(texts_a)
            found = indices(table, label, golds, labels)
            for row, (text_a, text_b, gold) in enumerate(zip(texts_a, texts_b, found, strict=True)):
                if gold is None:
                    continue
                if not isinstance(text_a, str) or (second and not isinstance(text_b, str)):
                    raise InputError(
                        Problem(
                            f"row {row} has no text in {first!r} or {second!r}",
                            "repair the file",
                            table.origin,
                        )
                    )
                rows.append(Pair(text_a, text_b, gold, language))
        return rows

    return read


def choices(
    context: str | None,
    question: str | None,
    options: Callable[[Table], list[tuple[str, ...]]],
    label: str,
    phrase: Mapping[str, str] | None = None,
) -> Reader:
    """Reader of `Choice`s. `options(table)` gives the options of all rows; the labels of the task are the
    label values in option order ('A'..'E', '1'..'3'); `phrase` replaces the values of the question column (COPA).
    """

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        for table in tables:
            (golds,) = table.need(label)
            contexts = table.need(context)[0] if context else [""] * len(golds)
            questions = table.need(question)[0] if question else [""] * len(golds)
            found = indices(table, label, golds, labels)
            for row, (text, asked, several, gold) in enumerate(
                zip(contexts, questions, options(table), found, strict=True)
            ):
                if gold is None:
                    continue
                if gold >= len(several):
                    raise _outside(table, label, golds[row], row, labels[: len(several)])
                if phrase is not None:
                    if asked not in phrase:
                        raise _outside(table, str(question), asked, row, tuple(phrase))
                    asked = phrase[asked]
                rows.append(Choice(text, asked, several, gold, language))
        return rows

    return read


def listed(table: Table, column: str, count: int, otherwise: str) -> list[tuple[str, ...]]:
    """Options of all rows from a column of lists of `count` texts; raises `InputError`, which ends in `otherwise`."""
    (found,) = table.need(column)
    rows: list[tuple[str, ...]] = []
    for row, several in enumerate(found):
        options = tuple(several)
        if len(options) != count:
            raise InputError(Problem(f"row {row} has {len(options)} {column}", otherwise, table.origin))
        rows.append(options)
    return rows


def tags(words: str, tag: str) -> Reader:
    """Reader of `Tagged` sentences; sentences without a word are left out.

    Where the last label is `UNSEEN` (a label set that the training split defines), tags outside the set get it.
    """

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        for table in tables:
            sentences, tagged = table.need(words, tag)
            number = _numbering(table, tag, labels)
            fallback = len(labels) - 1 if labels[-1] == UNSEEN else -1
            for row, (tokens, golds) in enumerate(zip(sentences, tagged, strict=True)):
                if len(tokens) != len(golds):
                    raise InputError(
                        Problem(
                            f"row {row}: {len(tokens)} words but {len(golds)} tags",
                            "every word has exactly one tag",
                            table.origin,
                        )
                    )
                if tokens:
                    numbers = tuple(number.get(gold, fallback) for gold in golds)
                    if -1 in numbers:
                        raise _outside(table, tag, golds[numbers.index(-1)], row, labels)
                    rows.append(Tagged(tuple(tokens), numbers, language))
        return rows

    return read


def indices(table: Table, column: str, values: Sequence[Any], labels: tuple[str, ...]) -> list[int | None]:
    """Index into `labels` per value; None where there is no gold label.

    Integers go through the names that the schema declares, if it declares our words: a copy of the data with
    another label order is then read rightly instead of silently wrongly. Where the labels are numbers, integers
    and strings mean those numbers ("1" to "3" in Social IQa, "0" and "1" in PAWS-X of google/xtreme).

    Raises
    ------
    InputError
        For a value outside the set, with its row.
    """
    number = {label: i for i, label in enumerate(labels)}
    declared = table.names.get(column, ())
    if any(name in number for name in declared):
        by_int = {i: number[name] for i, name in enumerate(declared) if name in number}
    elif all(label.isdigit() for label in labels):
        by_int = {int(label): i for i, label in enumerate(labels)}
    else:
        by_int = {i: i for i in range(len(labels))}
        number |= {str(i): i for i in range(len(labels))}
    found: list[int | None] = []
    for row, value in enumerate(values):
        if value in NO_GOLD:
            found.append(None)
        elif isinstance(value, bool) or not isinstance(value, int):
            key = str(value).strip() if isinstance(value, str) else str(value)
            if key not in number:
                raise _outside(table, column, value, row, labels)
            found.append(number[key])
        elif value in by_int:
            found.append(by_int[value])
        else:
            raise _outside(table, column, value, row, labels)
    return found


def _numbering(table: Table, column: str, labels: tuple[str, ...]) -> dict[Any, int]:
    declared = table.names.get(column) or labels
    index = {label: i for i, label in enumerate(labels)}
    return {i: index[name] for i, name in enumerate(declared) if name in index} | index


def _outside(table: Table, column: str, value: Any, row: int, labels: tuple[str, ...]) -> InputError:
    return InputError(
        Problem(
            f"label {value!r} in column {column!r}, row {row}, is outside the set ({', '.join(labels)})",
            "the file is another data set or damaged",
            table.origin,
        )
    )
