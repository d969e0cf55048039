"""Whether a report's stated counts agree with its own table, and with each other.

A count that is not stated is not compared, and a count of ticks cannot be compared where verdicts are missing: that
is "unknown", neither agreement nor disagreement.
"""

from __future__ import annotations

from claims.outcome import AuditFinding, ReportCard


def counts_finding(report: ReportCard) -> AuditFinding | None:
    """The comparison of stated counts with rows; None where the report states none."""
    rows = len(report.mentions)
    missing = sum(mention.verdict is None for mention in report.mentions)
    ticks = sum(mention.verdict is True for mention in report.mentions)
    agrees: dict[str, bool | None] = {}
    said: list[str] = []
    if "claims" in report.counts:
        agrees["claims"] = _number(report.counts["claims"]) == rows
        said.append(f"states {report.counts['claims']} claims, the table has {rows}")
    if "verified" in report.counts:
        stated = _number(report.counts["verified"])
        # With verdicts missing, the stated number is excluded only if the ticks are too many or could never suffice.
        possible = ticks <= stated <= ticks + missing
        agrees["verified"] = (None if possible else False) if missing else stated == ticks
        lost = f" and {missing} without a verdict" if missing else ""
        said.append(f"states {stated} verified, the table has {ticks} ticks{lost}")
    for name in ("papers", "quality"):
        here, there = report.counts.get(name), report.counts.get(f"{name} (methodology)")
        if here is not None and there is not None:
            agrees[name] = here == there
            if here != there:
                said.append(f"states {name} {here} and, in its methodology, {there}")
    if not agrees:
        return None
    verdict = (
        "do not agree"
        if False in agrees.values()
        else "agree as far as they can be compared"
        if None in agrees.values()
        else "agree"
    )
    data = {
        "agrees": agrees,
        "stated": dict(report.counts),
        "rows": rows,
        "ticks": ticks,
        "crosses": sum(mention.verdict is False for mention in report.mentions),
        "verdicts_missing": missing,
        "confidences_missing": sum(mention.confidence is None for mention in report.mentions),
        "references": len(report.references),
    }
    return AuditFinding("counts", (report.id,), None, f"Counts {verdict}: {'; '.join(said)}.", data)


def not_understood_finding(report: ReportCard) -> AuditFinding | None:
    """The lines of the claims section that no rule understood; None where there are none."""
    if not report.not_understood:
        return None
    places = ", ".join(str(line) for line, _ in report.not_understood[:10])
    more = ", ..." if len(report.not_understood) > 10 else ""
    count = len(report.not_understood)
    text = (
        f"{count} line{'s' if count > 1 else ''} of the claims section not understood: line {places}{more}."
    )
    data = {"lines": [{"line": line, "text": text} for line, text in report.not_understood]}
    return AuditFinding("not_understood", (report.id,), None, text, data)


def _number(printed: str) -> int:
    """The count as a number, thousands separators dropped."""
    return int(printed.replace(",", ""))
