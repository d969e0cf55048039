"""A report's lines cut into its sections: preamble, abstract, introduction, ..., claims, references.

A heading is a Markdown heading; or a line with nothing but a section name that reports use, numbered or not; or
a numbered line that continues the numbering and stands alone. The last rule needs blank lines around it, since
text that was extracted from a PDF has numbers at line starts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claims.reading.document import Line

_MARKDOWN: Final = re.compile(r"\s{0,3}(?:#{1,6}\s+|#{2,6}(?=\d))(.*?)\s*#*\s*$")
_NUMBER: Final = re.compile(r"((?:\d{1,3}\.)*\d{1,3}|[IVX]{1,6}|[A-H](?=\.))[.)]?\s+(?=\S)")
_CLAIMS: Final = re.compile(
    r"(?:[\w&-]+ ){0,3}claims(?: (?:table|list|and [\w ]{3,30}))?(?: ?\(\d{1,5}\))?", re.I
)
_NAMES: Final = {
    "abstract": "abstract",
    "summary": "abstract",
    "introduction": "introduction",
    "background": "background",
    "research question": "question",
    "method": "methodology",
    "methods": "methodology",
    "methodology": "methodology",
    "results": "results",
    "findings": "results",
    "discussion": "discussion",
    "limitations": "limitations",
    "conclusion": "conclusion",
    "conclusions": "conclusion",
    "references": "references",
    "bibliography": "references",
    "sources": "references",
    "acknowledgements": "acknowledgements",
    "acknowledgments": "acknowledgements",
    "appendix": "appendix",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it."""

    name: str
    """A standard name (abstract, claims, references ...), `preamble`, or the heading in lower case."""
    heading: Line | None
    lines: tuple[Line, ...]


def cut_sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Sections in order; the first is the preamble (title, author, date), possibly without lines."""
    sections: list[Section] = []
    name, heading, held = "preamble", None, list[Line]()
    last = 0
    for position, line in enumerate(lines):
        found = heading_name(line.text)
        if found is None:
            found = _next_numbered(lines, position, last)
        elif name == "preamble" and not sections and found not in STANDARD and not _anything(held):
            found = None  # the first heading of a Markdown report is its title
        if found is None:
            held.append(line)
            continue
        sections.append(Section(name, heading, tuple(held)))
        name, heading, held = found, line, []
        last = _leading_number(line.text) or last
    sections.append(Section(name, heading, tuple(held)))
    return tuple(sections)


def heading_name(text: str) -> str | None:
    """Section name that the line is a heading of; None where it is none.

    Examples
    --------
    >>> [heading_name(line) for line in ("## 5 Extracted Claims", "5 Extracted Claims", " Abstract", "Claim")]
    ['claims', 'claims', 'abstract', None]
    """
    if len(text) > 160 or "|" in text or "\t" in text.strip():
        return None
    markdown = _MARKDOWN.match(text)
    title = markdown.group(1) if markdown else text
    title = title.strip().strip("*_").strip()
    numbered = _NUMBER.match(title)
    plain = (title[numbered.end() :] if numbered else title).rstrip(":. ").strip("*_ ")
    known = _NAMES.get(plain.lower())
    if known:
        return known if markdown or title[:1].isupper() or numbered else None
    if _CLAIMS.fullmatch(plain) and (markdown or ((numbered or len(plain.split()) <= 2) and _titled(plain))):
        return "claims"
    return plain.lower() if markdown and plain else None


def markdown_heading(text: str) -> str | None:
    """Text of a Markdown heading, or None."""
    match = _MARKDOWN.match(text[:400])
    return match.group(1) if match and len(text) <= 400 else None


STANDARD: Final = frozenset({*_NAMES.values(), "claims"})


def _titled(words: str) -> bool:
    """Whether it is written like a heading: the first letter is a capital."""
    return words[:1].isupper()


def _leading_number(text: str) -> int:
    """The whole number that opens a heading, else 0."""
    match = re.match(r"[\s#*]{0,12}(\d{1,3})\b", text)
    return int(match.group(1)) if match else 0


def _next_numbered(lines: Sequence[Line], position: int, last: int) -> str | None:
    """Name of a heading outside the standard names that continues the numbering and stands alone."""
    text = lines[position].text.strip()
    match = re.fullmatch(r"(\d{1,3})\.?\s+([A-Z][^\t|.?!]{2,60})", text) if len(text) <= 70 else None
    if match is None or last == 0 or int(match.group(1)) != last + 1:
        return None
    alone = all(
        not (0 <= near < len(lines)) or not lines[near].text.strip() for near in (position - 1, position + 1)
    )
    return match.group(2).strip().lower() if alone else None


def _anything(lines: Sequence[Line]) -> bool:
    """Whether one of the lines has text."""
    return any(line.text.strip() for line in lines)
