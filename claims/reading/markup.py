"""An HTML report as lines: one line per paragraph, heading or table row, numbered as in the file.

Headings become Markdown headings and cells are parted by tabs, so that the rooms after this one see the layouts
they know. Nothing is fetched or executed; scripts, styles and hidden parts are left out.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from claims.reading.document import Line

_BLOCKS: Final = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
    }
    | {
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "main",
        "nav",
        "ol",
    }
    | {"p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"}
)
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg", "math", "title"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def html_lines(text: str) -> tuple[Line, ...]:
    """Lines of the HTML text, with a blank line after each block; the number is where the block begins."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return tuple(reader.lines)


class _Reader(HTMLParser):
    """Collects words until a block ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._start = 0
        self._silent = ""
        self._depth = 0
        self._row: list[str] | None = None
        self._in_cell = False
        self._prefix = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a block, a row, a cell or a list item."""
        if self._silent:
            self._depth += tag == self._silent
            return
        if tag in _SILENT:
            self._silent, self._depth = tag, 1
        elif tag == "tr":
            self.end_line()
            self._row, self._start = [], self.getpos()[0]
        elif tag in ("td", "th"):
            self._end_cell(opens=True)
        elif tag in _HEADINGS:
            self.end_line()
            self._prefix = "#" * int(tag[1]) + " "
        elif tag == "li":
            self.end_line(blank=False)
            self._prefix = "- "
        elif self._row is None and tag in _BLOCKS:
            self.end_line()
        elif tag in ("br", *_BLOCKS):
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Closes what the tag opened."""
        if self._silent:
            self._depth -= tag == self._silent
            if not self._depth:
                self._silent = ""
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _HEADINGS or tag == "table" or (self._row is None and tag in _BLOCKS):
            self.end_line()
        elif tag == "li":
            self.end_line(blank=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag closed in itself, `<br/>`, holds no words and silences nothing."""
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Words of the current block."""
        if self._silent:
            return
        if not self._start and data.strip():
            self._start = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
        self._words.append(data)

    def end_line(self, blank: bool = True) -> None:
        """Ends the current block as one line."""
        if self._row is not None:
            self._end_row()
        text = " ".join("".join(self._words).split())
        if text:
            self._emit(self._prefix + text)
            if blank:
                self.lines.append(Line(self.getpos()[0], ""))
        elif blank and self.lines and self.lines[-1].text:
            self.lines.append(Line(self.getpos()[0], ""))
        self._words, self._start, self._prefix = [], 0, ""

    def _end_cell(self, opens: bool = False) -> None:
        """Ends the open cell, closed by its tag or by what follows; `opens`: the next one begins here."""
        if self._row is None:
            return
        text = " ".join("".join(self._words).split())
        if self._in_cell or text:
            self._row.append(text)
        self._words, self._in_cell = [], opens

    def _end_row(self) -> None:
        """Ends a table row as one line of cells."""
        if self._row is None:
            return
        self._end_cell()
        cells, self._row = self._row, None
        if any(cells):
            self._emit("\t".join(cells) if len(cells) > 1 else cells[0])
        self._words, self._start = [], 0

    def _emit(self, text: str) -> None:
        self.lines.append(Line(self._start or self.getpos()[0], text))
