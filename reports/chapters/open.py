"""What would settle the open findings of a claim: cells, files or commands, with what they share said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from claims.finding import Finding
from reports.document import Block, Bullets, Line, Paragraph, Text, line

LISTED: Final = 12
"""Alike needs that are listed; the JSON file has all."""
ALIKE: Final = 2
"""Words at the start that alike needs share."""


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
        return tuple(line(need) for need in needs)
    differ = [" ".join(w[start : len(w) - end]).rstrip(",") for w in words]
    more = f"; and {len(differ) - LISTED} more like these" if len(differ) > LISTED + ALIKE else ""
    parts = "; ".join(differ[:LISTED] if more else differ) + more
    head, tail = " ".join(words[0][:start]), " ".join(words[0][len(words[0]) - end :] if end else ())
    return (line(f"{head} …{' ' + tail if tail else ''}, for each of: ", Text(parts, "small")),)
