"""What a study grants, why and until when: tolerances of assertions, and the policy that judges its findings."""

# ruff: noqa: RUF012  pydantic copies the defaults of a model

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from analysis.printed import parse_printed
from claims.words import Identifier, Model, PrintedText, Text


def day(text: str) -> str:
    """The day that a text names, in the form 2027-01-31; ValueError where it names none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no date; write it like 2027-01-31") from None


def _distance(text: str) -> str:
    number = parse_printed(text)
    if number.bound != "none" or number.value <= 0:
        raise ValueError(f"{text[:40]!r} is no distance; write a number above zero")
    return text


Day: TypeAlias = Annotated[str, AfterValidator(day), Field(json_schema_extra={"format": "date"})]
"""A day, like 2027-01-31; the last one on which something is granted."""
Severity: TypeAlias = Literal["error", "warning", "ignore"]
FailOn: TypeAlias = Literal["never", "contradicted", "inconclusive", "unverifiable"]


class Tolerance(Model):
    """How far from the claimed number still counts as agreement, why, and until when."""

    by: Annotated[PrintedText, AfterValidator(_distance)]
    """Distance beyond what the printed precision allows."""
    why: Text
    until: Day
    """From the next day on the finding fails, until someone decides anew."""


class Policy(Model):
    """Which findings fail a build; the findings themselves stay as they are."""

    fail_on: FailOn | None = None
    """Verdicts that fail, each with the ones before it; the option `--fail-on` goes before it."""
    severity: dict[Identifier, Severity] = {}
    """Tag -> what becomes of a finding that would fail: `error` fails, `warning` is told, `ignore` is left out; the
    most severe of a finding's tags counts."""
