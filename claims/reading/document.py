"""A report file as numbered lines of text, whatever its format, or one clear error.

Every format is turned into the same thing, lines of text with the line number of the file (for a PDF: of its
text), so that everything after this room knows one layout language only. The limits are there because a report
is a few pages: a larger file is a mistake, and a mistake should be named rather than waited for.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from analysis.errors import InputError, Problem

TEXT_SUFFIXES: Final = (".txt", ".md", ".markdown", ".text")
HTML_SUFFIXES: Final = (".html", ".htm", ".xhtml")
PDF_SUFFIXES: Final = (".pdf",)
SUFFIXES: Final = TEXT_SUFFIXES + HTML_SUFFIXES + PDF_SUFFIXES
MAX_TEXT_BYTES: Final = 4 * 1024 * 1024
MAX_PDF_BYTES: Final = 32 * 1024 * 1024

PAGE_NUMBER: Final = re.compile(
    r"(?:page\s*)?[-–—]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """One line of a report."""

    number: int
    """Line in the file, from 1; of a PDF, line of its text."""
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A report file that could be opened."""

    file: str
    kind: str
    """text, html or pdf."""
    sha256: str
    lines: tuple[Line, ...]


def open_document(path: str | Path) -> Document:
    """Lines of the report at `path`.

    Raises
    ------
    InputError
        The file is missing, no regular file, of an unknown format, empty, too large, binary, or no valid UTF-8.
    """
    path = Path(path)
    file = path.as_posix()
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        what = (
            f"the suffix {path.suffix!r} names no report format" if path.suffix else "the file has no suffix"
        )
        raise InputError(Problem(what, f"reports end in {', '.join(SUFFIXES)}", file))
    data = _bytes(path, MAX_PDF_BYTES if suffix in PDF_SUFFIXES else MAX_TEXT_BYTES)
    sha256 = hashlib.sha256(data).hexdigest()
    if suffix in PDF_SUFFIXES:
        from claims.reading.pdf import pdf_lines

        return Document(file, "pdf", sha256, numbered(pdf_lines(data, file)))
    text = _decoded(data, file)
    if suffix in HTML_SUFFIXES:
        from claims.reading.markup import html_lines

        return Document(file, "html", sha256, html_lines(text))
    return Document(file, "text", sha256, without_page_breaks(_LINE_ENDS.split(text)))


def numbered(texts: list[str] | tuple[str, ...]) -> tuple[Line, ...]:
    """The texts as lines 1, 2, 3, ..."""
    return tuple(Line(number, text) for number, text in enumerate(texts, start=1))


def without_page_breaks(texts: list[str]) -> tuple[Line, ...]:
    """The lines as numbered in the file, without what stands at page breaks.

    Programs that turn a PDF into text part its pages by form feeds. At a page's edges a line goes if it is a page
    number or if, digits apart, the same line stands at that edge on half of at least two pages; blank lines at
    the edges go too, since a page break is no end of a paragraph. Text without form feeds is left as it is.
    """
    lines = numbered(texts)
    if not any("\f" in text for text in texts):
        return lines
    pages: list[list[Line]] = [[]]
    for line in lines:
        before, *after = line.text.split("\f")
        if before or not after:
            pages[-1].append(Line(line.number, before))
        for part in after:
            pages.append([Line(line.number, part)] if part else [])
    edges = Counter(
        _digits_apart(page[at].text) for page in map(_trimmed, pages) if page for at in {0, len(page) - 1}
    )
    kept: list[Line] = []
    for page in map(_trimmed, pages):
        for at in (0, -1):
            text = page[at].text.strip() if page else ""
            recurs = 2 * edges[_digits_apart(text)] >= max(len(pages) - 1, 4)
            if text and (recurs or PAGE_NUMBER.fullmatch(text)):
                del page[at]
        kept += _trimmed(page)
    return tuple(kept)


def _trimmed(page: list[Line]) -> list[Line]:
    """The page without blank lines at its edges."""
    full = [at for at, line in enumerate(page) if line.text.strip()]
    return page[full[0] : full[-1] + 1] if full else []


def _digits_apart(text: str) -> str:
    """The line with every number replaced, so that "Report, page 3" equals "Report, page 4"."""
    return re.sub(r"\d+", "0", " ".join(text.split()))


def _bytes(path: Path, limit: int) -> bytes:
    """Content of a file of at most `limit` bytes."""
    file = path.as_posix()
    try:
        if not path.exists():
            raise InputError(Problem("there is no such file", "check the path of the report", file))
        if not path.is_file():
            raise InputError(Problem("this is no regular file", "name a report file", file))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            Problem(f"cannot be read: {reason}", "check the path and its permissions", file)
        ) from None
    if not data.strip():
        raise InputError(Problem("the file is empty", "name a report that has text", file))
    if len(data) > limit:
        what = f"the file is larger than {limit // 1024 // 1024} MiB, which no literature report is"
        raise InputError(Problem(what, "cut out the report and name that file", file))
    return data


def _decoded(data: bytes, file: str) -> str:
    """UTF-8 text without byte-order mark."""
    if data[:5] == b"%PDF-":
        raise InputError(Problem("the content is a PDF, the suffix is not", "rename the file to .pdf", file))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(
            Problem("the text is UTF-16 (byte-order mark)", "save the report as UTF-8", file, 1, 1)
        )
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        what = f"a zero byte at offset {at}: this is a binary file"
        raise InputError(Problem(what, "name a report in text, Markdown, HTML or PDF", file, line))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (3 if data[:3] == b"\xef\xbb\xbf" else 0)
        line = data.count(b"\n", 0, start) + 1
        column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")) + 1
        what = f"byte 0x{data[start]:02x} is no valid UTF-8"
        raise InputError(Problem(what, "save the report as UTF-8", file, line, column)) from None
