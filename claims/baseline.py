"""The accepted findings of a study, `baseline.yaml`: read with every problem, written whole, reasons kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from claims.finding import Finding, Verdict
from claims.load import validated
from claims.yaml_marks import read_yaml

FILE: Final = "baseline.yaml"
_HEAD: Final = """\
# Findings that are known and accepted: a check passes while nothing changes for the worse.
# Written by `verify-claims check --write-baseline`; `why` is written by hand and kept.
schema: verify-claims/baseline/1
"""


class Accepted(BaseModel):
    """One accepted finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    verdict: Literal["contradicted", "inconclusive", "out_of_scope", "unverifiable"]
    reason: str
    why: str | None = None


class BaselineFile(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    format: Literal["verify-claims/baseline/1"] = Field(alias="schema")
    accepted: list[Accepted] = []


def read_baseline(path: Path) -> dict[str, Accepted]:
    """Accepted findings by id; raises `InputError` with every problem of the file."""
    file = validated(BaselineFile, read_yaml(path, path.name))
    return {entry.id: entry for entry in file.accepted}


def baseline_text(findings: Iterable[Finding], before: dict[str, Accepted]) -> str:
    """Text of a baseline that accepts every finding that is neither supported nor an error."""
    lines = []
    for finding in findings:
        if finding.verdict in (Verdict.SUPPORTED, Verdict.ERROR):
            continue
        entry: dict[str, Any] = {
            "id": finding.id,
            "verdict": str(finding.verdict),
            "reason": str(finding.reason),
        }
        known = before.get(finding.id)
        if known is not None and known.why and known.verdict == entry["verdict"]:
            entry["why"] = known.why
        pairs = ", ".join(f"{name}: {_yaml_word(word)}" for name, word in entry.items())
        lines.append(f"  - {{{pairs}}}\n")
    return _HEAD + ("accepted:\n" + "".join(lines) if lines else "accepted: []\n")


def _yaml_word(word: str) -> str:
    """A word that YAML reads back as it is; a JSON string is one."""
    plain = (
        word.replace("_", "").replace(".", "").replace("/", "").replace("-", "").isalnum()
        and word[:1].isalpha()
    )
    return word if plain and word.isascii() else json.dumps(word, ensure_ascii=False)
