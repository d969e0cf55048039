"""Writes a report to a folder: each file appears whole or not at all, and two writings of one outcome are equal."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from claims.outcome import Outcome
from reports.build import build_document
from reports.document import Document, Drawing
from reports.plain import visible
from reports.whole import write_whole

FORMATS: Final = ("md", "pdf", "html", "json", "crate")
"""Known formats, in the order in which they are written; figures' CSV files come with md and html."""


FIGURES: Final = "figures/"


def write_all(
    outcome: Outcome, out_dir: str | os.PathLike[str], formats: Iterable[str] = ("md", "pdf", "html")
) -> list[Path]:
    """Write `report.<format>` and the data of the figures; return the paths in the order of writing.

    Everything is made before the first file is written, so that a failure leaves the folder as it was.

    Parameters
    ----------
    outcome : Outcome
        What a check established.
    out_dir : path
        Folder to write to; made if absent.
    formats : iterable of str
        Some of `FORMATS`.

    Raises
    ------
    InputError
        For an unknown format, a folder that cannot be written, or a wrong SOURCE_DATE_EPOCH.
    """
    as_folder(out_dir)
    return write_made(make_all(outcome, formats), out_dir)


def as_folder(out_dir: str | os.PathLike[str]) -> Path:
    """The folder, told to be a file before anything is made for it.

    Raises
    ------
    InputError
        If it is there and no folder.
    """
    folder = Path(out_dir)
    if folder.exists() and not folder.is_dir():
        raise InputError(Problem(f"{folder} is a file", "name a folder with --out"))
    return folder


def write_made(made: Mapping[str, bytes], out_dir: str | os.PathLike[str]) -> list[Path]:
    """Write files by their names below the folder, each whole or not at all; return their paths.

    Raises
    ------
    InputError
        If one cannot be written; those before it are there then.
    """
    folder = as_folder(out_dir)
    paths = []
    for name, content in made.items():
        path = folder / name
        try:
            write_whole(path, content)
        except OSError as error:
            raise InputError(
                Problem(f"cannot write {path}: {error.strerror}", "choose another folder with --out")
            ) from None
        paths.append(path)
    return paths


def compare_all(outcome: Outcome, out_dir: str | os.PathLike[str], formats: Iterable[str]) -> dict[str, str]:
    """File name -> `missing`, `out of date` or `left over`; empty if the folder is what `write_all` would make it.

    Raises
    ------
    InputError
        As `write_all`, or if a file is there and cannot be read.
    """
    folder = Path(out_dir)
    states = {}
    made = make_all(outcome, formats)
    for name, content in made.items():
        path = folder / name
        try:
            there = path.read_bytes() if path.is_file() else None
        except OSError as error:
            what = f"cannot read {path}: {error.strerror}"
            raise InputError(Problem(what, "make it readable, or choose another folder with --out")) from None
        if there != content:
            states[name] = "missing" if there is None else "out of date"
    return states | dict.fromkeys(_strangers(folder, made), "left over")


def left_over(out_dir: str | os.PathLike[str], written: Iterable[Path]) -> list[Path]:
    """Figures' data in the folder that the writing of these paths did not make: an earlier report's, or the user's.

    They are told and not deleted, because nothing says whose they are.
    """
    folder = Path(out_dir)
    names = {path.relative_to(folder).as_posix() for path in written}
    return [folder / name for name in _strangers(folder, names)]


def _strangers(folder: Path, names: Collection[str]) -> list[str]:
    if not any(name.startswith(FIGURES) for name in names):
        return []
    there = sorted(path.relative_to(folder).as_posix() for path in (folder / FIGURES).glob("*.csv"))
    return [name for name in there if name not in names]


def make_all(outcome: Outcome, formats: Iterable[str]) -> dict[str, bytes]:
    """File name -> content of everything that `write_all` writes."""
    wanted = set(formats)
    if unknown := sorted(wanted - set(FORMATS)):
        known = ", ".join(FORMATS)
        raise InputError(
            *(Problem(f"there is no report format {name!r}", f"choose from {known}") for name in unknown)
        )
    if not wanted:
        raise InputError(Problem("no report format is named", f"choose from {', '.join(FORMATS)}"))
    document = build_document(outcome, source_date())
    made: dict[str, bytes] = {}
    if "md" in wanted:
        from reports.markdown import markdown_of

        made["report.md"] = markdown_of(document).encode("utf-8", "replace")
    if "pdf" in wanted:
        from reports.pdf import pdf_of

        made["report.pdf"] = pdf_of(document)
    if "html" in wanted:
        from reports.html import html_of

        made["report.html"] = html_of(document).encode("utf-8", "replace")
    if wanted & {"md", "html"}:
        made |= figure_data(document)
    if "json" in wanted:
        from reports.as_json import render_json

        made["report.json"] = render_json(outcome).encode("utf-8", "replace")
    if "crate" in wanted:
        from reports.crate import crate_of, gather_inputs

        inputs = gather_inputs(outcome)
        made["ro-crate-metadata.json"] = crate_of(outcome, made, inputs, document.date).encode()
        made |= inputs
    return made


def figure_data(document: Document) -> dict[str, bytes]:
    """CSV of every figure, RFC 4180 with line feeds."""
    return {f"{FIGURES}{drawing.name}.csv": csv_of(drawing) for drawing in document.drawings()}


def csv_of(drawing: Drawing) -> bytes:
    """Data of one figure; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(drawing.columns())
    writer.writerows([_cell(cell) for cell in record] for record in drawing.records())
    return buffer.getvalue().encode("utf-8", "replace")


def _cell(text: str) -> str:
    shown = visible(text).replace("−", "-")
    if shown[:1] in ("=", "+", "-", "@") and not _is_number(shown):
        return "'" + shown
    return shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def source_date() -> int | None:
    """Seconds since 1970 from SOURCE_DATE_EPOCH (reproducible-builds.org); None where it is not set.

    Raises
    ------
    InputError
        If it is set to something else than seconds between 1970 and 9999.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) < 253402300800:
        return int(text)
    raise InputError(
        Problem(f"SOURCE_DATE_EPOCH is {text!r}", "set it to whole seconds since 1970, or unset it")
    )
