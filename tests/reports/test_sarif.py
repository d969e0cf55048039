"""SARIF: schema-shaped, stable under moved lines, and silent about passes."""

import json
from dataclasses import replace

import pytest
from sarif_pydantic import Sarif

from claims.finding import Finding, Level, Location, Reason
from claims.outcome import ClaimCard, Outcome
from reports.sarif import fingerprint, render_sarif


def finding(name: str, reason: Reason, line: int = 3) -> Finding:
    return Finding(
        id=f"{name}/0",
        claim=name,
        kind="gain",
        reading="the mean of the nine targets gains 8.2",
        reason=reason,
        level=Level.RECOMPUTED,
        detail="the cells give 7.1, the text says 5.1",
        location=Location("claims my paper.yaml", line, 5),
    )


def outcome(*findings: Finding) -> Outcome:
    claims = tuple(
        ClaimCard(f.claim, "A text.", "group", {}, f.location, mentions=(), findings=(f,)) for f in findings
    )
    return Outcome(
        schema="verify-claims/outcome/1",
        tool_version="0.1.0",
        study="paper",
        study_path="paper",
        inputs={},
        sources=(),
        reports=(),
        claims=claims,
        audit=(),
        sweep=(),
        headlines=(),
    )


EVERY = outcome(*(finding(f"c{number}", reason) for number, reason in enumerate(Reason)))


def test_document_parses_with_an_independent_model_of_the_standard() -> None:
    parsed = Sarif.model_validate_json(render_sarif(EVERY, failing={"c8/0"}))
    assert parsed.runs[0].tool.driver.name == "verify-claims"
    assert {rule.id for rule in parsed.runs[0].tool.driver.rules or []} <= {reason.value for reason in Reason}


def test_supported_is_no_result_and_unchecked_is_a_notification() -> None:
    run = json.loads(render_sarif(EVERY))["runs"][0]
    by_verdict = {f.id: f.verdict for f in EVERY.findings}
    results = {result["properties"]["assertion"] for result in run["results"]}
    assert {by_verdict[name] for name in results} == {"contradicted", "inconclusive", "out_of_scope"}
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    unchecked = [name for name, verdict in by_verdict.items() if verdict in ("unverifiable", "error")]
    assert len(notifications) == len(unchecked)
    assert run["invocations"][0]["executionSuccessful"] is False


def test_only_a_failing_finding_is_an_error() -> None:
    run = json.loads(render_sarif(EVERY, failing={"c8/0"}))["runs"][0]
    assert [r["properties"]["assertion"] for r in run["results"] if r["level"] == "error"] == ["c8/0"]


def test_rule_index_points_at_the_rule() -> None:
    run = json.loads(render_sarif(EVERY))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


@pytest.mark.parametrize("change", [{"location": Location("b.yaml", 99)}, {"detail": "other words"}])
def test_fingerprint_survives_moves_and_rewording(change: dict[str, object]) -> None:
    before = finding("c", Reason.OUTSIDE_ROUNDING)
    after = replace(before, **change)  # type: ignore[arg-type]
    assert fingerprint("paper", before) == fingerprint("paper", after)
    assert fingerprint("paper", before) != fingerprint("paper", replace(before, id="c/1"))


def test_paths_become_uris() -> None:
    run = json.loads(render_sarif(outcome(finding("c", Reason.OUTSIDE_ROUNDING))))["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "paper/claims%20my%20paper.yaml"
    assert location["region"] == {"startLine": 3, "startColumn": 5}


def test_no_text_is_taken_for_a_link_or_a_placeholder() -> None:
    hostile = replace(
        finding("c", Reason.OUTSIDE_ROUNDING), detail="[see](https://evil.example) {0} \u202egnp\x1b"
    )
    message = json.loads(render_sarif(outcome(hostile)))["runs"][0]["results"][0]["message"]["text"]
    assert message.endswith("[see] (https://evil.example) {{0}} [U+202E]gnp[U+001B]")
