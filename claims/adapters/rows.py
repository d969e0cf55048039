"""Row: what every adapter yields, and the few readings that all of them share."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from analysis.errors import InputError, Problem

Row: TypeAlias = dict[str, str | int | float | None]
"""Columns of the results table (see `analysis.results.COLUMNS`); absent columns are empty."""

MAX_BYTES: Final = 256 * 2**20
"""A results file above this size is refused: it is a log or a checkpoint, not a table of scores."""


class Read(Protocol):
    """The signature of an adapter."""

    def __call__(self, path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
        """Rows of the file at `path`; `options` come from the study's evidence entry."""


class WrongOption(InputError):
    """An option is wrong whatever the file holds, so that it is told once, and where the option stands."""

    def __init__(self, path: Path, *faults: tuple[str, str, str]) -> None:
        self.faults = faults
        """Name of the option, what is wrong with it, what to do."""
        super().__init__(*(Problem(what, remedy, str(path)) for _, what, remedy in faults))


def refuse_options(path: Path, options: Mapping[str, Any], known: tuple[str, ...] = ()) -> None:
    """Raise `WrongOption` for an option that the adapter does not know, so that a typo is never ignored."""
    from difflib import get_close_matches

    faults = []
    for name in options:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"write {near[0]!r}" if near else f"this adapter knows {', '.join(known) or 'no options'}"
            faults.append((str(name), f"unknown option {name!r}", hint))
    if faults:
        raise WrongOption(path, *faults)


def load_json(path: Path) -> Any:
    """The parsed document at `path`; `InputError` with line and column where it is not JSON."""
    return parse_json(read_text(path), path)


def parse_json(text: str, path: Path, line: int | None = None) -> Any:
    """The parsed `text` of a file, or of one line of it."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            double = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
            raise InputError(Problem(f"key {double!r} stands twice", "remove one", str(path), line))
        return found

    try:
        return json.loads(text, object_pairs_hook=once)
    except InputError:
        raise
    except json.JSONDecodeError as error:
        remedy = "is it cut off?" if line is None else "each line is one document"
        where = (line or error.lineno, error.colno)
        raise InputError(Problem(f"not JSON: {error.msg}", remedy, str(path), *where)) from None
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(";")[0]
        raise InputError(Problem(what, "name the file of final scores", str(path), line)) from None


def read_text(path: Path) -> str:
    """The text of a file within the limit; `InputError` where it cannot be read."""
    refuse_large(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Problem(f"not UTF-8 at byte {error.start}", "save it as UTF-8", str(path))) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", "check the path", str(path))) from None


def refuse_large(path: Path) -> None:
    """Raise `InputError` for a file that is no table of scores by its size, or that cannot be looked at."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", "check the path", str(path))) from None
    if size > MAX_BYTES:
        what = f"the file has {size / 2**20:.0f} MiB"
        raise InputError(Problem(what, "name the file of final scores", str(path)))


def number(value: object) -> float | None:
    """`value` as a finite float, or None where it is not a number (a missing score is never 0.0)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def score(value: object) -> Row | None:
    """The columns of a score, or None where `value` is none.

    A run that diverged leaves NaN or an infinity. That is no score and no gap: the row keeps the word, so that a
    claim about it is an error and a claim about others is not.

    Examples
    --------
    >>> score(84.3), score(float("nan")), score("en"), score(None)
    ({'value': 84.3}, {'printed': 'nan'}, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    known = number(value)
    if known is not None:
        return {"value": known}
    return {"printed": "nan" if value != value else "infinite" if value > 0 else "minus infinite"}


def options_mapping(path: Path, options: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The option `name` as a mapping; empty where it is absent.

    Raises
    ------
    WrongOption
        It is something else.
    """
    found = options.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        what = f"the option `{name}` is {str(found)[:60]!r}, not a mapping"
        raise WrongOption(path, (name, what, f"write {name}: {{KEY: WORD}}"))
    return found


def mapping(document: Any, path: Path, what: str) -> dict[str, Any]:
    """`document` if it is a JSON object, else `InputError` saying what was expected."""
    if isinstance(document, dict):
        return document
    seen = type(document).__name__
    raise InputError(Problem(f"{what} is a {seen}, not an object", "is this the right file?", str(path)))
