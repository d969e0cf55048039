"""The visible text of a document by its suffix, within limits, or one clear error."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from claims.documents.latex import read_latex
from claims.documents.markup import read_html, read_markdown
from claims.documents.visible import Visible

MAX_BYTES: Final = 32 * 2**20
"""No paper's source is larger; a PDF may be, through its figures, and gets four times as much."""

SUFFIXES: Final = (".tex", ".md", ".markdown", ".html", ".htm", ".ipynb", ".pdf", ".txt", ".rst")


def read_document(path: Path, name: str | None = None) -> Visible:
    """Visible text of the document at `path`.

    Parameters
    ----------
    path : Path
        A file with one of `SUFFIXES`.
    name : str, optional
        How locations call the file; default: `path` as given.

    Raises
    ------
    InputError
        Missing, too large, not UTF-8, of an unknown kind, or broken.
    """
    file = name or str(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            Problem(f"the suffix {suffix!r} is no document", f"known: {', '.join(SUFFIXES)}", file)
        )
    try:
        size = path.stat().st_size
        limit = MAX_BYTES * (4 if suffix == ".pdf" else 1)
        if size > limit:
            raise InputError(
                Problem(
                    f"{size / 2**20:.0f} MiB is over {limit / 2**20:.0f} MiB", "name the source text", file
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", "check the path", file)) from None
    if suffix == ".pdf":
        from claims.documents.container import read_pdf

        return read_pdf(file, path)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        seen = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError(Problem(seen, "save the file as UTF-8", file, line)) from None
    if "\0" in source:
        raise InputError(Problem("the file is binary", "name a text file", file))
    return _parse(file, suffix, source)


def _parse(file: str, suffix: str, source: str) -> Visible:
    if suffix == ".tex":
        return read_latex(file, source)
    if suffix in (".md", ".markdown"):
        return read_markdown(file, source)
    if suffix in (".html", ".htm"):
        return read_html(file, source)
    if suffix == ".ipynb":
        from claims.documents.container import read_notebook

        return read_notebook(file, source)
    plain = Visible(file, source)
    plain.add(source, 0)
    return plain.finish()
