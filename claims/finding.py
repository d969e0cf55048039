"""A finding: what checking one assertion gave, with everything that a reader needs to find it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claims.reasons import VERDICT_OF, Level, Reason, Verdict, Word

__all__ = [
    "VERDICT_OF",
    "Alternative",
    "Cell",
    "Contribution",
    "Finding",
    "Level",
    "Location",
    "Reason",
    "Verdict",
    "Word",
]


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the results table that a finding used, with enough to find it again."""

    source: str
    locator: str
    selector: dict[str, str]
    """Columns that identify the row, e.g. {"intermediate": "squad", "target": "xnli", "metric": "acc"}."""
    printed: str | None
    value: float | None
    status: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one cell group adds to an averaged gain, in points of that average."""

    group: str
    members: tuple[str, ...]
    points: str
    """Exact decimal, e.g. "7.40"."""
    of: str
    """The recomputed total that it is a part of."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same quantity under another defensible choice (baseline, version), shown beside the first."""

    label: str
    computed: str
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one assertion gave. All decimals are strings so that no precision is invented."""

    id: str
    """`<claim id>/<position or name of the assertion>`; stable across runs."""
    claim: str
    kind: str
    reading: str
    """The assertion in words, as the engine understood it."""
    reason: Reason
    level: Level
    detail: str
    """One plain sentence: what was compared with what, and how it came out."""
    location: Location
    scale: str = "published"
    """published, miniature, small or paper. Only `paper` and `published` speak about the paper itself."""
    claimed: str | None = None
    """The printed number under test."""
    claimed_interval: tuple[str, str] | None = None
    computed: str | None = None
    """The recomputed or found value, exact decimal."""
    computed_interval: tuple[str, str] | None = None
    """All values that the printed cells can stand for."""
    margin: str | None = None
    """Contradicted: by at least this much. Supported: distance to the nearest edge of agreement."""
    sensitivity: str | None = None
    """What would flip it, e.g. "flips if one cell moves by 0.1"."""
    cells: tuple[Cell, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    needs: tuple[str, ...] = ()
    """What would settle it, if open: the exact cells, files or the command."""
    statistics: dict[str, Any] | None = None
    """Level `tested` and `regenerated`: method, estimate, interval, test, n, multiplicity, power."""
    circular: bool = False
    """Whether the reports under review are the only place that states it."""
    tags: tuple[str, ...] = field(default=())
    """The claim's tags, which severities of a policy name; `drift` where another version was looked at."""
    tolerance: dict[str, str] | None = None
    """What the assertion grants beyond the printed precision: by, why, until."""

    @property
    def verdict(self) -> Verdict:
        """The verdict that the reason belongs to."""
        return VERDICT_OF[self.reason]
