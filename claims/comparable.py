"""Decides whether the cells of a decision may be compared at all, whatever their numbers.

What an assertion does not name, it takes as it comes: the split, the model, the metric of the one row that is there.
Two rows that differ in such a column are about two things, and their difference is no gain. A number that is off by
exactly a hundred is a percentage against a fraction. Neither is a pass or a fail of the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from analysis.printed import decimal_text, parse_printed
from claims.amount import Amount
from claims.finding import VERDICT_OF, Level, Reason, Verdict
from claims.kinds.case import Case, Decision
from claims.selector import selectors_of

SAME: Final = ("split", "model", "intermediate", "variant", "scale")
"""Columns that all cells of a decision share, unless a selector names them."""
SAME_PER_TARGET: Final = ("metric", "language")
"""Columns that the cells of one target share, unless a selector names them."""
MIXED: Final = ("fact", "quote", "regenerated", "contrast")
"""Kinds whose cells may differ: facts count and enumerate what differs, a quote has none, runs go by their study."""
ACCUSES: Final = (Reason.OUTSIDE_ROUNDING, Reason.DIFFERS_FROM_PRINT, Reason.INTERVAL_EXCLUDES)


def comparable(case: Case, decision: Decision) -> Decision:
    """The decision itself, or that its cells cannot be compared."""
    if VERDICT_OF[decision.reason] not in (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE):
        return decision
    if case.assertion.kind not in MIXED and len(decision.rows) > 1:
        mixed = _mixture(case, decision.rows)
        if mixed is not None:
            column, words = mixed
            detail = f"The cells differ in {column}, which no selector names: {', '.join(words)}."
            need = f"{column} in the scope or in the selectors; on each side, if they are meant to differ"
            return _refused(detail, need, decision.rows)
    amount = _found(decision) if decision.reason in ACCUSES else None
    if amount is not None and _hundredfold(case, decision, amount):
        sides = f"The cells give {decimal_text(amount.point)}, the claim {decision.claimed}"
        detail = f"{sides}: percent on one side, a fraction on the other."
        return _refused(detail, "one unit on both sides", decision.rows)
    return decision


def _refused(detail: str, need: str, rows: Sequence[int]) -> Decision:
    return Decision(Reason.INCOMPARABLE_CELLS, Level.STATED, detail, rows=tuple(rows[:20]), needs=(need,))


def _mixture(case: Case, rows: Sequence[int]) -> tuple[str, list[str]] | None:
    """The first column in which the cells differ although nothing names it, with its words."""
    named = _named(case)
    for column in SAME:
        if column not in named:
            words = _words(case, column, rows)
            if len(words) > 1:
                return column, words
    if "source" not in named:
        versions: dict[str, list[str]] = {}
        for source in _words(case, "source", rows):
            versions.setdefault(case.evidence.root(source), []).append(source)
        double = next((found for found in versions.values() if len(found) > 1), None)
        if double is not None:
            return "source", double
    text = case.evidence.results.text
    targets: dict[str, list[int]] = {}
    for row in rows:
        targets.setdefault(text("target", row), []).append(row)
    for column in SAME_PER_TARGET:
        for own in targets.values() if column not in named else ():
            words = _words(case, column, own)
            if len(words) > 1:
                return column, words
    return None


def _named(case: Case) -> set[str]:
    """Columns that the frame, a selector, or the averaging rule names."""
    mean = getattr(case.assertion, "mean", None) or getattr(case.assertion, "tasks_of", None)
    named = {*case.frame.base, *([mean] if mean else [])}
    for _, filters in selectors_of(case.assertion):
        named.update(filters)
    for member in case.setting.rules.get(mean or "", ()):
        named.update(member.filters)
    return named


def _words(case: Case, column: str, rows: Sequence[int]) -> list[str]:
    text = case.evidence.results.text
    found = dict.fromkeys(text(column, row) for row in rows)
    if column == "scale":
        found = dict.fromkeys(word or "published" for word in found)
    return [word or "(empty)" for word in found]


def _found(decision: Decision) -> Amount | None:
    """The number found: of printed cells with its rounding, over seeds the estimate."""
    if decision.amount is None and decision.computed is not None:
        return Amount(Fraction(decision.computed), Fraction(0))
    return decision.amount


def _hundredfold(case: Case, decision: Decision, amount: Amount) -> bool:
    """Whether the claim and the cells agree once one of them, a fraction, is read as a percentage.

    Cells are fractions where none exceeds one; a claim is one where it has two decimals or more, as 0.84 has.
    """
    if decision.claimed is None:
        return False
    claimed = parse_printed(decision.claimed)
    if _meet(amount, Fraction(100), claimed.lower, claimed.upper):
        return _largest(case, decision.rows) <= 1
    if claimed.places >= 2 and _meet(amount, Fraction(1, 100), claimed.lower, claimed.upper):
        return abs(claimed.value) <= 1 < _largest(case, decision.rows)
    return False


def _largest(case: Case, rows: Sequence[int]) -> Fraction:
    return max(abs(case.evidence.amount(row).point) for row in rows)


def _meet(amount: Amount, factor: Fraction, lower: Fraction, upper: Fraction) -> bool:
    """Whether a number other than zero, known to a twentieth, reaches an interval when multiplied."""
    ends = sorted((amount.lower * factor, amount.upper * factor))
    known = 0 < 20 * amount.half <= abs(amount.point) or amount.half == 0 != amount.point
    return known and ends[0] <= upper and lower <= ends[1]
