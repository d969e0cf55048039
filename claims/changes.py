"""What changed between two results of a check: regressed, improved, moved, new, gone, and why.

Works on the published JSON of a check, so that a result kept by an earlier version of the tool can be compared too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.finding import Verdict
from claims.policy import SEVERITY

ORDER: Final = ("regressed", "new", "gone", "moved", "improved")
"""Kinds of change, the ones a reader must see first in front."""


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that differs."""

    id: str
    kind: str
    """One of `ORDER`."""
    before: str | None
    """Verdict and number before; None where there was no such finding."""
    after: str | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of two results."""

    changes: tuple[Change, ...]
    unchanged: int
    inputs: tuple[str, ...]
    """Input files that were added, removed or changed."""

    @property
    def regressed(self) -> bool:
        """Whether anything became worse, or a finding vanished."""
        return any(change.kind in ("regressed", "gone") for change in self.changes)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Differences between two results in the published JSON form.

    Raises
    ------
    InputError
        One of them is no result of a check.
    """
    before, after = _findings(old), _findings(new)
    changes = [
        change
        for id in sorted(before.keys() | after.keys())
        if (change := _change(id, before.get(id), after.get(id))) is not None
    ]
    changes.sort(key=lambda change: ORDER.index(change.kind))
    hashes_before, hashes_after = old.get("inputs", {}), new.get("inputs", {})
    files = sorted(hashes_before.keys() | hashes_after.keys())
    inputs = tuple(name for name in files if hashes_before.get(name) != hashes_after.get(name))
    same = len(before.keys() & after.keys()) - sum(change.kind not in ("new", "gone") for change in changes)
    return Comparison(tuple(changes), same, inputs)


def _findings(outcome: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    try:
        return {finding["id"]: finding for claim in outcome["claims"] for finding in claim["findings"]}
    except (KeyError, TypeError):
        raise InputError(
            Problem("not the result of a check", "write it with `verify-claims check --json`")
        ) from None


def _change(id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change | None:
    if old is None or new is None:
        kind = "new" if old is None else "gone"
        return Change(
            id,
            kind,
            _said(old),
            _said(new),
            ("the assertion is new" if old is None else "no such assertion",),
        )
    worse = SEVERITY[Verdict(new["verdict"])] - SEVERITY[Verdict(old["verdict"])]
    why = tuple(_why(old, new))
    if worse:
        return Change(id, "regressed" if worse > 0 else "improved", _said(old), _said(new), why)
    if _said(old) != _said(new):
        return Change(id, "moved", _said(old), _said(new), why)
    return None


def _said(finding: Mapping[str, Any] | None) -> str | None:
    if finding is None:
        return None
    words = [finding["verdict"], f"({finding['reason']})"]
    if finding.get("claimed"):
        words.append(f"claimed {finding['claimed']}")
    if finding.get("computed"):
        words.append(f"found {finding['computed']}")
    return " ".join(words)


def _why(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("claimed") != new.get("claimed"):
        yield f"the claim says {new.get('claimed')}, it said {old.get('claimed')}"
    if old.get("reading") != new.get("reading") and old.get("claimed") == new.get("claimed"):
        yield "the assertion reads differently"
    before, after = _cells(old), _cells(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name or 'the cell'}: {before.get(name, 'absent')} -> {after.get(name, 'absent')}"
    if old.get("level") != new.get("level"):
        yield f"checked at level {new.get('level')}, before at {old.get('level')}"


def _cells(finding: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for cell in finding.get("cells", ()):
        name = " ".join(str(word) for word in cell["selector"].values())
        number = cell.get("printed") if cell.get("printed") is not None else cell.get("value")
        found[name] = str(number)
    return found
