"""An analysis read from a file, so that whatever its report needs is there; or every problem of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from analysis.answers.part import SCHEMA
from analysis.errors import InputError, Problem
from reports.figures import figures_of

REMEDY: Final = "give the file that `verify-claims analyse --json` wrote"
WORDS: Final = ("id", "question", "answer")
"""What every answer has, as text."""


def read_analysis(path: Path) -> dict[str, Any]:
    """The object of `verify-claims analyse --json` in a file.

    Raises
    ------
    InputError
        If the file cannot be read, or for every part of it that no report can be made of.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        what = f"cannot read the analysis: {str(error)[:120]}"
        raise InputError(Problem(what, REMEDY, str(path))) from error
    if not isinstance(read, dict):
        what = "the analysis is no JSON object"
        raise InputError(Problem(what, "write it with `verify-claims analyse --json`", str(path)))
    if problems := [Problem(what, REMEDY, str(path)) for what in _problems(read)]:
        raise InputError(*problems)
    return read


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _problems(read: Mapping[str, Any]) -> Iterator[str]:
    if read.get("schema") != SCHEMA:
        yield f"the schema is {str(read.get('schema'))[:60]!r}, not {SCHEMA!r}"
    answers, figures = read.get("answers", []), read.get("figures", [])
    if not _is_list(answers, Mapping):
        yield "`answers` is no list of objects"
        answers = []
    for number, answer in enumerate(answers, 1):
        lacking = [word for word in WORDS if not isinstance(answer.get(word), str)]
        if lacking:
            yield f"answer {number} has no text for {', '.join(lacking)}"
        elif not _is_list(read.get(answer["id"], []), Mapping):
            yield f"the rows of answer {answer['id']!r} are no list of objects"
        for word in ("cannot_say", "sentences"):
            if not _is_list(answer.get(word, []), str):
                yield f"`{word}` of answer {number} is no list of texts"
    if not _is_list(figures, Mapping):
        yield "`figures` is no list of objects"
        figures = []
    for number, figure in enumerate(figures, 1):
        if (why := _undrawable(figure)) is not None:
            yield f"figure {number} cannot be drawn: {why}"


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _undrawable(figure: Mapping[str, Any]) -> str | None:
    """Why a figure has not what its kind needs; None where it has."""
    try:
        (drawing,) = figures_of({"figures": [figure]})
        drawing.alt, drawing.title, drawing.warnings, drawing.records()
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return " ".join(str(error).split())[:160] or type(error).__name__
    return None
