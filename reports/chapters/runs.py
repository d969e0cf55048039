"""Replication chapter: which claims a run of ours covers, at which scale, and what was not run."""

from __future__ import annotations

from claims.finding import Finding, Level, Reason
from claims.outcome import Outcome
from reports.chapters.decided import finding_link, in_words
from reports.chapters.places import claim_link
from reports.chapters.records import run_records
from reports.chapters.statistics import answer_blocks
from reports.document import Badge, Block, Bullets, Column, Note, Paragraph, Row, Section, Table, line
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
        blocks.append(Note(line(unasked if outcome.replication else nothing)))
    if missing:
        blocks.append(_missing(missing, LISTED if compact else len(missing)))
    return Section("Replication", "replication", tuple(blocks))


def _runs(outcome: Outcome) -> list[Block]:
    """Records of runs and what their scores say, where runs were given."""
    if outcome.replication is None:
        return []
    records = outcome.replication.get("records", [])
    if not records:
        return [Note(line("The folder of runs that was given holds no finished stage."))]
    analysis = outcome.replication.get("analysis")
    return [run_records(records), *(answer_blocks(analysis, "runs") if analysis else [])]


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
        line(claim_link(finding.claim), ": ", "; ".join(finding.needs) if finding.needs else finding.detail)
        for finding in findings[:most]
    )
    more = f" The first {most} are listed." if len(findings) > most else ""
    text = (
        f"{count(len(findings), 'assertion asks', 'assertions ask')} for a run that has not been made.{more}"
    )
    return Section("Not run", "not-run", (Paragraph(line(text)), Bullets(items)))
