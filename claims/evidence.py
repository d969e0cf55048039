"""The evidence of a study: its results tables and source texts, confined to the study's folder.

A row with status `recalled` is read, so that a finding can say that only recalled numbers exist, and never counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from analysis.index import Index
from analysis.printed import parse_printed
from analysis.results import COLUMNS, Results, Table, read_results
from claims import run_scores
from claims.amount import Amount, of_printed
from claims.finding import Cell
from claims.model import Source
from claims.yaml_marks import Document

TABLES: Final = (".csv", ".tsv", ".tab", ".parquet")
TEXT_BYTES: Final = 64_000_000
IDENTITY: Final = tuple(
    name for name in COLUMNS if name not in ("source", "locator", "n", "value", "printed", "status")
)
"""Columns that tell one cell of a source from another."""


class Unusable(Exception):
    """A row that cannot take part in arithmetic: row and reason."""

    def __init__(self, row: int, why: str) -> None:
        self.row, self.why = row, why
        super().__init__(why)


@dataclass
class Evidence:
    """Rows and texts that claims are decided on."""

    results: Results
    sources: Mapping[str, Source] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Source id -> its texts, whitespace as in the file."""

    def __post_init__(self) -> None:
        self.index = Index(self.results)
        recalled = self.index.codes["status"].get("recalled")
        self._recalled = recalled
        self._amounts: dict[tuple[int, int], Amount | str] = {}
        self._identity = [(name, self.results.columns[name]) for name in IDENTITY]

    def rows(self, wanted: Mapping[str, str]) -> Sequence[int]:
        """Admissible rows that match exactly."""
        found = self.index.rows(wanted)
        if self._recalled is None:
            return found
        status = self.results.columns["status"].codes
        return [row for row in found if status[row] != self._recalled]

    def recalled(self, wanted: Mapping[str, str]) -> bool:
        """Whether rows match that are recalled only."""
        return self._recalled is not None and len(self.index.rows(wanted)) > 0 and not self.rows(wanted)

    def amount(self, row: int) -> Amount:
        """Number of a row with its interval; a measured value without printed string is exact.

        Raises
        ------
        Unusable
            The row has no number, or prints a bound such as ">40".
        """
        printed, value = self.results.columns["printed"], self.results.columns["value"]
        key = (int(printed.codes[row]), int(value.codes[row]))
        known = self._amounts.get(key)
        if known is None:
            known = self._amounts[key] = _number(printed.names[key[0]], value.names[key[1]])
        if isinstance(known, str):
            raise Unusable(row, known)
        return known

    def cell(self, row: int) -> Cell:
        """The row as a finding shows it."""
        text = self.results.text
        value = text("value", row)
        file, line = self.results.place(row)
        return Cell(
            source=text("source", row),
            locator=text("locator", row),
            selector={
                name: word for name, column in self._identity if (word := column.names[column.codes[row]])
            },
            printed=text("printed", row) or None,
            value=float(value) if value else None,
            status=text("status", row),
            file=file,
            line=line,
        )

    def scale(self, rows: Sequence[int]) -> str:
        """Scale of the rows: that of the smallest run among them, else `published`."""
        found = {self.results.text("scale", row) or "published" for row in rows}
        return next((scale for scale in ("miniature", "small", "paper") if scale in found), "published")

    def root(self, source: str) -> str:
        """Root document of a source."""
        known = self.sources.get(source)
        return (known.root if known else None) or source


def _number(printed: str, value: str) -> Amount | str:
    if not printed:
        return Amount(Fraction(value), Fraction(0)) if value else "it has neither value nor printed"
    try:
        number = parse_printed(printed)
    except ValueError:
        return f"it prints words, {printed[:60]!r}"
    return of_printed(number) if number.bound == "none" else f"it prints a bound, {printed!r}"


def table_paths(folder: Path, names: Sequence[str], document: Document, needed: bool = True) -> list[Path]:
    """Files of the `evidence` list; every name must stay inside the study's folder.

    A study that collects all its rows from files of other tools, or holds drafts only, needs no table of its own.
    """
    if not needed and "evidence" not in document.root and not (folder / "evidence").is_dir():
        return []
    problems, found = [], []
    for at, name in enumerate(names):
        path = confined(folder, name)
        if path is None:
            what = f"path {name!r} leaves the study's folder"
            problems.append(document.problem(what, "copy the file into the study", ("evidence", at)))
        elif path.is_dir():
            found += [child for child in sorted(path.iterdir()) if child.suffix in TABLES]
            # A folder of run records (`verify-claims replicate --runs`): every finished stage has a folder.
            runs = sorted(path.glob("[!.]*/scores.parquet"))
            problems += run_scores.problems_of(folder, runs)
            found += runs
        elif path.is_file() and path.suffix in TABLES:
            found.append(path)
        else:
            what = f"no table at {name!r}"
            problems.append(
                document.problem(what, f"give a folder or a {', '.join(TABLES)} file", ("evidence", at))
            )
    for path in found:
        if confined(folder, str(path.relative_to(folder))) is None:
            problems.append(
                Problem(f"{path.name} is a link out of the study's folder", "copy the file", str(path.name))
            )
    if not problems and not found and needed:
        problems.append(document.problem("the study has no evidence table", "add a CSV file", ("evidence",)))
    if problems:
        raise InputError(*problems)
    return found


def table_problems(folder: Path, names: object) -> tuple[Problem, ...]:
    """Problems of the tables of a study whose claims file is invalid, so that one run tells all it can."""
    listed = names if isinstance(names, list) else ["evidence"]
    places = [
        path for name in listed if isinstance(name, str) and (path := confined(folder, name)) is not None
    ]
    every = [child for path in places for child in (sorted(path.iterdir()) if path.is_dir() else [path])]
    found = [path for path in every if confined(folder, str(path.relative_to(folder))) is not None]
    try:
        read_results(*(path for path in found if path.is_file() and path.suffix in TABLES), base=folder)
    except InputError as error:
        return error.problems
    return ()


def confined(folder: Path, name: str) -> Path | None:
    """Path inside a folder, links followed; None where it leaves the folder."""
    if "\0" in name or Path(name).is_absolute():
        return None
    path = (folder / name).resolve()
    return folder / name if path.is_relative_to(folder.resolve()) else None


def refuse_links(folder: Path, paths: Iterable[Path]) -> None:
    """Raise `InputError` for each file of a study that is a link out of it: what it shows is not the study's."""
    problems = [
        Problem(
            "the file is a link out of the study's folder",
            "copy the file",
            path.relative_to(folder).as_posix(),
        )
        for path in paths
        if path.is_symlink() and confined(folder, str(path.relative_to(folder))) is None
    ]
    if problems:
        raise InputError(*problems)


def read_evidence(
    folder: Path,
    paths: Sequence[Path],
    sources: Sequence[Source],
    shown: str,
    collected: Sequence[Table] = (),
) -> Evidence:
    """Evidence of a study folder; raises `InputError` with every problem of its files."""
    texts: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for source in sources:
        found = []
        for text in source.texts:
            path = confined(folder, text.file)
            if path is None or not path.is_file() or path.stat().st_size > TEXT_BYTES:
                problems.append(
                    Problem(f"text {text.file!r} of {source.id} is not inside the study", "copy it", shown)
                )
                continue
            try:
                found.append(path.read_text(encoding="utf-8"))
            except UnicodeDecodeError:
                problems.append(Problem("not UTF-8 text", "save it as UTF-8", text.file))
            except OSError as error:
                what = f"cannot read it: {error.strerror}"
                problems.append(Problem(what, "check its permissions", text.file))
        texts[source.id] = tuple(found)
    try:
        results = read_results(*paths, base=folder, more=collected)
    except InputError as error:
        raise InputError(*problems, *error.problems) from None
    if problems:
        raise InputError(*problems)
    return Evidence(results, {source.id: source for source in sources}, texts)


def sha256(path: Path) -> str:
    """Hash of a file that was read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
