"""The result object as JUnit XML, one test case per assertion, so that any CI shows it.

A failing finding is a failure, a defect of the checker an error, and what could not be decided or was accepted is
skipped: neither a pass nor a fail. Characters that XML 1.0 forbids are named, not dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape, quoteattr

from claims.finding import Finding, Verdict
from claims.outcome import ClaimCard, Outcome
from claims.policy import Complaint
from reports.places import in_repository
from reports.plain import visible


def render_junit(
    outcome: Outcome, failing: Collection[str] = (), complaints: Sequence[Complaint] = ()
) -> str:
    """JUnit XML text of the outcome, with a final newline.

    Parameters
    ----------
    outcome
        Result of a check.
    failing
        Ids of the findings that fail the policy.
    complaints
        Acceptances and tolerances that fail; they form a suite of their own.
    """
    outcome, complaints = in_repository(outcome, complaints)
    suites = [_suite(claim, set(failing)) for claim in outcome.claims]
    counts = _counts(outcome.findings, set(failing), len(complaints))
    if complaints:
        suites.append(_grants(complaints))
    body = "".join(suites)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites name={_attribute('verify-claims ' + outcome.study)} {counts}>\n{body}</testsuites>\n"
    )


def _suite(claim: ClaimCard, failing: set[str]) -> str:
    cases = "".join(_case(finding, claim, failing) for finding in claim.findings)
    return f"  <testsuite name={_attribute(claim.id)} {_counts(claim.findings, failing)}>\n{cases}  </testsuite>\n"


def _grants(complaints: Sequence[Complaint]) -> str:
    """Suite of what is granted and no longer fits."""
    cases = "".join(
        f"    <testcase classname={_attribute('grants.' + complaint.kind)} name={_attribute(complaint.id)} "
        f'file={_attribute(complaint.location.file)} line="{complaint.location.line}" time="0">\n'
        f"      <failure message={_attribute(complaint.text)} type={_attribute(complaint.kind)}/>\n    </testcase>\n"
        for complaint in complaints
    )
    return f'  <testsuite name="grants" {_counts((), set(), len(complaints))}>\n{cases}  </testsuite>\n'


def _counts(findings: Collection[Finding], failing: set[str], grants: int = 0) -> str:
    failures = sum(finding.id in failing for finding in findings) + grants
    errors = sum(finding.verdict is Verdict.ERROR for finding in findings)
    skipped = sum(_skipped(finding, failing) for finding in findings)
    return f'tests="{len(findings) + grants}" failures="{failures}" errors="{errors}" skipped="{skipped}"'


def _skipped(finding: Finding, failing: set[str]) -> bool:
    return finding.id not in failing and finding.verdict not in (Verdict.SUPPORTED, Verdict.ERROR)


def _case(finding: Finding, claim: ClaimCard, failing: set[str]) -> str:
    name = finding.id.partition("/")[2] or finding.kind
    head = (
        f"    <testcase classname={_attribute(claim.id)} name={_attribute(name)} "
        f'file={_attribute(finding.location.file)} line="{finding.location.line}" time="0"'
    )
    message = _attribute(f"{finding.verdict}: {finding.reason}: {finding.detail}")
    body = escape(visible(f"{claim.text} | {finding.reading}"))
    if finding.verdict is Verdict.ERROR:
        inner = f"<error message={message} type={_attribute(finding.reason)}>{body}</error>"
        return f"{head}>\n      {inner}\n    </testcase>\n"
    if finding.id in failing:
        inner = f"<failure message={message} type={_attribute(finding.reason)}>{body}</failure>"
        return f"{head}>\n      {inner}\n    </testcase>\n"
    if finding.verdict is Verdict.SUPPORTED:
        return f"{head}/>\n"
    return f"{head}>\n      <skipped message={message}/>\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
