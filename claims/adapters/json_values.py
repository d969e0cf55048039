"""Rows from any JSON document or JSONL file, by pointer.

Options: `values` lists what to read, `{at: /eval/acc, metric: acc, target: xnli}`: one row each, other keys are
columns. `columns` fills columns for all rows from the same document, `{seed: /config/seed}`. In a .jsonl file every
line is a document of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS
from claims.adapters.json_pointer import MISSING, nearest, resolve, tokens
from claims.adapters.rows import Row, load_json, number, refuse_options


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per entry of `values` and document.

    Raises
    ------
    InputError
        A pointer that finds nothing or no number (with what is there instead), or wrong options.
    """
    refuse_options(path, options, ("values", "columns"))
    values, columns = _checked(path, options)
    for line, document in _documents(path):
        shared: Row = {}
        for column, pointer in columns.items():
            found = resolve(document, pointer)
            if found is MISSING or not isinstance(found, (str, int, float)) or isinstance(found, bool):
                raise InputError(_not_there(path, line, document, pointer, f"the column {column!r}"))
            shared[column] = found
        for entry in values:
            pointer = entry["at"]
            value = number(resolve(document, pointer))
            if value is None:
                raise InputError(_not_there(path, line, document, pointer, "a number"))
            constants = {key: item for key, item in entry.items() if key != "at"}
            yield {
                "locator": pointer if line is None else f"line {line}{pointer}",
                **shared,
                **constants,
                "value": value,
            }


def _documents(path: Path) -> Iterator[tuple[int | None, Any]]:
    if path.suffix != ".jsonl":
        yield None, load_json(path)
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"cannot be read: {error}", "check path and encoding", str(path))) from None
    for count, text in enumerate(lines, start=1):
        if text.strip():
            try:
                yield count, json.loads(text)
            except json.JSONDecodeError as error:
                raise InputError(
                    Problem(
                        f"not JSON: {error.msg}", "each line is one document", str(path), count, error.colno
                    )
                ) from None


def _checked(path: Path, options: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    values, columns = options.get("values"), options.get("columns", {})
    problems = []
    if not isinstance(values, list) or not values or not all(isinstance(entry, dict) for entry in values):
        raise InputError(
            Problem("the option `values` lists nothing", "write {at: /eval/acc, metric: acc}", str(path))
        )
    for name in [*(key for entry in values for key in entry if key != "at"), *columns]:
        if name not in COLUMNS:
            problems.append(Problem(f"{name!r} is no column", f"columns: {', '.join(COLUMNS)}", str(path)))
    for pointer in [*(entry.get("at") for entry in values), *columns.values()]:
        try:
            tokens(str(pointer))
        except ValueError as error:
            problems.append(Problem(str(error), "write e.g. /eval/acc", str(path)))
    if problems:
        raise InputError(*problems)
    return values, dict(columns)


def _not_there(path: Path, line: int | None, document: Any, pointer: str, what: str) -> Problem:
    found = resolve(document, pointer)
    seen = "nothing" if found is MISSING else repr(found)[:60]
    hint = nearest(document, pointer) if found is MISSING else "point at the number itself"
    return Problem(f"{pointer} holds {seen}, not {what}", hint or "check the pointer", str(path), line)
