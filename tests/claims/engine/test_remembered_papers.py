"""A paper that is at once the text of the claims and their evidence: no finding of its older version is kept."""

from pathlib import Path

import pytest

from claims.remembered import Memory
from claims.study import check_study

CLAIMS = """\
schema: verify-claims/1
study: own-table
title: The text against its table
{collect}
claims:
  - id: xnli
    text: XNLI is at 79.1.
    scope: {{source: paper}}
    printed_in: [{{file: {place}, text: "XNLI is at {{}}", number: "79.1"}}]
    assert:
      - {assertion}
"""
TABLE = """\
collect:
  - path: {place}
    as: table
    set: {{source: paper, status: seen}}
    options: {{rows: variant, columns: target}}
"""
VALUE = '{name: v, kind: value, of: {variant: none, target: XNLI}, equals: "79.1"}'
QUOTE = "{name: v, kind: quote, text: we train for three epochs}"
PAPER = "XNLI is at 79.1, we train for three epochs.\n\n| | XNLI |\n|---|---|\n| none | 79.1 |\n"
SOURCES = """\
schema: verify-claims/sources/1
sources: [{{id: paper, title: p, at_hand: all, holding: full, texts: [{{file: {place}, complete: true}}]}}]
"""


@pytest.mark.parametrize("place", ["paper.md", "text/paper.md"])
@pytest.mark.parametrize(
    ("assertion", "change"),
    [(VALUE, ("none | 79.1", "none | 78.0")), (QUOTE, ("three epochs", "four epochs"))],
    ids=["table", "quote"],
)
def test_evidence_that_is_also_the_text(
    tmp_path: Path, place: str, assertion: str, change: tuple[str, str]
) -> None:
    folder = tmp_path / "study"
    (folder / place).parent.mkdir(parents=True)
    (folder / place).write_text(PAPER)
    (folder / "sources.yaml").write_text(SOURCES.format(place=place))
    (folder / "claims.yaml").write_text(
        CLAIMS.format(collect=TABLE.format(place=place), place=place, assertion=assertion)
    )
    cache = tmp_path / "cache"
    cache.mkdir()

    def verdicts() -> list[str]:
        return [
            str(finding.verdict) for finding in check_study(folder, memory=Memory(cache, "code")).findings
        ]

    assert verdicts() == ["supported", "supported"]
    assert verdicts() == ["supported", "supported"]
    (folder / place).write_text(PAPER.replace(*change))
    assert verdicts() == ["contradicted", "supported"]
