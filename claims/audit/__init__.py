"""Audits reports: what is odd about them, report by report and across them, with or without a study.

Room plan
---------
counts        stated counts against the table; lines not understood
coverage      the question against the claims; the title against the question
separation    verdicts as a threshold on the confidence
verdicts      opposite, false and circular verdicts
independence  how many independent roots stand behind the mentions
"""

from collections.abc import Sequence

from claims.audit.counts import counts_finding, not_understood_finding
from claims.audit.coverage import question_finding, title_finding
from claims.audit.independence import Root, count_roots, independence_finding, roots_of
from claims.audit.separation import threshold_finding
from claims.audit.verdicts import circular_finding, false_findings, opposite_findings
from claims.outcome import AuditFinding, ClaimCard, ReportCard

__all__ = ["CODES", "Root", "audit", "count_roots", "problematic", "roots_of"]

CODES = (
    "counts",
    "question_uncovered",
    "title_question",
    "not_understood",
    "threshold",
    "independence",
    "opposite_verdicts",
    "false_tick",
    "false_cross",
    "circular",
)
"""Every code of an observation, in the order in which they are told."""


def audit(reports: Sequence[ReportCard], claims: Sequence[ClaimCard] = ()) -> tuple[AuditFinding, ...]:
    """Everything there is to say about the reports: first each on its own, then all together.

    Parameters
    ----------
    reports : sequence of ReportCard
        With `Mention.claims` filled, where there is a study (`claims.clustering.map_mentions`).
    claims : sequence of ClaimCard
        The decided claims; without them nothing is said about false verdicts and circular evidence.
    """
    each = (counts_finding, question_finding, title_finding, not_understood_finding)
    found = [finding for report in reports for judge in each if (finding := judge(report)) is not None]
    across = (threshold_finding(reports), independence_finding(reports, claims, roots_of(reports)))
    found += [finding for finding in across if finding is not None]
    found += opposite_findings(reports)
    found += false_findings(reports, claims)
    circular = circular_finding(reports, claims)
    return tuple(found if circular is None else [*found, circular])


def problematic(finding: AuditFinding) -> bool:
    """Whether the observation speaks against a report, rather than only describing it.

    Counts are a problem if one disagrees, a title if it does not fit, a threshold if it gives at least nineteen of
    twenty verdicts, independence if fewer roots than reports stand behind the mentions. The other codes are used for
    problems only.
    """
    data = finding.data
    if finding.code == "counts":
        return False in data["agrees"].values()
    if finding.code == "title_question":
        return data["fits"] is False
    if finding.code == "threshold":
        return bool(20 * data["right"] >= 19 * data["total"])
    if finding.code == "independence":
        return len(data["roots"]) < int(data["reports"])
    return True
