"""The result object for a person at a terminal: a table where there is one, plain lines otherwise.

Both show the same: per claim its verdict, level and text, and below it what each assertion that is not supported
came to; of a claim that is open also what is supported. Text of claims is made inert, so that no escape sequence of a
file reaches the terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from claims.finding import Reason, Verdict
from claims.outcome import ClaimCard, Outcome
from claims.policy import Complaint
from claims.standing import claim_level, claim_verdict
from reports.plain import visible
from reports.words import SIGNS, count, label

if TYPE_CHECKING:
    from rich.table import Table

STYLES: Final = {
    Verdict.SUPPORTED: "green",
    Verdict.CONTRADICTED: "bold red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.OUT_OF_SCOPE: "magenta",
    Verdict.UNVERIFIABLE: "blue",
    Verdict.ERROR: "bold white on red",
}
MOST: Final = 200
"""Claims listed; of a larger study only what is not supported is listed, up to as many."""


def render_plain(
    outcome: Outcome, failing: Collection[str] = (), complaints: Sequence[Complaint] = ()
) -> str:
    """Plain text of the outcome, with a final newline."""
    lines: list[str] = []
    for group, claims in _groups(outcome):
        lines += ["", group]
        for claim in claims:
            verdict = claim_verdict(claim.findings)
            lines.append(
                f"{SIGNS[verdict]} {label(verdict):<12} {claim_level(claim.findings):<11} {visible(claim.id)}  "
                f"{visible(claim.text)}"
            )
            lines += [f"    {told}" for told, _ in _shown(claim, failing)]
    return "".join(f"{visible(line)}\n" for line in [*lines[1:], "", *closing(outcome, failing, complaints)])


def table(outcome: Outcome, failing: Collection[str] = ()) -> Table:
    """The same as a rich table."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    made = Table(show_edge=False, pad_edge=False, expand=True, row_styles=("",))
    made.add_column("verdict", no_wrap=True)
    made.add_column("level", no_wrap=True)
    made.add_column("claim", ratio=1)
    for group, claims in _groups(outcome):
        made.add_row("", "", Text(visible(group), style="bold"))
        for claim in claims:
            verdict = claim_verdict(claim.findings)
            sign = Text(f"{SIGNS[verdict]} {label(verdict)}", style=STYLES[verdict])
            text = Text(visible(claim.text))
            text.append(f"  {visible(claim.id)}", style="dim")
            details = (
                Padding(Text(told, style="" if fails else "dim"), (0, 0, 0, 2))
                for told, fails in _shown(claim, failing)
            )
            made.add_row(sign, Text(claim_level(claim.findings)), Group(text, *details))
    return made


def _worst(outcome: Outcome) -> str:
    """The printed average that its cells exclude by most."""
    wrong = [row for row in outcome.sweep if row.finding.reason is Reason.OUTSIDE_ROUNDING]
    if not wrong:
        return ""
    row = max(wrong, key=lambda row: Decimal(row.finding.margin or "0"))
    return f"; furthest off: {visible(row.what)} prints {visible(row.printed)}, its cells give {row.finding.computed}"


def closing(
    outcome: Outcome, failing: Collection[str] = (), complaints: Sequence[Complaint] = ()
) -> list[str]:
    """The lines under the table: counts, what a reader should know, what fails."""
    verdicts = Counter(claim_verdict(claim.findings) for claim in outcome.claims)
    mentions = sum(len(report.mentions) for report in outcome.reports)
    told = ", ".join(f"{verdicts[verdict]} {label(verdict)}" for verdict in Verdict if verdicts[verdict])
    origin = (
        f" from {count(mentions, 'mention')} in {count(len(outcome.reports), 'report')}" if mentions else ""
    )
    lines = [
        f"{count(len(outcome.claims), 'claim')}{origin}: {told or 'nothing to check'}. "
        f"{count(len(outcome.findings), 'assertion')}."
    ]
    if outcome.drafts:
        more = ", ..." if len(outcome.drafts) > 5 else ""
        drafts = count(len(outcome.drafts), "draft")
        lines.append(f"Not decided: {drafts} ({', '.join(outcome.drafts[:5])}{more}).")
    if outcome.sweep:
        reasons = Counter(label(row.finding.reason) for row in outcome.sweep)
        parts = ", ".join(f"{number} {word}" for word, number in reasons.most_common())
        lines.append(f"{count(len(outcome.sweep), 'printed average')} recomputed: {parts}{_worst(outcome)}.")
    lines += [f"{number}. {visible(text)}" for number, text in enumerate(outcome.headlines, start=1)]
    if failing:
        lines.append(f"Failing: {', '.join(failing)}.")
    for complaint in complaints:
        place = f"{complaint.location.file}:{complaint.location.line}"
        lines.append(
            f"Failing {complaint.kind} grant: {visible(complaint.id)} ({place}): {visible(complaint.text)}."
        )
    if any(complaint.kind in ("stale", "loose") for complaint in complaints):
        lines.append(
            "`verify-claims accept` tightens the baseline: it drops what is stale and what is looser than needed."
        )
    return lines


def _groups(outcome: Outcome) -> Iterator[tuple[str, list[ClaimCard]]]:
    """Claims by group; a large study shows only what is not supported."""
    claims = list(outcome.claims)
    if len(claims) > MOST:
        claims = [claim for claim in claims if claim_verdict(claim.findings) is not Verdict.SUPPORTED][:MOST]
    for group in dict.fromkeys(claim.group for claim in claims):
        yield visible(group), [claim for claim in claims if claim.group == group]


def _shown(claim: ClaimCard, failing: Collection[str]) -> list[tuple[str, bool]]:
    """What each assertion that is not supported came to, and whether it fails; equal sentences are told once.

    Of a claim that is unverifiable as a whole, what is supported is told as well: it may stand in print.
    """
    told: dict[tuple[bool, str], list[str]] = {}
    undecided = claim_verdict(claim.findings) is Verdict.UNVERIFIABLE
    for finding in claim.findings:
        if finding.verdict is not Verdict.SUPPORTED or undecided:
            sentence = f"{label(finding.reason)}. {visible(finding.detail)}"
            told.setdefault((finding.id in failing, sentence), []).append(finding.id.partition("/")[2])
    return [
        (f"{'FAILS ' if fails else ''}{visible(', '.join(names))}: {sentence}", fails)
        for (fails, sentence), names in told.items()
    ]
