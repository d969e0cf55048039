"""SARIF 2.1.0 of a check: a result per finding that is not supported; what could not be checked is a notification.

An unchecked claim must not look like an alert that someone can dismiss, nor like a pass, so `unverifiable` and
`error` findings go to `invocations[].toolExecutionNotifications` (SARIF 2.1.0, section 3.20.21) and only findings
with a scientific outcome become `results`. Two fingerprints keep an alert the same alert while lines move:
our own, and the one that GitHub would otherwise derive from a line that many assertions share.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any, Final

from claims.finding import Finding, Location, Reason, Verdict
from claims.outcome import Outcome
from claims.policy import Complaint
from reports.places import in_repository
from reports.plain import visible

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
OPEN: Final = (Verdict.UNVERIFIABLE, Verdict.ERROR)
"""Verdicts without a scientific outcome."""


GRANT: Final = {
    "id": "grant",
    "name": "Grant",
    "shortDescription": {"text": "An acceptance or a tolerance no longer fits what is found."},
}


def render_sarif(
    outcome: Outcome, failing: Collection[str] = (), complaints: Sequence[Complaint] = ()
) -> str:
    """SARIF text of `outcome`, deterministic, with a final newline.

    Parameters
    ----------
    outcome : Outcome
        Result of a check.
    failing : collection of str
        Ids of the findings that fail the policy; they get level `error`, the others `warning` or `note`.
    complaints : sequence of Complaint
        Acceptances and tolerances that fail; results of level `error` under the rule `grant`.
    """
    outcome, complaints = in_repository(outcome, complaints)
    results = [f for f in outcome.findings if f.verdict not in (Verdict.SUPPORTED, *OPEN)]
    unchecked = [f for f in outcome.findings if f.verdict in OPEN]
    reasons = sorted({f.reason for f in results + unchecked})
    index = {reason: position for position, reason in enumerate(reasons)}
    run = {
        "tool": {
            "driver": {
                "name": "verify-claims",
                "version": outcome.tool_version,
                "semanticVersion": outcome.tool_version,
                "rules": [_rule(reason) for reason in reasons] + ([GRANT] if complaints else []),
            }
        },
        "automationDetails": {"id": f"verify-claims/{outcome.study}/"},
        "invocations": [
            {
                "executionSuccessful": not any(f.verdict is Verdict.ERROR for f in unchecked),
                "toolExecutionNotifications": [_notification(f, index) for f in unchecked],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, outcome.study, index, f.id in failing) for f in results]
        + [_complaint(complaint, outcome.study, len(reasons)) for complaint in complaints],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def fingerprint(study: str, finding: Finding) -> str:
    """Hex digest that names an assertion of a study, whatever its line, verdict or wording of the detail."""
    return sha256(f"{study}\0{finding.id}\0{finding.kind}".encode()).hexdigest()


def _complaint(complaint: Complaint, study: str, index: int) -> dict[str, Any]:
    mark = sha256(f"{study}\0{complaint.id}\0grant".encode()).hexdigest()
    return {
        "ruleId": GRANT["id"],
        "ruleIndex": index,
        "level": "error",
        "message": plain_message(f"{complaint.id}: {complaint.kind}: {complaint.text}"),
        "locations": [_physical(complaint.location)],
        "partialFingerprints": {
            "verifyClaimsAssertion/v1": mark,
            "primaryLocationLineHash": mark[:16] + ":1",
        },
    }


def _rule(reason: Reason) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in reason.value.split("_"))
    return {"id": reason.value, "name": name, "shortDescription": {"text": reason.meaning}}


def _physical(location: Location) -> dict[str, Any]:
    region = {"startLine": max(location.line, 1), "startColumn": max(location.column, 1)}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(location.file)}, "region": region}}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"), safe="/._-~")


def plain_message(text: str) -> dict[str, str]:
    """`text` as a message that no reader takes for a placeholder or a link (SARIF 2.1.0, sections 3.11.5 and 3.11.6).

    >>> plain_message("[see](https://x) {0}")["text"]
    '[see] (https://x) {{0}}'
    """
    return {"text": visible(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _message(finding: Finding) -> dict[str, str]:
    return plain_message(f"{finding.claim}: {finding.verdict}: {finding.detail}")


def _notification(finding: Finding, index: dict[Reason, int]) -> dict[str, Any]:
    return {
        "associatedRule": {"id": finding.reason.value, "index": index[finding.reason]},
        "level": "error" if finding.verdict is Verdict.ERROR else "note",
        "locations": [_physical(finding.location)],
        "message": _message(finding),
    }


def _result(finding: Finding, study: str, index: dict[Reason, int], fails: bool) -> dict[str, Any]:
    level = "error" if fails else "warning" if finding.verdict is Verdict.CONTRADICTED else "note"
    mark = fingerprint(study, finding)
    return {
        "ruleId": finding.reason.value,
        "ruleIndex": index[finding.reason],
        "level": level,
        "message": _message(finding),
        "locations": [_physical(finding.location)],
        "partialFingerprints": {
            "verifyClaimsAssertion/v1": mark,
            "primaryLocationLineHash": mark[:16] + ":1",
        },
        "properties": {
            "claim": finding.claim,
            "assertion": finding.id,
            "verdict": finding.verdict.value,
            "level": finding.level.value,
            "scale": finding.scale,
        },
    }
