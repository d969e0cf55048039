"""Findings of claims: one per assertion, whatever happens.

Facts only: which findings fail a build is `claims.policy`. A defect of the checker becomes a finding of its own and
is neither a pass nor a fail of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from claims.absent import explain_absence
from claims.comparable import comparable
from claims.evidence import Evidence, Unusable
from claims.finding import Alternative, Finding, Level, Location, Reason
from claims.kinds import DECIDERS
from claims.kinds.case import Case, Decision, Setting
from claims.model import Claim, ClaimsFile
from claims.remembered import Memory
from claims.selector import Ambiguous, Missing, Unfit, described
from claims.yaml_marks import Document

Statements = Mapping[str, Sequence[tuple[str, int, str]]]
"""Claim id -> (report, line, text) of its mentions."""


def check_claims(
    file: ClaimsFile,
    document: Document,
    evidence: Evidence,
    stated: Statements | None = None,
    memory: Memory | None = None,
) -> Iterator[tuple[int, Claim, tuple[Finding, ...]]]:
    """Position, claim and findings of every confirmed claim, in file order.

    Parameters
    ----------
    file, document
        Claims and their positions.
    evidence
        Rows and texts.
    stated
        What the reports under review say, by claim; makes circular evidence visible.
    memory
        Findings of an earlier check, opened for this study.
    """
    setting = Setting.of(file, evidence)
    for at, claim in enumerate(file.claims):
        if claim.status == "draft":
            continue
        mentions = tuple((stated or {}).get(claim.id, ()))
        places = tuple(_location(document, at, number) for number in range(len(claim.assertions)))
        key = memory.key(document.root["claims"][at], mentions) if memory is not None else ""
        found = memory.recall(key, places) if memory is not None else None
        if found is None:
            cases = zip(claim.assertions, places, strict=True)
            found = tuple(
                decide(Case(setting, claim, assertion, place, number, mentions))
                for number, (assertion, place) in enumerate(cases)
            )
            if memory is not None:
                memory.remember(key, found)
        yield at, claim, found


def _location(document: Document, claim: int, assertion: int) -> Location:
    return Location(document.file, *document.where(("claims", claim, "assert", assertion)))


def decide(case: Case) -> Finding:
    """Finding of one assertion; never raises."""
    try:
        decision = _scope_mismatch(case) or comparable(case, _decided(case))
    except Unfit as unfit:
        decision = Decision(
            Reason.INCOMPARABLE_CELLS, Level.STATED, unfit.detail, rows=unfit.rows[:20], needs=(unfit.need,)
        )
    except Exception as error:  # one claim's defect must not hide the findings of the others
        decision = Decision(
            Reason.CHECKER_FAILED,
            Level.STATED,
            f"The checker failed: {type(error).__name__}: {str(error)[:200]}",
        )
    finding = case.finding(decision)
    return (
        _as_drift(case, finding)
        if case.assertion.source is not None
        else _beside_other_versions(case, finding)
    )


def _decided(case: Case) -> Decision:
    """Decision of the kind, or why it cannot decide."""
    try:
        decision = DECIDERS[case.assertion.kind](case)
        return _over_seeds(case) if _are_runs(case, decision) and not case.names_runs else decision
    except Missing as missing:
        return explain_absence(case, missing.filters)
    except Ambiguous as ambiguous:
        return _over_seeds(case) if ambiguous.seeds else _ambiguous(case, ambiguous)
    except Unusable as unusable:
        file, line = case.evidence.results.place(unusable.row)
        locator = case.evidence.results.text("locator", unusable.row)
        where = f"{file}:{line} ({locator})" if locator else f"{file}:{line}"
        detail = f"The row at {where} cannot be reckoned with: {unusable.why}."
        return Decision(Reason.BAD_EVIDENCE, Level.STATED, detail, rows=(unusable.row,))


def _are_runs(case: Case, decision: Decision) -> bool:
    """Whether a decision on single numbers used runs: one seed each, so that they have no error yet."""
    text = case.evidence.results.text
    return decision.statistics is None and any(text("seed", row) for row in decision.rows)


def _over_seeds(case: Case) -> Decision:
    """Decision by statistics over seeds; kinds that have none say what is ambiguous."""
    from claims.statistics.tested import DECIDERS as TESTED
    from claims.statistics.tested import decide_tested

    try:
        return decide_tested(case) if case.assertion.kind in TESTED else DECIDERS[case.assertion.kind](case)
    except Missing as missing:
        return explain_absence(case, missing.filters)
    except Ambiguous as ambiguous:
        return _ambiguous(case, ambiguous)


def _ambiguous(case: Case, error: Ambiguous) -> Decision:
    """Several rows for one cell: seeds await statistics, anything else is a fault of the evidence or the selector."""
    places = [":".join(map(str, case.evidence.results.place(row))) for row in error.rows[:4]]
    if error.seeds:
        seeds = f"{len(error.rows)} seeds of {described(error.wanted)}"
        detail = f"{seeds}; statistics over seeds decide this, not one number."
        return Decision(
            Reason.NOT_TESTABLE, Level.STATED, detail, rows=error.rows, needs=("verify-claims analyse",)
        )
    more = f" and {len(error.rows) - 4} more" if len(error.rows) > 4 else ""
    detail = f"{len(error.rows)} rows match {described(error.wanted)}: {', '.join(places)}{more}."
    need = "a narrower selector (variant, locator, language), or one row less"
    return Decision(Reason.AMBIGUOUS_CELLS, Level.STATED, detail, rows=error.rows[:20], needs=(need,))


def _scope_mismatch(case: Case) -> Decision | None:
    """Out of scope before any cell is looked at: the source is about another benchmark than the claim."""
    wanted = case.claim.scope.benchmark
    source = case.evidence.sources.get(case.source or "")
    if wanted is None or source is None or not source.benchmarks or wanted in source.benchmarks:
        return None
    detail = f"{source.id} evaluates {', '.join(source.benchmarks)}, the claim is about {wanted}."
    return Decision(
        Reason.BENCHMARK_MISMATCH, Level.STATED, detail, needs=(f"a source that evaluates {wanted}",)
    )


def _as_drift(case: Case, finding: Finding) -> Finding:
    """What another version of the claim's source says: shown, and out of scope whatever it says."""
    ours, theirs = case.claim.scope.source, case.assertion.source
    if ours is None or theirs is None or ours == theirs or finding.verdict in ("unverifiable", "error"):
        return finding
    if case.evidence.root(ours) != case.evidence.root(theirs) or finding.verdict == "out_of_scope":
        return finding
    said = finding.detail[:1].lower() + finding.detail[1:]
    note = Alternative(theirs, finding.computed or "-", str(finding.reason))
    detail = f"In another version, {theirs}: {said}"
    return replace(
        finding, reason=Reason.VERSION_MISMATCH, detail=detail, alternatives=(note, *finding.alternatives)
    )


def _beside_other_versions(case: Case, finding: Finding) -> Finding:
    """For an open finding, what the same assertion gives on the other versions of its source."""
    ours = case.claim.scope.source
    if finding.verdict != "unverifiable" or ours is None:
        return finding
    root = case.evidence.root(ours)
    found = []
    for other in case.evidence.sources:
        if (
            other == ours
            or case.evidence.root(other) != root
            or case.assertion.kind in ("quote", "regenerated", "contrast")
        ):
            continue
        moved = replace(case, assertion=case.assertion.model_copy(update={"source": other}))
        try:
            decision = DECIDERS[case.assertion.kind](moved)
        except (Missing, Ambiguous, Unfit, Unusable):
            continue
        there = moved.finding(decision)
        found.append(Alternative(other, there.computed or "-", f"{there.reason}: {there.detail}"))
    return replace(finding, alternatives=(*finding.alternatives, *found)) if found else finding
