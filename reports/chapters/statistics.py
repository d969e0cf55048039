"""Analysis chapter: figures and tables of `verify-claims analyse`, or the statement that it was not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.outcome import Outcome
from reports.chapters.decided import in_words
from reports.document import Block, Column, Facts, Figure, Note, Paragraph, Row, Section, Table, line
from reports.figures import figures_of
from reports.figures.gains import Gains
from reports.figures.parts import Parts
from reports.words import label


def statistics(outcome: Outcome, compact: bool) -> Section:
    """Figures that the cells of the findings give, then whatever the analysis holds."""
    blocks: list[Block] = []
    if not compact:
        for gains in Gains.of(outcome):
            blocks.append(
                Figure(gains, "Gain over the baseline in each target, as printed or as recomputed from it.")
            )
        parts = Parts.of(outcome)
        if parts is not None:
            blocks.append(
                Figure(
                    parts, "What each group of targets adds to an averaged gain, in points of that average."
                )
            )
    if outcome.analysis is None:
        text = (
            "No statistics over seeds are part of this report: `verify-claims analyse` was not run, or found no "
            "table with seeds. Forest plot, intervals over seeds, pooled effects, power and funnel "
            "plot are therefore "
            "missing."
        )
        blocks.append(Note(line(text)))
    else:
        for drawing in figures_of(outcome.analysis):
            blocks.append(Figure(drawing, drawing.title))
        blocks += [_part(str(key), value) for key, value in outcome.analysis.items() if key != "figures"]
    return Section("Analysis", "analysis", tuple(blocks), new_page=True)


def _part(key: str, value: Any) -> Block:
    """One entry of the analysis: rows as a table, names with values as facts, anything else as text."""
    title = label(key).capitalize()
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        names = list(dict.fromkeys(str(name) for item in value for name in item))
        rows = tuple(Row(tuple(line(in_words(item.get(name))) for name in names)) for item in value)
        heads = tuple(Column(label(name), width=0 if index else 1) for index, name in enumerate(names))
        body: Block = Table(heads, rows, f"{title}.", compact=True)
    elif isinstance(value, Mapping):
        body = Facts(tuple((label(str(name)), line(in_words(item))) for name, item in value.items()))
    else:
        body = Paragraph(line(in_words(value)))
    return Section(title, f"analysis-{key}", (body,))
