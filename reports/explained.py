"""One claim in full, as text: what it says, who says so, every assertion with its cells, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator

from claims.finding import Cell, Finding
from claims.outcome import ClaimCard, Outcome
from claims.standing import claim_level, claim_verdict
from reports.plain import visible
from reports.words import SIGNS, count, label

CELLS = 40
"""Cells listed per assertion; the JSON has all."""


def render_claim(outcome: Outcome, claim: ClaimCard) -> str:
    """Text of one claim, with a final newline."""
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
            lines.append(f"            {mark} {mention.confidence or '-':<5} {mention.report}:{mention.line}")
    lines += [f"  note      {visible(note)}" for note in claim.notes]
    for finding in claim.findings:
        lines += ["", *_finding(finding)]
    return "".join(f"{visible(line)}\n" for line in lines)


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
