"""Rows from any JSON document or JSONL file, by pointer.

Options: `values` lists what to read, `{at: /eval/acc, metric: acc, target: xnli}`: one row each, other keys are
columns. `columns` fills columns for all rows from the same document, `{seed: /config/seed}`. In a .jsonl file every
line is a document of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS
from claims.adapters.json_pointer import MISSING, nearest, resolve, tokens
from claims.adapters.rows import (
    Row,
    WrongOption,
    load_json,
    options_mapping,
    parse_json,
    read_text,
    refuse_options,
    score,
)


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
            found_score = score(resolve(document, pointer))
            if found_score is None:
                raise InputError(_not_there(path, line, document, pointer, "a number"))
            constants = {key: item for key, item in entry.items() if key != "at"}
            yield {
                "locator": pointer if line is None else f"line {line}{pointer}",
                **shared,
                **constants,
                **found_score,
            }


def _documents(path: Path) -> Iterator[tuple[int | None, Any]]:
    if path.suffix != ".jsonl":
        yield None, load_json(path)
        return
    for count, text in enumerate(read_text(path).split("\n"), start=1):
        if text.strip():
            yield count, parse_json(text, path, count)


def _checked(path: Path, options: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    values, columns = options.get("values"), options_mapping(path, options, "columns")
    faults = []
    if not isinstance(values, list) or not values or not all(isinstance(entry, dict) for entry in values):
        nothing = "the option `values` lists nothing"
        raise WrongOption(path, ("values", nothing, "write {at: /eval/acc, metric: acc}"))
    named = [("values", key) for entry in values for key in entry if key != "at"]
    for option, name in [*named, *(("columns", key) for key in columns)]:
        if name not in COLUMNS:
            faults.append((option, f"{name!r} is no column", f"columns: {', '.join(COLUMNS)}"))
    for entry in values:
        odd = [key for key, word in entry.items() if not isinstance(word, (str, int))]
        faults += [("values", f"{key!r} is {entry[key]!r}, not a word", "write a word") for key in odd]
    pointers = [("values", entry.get("at")) for entry in values]
    for option, pointer in [*pointers, *(("columns", one) for one in columns.values())]:
        try:
            tokens(str(pointer))
        except ValueError as error:
            faults.append((option, str(error), "write e.g. /eval/acc"))
    if faults:
        raise WrongOption(path, *faults)
    return values, dict(columns)


def _not_there(path: Path, line: int | None, document: Any, pointer: str, what: str) -> Problem:
    found = resolve(document, pointer)
    seen = "nothing" if found is MISSING else repr(found)[:60]
    hint = nearest(document, pointer) if found is MISSING else "point at the number itself"
    return Problem(f"{pointer} holds {seen}, not {what}", hint or "check the pointer", str(path), line)
