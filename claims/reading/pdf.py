"""A PDF report as lines of text, in the order in which the file draws them, without running heads and page numbers.

Programs that set tables draw them cell by cell, row by row, so the drawing order gives "claim, mark, confidence"
even where a claim takes several lines; positions are used for what the order does not tell: where a line ends
(the baseline moves), where a paragraph ends (a gap wider than the usual step, or another type size), and what is
page furniture (the outermost lines of a page that repeat, count pages, or stand apart in the margin).
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

from analysis.errors import InputError, Problem
from claims.reading.document import PAGE_NUMBER

MAX_PAGES: Final = 300
MAX_CHARACTERS: Final = 2_000_000


@dataclass(slots=True)
class Drawn:
    """One line of a page."""

    text: str
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in drawing order."""

    lines: list[Drawn]
    bottom: float
    top: float


class Usual(NamedTuple):
    """What most lines of the document have."""

    step: float
    """Distance of two baselines, in points."""
    size: float
    """Type size, in points."""


def pdf_lines(data: bytes, file: str) -> list[str]:
    """Lines of the PDF's text; blank lines part paragraphs.

    Raises
    ------
    InputError
        No PDF, damaged, protected by a password, too long, or without a text layer.
    """
    pages = _pages(data, file)
    usual = _usual(pages)
    lines: list[str] = []
    previous: Drawn | None = None
    for page in without_furniture(pages, usual.step):
        first = True
        for drawn in page.lines:
            if previous is not None and _parted(previous, drawn, usual, first):
                lines.append("")
            lines.append(drawn.text)
            previous, first = drawn, False
    if not any(line.strip() for line in lines):
        what = "the PDF has no text layer (pages are pictures)"
        raise InputError(Problem(what, "run text recognition first, or name a text version", file))
    return lines


def without_furniture(pages: Sequence[Page], step: float) -> list[Page]:
    """The pages without running heads, running feet and page numbers.

    Looked at are the two highest and two lowest lines of a page, outermost first. One in the outer 12 % of the page
    goes if it is a page number, or if on at least two pages, and on half of them, the same text (digits apart) stands
    at the same height; one in the outer 7 % goes if it stands at least 1.8 steps away from its neighbour.
    """
    edges = ("top", "bottom")
    repeated = Counter(
        shape
        for page in pages
        for shape in {_shape(line) for edge in edges for line in _outermost(page, edge)}
    )
    kept: list[Page] = []
    for page in pages:
        gone: set[int] = set()
        for edge in edges:
            for line, neighbour in zip(_outermost(page, edge), _outermost(page, edge, 3)[1:], strict=False):
                times = repeated[_shape(line)]
                share = (line.y - page.bottom) / max(page.top - page.bottom, 1.0)
                margin = not 0.12 <= share <= 0.88
                recurs = margin and times >= 2 and 2 * times >= len(pages)
                apart = not 0.07 <= share <= 0.93 and abs(line.y - neighbour.y) > 1.8 * step
                number = margin and PAGE_NUMBER.fullmatch(line.text.strip())
                if not (recurs or apart or number):
                    break
                gone.add(id(line))
        kept.append(Page([line for line in page.lines if id(line) not in gone], page.bottom, page.top))
    return kept


def _outermost(page: Page, edge: str, count: int = 2) -> list[Drawn]:
    """The highest or lowest lines of the page, outermost first."""
    return sorted(page.lines, key=lambda line: -line.y if edge == "top" else line.y)[:count]


def _shape(line: Drawn) -> tuple[str, int]:
    """Height and text with every number replaced, so that "Report, page 3" equals "Report, page 4"."""
    return re.sub(r"\d+", "0", " ".join(line.text.split())), round(line.y)


def _parted(previous: Drawn, drawn: Drawn, usual: Usual, new_page: bool) -> bool:
    """Whether a paragraph or table row ends between two lines that follow each other.

    Typeset baselines are regular, so 12 % more than the usual step is a gap; a page or column break is none.
    """
    small, large = sorted((previous.size, drawn.size))
    if large > 1.15 * small:
        return True
    return not new_page and previous.y - drawn.y > 1.12 * usual.step * max(1.0, small / usual.size)


def _usual(pages: Sequence[Page]) -> Usual:
    """The distance of two baselines that is commonest in the document, and the type size that goes with it."""
    steps: Counter[tuple[float, float]] = Counter()
    for page in pages:
        for a, b in pairwise(page.lines):
            if a.size == b.size and 0.5 * a.size < a.y - b.y < 3 * a.size:
                steps[round(a.y - b.y, 1), a.size] += 1
    if not steps:
        return Usual(14.0, 11.0)
    most = max(steps.values())
    return Usual(*min(key for key, times in steps.items() if times == most))


def _pages(data: bytes, file: str) -> list[Page]:
    """Every page with its lines."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in data[:1024]:
        raise InputError(
            Problem("the file is no PDF: '%PDF-' is missing at its start", "check the file", file)
        )
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(Problem("the PDF is protected by a password", "save a copy without one", file))
        count = len(reader.pages)
        if count > MAX_PAGES:
            what = f"the PDF has {count} pages, more than the {MAX_PAGES} that are read"
            raise InputError(Problem(what, "cut out the report and name that file", file))
        pages: list[Page] = []
        characters = 0
        for page in reader.pages:
            pages.append(_page(page))
            characters += sum(len(line.text) for line in pages[-1].lines)
            if characters > MAX_CHARACTERS:
                what = f"the PDF has more than {MAX_CHARACTERS} characters of text"
                raise InputError(Problem(what, "cut out the report and name that file", file))
    except InputError:
        raise
    except Exception as error:  # pypdf raises whatever a damaged file makes it trip over
        seen = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(
            Problem(f"the PDF is damaged ({seen})", "export it again from its source", file)
        ) from None
    return pages


def _page(page: Any) -> Page:
    """The lines of one pypdf page."""
    lines: list[Drawn] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if not text.strip():
            return
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        points = abs(size * (tm[3] or tm[1] or 1.0) * (cm[3] or cm[1] or 1.0)) or 1.0
        for position, part in enumerate(text.split("\n")):
            if not part.strip():
                continue
            last = lines[-1] if lines else None
            if last is not None and not position and abs(last.y - y) <= 0.35 * max(points, last.size):
                last.text += part
            else:
                lines.append(Drawn(part.lstrip(), y, points))

    page.extract_text(visitor_text=visit)
    box = page.mediabox
    for line in lines:
        # What is drawn is no soft hyphen, though some fonts map their hyphen to one.
        text = line.text.encode("utf-8", "replace").decode("utf-8")
        line.text = text.replace("\0", "").replace("\u00ad", "-").rstrip()
    return Page(lines, float(box.bottom), float(box.top))
