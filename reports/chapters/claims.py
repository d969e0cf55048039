"""A section per group and in it one per claim: statement, scope, who says so, every assertion, what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from claims.finding import Finding, Verdict
from claims.outcome import ClaimCard, Mention, Outcome
from reports.chapters.decided import finding_section
from reports.chapters.ladder import facets
from reports.chapters.open import settling
from reports.chapters.places import Places, anchor, claim_link
from reports.chapters.series import runs_of_alike, series
from reports.document import (
    Badge,
    Block,
    Break,
    Bullets,
    Column,
    Facts,
    Figure,
    Line,
    Note,
    Paragraph,
    Quotation,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.figures.intervals import Intervals
from reports.words import count, label

FULL_AT_MOST = 60
"""Claims that a compact report still shows in full, the contradicted ones first."""
WORST_FIRST = (
    Verdict.CONTRADICTED,
    Verdict.ERROR,
    Verdict.INCONCLUSIVE,
    Verdict.OUT_OF_SCOPE,
    Verdict.UNVERIFIABLE,
    Verdict.SUPPORTED,
)


def claim_groups(outcome: Outcome, places: Places, compact: bool) -> Section:
    """All groups in the order of the claims file."""
    groups: dict[str, list[ClaimCard]] = {}
    for claim in outcome.claims:
        groups.setdefault(claim.group, []).append(claim)
    full = _shown_in_full(outcome) if compact else {claim.id for claim in outcome.claims}
    blocks: list[Block] = []
    if compact:
        text = (
            f"With {count(len(outcome.claims), 'claim')} this report is compact: {len(full):,} are shown in full, "
            "contradicted ones first, the others as one row each. The JSON file has everything."
        )
        blocks.append(Note(line(text)))
    if not groups:
        blocks.append(Paragraph(line("There is no confirmed claim in this study.")))
    blocks += [_group(name or "Claims", cards, places, full) for name, cards in groups.items()]
    return Section("Claims", "claims", tuple(blocks), new_page=True)


def _shown_in_full(outcome: Outcome) -> set[str]:
    ranked = sorted(
        (claim for claim in outcome.claims if claim.verdict is not Verdict.SUPPORTED),
        key=lambda claim: WORST_FIRST.index(claim.verdict),
    )
    return {claim.id for claim in ranked[:FULL_AT_MOST]}


def _group(name: str, cards: list[ClaimCard], places: Places, full: set[str]) -> Section:
    counts = Counter(card.verdict for card in cards)
    words = ", ".join(f"{counts[verdict]} {label(verdict)}" for verdict in Verdict if counts[verdict])
    blocks: list[Block] = [Paragraph(line(f"{count(len(cards), 'claim')}: {words}."), keep=True)]
    drawing = Intervals.of(name, [f for card in cards if card.id in full for f in card.findings])
    if drawing is not None:
        caption = (
            "Found value minus claimed value, in the unit of the claim. The grey band is the rounding of the claimed "
            "number, the bar all values that the printed cells can stand for; no overlap is a contradiction."
        )
        blocks.append(Figure(drawing, caption))
    blocks += [claim_section(card, places) for card in cards if card.id in full]
    rest = [card for card in cards if card.id not in full]
    if rest:
        blocks.append(_rows(rest))
    return Section(name, anchor("group", name), tuple(blocks))


def claim_section(card: ClaimCard, places: Places) -> Section:
    """One claim in full."""
    scope: Line = line(", ".join(f"{key} {value}" for key, value in card.scope.items()) or "not stated")
    place = f"{card.location.file}:{card.location.line}"
    pairs: list[tuple[str, Line]] = [
        ("scope", scope),
        ("said by", line(witnesses(card))),
        ("defined at", line(Text(place, "code"))),
    ]
    blocks: list[Block] = [Quotation(card.text), Facts(tuple(pairs))]
    if card.mentions:
        blocks.append(_mentions(card.mentions))
    shown: dict[tuple[tuple[str, int], ...], Finding] = {}
    for alike in runs_of_alike(card.findings):
        if len(alike) > 1:
            blocks += series(alike, places)
        else:
            blocks.append(finding_section(alike[0], places, shown))
    blocks += settling(card.findings)
    if not card.findings:
        blocks.append(Note(line("Nothing was checked: the claim has no assertion.")))
    if card.notes:
        blocks.append(Bullets(tuple(line(note) for note in card.notes)))
    badges = (Badge("verdict", card.verdict), Badge("level", card.level))
    return Section(card.id, anchor("claim", card.id), tuple(blocks), badges, facets(card))


def witnesses(card: ClaimCard) -> str:
    """Mentions, reports and roots in words."""
    if not card.mentions:
        return "no mention among the reports read"
    roots = f", {count(card.n_roots, 'independent root source')}" if card.n_roots else ""
    return f"{count(len(card.mentions), 'mention')} in {count(card.n_reports, 'report')}{roots}"


def own_verdict(mention: Mention) -> str:
    """A report's own tick or cross, or that it has none."""
    return {True: "✓", False: "✗", None: "missing"}[mention.verdict]


def _mentions(mentions: Iterable[Mention]) -> Table:
    rows = tuple(
        Row(
            (
                line(Text(f"{mention.report}:{mention.line}", "code")),
                line(mention.text, " […]" if mention.truncated else ""),
                line(own_verdict(mention)),
                line(mention.confidence or "–"),
            )
        )
        for mention in mentions
    )
    heads = (
        Column("report and line", width=3),
        Column("verbatim", width=7),
        Column("its verdict", "center"),
        Column("confidence", "right"),
    )
    return Table(
        heads,
        rows,
        "Who says so, in their own words; […] marks a text that the report itself cuts.",
        compact=True,
    )


def _rows(cards: list[ClaimCard]) -> Table:
    rows = tuple(
        Row(
            (
                line(Text(card.id, "code"), Break(), card.text),
                line(Badge("verdict", card.verdict)),
                line(
                    "; ".join(dict.fromkeys(f"{f.level}: {label(f.reason)}" for f in card.findings))
                    or "no assertion"
                ),
            ),
            anchor=anchor("claim", card.id),
            facets=facets(card),
        )
        for card in cards
    )
    heads = (Column("Claim", width=6), Column("Verdict"), Column("Level and reason", width=3))
    return Table(heads, rows, "Further claims of this group.", sortable=True, compact=True)


__all__ = ["claim_groups", "claim_link", "claim_section", "own_verdict", "witnesses"]
