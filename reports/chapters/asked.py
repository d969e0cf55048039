"""First page of a study's own report: what was asked, what holds, what does not, why, and what would settle it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from reports.document import (
    Badge,
    Block,
    Break,
    Bullets,
    Column,
    Figure,
    Inline,
    Line,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tile,
    Tiles,
    line,
)
from reports.figures import figures_of
from reports.prose import minus, prose
from reports.words import OUTCOMES, count, look

SCALES: Final = {
    "miniature": "languages generated from English (codes qde, qes, ...) and small models, minutes of a CPU",
    "small": "real text and tasks, encoders trained from scratch",
    "paper": "published pretrained encoders",
}
"""Scale -> what was trained on what."""
OPENED: Final = ("contrasts",)
"""Answers whose figures and limits stand on the first page."""
ANSWERED: Final = frozenset(("shown", "opposite", "no difference"))


def asked(analysis: Mapping[str, Any]) -> Section:
    """The summary: of registered contrasts their outcomes in a table, of other questions their answers in a list."""
    blocks: list[Block] = []
    answers = {str(answer["id"]): answer for answer in analysis.get("answers", ())}
    rows = analysis.get("contrasts", ()) if "contrasts" in answers else ()
    if rows:
        blocks += _of_contrasts(analysis, rows, answers)
    else:
        told = tuple(
            (Text(f"{one['question']} ", "strong"), *prose(str(one["answer"]))) for one in answers.values()
        )
        blocks.append(Bullets(told) if told else Paragraph(line("Nothing was asked.")))
    return Section("Summary", "summary", tuple(blocks))


def scale_in_words(scale: str) -> str:
    """The scale with what it means.

    >>> scale_in_words("paper")
    'paper: published pretrained encoders'
    """
    return f"{scale}: {SCALES[scale]}" if scale in SCALES else scale


def _of_contrasts(
    analysis: Mapping[str, Any], rows: list[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> list[Block]:
    first, scale = answers["contrasts"], str(analysis.get("scale", ""))
    outcomes = Counter(str(row["outcome"]) for row in rows)
    kinds = [one for one in OUTCOMES if outcomes[one] or one == "shown"]
    tiles = [Tile(str(outcomes[one]), look(one).words, one) for one in kinds]
    seeds = sorted({int(row["seeds"]) for row in rows if row["seeds"]})
    shown = f"{seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else str(seeds[0]) if seeds else "0"
    blocks: list[Block] = [
        Paragraph(line(Text(str(first["question"]), "emph"))),
        Tiles((*tiles, Tile(shown, "seed" if shown == "1" else "seeds"))),
    ]
    sentences = first.get("sentences", ())
    # what stands before the sentences of the contrasts is about all of them: provisional, exploratory
    blocks += [Note(prose(str(said)), "warning") for said in sentences[: max(0, len(sentences) - len(rows))]]
    blocks.append(Paragraph(line(_in_words(len(rows), outcomes, scale))))
    blocks.append(_table(rows, {str(row["contrast"]): row for row in analysis.get("power", ())}))
    items = [prose(str(limit)) for limit in first.get("cannot_say", ())]
    if "paper" in answers:
        items.append((Text("At published size: ", "strong"), *prose(str(answers["paper"]["answer"]))))
    blocks.append(Paragraph(line(Text("What this cannot say, and what could", "strong")), keep=True))
    blocks.append(Bullets(tuple(items)))
    drawings = zip(analysis.get("figures", ()), figures_of(analysis), strict=True)
    return blocks + [Figure(drawing, "") for item, drawing in drawings if item.get("answer") in OPENED]


def _in_words(number: int, outcomes: Counter[str], scale: str) -> str:
    answered = sum(outcomes[one] for one in ANSWERED)
    size = f" {scale[:1].upper()}{scale[1:]} means {SCALES[scale]}." if scale in SCALES else ""
    return (
        f"{answered} of {count(number, 'contrast')} that the study registers {'is' if answered == 1 else 'are'} "
        f"answered at scale {scale}; no answer holds beyond it.{size}"
    )


def _table(rows: list[Mapping[str, Any]], power: Mapping[str, Mapping[str, Any]]) -> Table:
    heads = (
        Column("Contrast", width=5),
        Column("Answer"),
        Column("Points [interval]", "right"),
        Column("Adjusted p", "right"),
        Column("Why, and what would settle it", width=5),
    )
    made = tuple(
        Row(
            (
                line(_sentence(str(row["hypothesis"])), " ", Text(str(row["contrast"]), "small")),
                line(Badge("outcome", str(row["outcome"]))),
                _points(row),
                line(_p(row.get("p_adjusted"))),
                _why(row, power.get(str(row["contrast"]), {})),
            )
        )
        for row in rows
    )
    caption = "Contrasts with their outcome. Points are differences of percent; the interval is over seeds."
    return Table(heads, made, caption, compact=True)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _p(value: float | None) -> str:
    return "–" if value is None else "<0.001" if value < 0.001 else f"{value:.2g}"


def _points(row: Mapping[str, Any]) -> Line:
    if row.get("estimate") is None:
        return line("–")
    shown: list[Inline] = [Text(minus(f"{row['estimate']:+.1f}"), "strong")]
    if row.get("low") is not None and row.get("high") is not None:
        shown += [Break(), Text(minus(f"[{row['low']:+.1f}, {row['high']:+.1f}]"), "small")]
    return tuple(shown)


def _why(row: Mapping[str, Any], power: Mapping[str, Any]) -> Line:
    """Why the outcome is what it is, from the numbers beside it; of an open one how many seeds would do."""
    margin, outcome, low, high = row.get("margin"), row["outcome"], row.get("low"), row.get("high")
    if row.get("reason"):
        needed = power.get("seeds_for_the_margin")
        seeds = (
            f" {needed} seeds would find a difference of {margin:g}." if needed and outcome == "open" else ""
        )
        return prose(_sentence(str(row["reason"])) + seeds)
    if margin is None or low is None or high is None:
        return line("–")
    if outcome == "no difference":
        p = row.get("p_beyond_margin")
        told = "" if p is None else f" (adjusted p {_p(p)})"
        return line(f"Two one-sided tests put it within the margin of {margin:g}{told}.")
    if max(-low, high) < margin:
        return line(
            f"The interval lies within the margin of {margin:g}: a difference, and too small to matter."
        )
    beyond = low >= margin or high <= -margin
    return line(f"The interval {'lies' if beyond else 'does not lie'} beyond the margin of {margin:g}.")
