r"""LaTeX source as visible text: comments and plumbing dropped, formatting unwrapped, numbers left as printed.

No TeX engine, but macros that the document defines are expanded, within limits: a number behind `\gain` is seen
where it is printed and located where it is defined. What matters here is that `8.7`, `\textbf{8.7}`, `\num{8.7}`,
`$8.7_{\pm 0.2}$`, `1{,}104{,}934` and `42\%` are seen as a reader sees them, and that `\cite{x2020}`, `\label{t3}`
and `\vspace{2mm}` print nothing. Footnotes stand at the end, where they do not part a sentence. Files that `\input`
names are documents of their own.
"""

from __future__ import annotations

import re
from typing import Final

from claims.documents import latex_words as words
from claims.documents.latex_expansion import Expansion
from claims.documents.latex_macros import definition
from claims.documents.visible import Visible

TOKEN: Final = re.compile(
    r"(?P<comment>%[^\n]*\n?)"
    r"|(?P<command>\\(?:[A-Za-z@]+\*?|.|\n))"
    r"|(?P<thousands>\{,\})"
    r"|(?P<brace>[{}])"
    r"|(?P<math>\$\$?)"
    r"|(?P<tilde>~)"
    r"|(?P<dash>-{2,3})"
    r"|(?P<parameter>#\d)"
    r"|(?P<script>[_^])"
    r"|(?P<text>[^\\%{}$~#_^-]+|[-#])"
)
CELLS: Final = str.maketrans({"&": "\t", "\n": " ", "\t": " "})
MOST_COLUMNS: Final = 100
ENVIRONMENT: Final = re.compile(r"\s*\{([^{}\n]{0,80})\}")
POWER: Final = re.compile(r"\{?\s*[+\-−]?\d")
TRIM: Final = re.compile(r"(?:\s*(?:\([a-z.\d{}]*\)|\[[^\[\]\n]*\]))*")
"""Options of a rule in a table: `\\cmidrule[0.5pt](lr){2-3}`."""


def read_latex(file: str, source: str) -> Visible:
    r"""Visible text of a LaTeX source; table cells end in a tab and rows in a line break.

    Raises
    ------
    InputError
        Macros that expand without end.

    Examples
    --------
    >>> read_latex("a.tex", r"gains \textbf{8.7} points~\cite{x2020} of 1{,}104{,}934 % 9.9").text
    'gains 8.7 points   of 1,104,934 '
    >>> read_latex("a.tex", r"\newcommand{\gain}{8.7}gains \gain{} points\footnote{Of 5 runs.} on QA").text
    '\ngain 8.7\ngains 8.7 points on QA\n\x0cOf 5 runs.\n'
    """
    reader = _Reader(Visible(file, source))
    begin = source.find(r"\begin{document}")
    end = source.find(r"\end{document}", begin)
    if begin >= 0:
        reader.preamble(begin)
    reader.run(max(begin, 0), len(source) if end < 0 else end)
    reader.write_notes()
    return reader.seen.finish()


class _Reader(Expansion):
    """Reads tokens into visible text."""

    def preamble(self, end: int) -> None:
        """What stands before the document: definitions, and the few commands that print."""
        position = 0
        while position < end and (token := TOKEN.match(self.seen.source, position, end)) is not None:
            position = token.end()
            name = token.group()[1:].rstrip("*") if token.lastgroup == "command" else ""
            if name in words.DEFINING:
                position = self._define(name, position)
            elif name in words.HEADERS:
                position = self.group(self.after_optional(position))
                self.seen.add("\n", token.start())

    def run(self, start: int, end: int) -> None:
        """Show the source from `start` to `end`."""
        position = start
        while position < end and (token := TOKEN.match(self.seen.source, position, end)) is not None:
            self.spend(token)
            position = self._take(token)

    def _take(self, token: re.Match[str]) -> int:
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
        elif kind == "parameter":
            self.parameter(int(text[1]))
        elif kind == "script":
            self.seen.add(self._script(text, token.end()), start)
        else:
            shown = text.replace("-", "−") if self.math else text
            self.seen.add(shown.translate(CELLS) if self.tabular else shown, start, aligned=True)
        return token.end()

    def _script(self, sign: str, position: int) -> str:
        """What a reader sees of `_` and `^`: an index stays with its letter, a power is no factor."""
        if not self.math and sign == "_":
            return sign
        if sign == "^":
            return "^" if POWER.match(self.seen.source, position) else ""
        last = self.seen.last()
        return " " if last.isdigit() else "" if last.isalpha() else "_"

    def _command(self, name: str, start: int, position: int) -> int:
        if name in self.macros:
            return self.expand(self.macros[name], position)
        if name in words.BREAKS:
            self.seen.add(" " if self.stacked else "\n", start)
            return self.after_optional(position)
        if name in words.SYMBOLS:
            self.seen.add(words.SYMBOLS[name], start)
            return position
        if name in ("(", "[", ")", "]"):
            self.math = name in "(["
            return position
        if name in ("begin", "end"):
            return self._environment(name, position)
        if name in words.DEFINING:
            return self._define(name, position)
        if words.CITES.fullmatch(name):
            self.aside("citation", " ", start)
            return self.dropped(position, 1)
        return self._printing(name, start, position)

    def _printing(self, name: str, start: int, position: int) -> int:
        """Commands that print some of their arguments, or print them elsewhere."""
        source = self.seen.source
        if name in words.SPANNING:
            return self._span(name, position)
        if name in words.NOTES:
            return self.note(self.after_optional(position))
        if name in words.RANGES:
            position = self.group(self.after_optional(position))
            self.seen.add("–", start)
            return self.group(position)
        if name in words.STACKS:
            self.stacked += 1
            position = self.group(self.after_optional(position))
            self.stacked -= 1
            return position
        if name == "textsuperscript":
            self.seen.add("^", start)
            return position
        if name == "iffalse":
            close = source.find(r"\fi", position)
            return len(source) if close < 0 else close + 3
        if name in ("verb", "lstinline") and position < len(source) and not source[position].isspace():
            close = source.find("}" if source[position] == "{" else source[position], position + 1)
            close = len(source) if close < 0 else close
            self.aside("code", source[position + 1 : close], position + 1)
            return close + 1
        if name in ("cmidrule", "cline"):
            rest = TRIM.match(source, position)
            position = rest.end() if rest else position
        count = words.DROPPED.get(name)
        return self.after_optional(position) if count is None else self.dropped(position, count)

    def _define(self, command: str, position: int) -> int:
        """Keep a definition and show its body as an aside, so that a claim can be bound to it by name."""
        source = self.seen.source
        macro, after = definition(command, source, position, self.closings)
        if macro is None:
            return after
        self.macros.pop(macro.name, None)  # the body may name the command that it redefines
        if any(char.isdigit() for char in source[macro.start : macro.end]):
            mark = self.seen.here()
            self.seen.add(f"\n{macro.name} ", position)
            self.run(macro.start, macro.end)
            self.seen.add("\n", after - 1)
            self.seen.mark(mark, "definition")
        self.macros[macro.name] = macro
        return after

    def _environment(self, name: str, position: int) -> int:
        source = self.seen.source
        match = ENVIRONMENT.match(source, position)
        if match is None:
            return position
        kind = match[1].rstrip("*")
        if name == "begin" and kind in (*words.VERBATIM, words.BIBLIOGRAPHY):
            close = source.find(f"\\end{{{match[1]}}}", match.end())
            body_end = len(source) if close < 0 else close
            aside = "bibliography" if kind == words.BIBLIOGRAPHY else "code"
            self.aside(aside, source[match.end() : body_end], match.end())
            return body_end
        if kind in words.MATHS:
            self.math = name == "begin"
        after = self.after_optional(match.end())
        if kind in words.TABULARS:
            self.tabular = max(0, self.tabular + (1 if name == "begin" else -1))
            self.seen.add("\f", position)
        elif kind not in words.MEASURED:
            return after
        while name == "begin" and source.startswith("{", after):  # widths, column specifications
            after = self.after_optional(self.after_group(after))
        return after

    def _span(self, name: str, position: int) -> int:
        """Show the text of a spanning cell, followed by the separators of the further columns it covers."""
        position = self.after_optional(position)
        text = self.after_optional(self.after_group(self.after_optional(self.after_group(position))))
        count = self.seen.source[position + 1 : self.after_group(position) - 1].strip()
        if name == "multicolumn" and count.isdigit() and int(count) <= MOST_COLUMNS:
            self.spans[self.after_group(text)] = "\t" * (int(count) - 1)
        return text
