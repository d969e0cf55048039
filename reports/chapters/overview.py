"""First page: how many claims from how many witnesses, how they stand, and what a reader should know."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from claims.finding import Level, Verdict
from claims.outcome import Outcome
from reports.chapters.open import unsettled
from reports.chapters.places import claim_link
from reports.document import (
    Block,
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
from reports.figures.verdicts import VerdictBars
from reports.prose import prose
from reports.words import count, label

MOST_REFUTED: Final = 5
"""Contradicted claims on the first page."""


def overview(outcome: Outcome, compact: bool) -> Section:
    """The section that answers a reader who reads nothing else."""
    verdicts = Counter(claim.verdict for claim in outcome.claims)
    witnesses = Tiles(
        (
            Tile(f"{len(outcome.claims):,}", "claim" if len(outcome.claims) == 1 else "claims"),
            Tile(f"{n_mentions(outcome):,}", "mention" if n_mentions(outcome) == 1 else "mentions"),
            Tile(f"{len(outcome.reports):,}", "report" if len(outcome.reports) == 1 else "reports"),
            Tile(f"{len(roots(outcome)):,}", "root source" if len(roots(outcome)) == 1 else "root sources"),
        )
    )
    standing = Tiles(tuple(Tile(f"{verdicts[v]:,}", label(v), v) for v in Verdict if shown(v, verdicts)))
    blocks: list[Block] = [witnesses, standing, Paragraph(line(in_words(outcome, verdicts)))]
    if not outcome.claims:
        blocks.append(
            Note(line("No claim was checked, so this report neither supports nor contradicts anything."))
        )
    blocks.append(what_to_know(outcome))
    if outcome.claims:
        blocks += refuted(outcome)
        blocks += unsettled(outcome)
        if not compact:
            figure = VerdictBars.of(outcome)
            blocks.append(Figure(figure, ""))
    return Section("Summary", "summary", tuple(blocks))


def shown(verdict: Verdict, counts: Counter[Verdict]) -> bool:
    """Whether a tile is worth its place: an error tile only where there is an error."""
    return verdict is not Verdict.ERROR or counts[verdict] > 0


def n_mentions(outcome: Outcome) -> int:
    """Mentions in all reports; those of the claims where no report was read."""
    if outcome.reports:
        return sum(len(report.mentions) for report in outcome.reports)
    return len({(m.report, m.line, m.text) for claim in outcome.claims for m in claim.mentions})


def roots(outcome: Outcome) -> tuple[str, ...]:
    """Root documents that the claims go back to; versions of one paper count once."""
    root_of = {source.id: source.root for source in outcome.sources}
    cited = {claim.scope["source"] for claim in outcome.claims if claim.scope.get("source")}
    return tuple(sorted({root_of.get(source, source) for source in cited}))


def in_words(outcome: Outcome, verdicts: Counter[Verdict]) -> str:
    """The one paragraph: the figures above as sentences, with the level that each verdict rests on."""
    claims, sources = len(outcome.claims), roots(outcome)
    if not claims:
        return "This study holds no confirmed claim."
    stated = [claim for claim in outcome.claims if claim.mentions]
    sentences = []
    if stated:
        mentions = f"{count(n_mentions(outcome), 'mention')} in {count(len(outcome.reports), 'report')}"
        sentences.append(f"{mentions} come down to {count(len(stated), 'distinct claim')}.")
        if claims > len(stated):
            more = count(claims - len(stated), "further claim was", "further claims were")
            sentences.append(f"{more} checked that no report makes.")
    else:
        sentences.append(f"The claims file makes {count(claims, 'claim')}; no report was read.")
    sentences.append(rest_on(sources))
    for verdict in Verdict:
        if verdicts[verdict]:
            sentences.append(f"{verdicts[verdict]:,} {standing(outcome, verdict, verdicts[verdict])}.")
    findings = len(outcome.findings)
    sentences.append(f"Behind these verdicts stand {count(findings, 'assertion')}, each decided on its own.")
    return " ".join(sentence for sentence in sentences if sentence)


def rest_on(sources: tuple[str, ...]) -> str:
    """Which root documents the claims are about."""
    if not sources:
        return "The claims name no source."
    if len(sources) == 1:
        return f"All go back to {sources[0]}: however often it is repeated, that is one witness."
    return f"They go back to {len(sources)} root sources: {', '.join(sources)}."


def standing(outcome: Outcome, verdict: Verdict, number: int) -> str:
    """`are supported (12 recomputed, 3 quoted)`: a verdict with the levels it was reached at."""
    be = "is" if number == 1 else "are"
    if verdict is Verdict.ERROR:
        return "could not be checked because the checker failed"
    if verdict is Verdict.UNVERIFIABLE:
        return f"{be} unverifiable: the evidence that would settle {'it' if number == 1 else 'them'} is not at hand"
    levels = Counter(claim.level for claim in outcome.claims if claim.verdict is verdict)
    if len(levels) == 1:
        return f"{be} {label(verdict)} ({next(iter(levels))})"
    words = ", ".join(f"{levels[level]:,} {level}" for level in reversed(Level) if levels[level])
    return f"{be} {label(verdict)} ({words})"


def what_to_know(outcome: Outcome) -> Section:
    """The findings a reader should know, as the engine computed them."""
    known = {claim.id for claim in outcome.claims}
    if outcome.headlines:
        body: Block = Bullets(tuple(linked(text, known) for text in outcome.headlines), numbered=True)
    else:
        body = Paragraph(line("The check computed no headline for this study."))
    return Section("What a reader should know", "headlines", (body,), listed=False)


def refuted(outcome: Outcome) -> list[Block]:
    """The contradicted claims with what contradicts them; nothing where there is none."""
    found = [claim for claim in outcome.claims if claim.verdict is Verdict.CONTRADICTED]
    rows = []
    for claim in found[:MOST_REFUTED]:
        worst = [finding for finding in claim.findings if finding.verdict is Verdict.CONTRADICTED]
        details = (*prose(worst[0].detail), Text(f" ({len(worst)} assertions)" if len(worst) > 1 else ""))
        rows.append(Row((line(claim.text, " ", claim_link(claim.id)), line(*details))))
    if not rows:
        return []
    more = f"; the first {len(rows)} of {len(found):,}" if len(found) > len(rows) else ""
    heads = (Column("Claim", width=1), Column("What contradicts it", width=1))
    return [Table(heads, tuple(rows), f"Claims that are contradicted{more}.", compact=True)]


def linked(text: str, known: set[str]) -> Line:
    """`text` with every claim id in it leading to its claim."""
    parts: list[Inline] = []
    for run in prose(text):
        words = re.split(r"([\w./-]*\w)", run.text) if run.style == "plain" else [run.text]
        parts += [claim_link(word) if word in known else Text(word, run.style) for word in words if word]
    return tuple(parts)
