"""What would settle what is open: of a claim every cell, file or command, of the study the sources that lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from claims.finding import Finding, Reason, Verdict
from claims.outcome import ClaimCard, Outcome
from claims.standing import deciding
from reports.chapters.places import claim_link
from reports.document import (
    Badge,
    Block,
    Break,
    Bullets,
    Column,
    Inline,
    Line,
    Paragraph,
    Row,
    Table,
    Text,
    line,
)
from reports.prose import prose
from reports.words import label

LISTED: Final = 12
"""Alike needs that are listed; the JSON file has all."""
ALIKE: Final = 2
"""Words at the start that alike needs share."""
OPEN: Final = (Verdict.UNVERIFIABLE, Verdict.INCONCLUSIVE, Verdict.OUT_OF_SCOPE, Verdict.ERROR)
ABSENT: Final = frozenset((Reason.CELLS_MISSING, Reason.CIRCULAR_EVIDENCE, Reason.SOURCE_ABSENT))
"""Reasons that say the same: the evidence is not there."""
UNSAID: Final = {
    Reason.ROUNDING_DECIDES: "the cells with another decimal",
    Reason.VERSION_MISMATCH: "evidence of the version that the claim names",
    Reason.SPLIT_MISMATCH: "evidence of the split that the claim names",
    Reason.MODEL_MISMATCH: "evidence of the model that the claim names",
}
"""What settles a finding that names no need of its own."""
MOST_OPEN, LINKED, NEEDS = 6, 3, 2
"""Groups of open claims on the first page, claims of a group that are named, and needs of a group."""


def settling(findings: Iterable[Finding]) -> list[Block]:
    """What would settle the open findings of a claim, each need said once; nothing where none is open."""
    said: set[str] = set()
    items: list[Line] = []
    for finding in findings:
        items += condensed([need for need in finding.needs if need not in said])
        said.update(finding.needs)
    if not items:
        return []
    return [Paragraph(line(Text("What would settle it:", "strong")), keep=True), Bullets(tuple(items))]


def condensed(needs: Sequence[str]) -> tuple[Line, ...]:
    """What would settle it, with what alike needs share said once.

    >>> [run.text for run in condensed(("the cell a, b of s", "the cell a, c of s", "the cell a, d of s"))[0]]
    ['the cell a, … of s, for each of: ', 'b; c; d']
    """
    groups: dict[str, list[str]] = {}
    for need in needs:
        groups.setdefault(" ".join(need.split(" ")[:ALIKE]), []).append(need)
    return tuple(item for group in groups.values() for item in _together(group))


def shared_ends(texts: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many words all texts share at their start, and how many of the others at their end.

    >>> shared_ends([["mean", "of", "a", "here"], ["mean", "of", "b", "c", "here"]])
    (2, 1)
    """
    shortest = min(map(len, texts))
    start = next((n for n in range(shortest) if len({text[n] for text in texts}) > 1), shortest)
    end = next(
        (n for n in range(shortest - start) if len({text[-1 - n] for text in texts}) > 1), shortest - start
    )
    return start, end


def _together(needs: list[str]) -> tuple[Line, ...]:
    words = [need.split(" ") for need in needs]
    shortest, (start, end) = min(map(len, words)), shared_ends(words)
    if start + end < shortest / 2 or start + end == shortest:
        return tuple(prose(need) for need in needs)
    differ = [" ".join(w[start : len(w) - end]).rstrip(",") for w in words]
    more = f"; and {len(differ) - LISTED} more like these" if len(differ) > LISTED + ALIKE else ""
    parts = "; ".join(differ[:LISTED] if more else differ) + more
    head, tail = " ".join(words[0][:start]), " ".join(words[0][len(words[0]) - end :] if end else ())
    return (line(f"{head} …{' ' + tail if tail else ''}, for each of: ", Text(parts, "small")),)


def unsettled(outcome: Outcome) -> list[Block]:
    """The claims that are open, drawn together by the source that they are about, with what would settle them."""
    known = {source.id: source for source in outcome.sources}
    groups: dict[tuple[str, Verdict, bool], list[ClaimCard]] = {}
    for claim in outcome.claims:
        if claim.verdict in OPEN:
            source = claim.scope.get("source") or next((s for s in known if _names(claim, s)), "")
            absent = {finding.reason for finding in _holding(claim)} & ABSENT
            groups.setdefault((source, claim.verdict, bool(absent)), []).append(claim)
    rows = []
    largest_first = sorted(groups.items(), key=lambda group: -len(group[1]))
    for (source, verdict, missing), claims in largest_first[:MOST_OPEN]:
        links: list[Inline] = []
        for claim in claims[:LINKED]:
            links += [Text(", " if links else ""), claim_link(claim.id)]
        if len(claims) > LINKED:
            links.append(Text(f" and {len(claims) - LINKED:,} more"))
        at_hand = known[source].at_hand if source in known else ""
        reasons = Counter(label(finding.reason) for claim in claims for finding in _holding(claim))
        why = ", ".join(f"{number:,} {word}" for word, number in reasons.most_common())
        settles = _missing_of(source, at_hand) if missing else _needed(claims)
        number = line(Text(f"{len(claims):,}", "strong"))
        rows.append(Row((number, tuple(links), line(Badge("verdict", verdict), Break(), why), settles)))
    if not rows:
        return []
    more = f"; {len(groups) - len(rows):,} more groups" if len(groups) > len(rows) else ""
    heads = (
        Column("Claims", "right"),
        Column("Which", width=4),
        Column("Why open, by assertion", width=3),
        Column("What would settle them", width=5),
    )
    caption = (
        f"Claims that are open, by the source that they are about{more}. Each lists what would settle it."
    )
    return [Table(heads, tuple(rows), caption, compact=True)]


def _holding(claim: ClaimCard) -> tuple[Finding, ...]:
    """The findings that hold a claim where it is."""
    return tuple(finding for finding in deciding(claim.findings) if finding.verdict is claim.verdict)


def _names(claim: ClaimCard, source: str) -> bool:
    return any(source in need for finding in claim.findings for need in finding.needs)


def _missing_of(source: str, at_hand: str) -> Line:
    """Evidence that is not there, beside what of its source is."""
    if not source:
        return line("The cells or texts that each names; no source of theirs is at hand.")
    known = f" At hand of it: {at_hand}." if at_hand else ""
    return line(f"The cells or texts of {source} that each names.{known}")


def _needed(claims: Sequence[ClaimCard]) -> Line:
    """What the findings say they need, the first few of it."""
    held = [finding for claim in claims for finding in _holding(claim)]
    needs = list(
        dict.fromkeys(need for one in held for need in one.needs or (UNSAID.get(one.reason, ""),) if need)
    )
    if not needs:
        return line("See each claim.")
    more = f"; and {len(needs) - NEEDS:,} more" if len(needs) > NEEDS else ""
    return prose("; ".join(needs[:NEEDS]) + more)
