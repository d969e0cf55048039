"""The evidence ladder: for every claim, how far up it was checked and how each rung came out."""

from __future__ import annotations

import json
from collections import Counter

from claims.finding import Finding, Level, Verdict
from claims.outcome import ClaimCard, Outcome
from claims.standing import WEAKEST_FIRST
from reports.chapters.places import anchor, claim_link
from reports.document import Badge, Column, Line, Paragraph, Row, Section, Table, Text, line
from reports.plain import visible
from reports.words import NOT_TRIED, SIGNS, label

RUNGS = ("quoted", "recomputed", "tested", "miniature", "small", "paper")
"""Columns after `stated`. A run of ours stands under its scale, never under the paper's own numbers."""


def ladder(outcome: Outcome, compact: bool) -> Section:
    """One row per claim, one column per rung; a compact report only counts."""
    signs = ", ".join(f"{SIGNS[verdict]} {label(verdict)}" for verdict in Verdict)
    explanation = Paragraph(
        line(
            "Each claim climbs as far as the evidence carries it. ",
            Text("Stated", "strong"),
            " counts mentions, reports and independent root sources; ",
            Text("quoted", "strong"),
            " means that the source prints the same; ",
            Text("recomputed", "strong"),
            " that it follows from cells which the source prints; ",
            Text("tested", "strong"),
            " that statistics over seeds bear it out; the last three columns are runs of ours at "
            "miniature, small and ",
            f"paper scale. Signs: {signs}, {NOT_TRIED} not checked at this level.",
        )
    )
    heads = (
        Column("Claim", width=5),
        Column("Verdict"),
        Column("Stated", "center"),
        *(Column(rung, "center") for rung in RUNGS),
    )
    if compact:
        return Section(
            "Evidence ladder", "ladder", (explanation, _counts(outcome), _by_level(outcome)), new_page=True
        )
    rows = tuple(_row(claim) for claim in outcome.claims)
    if not rows:
        nothing = Paragraph(line("There is no claim to put on it."))
        return Section("Evidence ladder", "ladder", (explanation, nothing), new_page=True)
    table = Table(
        heads,
        rows,
        "Evidence ladder. Stated: mentions / reports / root sources.",
        sortable=True,
        compact=True,
    )
    return Section("Evidence ladder", "ladder", (explanation, table, _by_level(outcome)), new_page=True)


def _counts(outcome: Outcome) -> Table:
    """Claims by rung and by the verdict on that rung."""
    found = Counter((rung, _worst(claim, rung)) for claim in outcome.claims for rung in RUNGS)
    rows = tuple(
        Row((line(rung), *(line(f"{found[rung, v]:,}") for v in Verdict), line(f"{found[rung, None]:,}")))
        for rung in RUNGS
    )
    heads = (Column("Rung"), *(Column(label(v), "right") for v in Verdict), Column("not checked", "right"))
    return Table(heads, rows, "Number of claims on each rung; the JSON file has the rungs of every claim.")


def _by_level(outcome: Outcome) -> Table:
    """Claims by verdict and by the deepest level at which the verdict was reached."""
    counts = Counter((claim.verdict, claim.level) for claim in outcome.claims)
    levels = tuple(Level)
    rows = []
    for verdict in Verdict:
        numbers = [counts[verdict, level] for level in levels]
        if not sum(numbers):
            continue
        cells = [line(str(n) if n else "–") for n in numbers]
        rows.append(Row((line(Badge("verdict", verdict)), *cells, line(Text(str(sum(numbers)), "strong")))))
    heads = (Column("Verdict"), *(Column(level, "right") for level in levels), Column("all", "right"))
    return Table(heads, tuple(rows), "Claims by verdict and by the deepest level at which it was reached.")


def _row(claim: ClaimCard) -> Row:
    stated = f"{len(claim.mentions)} / {claim.n_reports} / {claim.n_roots}" if claim.mentions else "–"
    rungs = tuple(_rung(claim, rung) for rung in RUNGS)
    cells = (line(claim_link(claim.id)), line(Badge("verdict", claim.verdict)), line(stated), *rungs)
    return Row(cells, facets=facets(claim))


def _worst(claim: ClaimCard, rung: str) -> Verdict | None:
    verdicts = {finding.verdict for finding in claim.findings if _on(finding, rung)}
    return next((verdict for verdict in WEAKEST_FIRST if verdict in verdicts), None)


def _rung(claim: ClaimCard, rung: str) -> Line:
    worst = _worst(claim, rung)
    return line(NOT_TRIED) if worst is None else line(Badge("verdict", worst, brief=True))


def _on(finding: Finding, rung: str) -> bool:
    if finding.level is Level.REGENERATED or finding.scale in ("miniature", "small"):
        return finding.scale == rung
    return finding.level == rung


def facets(claim: ClaimCard) -> dict[str, str]:
    """What HTML filters a claim by; `reports` is a JSON list because a report's name may hold any character."""
    reports = sorted({visible(mention.report) for mention in claim.mentions})
    return {
        "claim": claim.id,
        "anchor": anchor("claim", claim.id),
        "verdict": claim.verdict,
        "level": claim.level,
        "reports": json.dumps(reports),
    }
