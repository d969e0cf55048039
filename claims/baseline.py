"""The accepted findings of a study, `baseline.yaml`: read with every problem of the file.

An acceptance says what was found (verdict, reason, margin of a contradiction), why that is accepted, and until when.
"""

# ruff: noqa: RUF012  pydantic copies the defaults of a model

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from analysis.errors import InputError
from claims.finding import Location, Reason, Verdict
from claims.grants import day
from claims.load import validated
from claims.policy import Acceptance
from claims.words import Model, Name, PrintedText, Text
from claims.yaml_marks import Document, read_yaml

FILE: Final = "baseline.yaml"


def _day_or_never(text: str) -> str:
    return text if text == "never" else day(text)


class Accepted(Model):
    """One accepted finding."""

    id: Name
    verdict: Literal["contradicted", "inconclusive", "out_of_scope", "unverifiable"]
    reason: Reason
    """The finding's reason code; another reason is another finding."""
    margin: PrintedText | None = None
    """Of a contradiction: how far off is accepted; less and more both fail."""
    why: Text
    """Why it is accepted."""
    until: Annotated[str, AfterValidator(_day_or_never)] | None = None
    """The last day on which it is accepted, like 2027-01-31, or `never` for a thing that no one will change."""


class BaselineFile(Model):
    """The file `baseline.yaml` of a study."""

    format: Literal["verify-claims/baseline/1"] = Field(alias="schema")
    accepted: list[Accepted] = []


def read_baseline(path: Path) -> tuple[Acceptance, ...]:
    """Acceptances of a file; raises `InputError` with every problem of it."""
    return acceptances(read_yaml(path, path.name))


def acceptances(document: Document) -> tuple[Acceptance, ...]:
    """Acceptances of a document; ids are unique."""
    file = validated(BaselineFile, document)
    verdicts = {str(verdict): verdict for verdict in Verdict}
    first: dict[str, int] = {}
    problems = []
    found = []
    for at, entry in enumerate(file.accepted):
        place = document.where(("accepted", at))
        if entry.id in first:
            what, remedy = f"{entry.id!r} is accepted twice", f"line {first[entry.id]} has it already"
            problems.append(document.problem(what, remedy, ("accepted", at, "id")))
        first.setdefault(entry.id, place[0])
        found.append(
            Acceptance(
                entry.id, verdicts[entry.verdict], str(entry.reason), entry.margin, entry.why, entry.until,
                Location(document.file, *place),
            )
        )  # fmt: skip
    if problems:
        raise InputError(*problems)
    return tuple(found)
