"""The file analysis.yaml: questions as data, so that another study can ask the same of its own numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from claims.load import validated
from claims.model import Identifier, Model, Name, PrintedText, Selector, Text
from claims.yaml_marks import read_yaml

FILE = "analysis.yaml"


class Deviation(Model):
    """Where the standard deviation of one run between seeds is borrowed from, for one target."""

    target: Name
    of: Selector
    """Rows of the tables whose metric starts with `sd_` (the deviation) and `df_` (its degrees of freedom)."""
    proxy: Text | None = None
    """Set where the deviation is another target's: why it is taken."""


class Question(Model):
    """What every question has."""

    id: Identifier
    text: Text
    notes: list[Text] = Field(default_factory=list)
    """What the evidence cannot say, beside what the computation finds."""


class Highlight(Model):
    """One gain to be answered by name."""

    setting: Name
    target: Name


class Noise(Question):
    """Which printed gains exceed seed noise."""

    kind: Literal["noise"]
    where: Selector
    highlight: Highlight | None = None


class Spread(Question):
    """How gains differ between the targets of an averaging rule."""

    kind: Literal["spread"]
    where: Selector
    mean: Name


class Without(Question):
    """Average gains with and without a group of targets."""

    kind: Literal["without"]
    where: Selector
    mean: Name
    group: Name


class StatedDose(Model):
    """A gain that a text states at a number of tasks."""

    dose: Annotated[int, Field(ge=0)]
    gain: PrintedText


class Stated(Model):
    """A series of doses that a text states."""

    name: Name
    points: Annotated[list[StatedDose], Field(min_length=2)]
    note: Text


class Doses(Question):
    """What gains at several numbers of tasks say about diminishing returns."""

    kind: Literal["doses"]
    where: Selector
    mean: Name
    group: Name | None = None
    doses: Annotated[dict[Name, Annotated[int, Field(ge=0)]], Field(min_length=2)]
    """Intermediate setting -> number of tasks."""
    stated: list[Stated] = Field(default_factory=list)


class Effects(Question):
    """Gains of many models pooled; rows with metrics mean, sd (baseline) and median, mad, models (treated)."""

    kind: Literal["pooled"]
    where: Selector
    baseline_seeds: Annotated[int, Field(ge=2)] = 20


class Power(Question):
    """Seeds needed for differences, and differences that numbers of seeds can detect."""

    kind: Literal["power"]
    differences: Annotated[list[PrintedText], Field(min_length=1)]
    seeds: Annotated[
        list[Annotated[int, Field(ge=2)]], Field(default_factory=lambda: [3, 5, 10], min_length=1)
    ]


AnyQuestion: TypeAlias = Annotated[
    Noise | Spread | Without | Doses | Effects | Power, Field(discriminator="kind")
]


class QuestionsFile(Model):
    """The file as a whole."""

    schema_: Annotated[Literal["verify-claims/analysis/1"], Field(alias="schema")]
    tables: Annotated[list[Name], Field(min_length=1)]
    """Results tables, relative to the study."""
    deviations: list[Deviation] = Field(default_factory=list)
    questions: Annotated[list[AnyQuestion], Field(min_length=1)]


def read_questions(folder: Path) -> QuestionsFile | None:
    """Return the study's questions, or None where it has no analysis.yaml; InputError with every fault."""
    path = folder / FILE
    return validated(QuestionsFile, read_yaml(path, FILE)) if path.is_file() else None
