"""The policy: what fails, what a tag softens, and acceptances held from both sides."""

from dataclasses import replace

import pytest

from claims.finding import Finding, Level, Location, Reason, Verdict
from claims.lint import notes_on_grants
from claims.outcome import StatedPolicy
from claims.policy import Acceptance, Judgement, judge

HERE = Location("claims.yaml", 3)
TODAY = "2026-11-20"


def finding(id: str = "c/1", reason: Reason = Reason.OUTSIDE_ROUNDING, **more: object) -> Finding:
    margin = "0.3" if reason is Reason.OUTSIDE_ROUNDING else None
    whole = Finding(id, id.partition("/")[0], "gain", "r", reason, Level.RECOMPUTED, "d", HERE, margin=margin)
    return replace(whole, **more)  # type: ignore[arg-type]


def accepted(found: Finding, until: str | None = "never", **more: object) -> Acceptance:
    margin = found.margin if found.verdict is Verdict.CONTRADICTED else None
    whole = Acceptance(
        found.id, found.verdict, str(found.reason), margin, "w", until, Location("baseline.yaml", 4)
    )
    return replace(whole, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "fails_from"),
    [
        (Reason.OUTSIDE_ROUNDING, "contradicted"),
        (Reason.ROUNDING_DECIDES, "inconclusive"),
        (Reason.CELLS_MISSING, "unverifiable"),
        (Reason.VERSION_MISMATCH, "unverifiable"),
        (Reason.REPRODUCES, None),
    ],
)
def test_each_level_includes_the_ones_before_it(reason: Reason, fails_from: str | None) -> None:
    levels = ["never", "contradicted", "inconclusive", "unverifiable"]
    fails = [judge([finding(reason=reason)], level).exit_code == 1 for level in levels]
    assert fails == [fails_from is not None and at >= levels.index(fails_from) for at in range(4)]


def test_the_study_states_its_level_and_the_option_goes_before_it() -> None:
    stated = StatedPolicy("inconclusive")
    open_ = finding(reason=Reason.ROUNDING_DECIDES)
    assert judge([open_], stated=stated).failing == ("c/1",)
    assert judge([open_], "contradicted", stated=stated).failing == ()


@pytest.mark.parametrize(
    ("tags", "where"),
    [
        ((), "failing"),
        (("appendix",), "warnings"),
        (("old",), "ignored"),
        (("old", "appendix"), "warnings"),
        (("old", "headline"), "failing"),
        (("unnamed",), "failing"),
    ],
)
def test_the_most_severe_tag_counts(tags: tuple[str, ...], where: str) -> None:
    stated = StatedPolicy(None, {"appendix": "warning", "old": "ignore", "headline": "error"})
    judged = judge([finding(tags=tags)], stated=stated)
    places = {name: getattr(judged, name) for name in ("failing", "warnings", "ignored")}
    assert places == {name: ("c/1",) if name == where else () for name in places}
    assert judged.exit_code == (1 if where == "failing" else 0)


def test_an_error_is_never_lowered() -> None:
    broken = finding(reason=Reason.CHECKER_FAILED, tags=("old",))
    for level in ("never", None):
        assert (
            judge([broken], level, [accepted(broken)], StatedPolicy(None, {"old": "ignore"})).exit_code == 3
        )
    assert judge([]).exit_code == 3


def held(found: Finding, *entries: Acceptance, fail_on: str = "unverifiable") -> Judgement:
    return judge([found, finding("other/1", Reason.REPRODUCES)], fail_on, entries, today=TODAY)


def test_what_is_accepted_as_it_is_passes() -> None:
    for reason in (Reason.OUTSIDE_ROUNDING, Reason.CELLS_MISSING, Reason.DIFFERS_FROM_PRINT):
        found = finding(reason=reason)
        judged = held(found, accepted(found))
        assert (judged.exit_code, judged.accepted, judged.complaints) == (0, ("c/1",), ())


@pytest.mark.parametrize(
    ("now", "then", "kind", "fails"),
    [
        (Reason.REPRODUCES, Reason.OUTSIDE_ROUNDING, "stale", False),
        (Reason.CELLS_MISSING, Reason.OUTSIDE_ROUNDING, "loose", False),
        (Reason.OUTSIDE_ROUNDING, Reason.CELLS_MISSING, "outgrown", True),
        (Reason.CIRCULAR_EVIDENCE, Reason.CELLS_MISSING, "changed", True),
    ],
)
def test_an_acceptance_is_held_from_both_sides(now: Reason, then: Reason, kind: str, fails: bool) -> None:
    judged = held(finding(reason=now), accepted(finding(reason=then)))
    assert [c.kind for c in judged.complaints] == [kind] and judged.exit_code == 1
    assert judged.complaints[0].location == Location("baseline.yaml", 4)
    assert (judged.failing == ("c/1",)) is fails


@pytest.mark.parametrize(
    ("margin", "kind"), [("0.4", "loose"), ("0.2", "outgrown"), (None, "loose"), ("0.30", None)]
)
def test_the_margin_is_held_from_both_sides(margin: str | None, kind: str | None) -> None:
    found = finding()
    judged = held(found, accepted(found, margin=margin))
    assert [c.kind for c in judged.complaints] == ([kind] if kind else [])
    assert judged.exit_code == (1 if kind else 0)


def test_an_acceptance_of_nothing_is_stale() -> None:
    judged = held(finding("other/2", Reason.REPRODUCES), accepted(finding("gone/1")))
    assert [(c.id, c.kind) for c in judged.complaints] == [("gone/1", "stale")] and judged.exit_code == 1
    assert (
        held(finding(reason=Reason.REPRODUCES), accepted(finding("gone/1")), fail_on="never").exit_code == 0
    )


@pytest.mark.parametrize(
    ("until", "ends"), [("2026-11-19", True), ("2026-11-20", False), ("never", False), (None, False)]
)
def test_a_grant_ends_after_its_last_day(until: str | None, ends: bool) -> None:
    found = finding()
    judged = held(found, accepted(found, until))
    assert judged.exit_code == ends and (judged.failing == ("c/1",)) is ends
    if until not in (None, "never"):
        granted = finding(
            reason=Reason.WITHIN_TOLERANCE, tolerance={"by": "0.2", "why": "w", "until": str(until)}
        )
        judged = held(granted)
        assert judged.exit_code == ends and (judged.failing == ("c/1",)) is ends
        assert held(granted, fail_on="never").exit_code == 0


@pytest.mark.parametrize(
    ("reason", "by", "until", "codes"),
    [
        (Reason.WITHIN_TOLERANCE, "0.15", "2030-01-01", []),
        (Reason.WITHIN_TOLERANCE, "0.16", "2030-01-01", ["wide_tolerance"]),
        (Reason.REPRODUCES, "0.1", "2030-01-01", ["unneeded_tolerance"]),
        (Reason.WITHIN_TOLERANCE, "0.1", "2026-12-20", ["ends_soon"]),
        (Reason.WITHIN_TOLERANCE, "0.1", "2026-12-21", []),
    ],
)
def test_notes_on_tolerances(reason: Reason, by: str, until: str, codes: list[str]) -> None:
    granted = finding(reason=reason, claimed="8.2", tolerance={"by": by, "why": "w", "until": until})
    assert [note.code for note in notes_on_grants([granted], (), TODAY)] == codes


def test_notes_on_acceptances() -> None:
    found = finding()
    entries = [accepted(found, None), accepted(found, "2026-11-30"), accepted(found, "never")]
    assert [note.code for note in notes_on_grants([found], entries, TODAY)] == ["no_date", "ends_soon"]
