"""Analysis chapter: figures that the cells give, and the answers of an analysis with what they cannot say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from claims.outcome import Outcome
from reports.chapters.decided import in_words
from reports.chapters.rows import rows_table
from reports.document import (
    Block,
    Bullets,
    Drawing,
    Facts,
    Figure,
    Note,
    Paragraph,
    Section,
    Text,
    line,
)
from reports.figures import figures_of
from reports.figures.gains import Gains
from reports.figures.parts import Parts
from reports.figures.power import Power
from reports.prose import prose
from reports.words import count, label

FEW_CURVES: Final = 3
"""Power curves that are all shown; they differ in little but the scale of an axis."""
HEAD: Final = ("schema", "study", "title", "scale", "inputs", "tool_version", "table", "answers", "figures")
"""Keys of an analysis that are no rows of an answer."""


def statistics(outcome: Outcome, compact: bool) -> Section:
    """Figures from cells, then every question with its answer, or the statement that none was asked."""
    blocks: list[Block] = [] if compact else _from_cells(outcome)
    if outcome.analysis is None:
        text = (
            "No statistics over seeds are part of this report: `verify-claims analyse` was not run, or the "
            "study asks no question of its numbers. Pooled effects, intervals over seeds, power and funnel plot "
            "are therefore missing."
        )
        blocks.append(Note(prose(text)))
    else:
        blocks += answer_blocks(outcome.analysis)
    return Section("Analysis", "analysis", tuple(blocks), new_page=True)


def _from_cells(outcome: Outcome) -> list[Block]:
    blocks: list[Block] = []
    for gains in Gains.of(outcome):
        blocks.append(Figure(gains, "As the source prints it; orange is a loss, purple a gain."))
    parts = Parts.of(outcome)
    if parts is not None:
        blocks.append(Figure(parts, "What each group of targets adds to an averaged gain."))
    return blocks


def answer_blocks(
    analysis: Mapping[str, Any], prefix: str = "analysis", opened: Collection[str] = ()
) -> list[Block]:
    """One section per answer with its figures and rows; figures and rows of no answer follow.

    `prefix` keeps anchors and figure names of two analyses in one report apart; of the answers in `opened` the first
    page has figures and limits already.
    """
    owners = [item.get("answer") for item in analysis.get("figures", ())]
    made = figures_of(analysis, "" if prefix == "analysis" else f"{prefix}-")
    drawings = list(zip(owners, made, strict=True))
    answered = [str(answer["id"]) for answer in analysis.get("answers", ())]
    sections: list[Block] = []
    for answer in analysis.get("answers", ()):
        own = [drawing for owner, drawing in drawings if owner == answer["id"]]
        if answer["id"] in opened:
            own, answer = [], {**answer, "cannot_say": ()}
        sections.append(_answer(answer, own, analysis.get(str(answer["id"]), ()), prefix))
    sections += [Figure(drawing, "") for owner, drawing in drawings if owner not in answered]
    rest = {key: value for key, value in analysis.items() if key not in HEAD and key not in answered}
    sections += [_part(str(key), value, prefix) for key, value in rest.items()]
    return sections


def _answer(answer: Mapping[str, Any], drawings: Sequence[Drawing], rows: Any, prefix: str) -> Section:
    blocks: list[Block] = [told(answer)]
    shown = _telling(drawings)
    blocks += [Figure(drawing, "") for drawing in shown]
    if len(shown) < len(drawings):
        more = count(len(drawings) - len(shown), "more curve lies", "more curves lie")
        blocks.append(Paragraph(line(f"{more} between these two; the table has their numbers.")))
    limits = answer.get("cannot_say", ())
    if limits:
        blocks.append(Paragraph(line(Text("What this cannot say", "strong")), keep=True))
        blocks.append(Bullets(tuple(prose(str(limit)) for limit in limits)))
    if rows:
        # the first page has the hypotheses and why some are open
        units = {getattr(drawing, "unit", "") for drawing in drawings}
        unit = units.pop() if len(units) == 1 else ""
        blocks.append(rows_table(rows, "The numbers behind the answer.", ("hypothesis", "reason"), unit))
    return Section(str(answer.get("question", answer["id"])), f"{prefix}-{answer['id']}", tuple(blocks))


def told(answer: Mapping[str, Any]) -> Block:
    """The answer: a line for each thing asked about where it has several, else running text."""
    sentences = answer.get("sentences", ())
    if len(sentences) > 1:
        return Bullets(tuple(prose(str(sentence)) for sentence in sentences))
    return Paragraph(prose(str(answer.get("answer", "no answer"))))


def _telling(drawings: Sequence[Drawing]) -> Sequence[Drawing]:
    """All figures, but of many power curves only the one of the least and the one of the most noise."""
    curves = [drawing for drawing in drawings if isinstance(drawing, Power) and drawing.sd is not None]
    if len(curves) <= FEW_CURVES:
        return drawings
    ranked = sorted(curves, key=lambda drawing: (drawing.sd or 0.0, drawing.name))
    left_out = ranked[1:-1]
    return [drawing for drawing in drawings if drawing not in left_out]


def _part(key: str, value: Any, prefix: str) -> Section:
    """An entry that belongs to no answer: rows as a table, names with values as facts, anything else as text."""
    title = label(key).capitalize()
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        body: Block = rows_table(value, f"{title}.")
    elif isinstance(value, Mapping):
        body = Facts(tuple((label(str(name)), line(in_words(item))) for name, item in value.items()))
    else:
        body = Paragraph(line(in_words(value)))
    return Section(title, f"{prefix}-{key}", (body,))
