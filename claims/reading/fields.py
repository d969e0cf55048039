"""What a report says of itself: title, date, question, subject, stated counts, references, cut texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from claims.reading.document import Line
from claims.reading.sections import Section, markdown_heading
from claims.reading.wraps import squeezed, unwrap

_MONTHS: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_DATE: Final = re.compile(
    rf"\b(?:{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}\.?\s+{_MONTHS}\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})\b"
)
_QUESTION: Final = re.compile(r"Research questions?:\s*", re.I)
_SUBJECT: Final = re.compile(
    r"This (?:paper|report|study) examines:\s*(.{1,400}?)\.?\s*Research question", re.I | re.S
)
_N: Final = r"(?<![\d.,/])(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
_COUNTS: Final = {
    "papers": re.compile(rf"{_N} (?:papers?|documents?|sources?) (?:were )?retrieved", re.I),
    "claims": re.compile(
        rf"{_N} (?:claims? (?:were )?extracted|extracted claims?)|extracted {_N} claims?", re.I
    ),
    "verified": re.compile(
        rf"{_N}(?: of (?:the )?\d{{1,9}}|/\d{{1,9}})? (?:claims? )?(?:were )?(?:independently )?verified",
        re.I,
    ),
    "quality": re.compile(r"review score[^\d\n]{0,12}(\d{1,3}(?:\.\d{1,4})?/\d{1,3})", re.I),
    "papers (methodology)": re.compile(rf"yielded {_N} papers?", re.I),
    "quality (methodology)": re.compile(r"quality score of (\d{1,3}(?:\.\d{1,4})?/\d{1,3})", re.I),
}
_LABEL: Final = re.compile(r"\s*\**(title|date|author|authors|by)\**:\**\s+", re.I)
_FENCE: Final = re.compile(r"-{3,}|={3,}|\+{3,}")
_ENTRY: Final = re.compile(r"\s{0,8}(?:[-*•]|\[\d{1,4}\]|\d{1,4}[.)])\s+(?=\S)|\s{0,8}(?=<?https?://)")
_TERMINAL: Final = re.compile(r"(?<!\.\.)[.!?][\"')\]”’]{0,3}$")
_ELLIPSIS: Final = re.compile(r"(?:…|\.\.\.|\[\.\.\.\]|\[…\])$")


def title_of(preamble: Section, words: Counter[str]) -> str | None:
    """The first paragraph of the preamble, up to a date; of a Markdown heading that line only.

    None where the report starts without a title.
    """
    for block in paragraphs(preamble.lines):
        held: list[str] = []
        for line in block:
            heading = markdown_heading(line.text)
            text = heading if heading is not None else line.text
            label = _LABEL.match(text)
            if label and label.group(1).lower() != "title":
                break
            if not held and _FENCE.fullmatch(text.strip()):
                continue
            value = text[label.end() :].strip(" \"'") if label else text
            if (
                _DATE.fullmatch(squeezed(value))
                or (heading is not None and held)
                or _FENCE.fullmatch(value.strip())
            ):
                break
            held.append(value)
            if heading is not None or label:
                break
        title = unwrap(held, words).strip("*_ ")
        if title:
            return title
    return None


def date_of(sections: Sequence[Section]) -> str | None:
    """The date in the preamble as printed."""
    for line in sections[0].lines:
        match = _DATE.search(line.text[:400])
        if match:
            return match.group()
    return None


def question_of(sections: Sequence[Section], words: Counter[str]) -> str | None:
    """The research question, from its own section or from the words after `Research question:`."""
    for section in sections:
        if section.name == "question":
            text = unwrap([line.text for line in section.lines], words)
            return _asked(text) or None
    for section in sections:
        text = flowing(section, words)
        match = _QUESTION.search(text)
        if match:
            return _asked(text[match.end() :]) or None
    return None


def subject_of(sections: Sequence[Section], words: Counter[str]) -> str | None:
    """The paper that the report says it examines."""
    for section in sections:
        match = _SUBJECT.search(flowing(section, words))
        if match:
            return match.group(1).strip()
    return None


def counts_of(sections: Sequence[Section], words: Counter[str]) -> dict[str, str]:
    """Stated counts as printed; a count that the report does not state has no key."""
    counts: dict[str, str] = {}
    for section in sections:
        if section.name in ("claims", "references"):
            continue
        text = flowing(section, words)
        for key, pattern in _COUNTS.items():
            match = pattern.search(text)
            if match:
                counts.setdefault(key, next(filter(None, match.groups())))
    return counts


def references_of(sections: Sequence[Section]) -> tuple[str, ...]:
    """The entries of the reference list; a line without a bullet or an address continues the entry before it."""
    found: list[str] = []
    for section in sections:
        if section.name != "references":
            continue
        listed = any(_ENTRY.match(line.text) for line in section.lines)
        for line in section.lines:
            match = _ENTRY.match(line.text)
            text = squeezed(line.text[match.end() :] if match else line.text)
            if not text:
                continue
            if match or not listed or not found:
                found.append(text)
            else:
                found[-1] += " " + text
    return tuple(entry[1:-1] if entry.startswith("<") and entry.endswith(">") else entry for entry in found)


def is_cut(text: str) -> bool:
    """Whether the text breaks off: it ends in an ellipsis or without the end of a sentence.

    Examples
    --------
    >>> is_cut("It improves by 8.7 points."), is_cut("an average improvement of 5.4"), is_cut("and so on...")
    (False, True, True)
    """
    return bool(_ELLIPSIS.search(text)) or not _TERMINAL.search(text)


def cut_flags(texts: Sequence[str]) -> list[bool]:
    """Which claim texts break off.

    A table may do without full stops altogether, so an open end counts as cut only if another claim of the table
    has a closed one, or if two open texts are equally long to within two signs and at least 80 (a width limit).
    """
    closed = any(not is_cut(text) for text in texts)
    lengths = sorted(len(text) for text in texts if is_cut(text))
    limited = len(lengths) > 1 and lengths[-1] >= 80 and lengths[-1] - lengths[-2] <= 2
    return [bool(_ELLIPSIS.search(text)) or (is_cut(text) and (closed or limited)) for text in texts]


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines between blank lines."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if line.text.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def flowing(section: Section, words: Counter[str]) -> str:
    """The section as one string."""
    return unwrap([line.text for line in section.lines], words)


def _asked(text: str) -> str:
    """The question at the start of the text: up to its last question mark, without a stray full stop."""
    at = text.rfind("?")
    return text[: at + 1].strip() if at >= 0 else text.strip()
