"""The claims file and the sources file as frozen models: what may be written, and nothing else.

The models carry no logic but their own consistency. Positions belong to `claims.load`, decisions to `claims.kinds`.
"""

# ruff: noqa: RUF012  pydantic copies the defaults of a model; ruff sees that only for direct children of BaseModel

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from claims.assertions import (
    AnyAssertion,
    Assertion,
    Best,
    Comparison,
    Contrast,
    Fact,
    Gain,
    NoGain,
    Order,
    Quote,
    Regenerated,
    Share,
    Trend,
    Value,
)
from claims.grants import Policy
from claims.words import ColumnName, Identifier, Model, Name, PrintedText, Selector, Sha256, Text

__all__ = [
    "AnyAssertion",
    "Assertion",
    "Best",
    "ColumnName",
    "Comparison",
    "Contrast",
    "Fact",
    "Gain",
    "Identifier",
    "Model",
    "Name",
    "NoGain",
    "Order",
    "PrintedText",
    "Quote",
    "Regenerated",
    "Selector",
    "Share",
    "Text",
    "Trend",
    "Value",
]


class Scope(Model):
    """What a claim is about; the default filter of its selectors."""

    source: Name | None = None
    benchmark: Name | None = None
    split: Name | None = None
    model: Name | None = None


def _anchor(text: str) -> str:
    from claims.documents.bindings import parse_anchor

    parse_anchor(text)
    return text


class Binding(Model):
    """Where a document prints the claim's number."""

    file: Name
    """The document, inside the study's folder."""
    text: Annotated[Text, AfterValidator(_anchor)]
    """The words around the number, which stands at `{}`; every place that they match must print it."""
    number: PrintedText | None = None
    """The number; without it, that of the first assertion with `equals`."""


class SetAside(Model):
    """Numbers of a document that claim nothing, with the reason."""

    file: Name
    text: Annotated[Text, AfterValidator(_anchor)]
    """The words around the number, which stands at `{}`."""
    reason: Text


class Family(Model):
    """Contrasts that were registered together; the claim has them all, as they were registered, and no other."""

    contrasts: Annotated[list[Identifier], Field(min_length=1)]
    """Their names."""
    sha256: Sha256
    """Hash of their texts, cells, weights, alternatives and margins, and of the rule; `replicate --pin` writes it."""


class Claim(Model):
    """A canonical claim: its statement, its scope and its machine-checkable readings."""

    id: Identifier
    text: Text
    group: Name = "claims"
    scope: Scope = Scope()
    status: Literal["confirmed", "draft"] = "confirmed"
    """A draft is never checked as if confirmed."""
    notes: list[Text] = []
    tags: list[Identifier] = []
    """Words that the severities of the policy name, e.g. headline."""
    printed_in: list[Binding] = []
    family: Family | None = None
    """What its assertions of kind `contrast` are held to."""
    assertions: Annotated[list[AnyAssertion], Field(alias="assert", min_length=1)]


class Averaging(Model):
    """How a benchmark makes one number of many: the mean over members; a list in a member is itself averaged."""

    text: Text
    source: Name | None = None
    mean: Annotated[list[Selector], Field(min_length=1)]
    groups: dict[Name, list[Name]] = {}
    """Named sets of members (by their target), whose contributions to an averaged gain are shown."""


class Collected(Model):
    """Files of another tool that an adapter reads into the results table."""

    path: Name
    """A path inside the study; `*` and `**` match, `{seed}` matches and fills the column `seed`."""
    reader: Annotated[Name, Field(alias="as")]
    """Name of the adapter, e.g. hf-trainer, lm-eval, json, table."""
    fill: Annotated[dict[ColumnName | Literal["status"], Name], Field(alias="set")] = {}
    """Columns that every row gets."""
    rename: dict[ColumnName, dict[Name, Name]] = {}
    """Per column, the tool's word -> the claims' word."""
    keep: dict[ColumnName, list[Name]] = {}
    """Per column, the words (after renaming) of the rows to keep; without it, all."""
    unit: Literal["points", "fraction"] = "points"
    """`fraction` multiplies by 100, so that 0.843 is 84.3 points."""
    options: dict[Name, Any] = {}
    """What this adapter needs to be told; see its documentation."""
    sha256: dict[Name, Sha256] = {}
    """File -> hash that it must have."""


class SweepEntry(Model):
    """Every printed average that a selector matches, recomputed from the cells beside it."""

    what: Text
    printed: Selector
    mean: Name
    """An averaging rule, or the column `language`."""
    where: Selector = {}
    """Columns of the cells that differ from those of the printed average."""


class ClaimsFile(Model):
    """The file `claims.yaml` of a study."""

    format: Annotated[Literal["verify-claims/1"], Field(alias="schema")]
    study: Identifier
    title: Text
    evidence: list[Name] = ["evidence"]
    """CSV, TSV or Parquet files, or folders of them, inside the study's folder."""
    collect: list[Collected] = []
    """Files of other tools, read by adapters."""
    defaults: Selector = {}
    """Filters for columns that neither scope nor selector name."""
    names: dict[ColumnName, list[Name]] = {}
    """Words that selectors may use although no row has them yet."""
    groups: dict[Name, Text] = {}
    averages: dict[Name, Averaging] = {}
    sweep: list[SweepEntry] = []
    set_aside: list[SetAside] = []
    policy: Policy = Policy()
    """Which findings fail a build."""
    claims: Annotated[list[Claim], Field(min_length=1)]


class SourceText(Model):
    """A text of a source that quotes are searched in."""

    file: Name
    complete: bool
    """Whether it is the whole text; only then does a missing quote contradict."""


class Source(Model):
    """A root document with a version."""

    id: Name
    title: Text
    version: Name | None = None
    root: Name | None = None
    """The root document; two versions of one paper share it. Without it, the id."""
    holding: Literal["full", "partial", "none"] = "partial"
    """How much of it is among the evidence."""
    at_hand: Text
    """The same in words: "Tables 1-2", "abstract only", "nothing"."""
    benchmarks: list[Name] = []
    texts: list[SourceText] = []


class SourcesFile(Model):
    """The file `sources.yaml` of a study."""

    format: Annotated[Literal["verify-claims/sources/1"], Field(alias="schema")]
    sources: list[Source]
