"""GitHub workflow commands and job summary of a check.

A workflow shows at most 10 error and 10 warning annotations per step and drops the rest without a word, so the
last one printed says how many are missing and where to read them. Text from claims and reports is escaped as the
runner unescapes it: a claim cannot smuggle in a command of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from claims.finding import Finding, Location, Verdict
from claims.outcome import Outcome
from claims.policy import Complaint
from reports.places import in_repository
from reports.plain import visible

LIMIT: Final = 10
"""Annotations of one kind that a step may show."""

LISTED: Final = 100
"""Grants listed in a job summary."""

SUMMARY_BYTES: Final = 1_000_000
"""A job summary above 1 MiB is refused by the runner; stay under it."""


def render_annotations(
    outcome: Outcome,
    failing: Collection[str] = (),
    complaints: Sequence[Complaint] = (),
    ignored: Collection[str] = (),
) -> str:
    """Workflow commands, one a line: errors for what fails or could not be checked, warnings for what stays open.

    Parameters
    ----------
    outcome
        Result of a check.
    failing, ignored
        Ids of the findings that fail the policy, and of those that it leaves out.
    complaints
        Acceptances and tolerances that fail.
    """
    outcome, complaints = in_repository(outcome, complaints)
    bad = [f for f in outcome.findings if f.id in failing or f.verdict is Verdict.ERROR]
    errors = [_annotation(f) for f in bad] + [
        (c.location, f"{c.id}: {c.kind} grant", c.text) for c in complaints
    ]
    told = {f.id for f in bad} | set(ignored)
    rest = [f for f in outcome.findings if f.id not in told]
    warnings = [_annotation(f) for f in rest if f.verdict not in (Verdict.SUPPORTED, Verdict.UNVERIFIABLE)]
    lines = [*_capped("error", errors), *_capped("warning", warnings)]
    return "".join(f"{line}\n" for line in lines)


def render_summary(
    outcome: Outcome, failing: Collection[str] = (), complaints: Sequence[Complaint] = ()
) -> str:
    """Job summary in Markdown: the counts, then a table of what is not supported, cut to what a runner accepts."""
    counts = Counter(f.verdict for f in outcome.findings)
    words = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    head = [
        f"## Claims of {_cell(outcome.study)}",
        "",
        f"{len(outcome.claims)} claims, {len(outcome.findings)} assertions: {words or 'nothing was checked'}.",
        "",
    ]
    head += [f"- ❌ {_cell(c.id)}: {_cell(c.kind)} grant: {_cell(c.text)}" for c in complaints[:LISTED]]
    if complaints:
        more = len(complaints) - LISTED
        head += ([f"- and {more} more"] if more > 0 else []) + [""]
    open_findings = sorted(
        (f for f in outcome.findings if f.verdict is not Verdict.SUPPORTED), key=lambda f: f.id not in failing
    )
    if not open_findings:
        return "\n".join(head)
    head += ["| | claim | verdict | reason | what was found |", "|---|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in head)
    for shown, finding in enumerate(open_findings):
        mark = "❌" if finding.id in failing else "·"
        cells = (mark, finding.id, finding.verdict, finding.reason, finding.detail)
        row = "| " + " | ".join(_cell(cell) for cell in cells) + " |"
        size += len(row.encode()) + 1
        if size > SUMMARY_BYTES - 200:
            head.append(f"\n{len(open_findings) - shown} more are in the JSON and SARIF files.")
            break
        head.append(row)
    return "\n".join(head) + "\n"


def _annotation(finding: Finding) -> tuple[Location, str, str]:
    """Place, title and text of a finding's annotation."""
    return finding.location, f"{finding.claim}: {finding.verdict}", finding.detail


def _capped(kind: str, annotations: list[tuple[Location, str, str]]) -> Iterable[str]:
    shown = annotations if len(annotations) <= LIMIT else annotations[: LIMIT - 1]
    for location, title, text in shown:
        place = f"file={_property(location.file)},line={location.line},col={location.column}"
        properties = f"{place},title={_property(title)}"
        yield f"::{kind} {properties}::{_data(text)}"
    if len(annotations) > len(shown):
        more = len(annotations) - len(shown)
        yield f"::{kind} title=verify-claims::{more} more of this kind; the job summary and the SARIF file list all"


def _data(text: str) -> str:
    """`text` as the runner unescapes it; what a reader cannot see is named."""
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """`text` as inert table content: no markup, no link, no second line."""
    flat = " ".join(visible(str(text)).split())
    return "".join(f"&#{ord(char)};" if char in "&<>|`*_[]\\~@#!$" else char for char in flat)
