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


def refuse_options(path: Path, options: Mapping[str, Any], known: tuple[str, ...] = ()) -> None:
    """Raise `InputError` for an option that the adapter does not know, so that a typo is never ignored."""
    from difflib import get_close_matches

    problems = []
    for name in options:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"write {near[0]!r}" if near else f"this adapter knows {', '.join(known) or 'no options'}"
            problems.append(Problem(f"unknown option {name!r}", hint, str(path)))
    if problems:
        raise InputError(*problems)


def load_json(path: Path) -> Any:
    """The parsed document at `path`; `InputError` with line and column where it is not JSON."""
    try:
        if path.stat().st_size > MAX_BYTES:
            size = path.stat().st_size / 2**20
            raise InputError(
                Problem(f"the file has {size:.0f} MiB", "name the file of final scores", str(path))
            )
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError(
            Problem(f"not JSON: {error.msg}", "is it cut off?", str(path), error.lineno, error.colno)
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(Problem(f"not UTF-8 at byte {error.start}", "save it as UTF-8", str(path))) from None
    except RecursionError:
        raise InputError(Problem("nested too deeply", "name the file of final scores", str(path))) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", "check the path", str(path))) from None


def number(value: object) -> float | None:
    """`value` as a finite float, or None where it is not a number (a missing score is never 0.0)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    result = float(value)
    return result if math.isfinite(result) else None


def mapping(document: Any, path: Path, what: str) -> dict[str, Any]:
    """`document` if it is a JSON object, else `InputError` saying what was expected."""
    if isinstance(document, dict):
        return document
    seen = type(document).__name__
    raise InputError(Problem(f"{what} is a {seen}, not an object", "is this the right file?", str(path)))
