"""The entries that a baseline should hold: what is granted anew, what is tightened, what is dropped.

A new grant needs a reason and a day from whoever gives it. Tightening needs neither: an entry that is stale goes, and
one that is looser than what is found takes the better verdict or the smaller margin and keeps its reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.errors import InputError, Problem
from claims.finding import Finding, Verdict
from claims.policy import Acceptance, Complaint, Judgement, accepted_margin

Entry = dict[str, str]


def entries(
    findings: Sequence[Finding],
    judgement: Judgement,
    accepted: Sequence[Acceptance],
    chosen: Sequence[str],
    why: str | None,
    until: str | None,
) -> list[Entry]:
    """Entries of the baseline after accepting.

    Parameters
    ----------
    findings, judgement, accepted
        Of one check, and the acceptances that it counted.
    chosen
        Ids of findings or claims to accept; none means all that fail.
    why, until
        Reason and last day of new grants, `never` for no such day.

    Raises
    ------
    InputError
        An unknown id; something that cannot be accepted; a new grant without reason or day. All are told.
    """
    complaints = {complaint.id: complaint for complaint in judgement.complaints}
    found = {finding.id: finding for finding in findings}
    new = _chosen(found, judgement, complaints, chosen)
    problems = [
        Problem(f"{finding.id} cannot be accepted: it is {finding.verdict}", _remedy(finding))
        for finding in new
        if finding.verdict in (Verdict.SUPPORTED, Verdict.ERROR)
    ]
    if new and not problems and (not why or not until):
        listed = ", ".join(finding.id for finding in new[:10]) + (" ..." if len(new) > 10 else "")
        what = f"{'1 finding is' if len(new) == 1 else f'{len(new)} findings are'} not accepted yet: {listed}"
        problems.append(Problem(what, "say --why REASON and --until DATE (or --until never)"))
    if problems:
        raise InputError(*problems)
    granted = {finding.id: _entry(finding, str(why), until) for finding in new}
    kept = []
    for acceptance in accepted:
        if acceptance.id in granted:
            kept.append(granted.pop(acceptance.id))
            continue
        kind = complaints[acceptance.id].kind if acceptance.id in complaints else ""
        if kind == "stale" and (not chosen or _names(chosen, acceptance.id)):
            continue
        tightens = kind == "loose" and (not chosen or _names(chosen, acceptance.id))
        kept.append(
            _entry(found[acceptance.id], acceptance.why, acceptance.until)
            if tightens
            else _as_it_is(acceptance)
        )
    return [*kept, *granted.values()]


def _chosen(
    found: dict[str, Finding], judgement: Judgement, complaints: dict[str, Complaint], chosen: Sequence[str]
) -> list[Finding]:
    """Findings to accept anew: those that fail, or those that were chosen and are not accepted as they are."""
    failing = set(judgement.failing)
    if not chosen:
        return [found[id] for id in judgement.failing if id in found]
    picked = []
    for name in chosen:
        mine = [finding for finding in found.values() if _names([name], finding.id)]
        if not mine and name not in complaints:
            from difflib import get_close_matches

            near = get_close_matches(name, list(found), n=1, cutoff=0.4)
            remedy = f"did you mean {near[0]}?" if near else "`verify-claims check` lists all"
            raise InputError(Problem(f"there is no finding or claim {name!r}", remedy))
        exact = name in found
        for finding in mine:
            known = finding.id in judgement.accepted or finding.id in complaints
            open_ = exact or finding.verdict not in (Verdict.SUPPORTED, Verdict.ERROR)
            if finding.id in failing or (open_ and not known):
                picked.append(finding)
    return list({finding.id: finding for finding in picked}.values())


def _names(chosen: Sequence[str], id: str) -> bool:
    """Whether an id, or the claim that it belongs to, was chosen."""
    return any(name in (id, id.partition("/")[0]) for name in chosen)


def _remedy(finding: Finding) -> str:
    if finding.verdict is Verdict.ERROR:
        return "mend what could not be checked; that is never accepted"
    return "extend its tolerance in claims.yaml" if finding.tolerance else "there is nothing to accept"


def _entry(finding: Finding, why: str, until: str | None) -> Entry:
    entry: Entry = {"id": finding.id, "verdict": str(finding.verdict), "reason": str(finding.reason)}
    margin = accepted_margin(finding)
    if margin is not None:
        entry["margin"] = margin
    if until is not None:
        entry["until"] = until
    return entry | {"why": why}


def _as_it_is(acceptance: Acceptance) -> Entry:
    entry = {"id": acceptance.id, "verdict": str(acceptance.verdict), "reason": acceptance.reason}
    more = {"margin": acceptance.margin, "until": acceptance.until, "why": acceptance.why}
    return entry | {name: word for name, word in more.items() if word is not None}
