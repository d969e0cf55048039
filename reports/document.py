"""The report as one small tree, built once and then drawn by each renderer, so that no two renderings can disagree.

The tree holds plain strings only. Escaping belongs to the renderer, because each output has its own dangerous
characters; a node never holds markup. Figures hold their data, not their picture, so that Markdown and JSON
never import matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

Style: TypeAlias = Literal["plain", "strong", "emph", "code", "small"]
Align: TypeAlias = Literal["left", "right", "center"]
Tone: TypeAlias = Literal["note", "warning"]


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters in one style."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere: `#anchor` inside the report, or an https address."""

    text: str
    target: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict, the outcome of a contrast or a level, drawn with sign and word and never by colour alone."""

    kind: Literal["verdict", "outcome", "level"]
    value: str
    brief: bool = False
    """Only the sign, where the column head says what it is."""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph or a table cell."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place inside a table cell that numbers link to."""

    name: str


Inline: TypeAlias = Text | Link | Badge | Break | Anchor
Line: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `keep` holds it on the page of what follows."""

    line: Line
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` where the order matters."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody else's words, verbatim."""

    text: str
    by: Line = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, in order."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the first page with what it counts."""

    value: str
    label: str
    verdict: str | None = None
    """The verdict, or the outcome of a contrast, that it counts: its sign and colour."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A row of figures."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Head, alignment, relative width and unit of a table column; width 0 takes what its content needs."""

    title: str
    align: Align = "left"
    width: int = 0
    unit: str = ""

    @property
    def head(self) -> str:
        """Title with the unit, on one line."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one table row; the anchor lets numbers link to it."""

    cells: tuple[Line, ...]
    anchor: str | None = None
    facets: dict[str, str] = field(default_factory=dict)
    """For filtering in HTML: verdict, level, reports."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head that repeats on every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str
    sortable: bool = False
    compact: bool = False


class Drawing(Protocol):
    """Data of a figure: what every module in `reports.figures` offers."""

    @property
    def name(self) -> str:
        """File name without suffix, unique in a report."""

    @property
    def title(self) -> str:
        """What the figure shows, with the unit."""

    @property
    def alt(self) -> str:
        """What a reader who cannot see it must know."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why the figure could mislead; part of its caption."""

    def columns(self) -> tuple[str, ...]:
        """Heads of the text twin and of the CSV file."""

    def records(self) -> tuple[tuple[str, ...], ...]:
        """Rows of the text twin and of the CSV file."""

    def svg(self) -> str:
        """The picture; needs matplotlib."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption and, where no picture can be shown, its text twin."""

    drawing: Drawing
    caption: str


@dataclass(frozen=True, slots=True)
class Note:
    """A boxed remark: a limit of the report, or something a reader could misread."""

    line: Line
    tone: Tone = "note"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; `facets` let HTML filter claims."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]
    badges: tuple[Badge, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)
    listed: bool = True
    """Whether the table of contents names it."""
    new_page: bool = False


Block: TypeAlias = Paragraph | Bullets | Quotation | Facts | Tiles | Table | Figure | Note | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    """Tool version, command, digest of the inputs, date where one was given."""
    sections: tuple[Section, ...]
    date: int | None = None
    """Seconds since 1970 (SOURCE_DATE_EPOCH); None leaves every date out."""
    pictures: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Figures drawn so far, by name: HTML and PDF show the same picture, drawn once."""

    def picture(self, drawing: Drawing) -> str:
        """The figure as SVG."""
        if drawing.name not in self.pictures:
            self.pictures[drawing.name] = drawing.svg()
        return self.pictures[drawing.name]

    def blocks(self) -> Iterator[Block]:
        """Every block of the tree, in reading order."""
        stack: list[Block] = list(reversed(self.sections))
        while stack:
            block = stack.pop()
            yield block
            if isinstance(block, Section):
                stack.extend(reversed(block.blocks))

    def drawings(self) -> tuple[Drawing, ...]:
        """Every figure, in reading order."""
        return tuple(block.drawing for block in self.blocks() if isinstance(block, Figure))


def line(*parts: Inline | str) -> Line:
    """A line of inline runs; bare strings become plain text, empty ones vanish.

    >>> line("a", Text("b", "strong"))
    (Text(text='a', style='plain'), Text(text='b', style='strong'))
    """
    return tuple(Text(part) if isinstance(part, str) else part for part in parts if part != "")
