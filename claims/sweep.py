"""Every printed average of the evidence, recomputed from the cells beside it.

A study declares which printed averages there are and by which rule they were made; how many reproduce is counted,
never written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.check import decide
from claims.evidence import Evidence
from claims.finding import Location
from claims.kinds.case import Case, Setting
from claims.model import Claim, ClaimsFile, Gain, Selector, SweepEntry, Value
from claims.outcome import SweepRow
from claims.selector import Frame
from claims.yaml_marks import Document

SAME = ("source", "split", "model", "intermediate", "variant")
"""Columns in which an average and its cells agree, unless the entry says otherwise."""


def sweep(file: ClaimsFile, document: Document, evidence: Evidence) -> tuple[SweepRow, ...]:
    """Rows of the consistency sweep, in the order of the entries and of the evidence."""
    setting = Setting.of(file, evidence)
    return tuple(
        row
        for at, entry in enumerate(file.sweep)
        for row in _entry(setting, entry, Location(document.file, *document.where(("sweep", at))), at)
    )


def _entry(setting: Setting, entry: SweepEntry, location: Location, at: int) -> Iterator[SweepRow]:
    """One row per printed average that the entry's selector matches."""
    evidence = setting.evidence
    text = evidence.results.text
    rows = [row for single in Frame(evidence, {}).enumerate(entry.printed) for row in evidence.rows(single)]
    for position, row in enumerate(rows):
        words = {name: text(name, row) for name in (*SAME, "target", "language", "metric", "locator")}
        printed = text("printed", row)
        assertion = _assertion(entry, words, printed)
        what = _filled(entry.what, words)
        claim = Claim(id=f"sweep.{at + 1}.{position + 1}", text=what, assertions=[assertion])
        finding = decide(Case(setting, claim, assertion, location, 0))
        yield SweepRow(words["source"], words["locator"], what, printed, finding)


def _filled(text: str, words: dict[str, str]) -> str:
    """Text with {column} replaced; anything else in braces stays, because nothing of a file is evaluated."""
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), text)


def _assertion(entry: SweepEntry, words: dict[str, str], printed: str) -> Value | Gain:
    """That the mean of the cells beside a printed average is what is printed."""
    same: Selector = {name: words[name] for name in SAME}
    same.update(entry.where)
    if words["metric"].startswith("gain_"):
        over: Selector = {
            **same,
            "intermediate": "none",
            "variant": entry.where.get("variant", "plain"),
            "language": "all",
        }
        return Gain(kind="gain", of={**same, "language": "all"}, over=over, mean=entry.mean, equals=printed)
    if entry.mean == "language":
        of: Selector = {**same, "target": words["target"], "metric": words["metric"]}
    else:
        of = {**same, "language": "all"}
    return Value(kind="value", of=of, mean=entry.mean, equals=printed)
