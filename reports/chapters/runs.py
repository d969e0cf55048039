"""Replication chapter: which claims a run of ours covers, at which scale, and what was not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.finding import Finding, Level, Reason
from claims.outcome import Outcome
from reports.chapters.decided import finding_link, in_words
from reports.chapters.places import claim_link
from reports.chapters.records import run_facts, stages
from reports.chapters.statistics import answer_blocks
from reports.document import (
    Badge,
    Block,
    Bullets,
    Column,
    Figure,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.figures.gains import Gains, deviations
from reports.prose import prose
from reports.words import count, label

LISTED = 50
"""Runs that a compact report lists."""


def replication(outcome: Outcome, compact: bool) -> Section:
    """Runs that bear on claims, then the runs that would, with what they need."""
    ours = [
        finding
        for finding in outcome.findings
        if finding.level is Level.REGENERATED or finding.kind == "regenerated"
    ]
    done = [finding for finding in ours if finding.reason is not Reason.NO_RUNS]
    missing = [finding for finding in ours if finding.reason is Reason.NO_RUNS]
    blocks: list[Block] = [
        Paragraph(
            line(
                "A run at miniature or small scale shows how the protocol behaves there. It never raises or lowers a "
                "verdict about the paper's own scale."
            )
        )
    ]
    blocks += _runs(outcome)
    if done:
        blocks.append(_done(done[:LISTED] if compact else done))
        if compact and len(done) > LISTED:
            blocks.append(Note(line(f"{len(done) - LISTED:,} more are in the JSON file.")))
    else:
        nothing = "No run of ours is part of this report: every verdict rests on published numbers."
        unasked = "No assertion of this study was decided by these runs."
        blocks.append(Note(line(unasked if (outcome.replication or {}).get("records") else nothing)))
    if missing:
        blocks.append(_missing(missing, LISTED if compact else len(missing)))
    return Section("Replication", "replication", tuple(blocks), new_page=True)


def _runs(outcome: Outcome) -> list[Block]:
    """Records of runs and what their scores say, where runs were given; what was planned in any case."""
    given = outcome.replication or {}
    planned: list[Block] = [_planned(given["planned"])] if given.get("planned") else []
    if "records" not in given:
        return planned
    records = given["records"]
    if not records:
        return [Note(line("The folder of runs that was given holds no finished stage.")), *planned]
    analysis = given.get("analysis")
    answers = [*_heat_map(analysis), *answer_blocks(analysis, "runs")] if analysis else []
    return [*planned, run_facts(records), *answers, stages(records)]


def _planned(grids: list[dict[str, Any]]) -> Section:
    """The grid of each scale, and how much of it has scores: what was not run."""
    rows = []
    for grid in grids:
        settings = len(grid["intermediates"]) * len(grid["variants"])
        cells = settings * len(grid["targets"]) * grid["seeds"]
        state = "not run" if not grid["scored"] else "complete" if grid["scored"] >= cells else "in part"
        shape = f"{settings} settings × {len(grid['targets'])} targets × {count(grid['seeds'], 'seed')}"
        done = f"{grid['scored']:,} of {cells:,}"
        rows.append(Row((line(grid["scale"]), line(grid["recipe"]), line(shape), line(done), line(state))))
    heads = (
        Column("Scale"),
        Column("Recipe"),
        Column("Grid", width=1),
        Column("Cells with a score", "right"),
        Column("State"),
    )
    caption = (
        "What the replication of this study asks for at each scale, and what of it was run for this report."
    )
    cost = (
        "The stages of a grid and what they cost, before any is run: ",
        Text("verify-claims plan --scale paper", "code"),
        ".",
    )
    blocks = (Table(heads, tuple(rows), caption, compact=True), Paragraph(line(*cost)))
    return Section("What was run and what was not", "planned", blocks)


def _heat_map(analysis: Mapping[str, Any]) -> list[Block]:
    """Mean gain of each setting on each target, with the noise between seeds."""
    gains = Gains.of_rows(analysis.get("seeds", ()), deviations(analysis), "runs of ours")
    return (
        []
        if gains is None
        else [
            Figure(
                gains,
                "Mean gain over the runs without an intermediate task; orange is a loss, purple a gain.",
            )
        ]
    )


def _done(findings: list[Finding]) -> Table:
    rows = tuple(
        Row(
            (
                line(claim_link(finding.claim)),
                line(finding.scale),
                line(Badge("verdict", finding.verdict)),
                line(label(finding.reason)),
                line(finding_link(finding, finding.computed or "–")),
                line(in_words(finding.statistics) if finding.statistics else "–"),
            )
        )
        for finding in findings
    )
    heads = (
        Column("Claim", width=3),
        Column("Scale"),
        Column("Verdict"),
        Column("Reason", width=2),
        Column("Found", "right"),
        Column("Statistics", width=4),
    )
    return Table(heads, rows, "Claims that a run of ours covers.", compact=True)


def _missing(findings: list[Finding], most: int) -> Section:
    items = tuple(
        line(claim_link(finding.claim), ": ", *prose("; ".join(finding.needs) or finding.detail))
        for finding in findings[:most]
    )
    more = f" The first {most} are listed." if len(findings) > most else ""
    text = (
        f"{count(len(findings), 'assertion asks', 'assertions ask')} for a run that has not been made.{more}"
    )
    return Section("Not run", "not-run", (Paragraph(line(text)), Bullets(items)))
