"""Cells that two versions of a source print differently, or that only one of them prints."""

from __future__ import annotations

from claims.evidence import IDENTITY, Evidence


def drift(evidence: Evidence, old: str, new: str) -> list[dict[str, str]]:
    """One entry per differing cell: its words, what `old` prints and what `new` prints (empty: not at hand)."""
    before, after = _printed(evidence, old), _printed(evidence, new)
    return [
        {"cell": name, "old": before.get(name, ""), "new": after.get(name, "")}
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _printed(evidence: Evidence, source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in evidence.rows({"source": source}):
        cell = evidence.cell(row)
        name = " ".join(cell.selector[column] for column in IDENTITY if column in cell.selector)
        found[name] = (
            cell.printed if cell.printed is not None else "" if cell.value is None else str(cell.value)
        )
    return found
