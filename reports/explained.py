"""One claim in full, as text: what it says, who says so, every assertion with its cells, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten

from claims.finding import Cell, Finding, Verdict
from claims.outcome import ClaimCard, Outcome
from claims.policy import Acceptance, Judgement
from claims.standing import claim_level, claim_verdict
from reports.limits import limits
from reports.plain import visible
from reports.words import SIGNS, count, label

MENTION = 160
"""Characters of a mention's text; the JSON has all."""
CELLS = 40
"""Cells listed per assertion; the JSON has all."""


def render_claim(
    outcome: Outcome,
    claim: ClaimCard,
    judgement: Judgement | None = None,
    accepted: Sequence[Acceptance] = (),
) -> str:
    """Text of one claim, with a final newline.

    Parameters
    ----------
    outcome, claim
        Result of a check, and one of its claims.
    judgement, accepted
        What the policy made of it and the acceptances that it counted, where one was applied.
    """
    verdict = claim_verdict(claim.findings)
    lines = [
        visible(claim.text),
        "",
        f"  claim     {visible(claim.id)}  ({claim.location.file}:{claim.location.line})",
        f"  verdict   {SIGNS[verdict]} {label(verdict)}, level {claim_level(claim.findings)}",
        *(
            [f"  scope     {', '.join(f'{k} {visible(v)}' for k, v in claim.scope.items())}"]
            if claim.scope
            else []
        ),
    ]
    if claim.mentions:
        many = (
            count(len(claim.mentions), "mention"),
            count(claim.n_reports, "report"),
            count(claim.n_roots, "root"),
        )
        lines.append(f"  mentions  {many[0]} in {many[1]}, {many[2]}")
        for mention in claim.mentions:
            mark = {True: "✓", False: "×", None: "-"}[mention.verdict]
            said = shorten(visible(mention.text), MENTION, placeholder=" …")
            lines.append(
                f"            {mark} {mention.confidence or '-':<5} {mention.report}:{mention.line}  {said}"
            )
    lines += [f"  note      {visible(note)}" for note in claim.notes]
    for finding in claim.findings:
        lines += ["", *_finding(finding)]
        if judgement is not None:
            lines.append(f"    policy     {visible(ruling(finding, judgement, accepted))}")
    lines += ["", "does not establish"] + [f"  - {sentence}" for sentence in limits(claim)]
    return "".join(f"{visible(line)}\n" for line in lines)


def ruling(finding: Finding, judgement: Judgement, accepted: Sequence[Acceptance]) -> str:
    """What the policy makes of a finding, and by which rule."""
    held = {acceptance.id: acceptance for acceptance in accepted}.get(finding.id)
    wrong = "; ".join(f"{c.kind}: {c.text}" for c in judgement.complaints if c.id == finding.id)
    level = f"fail_on is {judgement.fail_on}"
    if finding.verdict is Verdict.ERROR:
        return "exit code 3: what could not be checked is neither accepted nor lowered"
    if finding.id in judgement.failing:
        return f"fails: {wrong or f'{finding.verdict} fails, {level}'}"
    if finding.id in judgement.accepted and held is not None:
        until = f", until {held.until}" if held.until else ""
        place = f"{held.location.file}:{held.location.line}"
        return f"accepted in {place}{until}: {held.why}" + (f"; but it fails as {wrong}" if wrong else "")
    for name, ids in (("warning", judgement.warnings), ("ignore", judgement.ignored)):
        if finding.id in ids:
            tags = ", ".join(tag for tag in finding.tags if judgement.severity.get(tag) == name)
            return f"does not fail: the tag {tags} has severity {name}"
    if wrong:
        return f"its grant fails: {wrong}"
    return f"does not fail: {finding.verdict}, and {level}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{SIGNS[finding.verdict]} {visible(finding.id)}: {label(finding.reason)} ({finding.level})"
    yield f"    reads      {visible(finding.reading)}"
    yield f"    found      {visible(finding.detail)}"
    if finding.claimed is not None:
        interval = f" = [{', '.join(finding.claimed_interval)}]" if finding.claimed_interval else ""
        yield f"    claimed    {finding.claimed}{interval}"
    if finding.computed is not None:
        interval = f" in [{', '.join(finding.computed_interval)}]" if finding.computed_interval else ""
        yield f"    computed   {finding.computed}{interval}"
    if finding.margin is not None:
        yield f"    margin     {finding.margin}"
    if finding.sensitivity:
        yield f"    sensitive  {finding.sensitivity}"
    for part in finding.contributions:
        yield f"    carried    {part.points:>6} of {part.of} by {visible(part.group)}"
    for other in finding.alternatives:
        yield f"    besides    {visible(other.label)}: {visible(other.computed)} ({visible(other.note)})"
    for at, cell in enumerate(finding.cells[:CELLS]):
        yield f"    {'cells' if at == 0 else '':<10} {_cell(cell)}"
    if len(finding.cells) > CELLS:
        yield f"               and {len(finding.cells) - CELLS} more; see --json"
    for at, need in enumerate(finding.needs):
        yield f"    {'settled by' if at == 0 else '':<10} {visible(need)}"


def _cell(cell: Cell) -> str:
    words = " ".join(
        word
        for name, word in cell.selector.items()
        if name not in ("scale", "split", "model") and word != "-"
    )
    number = cell.printed if cell.printed is not None else cell.value
    return visible(f"{number}  {words}  {cell.file}:{cell.line}")
