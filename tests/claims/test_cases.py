"""One folder per reason code: the input of a study and what must come out of it."""

import json
from pathlib import Path

import pytest

from claims.assertions import KINDS
from claims.finding import Reason
from claims.kinds import DECIDERS
from claims.outcome import Outcome
from claims.study import check_study

CASES = Path(__file__).parents[1] / "cases"


def case_names() -> list[str]:
    return sorted(path.name for path in CASES.iterdir() if (path / "expected.json").is_file())


@pytest.mark.parametrize("name", case_names())
def test_case(name: str, request: pytest.FixtureRequest) -> None:
    expected = json.loads((CASES / name / "expected.json").read_text())
    broken = next((want.get("broken_kind") for want in expected.values() if "broken_kind" in want), None)
    outcome = with_broken(broken, CASES / name) if broken else check_study(CASES / name)
    found = {finding.id: finding for finding in outcome.findings}
    for id, want in expected.items():
        finding = found[id]
        assert finding.reason == want["reason"] and finding.verdict == want["verdict"], finding.detail
        assert finding.detail and finding.reading and finding.location.line > 1
        for key in ("level", "computed", "margin", "circular"):
            if key in want:
                assert getattr(finding, key) == want[key], key
        if "computed_interval" in want:
            assert list(finding.computed_interval or ()) == want["computed_interval"]
        if "needs" in want:
            assert list(finding.needs) == want["needs"]
        for text in want.get("detail_has", ()):
            assert text in finding.detail
        if finding.verdict in ("unverifiable", "out_of_scope") and name not in ("quote_absent",):
            assert finding.needs or name == "source_absent"


def with_broken(kind: str, folder: Path) -> Outcome:
    """A decider that fails, put in through the seam for deciders."""

    def fails(case: object) -> None:
        raise ZeroDivisionError("a defect")

    kept = DECIDERS[kind]
    DECIDERS[kind] = fails  # type: ignore[assignment]
    try:
        return check_study(folder)
    finally:
        DECIDERS[kind] = kept


def test_every_reason_has_a_case() -> None:
    assert {reason.value for reason in Reason} == set(case_names())


def test_every_kind_has_a_decider() -> None:
    assert list(DECIDERS) == list(KINDS)
