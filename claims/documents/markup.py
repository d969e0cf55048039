"""Markdown and HTML source as visible text: tags, link targets and comments dropped, code set aside."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from claims.documents.latex import read_latex
from claims.documents.visible import Visible

MARKDOWN: Final = re.compile(
    r"(?P<front>\A---[ \t]*\n(?:(?!---[ \t]*$)[^\n]*\n){0,500}?---[ \t]*$)"
    r"|(?P<definition>^[ ]{0,3}\[(?!\^)[^\[\]\n]{1,200}\]:[^\n]*$)"
    r"|(?P<fence>^[ \t]{0,3}(?P<ticks>```+|~~~+)[^\n]*\n"
    r"(?:(?!^[ \t]{0,3}(?P=ticks))[^\n]*\n)*(?:[ \t]{0,3}(?P=ticks)[^\n]*)?)"
    r"|(?P<code>(?P<tick>`+)(?!`)[^\n]*?(?P=tick)(?!`))"
    r"|(?P<math>\$\$?(?![\s$])[^$\n]{1,500}?(?<![\s\\])\$\$?(?!\d))"
    r"|(?P<target>\]\([^()\n]*\))"
    r"|(?P<auto><(?:https?://|mailto:)[^>\s]*>)"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<rule>^[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$)"
    r"|(?P<entity>&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<mark>\*{1,3}|~~|!?\[(?=[^\[\]\n]{0,500}\]\())"
    r"|(?P<text>[^`<\]&\\*~!\[\n|\-:$]+|.|\n)",
    re.MULTILINE | re.DOTALL,
)

HTML: Final = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z)|<![^<>]*>)"
    r"|(?P<silent><(?P<name>script|style|template|svg|noscript)\b[^<>]*>.*?(?:</(?P=name)\s*>|\Z))"
    r"|(?P<code><(?P<kind>code|pre|kbd|samp)\b[^<>]*>(?P<body>.*?)(?:</(?P=kind)\s*>|\Z))"
    r"|(?P<block></?(?:p|div|tr|table|h[1-6]|li|ul|ol|br|section|article|figcaption|caption|thead|tbody)\b[^<>]*>)"
    r"|(?P<cell><t[dh]\b[^<>]*>)"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<entity>&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
    r"|(?P<text>[^<&]+|.)",
    re.IGNORECASE | re.DOTALL,
)


def read_markdown(file: str, source: str) -> Visible:
    """Visible text of a Markdown source; an unescaped pipe becomes a tab, so that cells stay apart.

    Examples
    --------
    >>> read_markdown("a.md", "gains **8.7** [points](x.html#9.9) <!-- 1.1 --> &plusmn; 0.2").text
    'gains 8.7 points  ± 0.2'
    """
    seen = Visible(file, source)
    position, last_close = 0, source.rfind("-->")
    while position < len(source):
        if position < last_close and source.startswith("<!--", position):
            position = source.index("-->", position) + 3
            continue
        token = MARKDOWN.match(source, position)
        assert token is not None  # the last alternative takes any character
        kind, start, position = token.lastgroup, position, token.end()
        if token["fence"] or token["code"]:
            mark = seen.here()
            seen.add(token.group(), start)
            seen.mark(mark, "code")
        elif kind == "front":
            mark = seen.here()
            seen.add(token.group(), start)
            seen.mark(mark, "front matter")
        elif kind == "math":
            formula = read_latex(file, token.group())
            for index, char in enumerate(formula.text):
                seen.add(char, start + formula.offset(index))
        elif kind == "entity":
            seen.add(unescape(token.group()), start)
        elif kind == "escape":
            seen.add(token.group()[1:], start + 1)
        elif kind == "text":
            seen.add(_plain(source, start, token.group()), start)
    return seen.finish()


def _plain(source: str, position: int, text: str) -> str:
    """Text as it is, but a tab for a pipe between two cells, and a form feed for the blank line after a table."""
    if text == "\n" and source.startswith("\n", position + 1):
        return "\n\f"
    if text != "|":
        return text
    before = source.rfind("\n", 0, position) + 1
    after = source.find("\n", position)
    framed = (
        not source[before:position].strip() or not source[position + 1 : None if after < 0 else after].strip()
    )
    return "" if framed else "\t"


def read_html(file: str, source: str) -> Visible:
    r"""Visible text of an HTML source; blocks end in a line break, cells in a tab.

    Examples
    --------
    >>> read_html("a.html", "<p>gains <b>8.7</b>&nbsp;points<script>9.9</script></p>").text.strip()
    'gains 8.7\xa0points'
    """
    seen = Visible(file, source)
    first = True
    for token in HTML.finditer(source):
        start = token.start()
        if token["code"]:
            mark = seen.here()
            seen.add(unescape(token["body"]) if "&" in token["body"] else token["body"], token.start("body"))
            seen.mark(mark, "code")
        elif token["block"]:
            seen.add("\f" if "table" in token.group().lower() else "\n", start)
            first = True
        elif token["cell"]:
            seen.add("" if first else "\t", start)
            first = False
        elif token["entity"]:
            seen.add(unescape(token.group()), start)
        elif token["text"]:
            seen.add(token.group(), start)
    return seen.finish()
