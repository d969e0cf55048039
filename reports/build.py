"""Builds the one document of a report from the outcome of a check."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from claims.outcome import Outcome
from reports.chapters.audit import audit
from reports.chapters.claims import claim_groups
from reports.chapters.ladder import ladder
from reports.chapters.method import method
from reports.chapters.overview import overview
from reports.chapters.places import find_places
from reports.chapters.provenance import all_inputs, provenance
from reports.chapters.runs import replication
from reports.chapters.statistics import statistics
from reports.chapters.sweep import sweep
from reports.document import Document

MOST_CLAIMS: Final = 120
MOST_CELLS: Final = 4000
"""Claims and cells above which the report is compact and says so; the JSON is always complete."""


def build_document(outcome: Outcome, date: int | None = None) -> Document:
    """The report as a tree.

    Parameters
    ----------
    outcome : Outcome
        What one check established.
    date : int, optional
        Seconds since 1970, from SOURCE_DATE_EPOCH. Without it the report carries no date, because the same input
        must give the same bytes.
    """
    compact = is_large(outcome)
    places = find_places(outcome, full=not compact)
    sections = (
        overview(outcome, compact),
        ladder(outcome, compact),
        claim_groups(outcome, places, compact),
        audit(outcome, compact),
        sweep(outcome),
        statistics(outcome, compact),
        replication(outcome, compact),
        method(outcome),
        provenance(outcome, places),
    )
    facts: tuple[tuple[str, str], ...] = (
        ("study", outcome.study),
        ("made by", f"verify-claims {outcome.tool_version}"),
        ("command", "verify-claims report"),
        ("inputs", f"{len(all_inputs(outcome))} files, SHA-256 {inputs_digest(outcome)}"),
    )
    if date is not None:
        facts = (*facts, ("date", datetime.fromtimestamp(date, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")))
    subtitle = "Claims checked: what is claimed, by whom, resting on which source, and whether it holds"
    return Document(outcome.title or f"Claims of {outcome.study}", subtitle, facts, sections, date)


def is_large(outcome: Outcome) -> bool:
    """Whether the report must be compact: typst needs about 1 MB for each claim with its tables."""
    cells = sum(len(finding.cells) for finding in outcome.findings)
    return len(outcome.claims) > MOST_CLAIMS or cells > MOST_CELLS


def inputs_digest(outcome: Outcome) -> str:
    """One digest over names and digests of all files read.

    It is the SHA-256 of the lines `<sha256>  <path>` sorted by path, so `sha256sum` can repeat it.
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(all_inputs(outcome).items()))
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()
