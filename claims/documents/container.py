"""Notebooks and PDFs as visible text; their lines are those of the text that they contain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.errors import InputError, Problem
from claims.documents.markup import read_markdown
from claims.documents.visible import Visible


def read_notebook(file: str, source: str) -> Visible:
    """Visible text of a notebook's Markdown cells and text outputs; code is set aside.

    Locations point into the .ipynb file at the line of the JSON string, so an editor finds them.
    """
    try:
        cells = json.loads(source)["cells"]
        pieces = [piece for cell in cells for piece in _pieces(cell)]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(Problem("not a notebook of format 4", "save it with Jupyter again", file)) from None
    seen = Visible(file, source)
    cursor = 0
    for kind, line in pieces:
        quoted = json.dumps(line, ensure_ascii=False)[1:-1]
        found = source.find(quoted, cursor)
        if found < 0:  # the file escapes non-ASCII characters
            quoted = json.dumps(line)[1:-1]
            found = source.find(quoted, cursor)
        cursor = max(found, cursor)
        mark = seen.here()
        shown = read_markdown(file, line).text if kind == "markdown" else line
        seen.add(shown if shown.endswith("\n") else shown + "\n", cursor)
        if kind == "code":
            seen.mark(mark, "code")
    return seen.finish()


def _pieces(cell: dict[str, Any]) -> list[tuple[str, str]]:
    kind = "markdown" if cell["cell_type"] == "markdown" else "code"
    pieces = [(kind, line) for line in _lines(cell["source"])]
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain") or []
        pieces += [("output", line) for line in _lines(text)]
    return pieces


def _lines(text: str | list[str]) -> list[str]:
    return text.splitlines(keepends=True) if isinstance(text, str) else [str(line) for line in text]


def read_pdf(file: str, path: Path) -> Visible:
    """Visible text of a PDF, page by page; a line number counts lines of that text.

    Raises
    ------
    InputError
        Not a PDF, encrypted, or a PDF without text (a scan).
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(path).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise InputError(
            Problem(f"the PDF cannot be read: {error}", "export it again, unencrypted", file)
        ) from None
    text = "\n".join(pages)
    if not text.strip():
        raise InputError(
            Problem("the PDF holds no text", "it may be a scan; name the source file instead", file)
        )
    seen = Visible(file, text)
    seen.add(text, 0)
    return seen.finish()
