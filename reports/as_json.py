"""The result object as JSON: everything that a check established, in the order of the claims file.

Verdicts stand beside their reasons although they follow from them, and a summary counts them, so that no reader has
to know the rules. The study's path is left out: the same study gives the same bytes on every machine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any, Final

from claims.finding import Finding
from claims.lint import Note
from claims.outcome import ClaimCard, Outcome
from claims.policy import Judgement
from claims.standing import claim_level, claim_verdict

INDENTED: Final = 300
"""Findings up to which the JSON is indented; beyond, nobody reads it by eye and indenting costs seconds."""


def render_json(
    outcome: Outcome,
    failing: Collection[str] | None = None,
    judgement: Judgement | None = None,
    notes: Sequence[Note] = (),
) -> str:
    """JSON text of the outcome, with a final newline.

    Parameters
    ----------
    outcome
        Result of a check.
    failing
        Ids of the findings that fail the policy, where one was applied.
    judgement
        The whole judgement, where one was made.
    notes
        What is worth a look and fails nothing.
    """
    indent = 1 if len(outcome.findings) <= INDENTED else None
    plain = as_json(outcome, failing)
    if judgement is not None:
        plain["judgement"] = _plain(judgement) | {"exit_code": judgement.exit_code, "notes": _plain(notes)}
    return json.dumps(plain, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def as_json(outcome: Outcome, failing: Collection[str] | None = None) -> dict[str, Any]:
    """The outcome as plain values."""
    plain: dict[str, Any] = {"schema": outcome.schema, "summary": summary(outcome)}
    if failing is not None:
        plain["failing"] = list(failing)
    plain.update(_plain(outcome))
    del plain["study_path"]
    return plain


def summary(outcome: Outcome) -> dict[str, Any]:
    """The counts of the first page."""
    mentions = [mention for report in outcome.reports for mention in report.mentions]
    claims = outcome.claims
    return {
        "claims": len(claims),
        "assertions": len(outcome.findings),
        "mentions": len(mentions),
        "mapped_mentions": sum(bool(mention.claims) for mention in mentions),
        "reports": len(outcome.reports),
        "claim_verdicts": _counted(str(claim_verdict(claim.findings)) for claim in claims),
        "claim_levels": _counted(str(claim_level(claim.findings)) for claim in claims),
        "assertion_verdicts": _counted(str(finding.verdict) for finding in outcome.findings),
        "assertion_reasons": _counted(str(finding.reason) for finding in outcome.findings),
        "sweep": {
            "averages": len(outcome.sweep),
            **_counted(str(row.finding.reason) for row in outcome.sweep),
        },
    }


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _plain(value: Any) -> Any:
    """Dataclasses as mappings of their fields; findings and claims also name their verdict."""
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no NaN (RFC 8259), and what is no number is missing
    if value is None or isinstance(value, str | int | float):
        return value if type(value) in (str, int, float, bool, type(None)) else str(value)
    if is_dataclass(value):
        plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, Finding):
            return {"id": plain.pop("id"), "verdict": str(value.verdict), **plain}
        if isinstance(value, ClaimCard):
            verdict = {
                "verdict": str(claim_verdict(value.findings)),
                "level": str(claim_level(value.findings)),
            }
            return {"id": plain.pop("id"), **verdict, **plain}
        return plain
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
