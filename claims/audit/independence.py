"""How many independent roots stand behind the mentions: reports that repeat one paper are one witness.

Two reports have one root if their abstracts are near-identical (at least `SAME_ABSTRACT` of the shorter one's runs
of five words stand in the other; Broder 1997), if they say that they examine the same paper, or if they name exactly
the same documents as references. The relation is closed transitively.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, TypeAlias

from claims.outcome import AuditFinding, ClaimCard, Mention, ReportCard
from claims.terms import containment, likeness, runs, sequence

SAME_ABSTRACT: Final = 0.8
FEWEST_RUNS: Final = 20
"""Shorter abstracts say too little to be called the same."""
SAME_SUBJECT: Final = 0.85
"""Likeness of two titles; below 1, because text from PDFs has stray letters."""
Runs: TypeAlias = frozenset[tuple[str, ...]]
_ARXIV: Final = re.compile(r"arxiv(?:\.org/(?:abs|pdf)/|:)\s?(\d{4}\.\d{4,5}|[a-z-]{2,12}/\d{7})", re.I)
_DOI: Final = re.compile(r"\b(10\.\d{4,9}/[^\s<>\"]{2,200})")


@dataclass(frozen=True, slots=True)
class Root:
    """A group of reports that rest on one root document."""

    id: str
    """The document that most of them refer to, else their subject, else the first report."""
    reports: tuple[str, ...]
    reasons: tuple[str, ...]
    """Why they are one: as many pairs as it takes to join them."""


def roots_of(reports: Sequence[ReportCard]) -> tuple[Root, ...]:
    """The independent roots of the reports, in reading order."""
    leader = list(range(len(reports)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    reasons: list[tuple[int, str]] = []
    abstracts = [runs(sequence(report.abstract or "")) for report in reports]
    for a, b in combinations(range(len(reports)), 2):
        why = None if find(a) == find(b) else _same(reports[a], reports[b], abstracts[a], abstracts[b])
        if why:
            reasons.append((a, f"{reports[a].id} and {reports[b].id}: {why}"))
            leader[find(b)] = find(a)
    groups: dict[int, list[int]] = {}
    for at in range(len(reports)):
        groups.setdefault(find(at), []).append(at)
    return tuple(
        Root(
            _label([reports[at] for at in members]),
            tuple(reports[at].id for at in members),
            tuple(why for at, why in reasons if at in members),
        )
        for members in groups.values()
    )


def count_roots(mentions: Iterable[Mention], roots: Sequence[Root]) -> int:
    """Number of independent roots behind the mentions."""
    named = {mention.report for mention in mentions}
    return sum(bool(named & set(root.reports)) for root in roots)


def independence_finding(
    reports: Sequence[ReportCard], claims: Sequence[ClaimCard], roots: Sequence[Root]
) -> AuditFinding | None:
    """How many mentions, reports and roots there are, altogether and for each claim; None without mentions."""
    by_claim: dict[str, list[Mention]] = {claim.id: [] for claim in claims}
    total = 0
    for report in reports:
        for mention in report.mentions:
            total += 1
            for id in mention.claims:
                by_claim.setdefault(id, []).append(mention)
    if not total:
        return None
    table: dict[str, dict[str, int]] = {
        id: {
            "mentions": len(mentions),
            "reports": len({mention.report for mention in mentions}),
            "roots": count_roots(mentions, roots),
        }
        for id, mentions in by_claim.items()
        if mentions
    }
    often = max(table.values(), key=lambda row: row["mentions"], default=None)
    most = (
        f" The most repeated claim has {_count(often['mentions'], 'mention')} and {_count(often['roots'], 'root')}."
        if often
        else ""
    )
    text = (
        f"{_count(total, 'mention')} in {_count(len(reports), 'report')} rest on "
        f"{_count(len(roots), 'independent root')}: {', '.join(root.id for root in roots)}.{most}"
    )
    data: dict[str, Any] = {
        "mentions": total,
        "reports": len(reports),
        "roots": [
            {"id": root.id, "reports": list(root.reports), "reasons": list(root.reasons)} for root in roots
        ],
        "claims": table,
        "same_abstract_from": SAME_ABSTRACT,
    }
    return AuditFinding("independence", tuple(report.id for report in reports), None, text, data)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def documents_of(report: ReportCard) -> tuple[str, ...]:
    """Root documents that the report refers to: arXiv ids without version, DOIs, else the reference itself."""
    found: list[str] = []
    for reference in report.references:
        arxiv, doi = _ARXIV.search(reference), _DOI.search(reference)
        found.append(f"arXiv:{arxiv[1]}" if arxiv else f"doi:{doi[1].lower()}" if doi else reference)
    return tuple(dict.fromkeys(found))


def _same(a: ReportCard, b: ReportCard, runs_a: Runs, runs_b: Runs) -> str | None:
    """Why the two reports have one root; None if nothing says so."""
    share = containment(runs_a, runs_b)
    if min(len(runs_a), len(runs_b)) >= FEWEST_RUNS and share >= SAME_ABSTRACT:
        return f"abstracts share {100 * share:.0f} % of their runs of five words"
    if a.subject and b.subject and likeness(a.subject, b.subject) >= SAME_SUBJECT:
        return "both examine the same paper"
    if a.references and set(documents_of(a)) == set(documents_of(b)):
        return "both name the same references"
    return None


def _label(reports: Sequence[ReportCard]) -> str:
    """The name of the root that the reports share."""
    named = Counter(document for report in reports for document in documents_of(report))
    with_references = sum(bool(report.references) for report in reports)
    if named:
        document, times = min(named.items(), key=lambda item: (-item[1], item[0]))
        if len(reports) > 1 and 2 * times > with_references and times > 1:
            return document
        if len(named) == 1:
            return document
    return next((report.subject for report in reports if report.subject), None) or reports[0].id
