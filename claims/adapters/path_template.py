"""A glob whose braces fill columns: `runs/{intermediate}/seed-{seed}/metrics.json`.

A template and not a regular expression: it reads like the path it matches, cannot backtrack without end, and the
same text serves to find the files and to read the columns off their names.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A parsed template; braces match within one path part, `*` too, and `**` crosses folders."""

    text: str
    glob: str
    pattern: re.Pattern[str]
    columns: tuple[str, ...]

    def columns_of(self, relative: str) -> dict[str, str] | None:
        """Column values that the path `relative` (with forward slashes) carries, or None if it does not match."""
        match = self.pattern.fullmatch(relative)
        return None if match is None else match.groupdict()

    def files(self, folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
        """Matching files under `folder` in sorted order, each with the columns that its path carries."""
        root = folder.resolve()
        sys.audit("verify_claims.matches", str(root), self.glob)
        for path in sorted(folder.glob(self.glob)):
            columns = self.columns_of(path.relative_to(folder).as_posix())
            if columns is None or not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                raise InputError(
                    Problem(f"{path} leads out of the study", "copy the file into the study folder")
                )
            yield path, columns


def parse_template(text: str) -> PathTemplate:
    """The template in `text`.

    Raises
    ------
    InputError
        An absolute path, `..`, an unknown column, a column twice, or an unclosed brace.

    Examples
    --------
    >>> template = parse_template("runs/{intermediate}/seed-{seed}/*.json")
    >>> template.glob
    'runs/*/seed-*/*.json'
    >>> template.columns_of("runs/squad/seed-3/metrics.json")
    {'intermediate': 'squad', 'seed': '3'}
    """
    if text.startswith(("/", "~")) or "\\" in text or ".." in text.split("/") or re.match(r"[A-Za-z]:", text):
        raise InputError(
            Problem(f"the path {text!r} may leave the study", "write it relative to the study folder")
        )
    columns: list[str] = []
    glob, pattern = [], []
    for part in re.split(r"(\{[^{}]*\}|\*\*/|\*\*|\*|\?)", text):
        if part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            if name not in COLUMNS:
                near = get_close_matches(name, COLUMNS, n=1)
                hint = f"write {{{near[0]}}}" if near else f"columns: {', '.join(COLUMNS)}"
                raise InputError(Problem(f"{{{name}}} in {text!r} is no column", hint))
            if name in columns:
                raise InputError(Problem(f"{{{name}}} stands twice in {text!r}", "use * for the second"))
            columns.append(name)
            glob.append("*")
            pattern.append(f"(?P<{name}>[^/]+?)")
        elif part in ("**/", "**"):
            glob.append(part)
            pattern.append("(?:.*/)?" if part == "**/" else ".*")
        elif part in ("*", "?"):
            glob.append(part)
            pattern.append("[^/]*" if part == "*" else "[^/]")
        else:
            if "{" in part or "}" in part:
                raise InputError(Problem(f"a brace in {text!r} is not closed", "write {column}"))
            glob.append(part)
            pattern.append(re.escape(part))
    return PathTemplate(text, "".join(glob), re.compile("".join(pattern)), tuple(columns))
