"""Kinds that only runs over several seeds can decide: `trend`, `regenerated`, `contrast`; without runs it says so.

Statistics over seeds register their deciders in `claims.kinds.DECIDERS`; until then no number is made up.
"""

from __future__ import annotations

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_text
from claims.model import Contrast, Regenerated, Trend


def decide_trend(case: Case) -> Decision:
    """Decision about a `trend` assertion on published cells: shown, and not testable without replication."""
    assertion = case.assertion
    assert isinstance(assertion, Trend)
    over = assertion.over
    sums = [case.calculator.gain(case.full(dose), over, assertion.mean) for dose in assertion.doses]
    steps = ", ".join(number_text(sum_.amount.point) for sum_ in sums)
    return Decision(
        Reason.NOT_TESTABLE,
        Level.RECOMPUTED,
        f"The doses give {steps}; {len(sums)} single numbers without replication cannot test a trend.",
        rows=tuple(dict.fromkeys(row for sum_ in sums for row in sum_.rows)),
        needs=("scores of every dose over at least 3 seeds",),
    )


def decide_regenerated(case: Case) -> Decision:
    """Decision about a `regenerated` assertion while no run record covers it."""
    assertion = case.assertion
    assert isinstance(assertion, Regenerated)
    from claims.statistics import regenerated

    if regenerated.has_runs(case, assertion):
        return regenerated.decide(case, assertion)
    return _no_runs(case, assertion.study, assertion.equals, f" (at least {assertion.min_seeds} seeds)")


def decide_contrast(case: Case) -> Decision:
    """Decision about a `contrast` assertion: by statistics where there are runs of its study and scale."""
    assertion = case.assertion
    assert isinstance(assertion, Contrast)
    if case.evidence.rows({"source": f"run:{assertion.study}", "scale": assertion.scale}):
        from claims.statistics import contrasted

        return contrasted.decide(case, assertion)
    return _no_runs(case, assertion.study, assertion.equals, f" --scale {assertion.scale}")


def _no_runs(case: Case, study: str, claimed: str | None, options: str) -> Decision:
    sources = case.evidence.results.columns["source"].names
    others = sorted(name.removeprefix("run:") for name in sources if name.startswith("run:"))
    has = f" It has runs of: {', '.join(others)}." if others else ""
    return Decision(
        Reason.NO_RUNS,
        Level.STATED,
        f"No finished run of the study {study} is among the evidence.{has}",
        claimed,
        needs=(f"verify-claims replicate {study}{options}",),
    )
