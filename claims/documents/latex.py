r"""LaTeX source as visible text: comments and plumbing dropped, formatting unwrapped, numbers left as printed.

No TeX engine: macros of the author are not expanded (a number behind `\newcommand` is found where it is defined).
What matters here is that `8.7`, `\textbf{8.7}`, `$8.7_{\pm 0.2}$`, `1{,}104{,}934` and `42\%` are seen as a reader
sees them, and that `\cite{x2020}`, `\label{t3}` and `\vspace{2mm}` print nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from claims.documents.visible import Visible

TOKEN: Final = re.compile(
    r"(?P<comment>%[^\n]*\n?)"
    r"|(?P<command>\\(?:[A-Za-z@]+\*?|.|\n))"
    r"|(?P<thousands>\{,\})"
    r"|(?P<brace>[{}])"
    r"|(?P<math>\$\$?)"
    r"|(?P<tilde>~)"
    r"|(?P<dash>-{2,3})"
    r"|(?P<text>[^\\%{}$~-]+|-)"
)

SILENT: Final = frozenset({
    "label", "ref", "eqref", "autoref", "cref", "Cref", "pageref", "vref", "nameref", "hyperref", "input",
    "include", "includegraphics", "bibliography", "bibliographystyle", "usepackage", "documentclass",
    "RequirePackage", "vspace", "hspace", "vskip", "hskip", "setlength", "addtolength", "setcounter",
    "addtocounter", "definecolor", "color", "textcolor", "cellcolor", "rowcolor", "pagestyle",
    "thispagestyle", "newlength", "graphicspath", "hypersetup", "geometry", "cmidrule", "cline",
    "arraystretch", "fontsize", "selectfont", "rule", "phantom", "hphantom", "vphantom", "addbibresource",
    "nocite", "newcolumntype", "captionsetup", "resizebox", "scalebox", "rotatebox", "url", "href"
})  # fmt: skip
"""Commands whose arguments print nothing (or, for the last ones, an argument that is a length or an address)."""

KEEP_LAST: Final = frozenset({"textcolor", "href", "hyperref", "resizebox", "scalebox", "rotatebox"})
"""Of these the last argument is printed."""

CITES: Final = re.compile(r"(?:[A-Za-z]*cite[A-Za-z]*)\*?")

SYMBOLS: Final = {
    "pm": "±", "times": "×", "approx": "≈", "sim": "~", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "cdot": "·", "ldots": "…", "dots": "…", "%": "%", "&": "&", "#": "#", "$": "$", "_": "_", "{": "{",
    "}": "}", ",": "\u2009", ";": " ", ":": " ", "!": "", " ": " ", "quad": " ", "qquad": " ",
    "textasciitilde": "~", "\n": " ", "percent": "%", "textpm": "±", "textminus": "−", "minus": "−",
    "(": "", ")": "", "[": "", "]": "", "-": "", "/": "",
}  # fmt: skip
"""What a command prints by itself; every other command prints only its arguments."""

VERBATIM: Final = ("verbatim", "lstlisting", "minted", "comment", "tikzpicture")
TABULARS: Final = ("tabular", "tabularx", "tabulary", "array", "longtable")
SPANNING: Final = ("multicolumn", "multirow")
MOST_COLUMNS: Final = 100
CELLS: Final = str.maketrans({"&": "\t", "\n": " ", "\t": " "})
MATH: Final = str.maketrans({"-": "−", "_": " "})
LONGEST_OPTION: Final = 2000
"""Characters within which an optional argument must close; a stray bracket must not swallow the paper."""

ENVIRONMENT: Final = re.compile(r"\s*\{([^{}\n]{0,80})\}")


def read_latex(file: str, source: str) -> Visible:
    r"""Visible text of a LaTeX source; table cells end in a tab and rows in a line break.

    Examples
    --------
    >>> read_latex("a.tex", r"gains \textbf{8.7} points~\cite{x2020} of 1{,}104{,}934 % 9.9").text
    'gains 8.7 points   of 1,104,934 '
    """
    reader = _Reader(Visible(file, source), _closings(source))
    position = 0
    while (token := TOKEN.match(source, position)) is not None:
        position = reader.take(token)
    return reader.seen.finish()


def _closings(source: str) -> dict[int, int]:
    """Position after the closing brace of every opened one, in one pass; an unclosed brace has none."""
    closings: dict[int, int] = {}
    opened: list[int] = []
    escaped = False
    for index, char in enumerate(source):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{":
            opened.append(index)
        elif char == "}" and opened:
            closings[opened.pop()] = index + 1
    return closings


@dataclass(slots=True)
class _Reader:
    seen: Visible
    closings: dict[int, int]
    math: bool = False
    tabular: int = 0
    """How many tabulars are open: inside one, `&` ends a cell and a line break in the source is a blank."""
    spans: dict[int, str] = field(default_factory=dict)
    """Where a spanning cell closes -> the separators of the columns that it covers besides its first."""

    def take(self, token: re.Match[str]) -> int:
        """Show or drop one token; the position after all that it consumed."""
        start, kind, text = token.start(), token.lastgroup, token.group()
        if kind == "command":
            return self._command(text[1:].rstrip("*") or "*", start, token.end())
        if kind == "math":
            self.math = not self.math
        elif kind == "comment":
            whole_line = self.seen.source[start - 1 : start] in ("", "\n")
            self.seen.add("\n" if whole_line and text.endswith("\n") else "", start)
        elif kind == "thousands":
            self.seen.add(",", start + 1)
        elif kind in ("tilde", "dash"):
            self.seen.add(" " if kind == "tilde" else "–", start)
        elif kind == "brace":
            self.seen.add(self.spans.pop(token.end(), "") if text == "}" else "", start)
        elif kind == "text":
            shown = text.translate(MATH) if self.math else text
            self.seen.add(shown.translate(CELLS) if self.tabular else shown, start, aligned=True)
        return token.end()

    def _command(self, name: str, start: int, position: int) -> int:
        if name == "\\":
            self.seen.add("\n", start)
            return self._after_optional(position)
        if name in SYMBOLS:
            self.seen.add(SYMBOLS[name], start)
            return position
        if name in ("begin", "end"):
            return self._environment(name, position)
        if name in SPANNING:
            return self._span(name, position)
        if CITES.fullmatch(name):
            mark = self.seen.here()
            self.seen.add(" ", start)
            self.seen.mark(mark, "citation")
            return self._after_arguments(position)
        if name in SILENT:
            return self._after_arguments(position, keep_last=name in KEEP_LAST)
        return self._after_optional(position)

    def _environment(self, name: str, position: int) -> int:
        source = self.seen.source
        match = ENVIRONMENT.match(source, position)
        if match is None:
            return position
        if name == "begin" and match[1] in VERBATIM:
            close = source.find(f"\\end{{{match[1]}}}", match.end())
            body_end = len(source) if close < 0 else close
            mark = self.seen.here()
            self.seen.add(source[match.end() : body_end], match.end())
            self.seen.mark(mark, "code")
            return body_end
        after = self._after_optional(match.end())
        if match[1].rstrip("*") not in TABULARS:
            return after
        self.tabular = max(0, self.tabular + (1 if name == "begin" else -1))
        self.seen.add("\f", position)
        if name == "begin":
            while source.startswith("{", after):  # the column specification, and tabularx's width
                after = self._after_group(after)
        return after

    def _span(self, name: str, position: int) -> int:
        """Show the text of a spanning cell, followed by the separators of the further columns it covers."""
        position = self._after_optional(position)
        text = self._after_optional(self._after_group(self._after_group(position)))
        count = self.seen.source[position + 1 : self._after_group(position) - 1].strip()
        if name == "multicolumn" and count.isdigit() and int(count) <= MOST_COLUMNS:
            self.spans[self._after_group(text)] = "\t" * (int(count) - 1)
        return text

    def _after_optional(self, position: int) -> int:
        source = self.seen.source
        if source.startswith("[", position):
            close = source.find("]", position, position + LONGEST_OPTION)
            if close >= 0 and "\n\n" not in source[position:close]:
                return close + 1
        return position

    def _after_group(self, position: int) -> int:
        return self.closings.get(position, len(self.seen.source))

    def _after_arguments(self, position: int, keep_last: bool = False) -> int:
        """Position after the optional and braced arguments (before the last braced one with `keep_last`)."""
        before = position = self._after_optional(position)
        while self.seen.source.startswith("{", position):
            before, position = position, self._after_optional(self._after_group(position))
        return before if keep_last else position
