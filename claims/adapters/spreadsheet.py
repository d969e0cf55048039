"""Rows from one sheet of an Excel workbook whose header names columns of the results table.

Cells are read as stored values, never as formulas: a formula without a cached value is an error, not an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS
from claims.adapters.rows import MAX_BYTES, Row, WrongOption, refuse_large, refuse_options


def read(path: Path, options: Mapping[str, Any]) -> Iterator[Row]:
    """One row per line of the sheet named by the option `sheet` (default: the only one)."""
    refuse_options(path, options, ("sheet",))
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InputError(
            Problem("reading Excel needs openpyxl", "pip install 'verify-claims[excel]'", str(path))
        ) from None
    _refuse_bomb(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its zip and XML layers raise
        raise InputError(Problem(f"not an Excel workbook: {error}", "save it as .xlsx", str(path))) from None
    try:
        name = options.get("sheet")
        if name is None and len(book.sheetnames) > 1:
            raise InputError(
                Problem(
                    f"the workbook has {len(book.sheetnames)} sheets",
                    f"write sheet: {book.sheetnames[0]}",
                    str(path),
                )
            )
        if name is not None and not isinstance(name, str):
            what = f"the option `sheet` is {str(name)[:60]!r}, not a name"
            raise WrongOption(path, ("sheet", what, "write its name in quotes"))
        if name is not None and name not in book.sheetnames:
            raise InputError(
                Problem(f"there is no sheet {name!r}", f"sheets: {', '.join(book.sheetnames)}", str(path))
            )
        sheet = book[name or book.sheetnames[0]]
        lines = sheet.iter_rows(values_only=True)
        header = [str(cell) if cell is not None else "" for cell in next(lines, ())]
        _check_header(path, header)
        gaps: list[tuple[int, int]] = []
        for count, line in enumerate(lines, start=2):
            gaps += (
                (count, at) for at, cell in enumerate(line[: len(header)]) if cell is None and header[at]
            )
            row: Row = {
                key: cell if isinstance(cell, (int, float)) else str(cell)
                for key, cell in zip(header, line, strict=False)
                if key and cell is not None
            }
            if row:
                yield {"locator": f"{sheet.title}!{count}", **row}
        if gaps:
            _refuse_uncomputed(path, sheet.title, header, gaps)
    finally:
        book.close()


def _refuse_uncomputed(path: Path, sheet: str, header: list[str], gaps: list[tuple[int, int]]) -> None:
    """Raise `InputError` for empty cells that hold a formula: no spreadsheet program has computed it yet."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    asked = set(gaps)
    try:
        problems = [
            Problem(
                f"{sheet}!{count}: {header[at]} is a formula without a computed value",
                "open the workbook in Excel or LibreOffice and save it, or write the number",
                str(path),
            )
            for count, line in enumerate(book[sheet].iter_rows(values_only=True), start=1)
            for at, cell in enumerate(line)
            if (count, at) in asked and isinstance(cell, str) and cell.startswith("=")
        ]
    finally:
        book.close()
    if problems:
        raise InputError(*problems[:20])


def _refuse_bomb(path: Path) -> None:
    """A workbook is a zip file; what it unpacks to must be a table too."""
    refuse_large(path)
    try:
        with ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (BadZipFile, OSError) as error:
        raise InputError(Problem(f"not an Excel workbook: {error}", "save it as .xlsx", str(path))) from None
    if size > MAX_BYTES:
        what = f"the workbook unpacks to {size / 2**20:.0f} MiB"
        raise InputError(Problem(what, "keep the sheet of final scores only", str(path)))


def _check_header(path: Path, header: list[str]) -> None:
    problems = []
    for name in header:
        if name and name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1)
            hint = f"write {near[0]!r}" if near else f"columns: {', '.join(COLUMNS)}"
            problems.append(Problem(f"unknown column {name!r}", hint, str(path), 1))
    if not any(header):
        problems.append(Problem("the sheet is empty", "put the column names in the first row", str(path), 1))
    if problems:
        raise InputError(*problems)
