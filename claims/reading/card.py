"""A report card from a report file: what the report says of itself, and its mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.errors import InputError, Problem
from claims.outcome import Mention, ReportCard
from claims.reading.cells import header_columns, header_names, is_table_header, split_cells
from claims.reading.document import Document, Line, open_document
from claims.reading.fields import (
    counts_of,
    cut_flags,
    date_of,
    flowing,
    is_cut,
    question_of,
    references_of,
    subject_of,
    title_of,
)
from claims.reading.rows import rows_of
from claims.reading.sections import Section, cut_sections
from claims.reading.wraps import vocabulary


def read_report(path: str | Path, id: str | None = None) -> ReportCard:
    """The report card of one file (.txt, .md, .html or .pdf).

    Parameters
    ----------
    path : str or Path
        The report.
    id : str, optional
        Report id; the file name without suffix where absent.

    Raises
    ------
    InputError
        The file cannot be read, or is no report: it has neither a claim table nor stated counts.
    """
    return card_of(open_document(path), id or Path(path).stem)


def read_reports(paths: Iterable[str | Path]) -> tuple[ReportCard, ...]:
    """The report cards of the files, in the order given; a file named twice is read once.

    Raises
    ------
    InputError
        With the problems of all files.
    """
    chosen: dict[Path, Path] = {}
    for item in paths:
        path = Path(item)
        chosen.setdefault(_resolved(path), path)
    stems = [path.stem for path in chosen.values()]
    cards: list[ReportCard] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for path in chosen.values():
        name = path.stem if stems.count(path.stem) == 1 else f"{path.parent.name}/{path.name}"
        while name in taken:
            name += "'"
        taken.add(name)
        try:
            cards.append(read_report(path, name))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return tuple(cards)


def card_of(document: Document, id: str) -> ReportCard:
    """The report card of an opened document."""
    words = vocabulary(line.text for line in document.lines)
    sections = cut_sections(document.lines)
    lines = _claim_lines(sections, document.lines)
    rows, lost = rows_of(lines, words)
    counts = counts_of(sections, words)
    if not rows and "claims" not in counts:
        what = "this is no report: it has no claim table and states no number of claims"
        remedy = "name a file with a section 'Extracted Claims' or a table with a column 'Claim'"
        raise InputError(Problem(what, remedy, document.file))
    cuts = cut_flags([row.text for row in rows])
    mentions = tuple(
        Mention(id, row.line, row.text, cut, row.verdict, row.confidence, raw=row.raw)
        for row, cut in zip(rows, cuts, strict=True)
    )
    abstract = (
        next((flowing(section, words) for section in sections if section.name == "abstract"), None) or None
    )
    return ReportCard(
        id=id,
        file=document.file,
        sha256=document.sha256,
        title=title_of(sections[0], words),
        date=date_of(sections),
        question=question_of(sections, words),
        abstract=abstract,
        abstract_truncated=abstract is not None and is_cut(abstract),
        counts=counts,
        references=references_of(sections),
        mentions=mentions,
        not_understood=lost,
        subject=subject_of(sections, words),
    )


def _claim_lines(sections: Sequence[Section], lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of the claims sections; without one, the tables whose header names a claim column.

    Last, since a heading may be lost or broken in the text of a PDF: the rest of the section in which words of a
    header stand on lines of their own.
    """
    named = [section for section in sections if section.name == "claims"]
    if named:
        return tuple(line for section in named for line in section.lines)
    found: list[Line] = []
    inside = False
    for line in lines:
        if is_table_header(line.text) and split_cells(line.text):
            inside = True
        elif not line.text.strip() or split_cells(line.text) is None:
            inside = False
        if inside:
            found.append(line)
    if found:
        return tuple(found)
    for section in sections:
        for at, line in enumerate(section.lines):
            if header_names(line.text) and header_columns(section.lines[at : at + 6]):
                return section.lines[at:]
    return ()


def _resolved(path: Path) -> Path:
    """The path that tells two names of one file from two files."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path
