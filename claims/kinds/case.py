"""One assertion in its surroundings, and how a decision about it becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from analysis.printed import decimal_text, is_printed_number, parse_printed
from claims.amount import Amount, Combination
from claims.averages import Calculator, Member, members_of
from claims.evidence import Evidence
from claims.finding import Alternative, Contribution, Finding, Level, Location, Reason
from claims.grants import Tolerance
from claims.kinds.in_words import reading
from claims.model import AnyAssertion, Claim, ClaimsFile, Contrast
from claims.selector import Filters, Frame, frame_of, selectors_of


@dataclass(frozen=True)
class Setting:
    """What all assertions of a check share."""

    file: ClaimsFile
    evidence: Evidence
    rules: dict[str, tuple[Member, ...]]

    @classmethod
    def of(cls, file: ClaimsFile, evidence: Evidence) -> Setting:
        """Setting of a study; every task of an averaging rule becomes a rule of its own, named rule/task."""
        rules: dict[str, tuple[Member, ...]] = {}
        for name, rule in file.averages.items():
            rules[name] = members_of(rule)
            for task in dict.fromkeys(member.task for member in rules[name]):
                own = [member for member in rules[name] if member.task == task]
                weight = sum((member.weight for member in own), Fraction(0))
                rules[f"{name}/{task}"] = tuple(Member(m.weight / weight, m.filters, m.task) for m in own)
        return cls(file, evidence, rules)


class Decision(NamedTuple):
    """What a kind decides; `Case.finding` adds the rest."""

    reason: Reason
    level: Level
    detail: str
    claimed: str | None = None
    amount: Amount | None = None
    margin: str | None = None
    sensitivity: str | None = None
    rows: Sequence[int] = ()
    contributions: tuple[Contribution, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    needs: tuple[str, ...] = ()
    computed: str | None = None
    computed_interval: tuple[str, str] | None = None
    statistics: dict[str, Any] | None = None


@dataclass(frozen=True)
class Case:
    """One assertion of one claim."""

    setting: Setting
    claim: Claim
    assertion: AnyAssertion
    location: Location
    position: int
    stated_by: tuple[tuple[str, int, str], ...] = ()
    """Reports that mention the claim: report, line, text."""

    @property
    def id(self) -> str:
        """Stable id of the finding."""
        return f"{self.claim.id}/{self.assertion.name or self.position + 1}"

    @cached_property
    def frame(self) -> Frame:
        """Filters around the selectors."""
        return frame_of(self.setting.file, self.claim, self.assertion, self.setting.evidence)

    @cached_property
    def calculator(self) -> Calculator:
        """Weighted sums within the frame."""
        return Calculator(self.frame, self.setting.rules)

    @property
    def evidence(self) -> Evidence:
        """Rows and texts."""
        return self.setting.evidence

    def full(self, *parts: Filters) -> dict[str, str | list[str]]:
        """Filters of the frame with these laid over."""
        return self.frame.full(*parts)

    @property
    def source(self) -> str | None:
        """The source that the assertion is decided on, where it is one."""
        found = self.frame.base.get("source")
        return found if isinstance(found, str) else None

    @cached_property
    def names_runs(self) -> bool:
        """Whether the assertion names seeds: then it is about these very runs, and arithmetic decides it."""
        rule = self.setting.rules.get(getattr(self.assertion, "mean", None) or "", ())
        if getattr(self.assertion, "mean", None) == "seed" or any(
            "seed" in member.filters for member in rule
        ):
            return True
        return any("seed" in filters for _, filters in selectors_of(self.assertion))

    def _scale(self, decision: Decision) -> str:
        """Scale that the finding speaks about: a contrast's own also where it was not run, else that of the rows."""
        if isinstance(self.assertion, Contrast):
            return self.assertion.scale
        return self.evidence.scale(decision.rows)

    def only_reports(self, words: Sequence[str]) -> str | None:
        """Which reports print all these words in a mention, as the start of a sentence; None: no report does."""
        stated = [mention for mention in self.stated_by if all(number_in(word, mention[2]) for word in words)]
        if not stated:
            return None
        reports = tuple(dict.fromkeys(report for report, _, _ in stated))
        lines = ", ".join(f"{report}:{line}" for report, line, _ in stated[:3])
        more = f" and {len(stated) - 3} more" if len(stated) > 3 else ""
        said = ", ".join(word if is_printed_number(word) else f'"{word}"' for word in words)
        if len(reports) == 1:
            return f"Only one report under review states {said} ({lines}{more})"
        return f"Only reports under review state {said} ({len(reports)} of them: {lines}{more})"

    def finding(self, decision: Decision) -> Finding:
        """The finding of a decision."""
        amount, claimed = decision.amount, decision.claimed
        number = parse_printed(claimed) if claimed is not None else None
        computed, interval = decision.computed, decision.computed_interval
        if amount is not None and computed is None:
            computed, interval = (
                number_text(amount.point),
                (number_text(amount.lower), number_text(amount.upper)),
            )
        granted: Tolerance | None = getattr(self.assertion, "tolerance", None)
        drift = () if self.assertion.source in (None, self.claim.scope.source) else ("drift",)
        return Finding(
            id=self.id,
            claim=self.claim.id,
            kind=self.assertion.kind,
            reading=reading(self.assertion),
            reason=decision.reason,
            level=decision.level,
            detail=_with_tolerance(decision, granted),
            location=self.location,
            scale=self._scale(decision),
            claimed=claimed,
            claimed_interval=(number_text(number.lower), number_text(number.upper)) if number else None,
            computed=computed,
            computed_interval=interval,
            margin=decision.margin,
            sensitivity=decision.sensitivity,
            cells=tuple(map(self.evidence.cell, decision.rows)),
            contributions=decision.contributions,
            alternatives=decision.alternatives,
            needs=decision.needs,
            statistics=decision.statistics,
            circular=decision.reason is Reason.CIRCULAR_EVIDENCE,
            tags=(*self.claim.tags, *drift),
            tolerance=granted.model_dump() if granted is not None else None,
        )


def _with_tolerance(decision: Decision, granted: Tolerance | None) -> str:
    """Detail of a decision, with what was granted where that matters: by how much it is needed, and why."""
    if granted is None:
        return decision.detail
    terms = f"the tolerance of {granted.by} granted until {granted.until} ({granted.why.rstrip('.')})"
    if decision.reason is Reason.WITHIN_TOLERANCE:
        return f"{decision.detail} It is off by {decision.margin}, within {terms}."
    if decision.statistics is not None or decision.reason in (Reason.OUTSIDE_ROUNDING, Reason.DOES_NOT_HOLD):
        return f"{decision.detail} That counts {terms}."
    return decision.detail


def number_in(words: str, text: str) -> bool:
    """Whether a text contains a number, or words, as such and not as part of others.

    Examples
    --------
    >>> number_in("8.2", "of 8.2, 7.5 and 7.0"), number_in("8.2", "18.21"), number_in("8.2", "8.25")
    (True, False, False)
    """
    bare = re.escape(words.strip().lstrip("+"))
    return re.search(rf"(?<![\w.,]){bare}(?!\w|[.,]\d)", text) is not None


def number_text(number: Fraction) -> str:
    """Exact decimal text, three decimals where it does not end."""
    return decimal_text(number)


def cell_words(case: Case, row: int) -> str:
    """A cell in few words: what tells it from its neighbours."""
    text = case.evidence.results.text
    parts = (text(name, row) for name in ("target", "language", "metric", "intermediate", "variant"))
    return " ".join(part for part in parts if part not in ("", "-", "all", "plain"))


def moved_by(case: Case, sum_: Combination, distance: Fraction, verb: str = "flips") -> str:
    """Sensitivity sentence: how far one cell must move until the sum has moved by `distance`."""
    term = sum_.heaviest
    far = distance / abs(term.weight)
    return f"{verb} if one cell moves by more than {decimal_text(far)} ({cell_words(case, term.row)})"
