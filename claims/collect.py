"""Rows of the results table collected from files of other tools, by the study's `collect` entries.

An entry names files by a template, the adapter that reads them, and what the adapter cannot know: the source, the
split, the names that the claims use. What goes wrong is an error and never a gap: a template that matches nothing, a
file that its adapter cannot read, a hash that differs, two files that give the same score twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS, Column, Table
from claims.adapters.rows import WrongOption
from claims.yaml_marks import Document

if TYPE_CHECKING:
    from claims.adapters.rows import Read
    from claims.model import Collected

IDENTITY: Final = tuple(
    name for name in COLUMNS if name not in ("locator", "n", "value", "printed", "status")
)
"""Columns that say which score a row is; two rows that agree in all of them are one score read twice."""

DEFAULTS: Final = {"status": "measured", "metric": "score", "target": "-"}


def collect(folder: Path, entries: Sequence[Collected], document: Document) -> tuple[list[Table], list[Path]]:
    """Tables of all entries, one per file, and the files that were read.

    Raises
    ------
    InputError
        Every problem of every entry, at the entry's line.
    """
    tables: list[Table] = []
    paths: list[Path] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], str] = {}
    for at, entry in enumerate(entries):
        here = ("collect", at)
        read, wrong = _adapter(entry, document, here)
        try:
            files = _files(folder, entry)
        except InputError as error:
            wrong += [document.problem(p.what, p.remedy, (*here, "path")) for p in error.problems]
        problems += wrong
        if read is None or wrong:
            continue
        unkept: list[tuple[str, list[dict[str, str]]]] = []
        for path, columns in files:
            shown = path.relative_to(folder).as_posix()
            try:
                rows = [_row(entry, found, shown, columns) for found in read(path, entry.options)]
                kept = [row for row in rows if _keeps(entry, row)]
                if rows and not kept:
                    unkept.append((shown, rows))
                    continue
                rows = kept
                problems += _faults(rows, shown) or _doubles(rows, shown, seen)
            except WrongOption as error:
                problems += [
                    document.problem(what, remedy, (*here, "options", name), key=True)
                    for name, what, remedy in error.faults
                ]
                break
            except InputError as error:
                problems += [_under(p, path, shown) for p in error.problems]
                continue
            except Exception as error:  # an adapter of another package may fail in any way
                what = f"the adapter {entry.reader!r} failed: {type(error).__name__}: {error}"
                remedy = "is it a file of that tool? If so, tell whoever wrote the adapter"
                problems.append(Problem(what, remedy, shown))
                continue
            if not rows:
                remedy = "name another file, or another adapter"
                problems.append(Problem(f"the adapter {entry.reader!r} found no score", remedy, shown))
            tables.append((shown, _columns(rows), [1] * len(rows)))
            paths.append(path)
        if unkept:
            problems.append(_none_kept(entry, unkept, document, here))
    if problems:
        raise InputError(*problems)
    return tables, paths


def _adapter(
    entry: Collected, document: Document, here: tuple[str, int]
) -> tuple[Read | None, list[Problem]]:
    """The adapter of an entry, or what is wrong with its name."""
    from claims.adapters import adapter

    try:
        return adapter(entry.reader), []
    except InputError as error:
        return None, [document.problem(p.what, p.remedy, (*here, "as")) for p in error.problems]


def _files(folder: Path, entry: Collected) -> list[tuple[Path, dict[str, str]]]:
    """Files of an entry with the columns that their paths carry; pinned hashes are checked here."""
    from claims.adapters.path_template import parse_template
    from claims.evidence import sha256

    files = list(parse_template(entry.path).files(folder))
    if not files:
        raise InputError(Problem(f"no file matches {entry.path!r}", "check the path, or run what writes it"))
    problems = []
    for path, _ in files:
        shown = path.relative_to(folder).as_posix()
        pinned = entry.sha256.get(shown)
        if pinned is not None and (now := sha256(path)) != pinned:
            what = f"{shown} has changed: its sha256 is {now}, pinned is {pinned}"
            problems.append(Problem(what, "restore the file, or pin the new hash if the change is meant"))
    known = {path.relative_to(folder).as_posix() for path, _ in files}
    problems += [
        Problem(f"the pinned file {name!r} is not there", "restore it, or remove the pin")
        for name in entry.sha256
        if name not in known
    ]
    if problems:
        raise InputError(*problems)
    return files


def _row(
    entry: Collected, found: Mapping[str, object], shown: str, columns: Mapping[str, str]
) -> dict[str, str]:
    """A row of an adapter with what its entry says of it."""
    row = dict(DEFAULTS)
    row |= {name: _text(value) for name, value in found.items() if value is not None}
    row |= columns
    row |= {name: str(word) for name, word in entry.fill.items()}
    if not row.get("source"):
        row["source"] = f"run:{shown.split('/')[0]}"
    for name, words in entry.rename.items():
        row[name] = words.get(row.get(name, ""), row.get(name, ""))
    if entry.unit == "fraction" and row.get("value"):
        row["value"] = _text(Decimal(row["value"]) * 100)
    return row


def _keeps(entry: Collected, row: Mapping[str, str]) -> bool:
    return all(row.get(name, "") in words for name, words in entry.keep.items())


def _none_kept(
    entry: Collected,
    unkept: Sequence[tuple[str, Sequence[Mapping[str, str]]]],
    document: Document,
    here: tuple[str, int],
) -> Problem:
    """That the entry keeps no row of a file or of several, and what the first has in that column."""
    shown, rows = unkept[0]
    more = len(unkept) - 1
    others = f" and of {more} other file{'s' * (more > 1)}" if more else ""
    name = next(
        (n for n, words in entry.keep.items() if not {row.get(n, "") for row in rows} & set(words)), ""
    )
    has = ", ".join(sorted({row.get(name, "") or "(empty)" for row in rows})[:8])
    what = f"keep leaves no row of {shown}{others}" + (f"; the first has {name} {has}" if name else "")
    return document.problem(what, "name words that it has", (*here, "keep", name), key=True)


def _text(value: object) -> str:
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(value)


def _faults(rows: Iterable[Mapping[str, str]], shown: str) -> list[Problem]:
    from analysis.results_rules import EMPTY_ROW, row_faults

    problems = []
    for row in rows:
        unknown = [name for name in row if name not in COLUMNS]
        faults = [
            (name, f"unknown column {name!r}", "report it to whoever wrote the adapter") for name in unknown
        ]
        known = {name: row.get(name, "") for name in EMPTY_ROW}
        for _, what, remedy in faults or row_faults(known):
            problems.append(Problem(f"{row.get('locator', 'a row')}: {what}", remedy, shown))
    return problems[:20]


def _doubles(
    rows: Iterable[Mapping[str, str]], shown: str, seen: dict[tuple[str, ...], str]
) -> list[Problem]:
    """A score that another row has already given; scores from several seeds need the seed in a column."""
    problems = []
    for row in rows:
        key = tuple(row.get(name, "") for name in IDENTITY)
        here = f"{shown} ({row.get('locator', '')})"
        first = seen.get(key)
        seen[key] = here
        if first is not None:
            words = " ".join(f"{name}={word}" for name, word in zip(IDENTITY, key, strict=True) if word)
            remedy = "tell them apart by a column, e.g. seed-{seed} in the path, or leave one out"
            problems.append(Problem(f"{words} is given twice, first by {first}", remedy, shown))
    return problems[:5]


def _columns(rows: Sequence[Mapping[str, str]]) -> dict[str, Column]:
    from analysis.results_text import encode

    order = list(COLUMNS)
    return encode(
        [[row.get(name, "") for name in order] for row in rows], {name: i for i, name in enumerate(order)}
    )


def _under(problem: Problem, path: Path, shown: str) -> Problem:
    """The problem with the file as the study calls it."""
    file = shown if problem.file in (None, str(path)) else problem.file
    return Problem(problem.what, problem.remedy, file, problem.line, problem.column)
