"""Figures: each module holds the data of one kind as a frozen dataclass that can tell its text twin and draw itself.

style (look and SVG bytes) · verdicts (counts by group) · intervals (found against claimed) · confidence (reports'
own confidence against verdicts) · gains (heat map) · parts (contributions) · forest · seeds · lines (over ordered
steps) · trend · power · funnel.
matplotlib is imported only inside `svg()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.document import Drawing


def figures_of(analysis: Mapping[str, Any], prefix: str = "") -> tuple[Drawing, ...]:
    """The figures of an analysis: objects with `kind`, the fields of that kind and, if any, the `answer` they serve.

    Raises
    ------
    ValueError
        For a kind that no module draws, or fields that do not fit it.
    """
    from pydantic import TypeAdapter

    from reports.figures.forest import Forest
    from reports.figures.funnel import Funnel
    from reports.figures.gains import Gains
    from reports.figures.lines import Lines
    from reports.figures.parts import Parts
    from reports.figures.power import Power
    from reports.figures.seeds import Seeds
    from reports.figures.trend import Trend

    kinds: dict[str, type[Any]] = {
        "forest": Forest,
        "seeds": Seeds,
        "gains": Gains,
        "parts": Parts,
        "trend": Trend,
        "power": Power,
        "funnel": Funnel,
        "lines": Lines,
    }
    drawings: list[Drawing] = []
    for item in analysis.get("figures", ()):
        kind = kinds.get(item.get("kind", ""))
        if kind is None:
            raise ValueError(f"unknown kind of figure {item.get('kind')!r}; known are {', '.join(kinds)}")
        fields = {key: value for key, value in item.items() if key not in ("kind", "answer")}
        drawings.append(
            TypeAdapter(kind).validate_python({**fields, "name": prefix + file_name(str(item["name"]))})
        )
    return tuple(drawings)


def file_name(name: str) -> str:
    """`name` as a file and an anchor may be called, different for different names.

    >>> file_name("doses"), file_name("xquad f1") == file_name("xquad-f1")
    ('doses', False)
    """
    from reports.chapters.places import anchor

    return anchor("", name).removeprefix("-")
