"""The filter bar of the HTML page; hidden until its script runs, because without a script it could do nothing."""

from __future__ import annotations

import json
from html import escape

from reports.document import Document, Row, Section, Table
from reports.plain import visible
from reports.words import label


def filter_bar(document: Document) -> str:
    """Selects for verdict, level and report with the values that occur, and a search field; empty without claims."""
    facets = _facets(document)
    if not facets:
        return ""
    verdicts = list(dict.fromkeys(facet["verdict"] for facet in facets))
    levels = list(dict.fromkeys(facet["level"] for facet in facets))
    reports = sorted({report for facet in facets for report in json.loads(facet["reports"])})
    return (
        '<form class="filter" id="filter" role="search" aria-label="Filter claims" hidden>'
        f"{_select('verdict', verdicts)}{_select('level', levels)}{_select('report', reports)}"
        '<label>text <input type="search" name="text" autocomplete="off"></label>'
        '<button type="reset">Show all</button><output aria-live="polite"></output></form>'
    )


def _facets(document: Document) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for block in document.blocks():
        owners: tuple[Section | Row, ...] = ()
        if isinstance(block, Section):
            owners = (block,)
        elif isinstance(block, Table):
            owners = block.rows
        for owner in owners:
            if owner.facets:
                found.setdefault(owner.facets["claim"], owner.facets)
    return list(found.values())


def _select(name: str, values: list[str]) -> str:
    shown = {value: value if name == "report" else label(value) for value in values}
    options = "".join(
        f'<option value="{_safe(value)}">{_safe(text)}</option>' for value, text in shown.items()
    )
    return f'<label>{name} <select name="{name}"><option value="">all</option>{options}</select></label>'


def _safe(text: str) -> str:
    return escape(visible(text), quote=True)
