"""Runs of text as HTML: escaped, isolated from their neighbours, and never by colour alone."""

from __future__ import annotations

import re
from html import escape as html_escape

from reports.document import Anchor, Badge, Break, Inline, Line, Link
from reports.plain import visible
from reports.words import label, look


def escape(text: str) -> str:
    """`text` as inert HTML text or attribute value.

    >>> escape('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html_escape(visible(text), quote=True)


def inline(part: Inline) -> str:
    """One run; foreign scripts are isolated so that they cannot reorder their neighbours."""
    if isinstance(part, Break):
        return "<br>"
    if isinstance(part, Anchor):
        return f'<span id="{part.name}"></span>'
    if isinstance(part, Badge):
        return badge(part)
    body = escape(part.text)
    if not part.text.isascii():
        body = f"<bdi>{body}</bdi>"
    if part.style == "code":
        body = f"<code>{breakable(body)}</code>"
    elif part.style != "plain":
        tag = {"strong": "strong", "emph": "em", "small": "small"}[part.style]
        body = f"<{tag}>{body}</{tag}>"
    if isinstance(part, Link):
        outside = ' rel="noopener noreferrer" class="outside"' if part.target.startswith("https://") else ""
        safe = part.target.startswith(("#", "https://"))
        return f'<a href="{escape(part.target)}"{outside}>{body}</a>' if safe else body
    return body


def breakable(escaped: str) -> str:
    """Escaped text with places to break after the joints of a path or an id."""
    return re.sub(r"(?<=[/._:-])(?=[A-Za-z0-9])", "<wbr>", escaped)


def badge(part: Badge) -> str:
    """Sign and word; the colour only repeats them."""
    if part.kind == "level":
        return f'<span class="level">{label(part.value)}</span>'
    sign, words, colour = look(part.value)
    if part.brief:
        names = f'role="img" aria-label="{escape(words)}" title="{escape(words)}"'
        return f'<span class="sign {colour}" {names}>{sign}</span>'
    return f'<span class="badge {colour}"><span aria-hidden="true">{sign}</span> {escape(words)}</span>'


def runs(parts: Line) -> str:
    """A line."""
    return "".join(map(inline, parts))
