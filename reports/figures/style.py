"""The look of all figures and their bytes: SVG with glyphs as paths, no date, no random ids, no system font.

Colours are Okabe and Ito's (2008), which people with colour-vision deficiency can tell apart; every series also
differs in marker or hatch, so a grey print loses nothing. Ink is `INK`, which HTML replaces by the text colour of
the page so that a figure follows dark mode.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reports.words import NOT_TRIED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK: Final = "#1b1f24"
FAINT: Final = "#8a8f98"
BAND: Final = "#b8bdc6"
BLUE: Final = "#0072b2"
ORANGE: Final = "#e69f00"
GREEN: Final = "#009e73"
VERMILION: Final = "#d55e00"
PURPLE: Final = "#cc79a7"
SKY: Final = "#56b4e9"

VERDICT_FILL: Final = {
    "supported": GREEN,
    "contradicted": VERMILION,
    "inconclusive": ORANGE,
    "out_of_scope": PURPLE,
    "unverifiable": SKY,
    "error": "#4d4d4d",
}
VERDICT_HATCH: Final = {
    "supported": "",
    "contradicted": "xxx",
    "inconclusive": "...",
    "out_of_scope": "\\\\\\",
    "unverifiable": "///",
    "error": "+++",
}
VERDICT_MARKER: Final = {
    "supported": "o",
    "contradicted": "X",
    "inconclusive": "D",
    "out_of_scope": "s",
    "unverifiable": "^",
    "error": "P",
}

WIDTH: Final = 6.7
"""Inches; the text width of an A4 page, so that type in figures keeps its size."""

MOST_LINES: Final = 3
"""Lines of a row's name; the text twin has all of it."""

LINE: Final = 0.155
"""Inches of a line of a row's name."""

TALLEST: Final = 8.7
"""Inches that a page leaves for a picture with its caption; figures with many rows draw them closer."""

SETTINGS: Final[dict[str, Any]] = {
    "svg.hashsalt": "verify-claims",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "hatch.linewidth": 0.6,
    "hatch.color": INK,
    "text.usetex": False,
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


@contextmanager
def canvas(height: float, width: float = WIDTH) -> Iterator[tuple[Figure, Axes]]:
    """A figure of `width` x `height` inches in the common look, without pyplot and its global state."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        yield figure, figure.add_subplot()


def svg_text(figure: Figure) -> str:
    """The figure as SVG text that is the same on every machine with the same versions."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    return re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)


def draw(height: float, paint: Callable[[Axes], None], width: float = WIDTH) -> str:
    """SVG of what `paint` puts on the axes."""
    with canvas(min(height, TALLEST), width) as (figure, axes):
        paint(axes)
        return svg_text(figure)


def legend(axes: Axes, **options: Any) -> None:
    """A legend above the axes that starts at the left edge of the figure, however wide the row names are."""
    figure = axes.get_figure()
    assert figure is not None
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", alignment="left", title_fontsize=8, **options)


def short(text: str, length: int = 44) -> str:
    """`text` on one line, in characters that the figure font has, at most `length` of them.

    >>> short("a" * 50, 5)
    'aaaa…'
    """
    flat = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    flat = "".join(char if ord(char) < 0x2E80 else "□" for char in flat)
    return flat if len(flat) <= length else flat[: length - 1] + "…"


@dataclass(frozen=True, slots=True)
class Rows:
    """Names of the rows of a figure, broken over lines, and the height that they need."""

    names: tuple[str, ...]
    height: float
    """Inches."""


def rows_of(labels: Iterable[str], width: int, least: float, margins: float) -> Rows:
    """Names of at most `width` characters a line, as many lines as the page has room for; cut only beyond that.

    Parameters
    ----------
    least, margins : float
        Inches from row to row, and above and below them.
    """
    every = tuple(labels)
    room = int((TALLEST - margins) / max(1, len(every)) / LINE)
    names = tuple(wrapped(label, width, max(1, min(room, MOST_LINES))) for label in every)
    pitch = max([least, *(LINE * (1 + name.count("\n")) for name in names)])
    return Rows(names, margins + pitch * len(every))


def wrapped(text: str, width: int, most: int = MOST_LINES) -> str:
    r"""`text` over at most `most` lines: broken at blanks, else at joints; cut only where that does not do.

    >>> wrapped("mnli>squad>hellaswag, encoder-decoder", 24)
    'mnli>squad>hellaswag,\nencoder-decoder'
    >>> wrapped("xstilts.v1.squad.dev-gain-abstract/recomputed", 36)
    'xstilts.v1.squad.dev-gain-abstract/\nrecomputed'
    """
    if most == 1:
        return short(text, width + width // 2)
    lines = [""]
    for word in short(text, width * most).split(" "):
        for number, part in enumerate([word] if len(word) <= width else _parts(word, width)):
            blank = " " if lines[-1] and not number else ""
            if len(lines[-1]) + len(blank) + len(part) > width and lines[-1]:
                lines.append(part)
            else:
                lines[-1] += blank + part
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]
    return "\n".join(lines)


def _parts(word: str, width: int) -> list[str]:
    """Pieces of a word that end at a joint, none longer than a line."""
    pieces = re.findall(r"[^,>+/.:_-]*[,>+/.:_-]*", word)
    return [piece[at : at + width] for piece in pieces for at in range(0, len(piece), width)]


def number(value: float | None, digits: int = 2) -> str:
    """`value` for a text twin; a missing one is a dot, never 0.

    >>> number(0.5), number(None)
    ('0.50', '·')
    """
    return NOT_TRIED if value is None else f"{value:.{digits}f}".replace("-", "−")
