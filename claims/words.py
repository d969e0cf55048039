"""The words that all files of a study are written in: names, texts, selectors, printed numbers; closed models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from analysis.printed import parse_printed

if TYPE_CHECKING:
    ColumnName: TypeAlias = str  # a mapping is invariant in its keys, so a literal would fit nothing
else:
    ColumnName = Literal[
        "source",
        "locator",
        "scale",
        "split",
        "model",
        "intermediate",
        "variant",
        "target",
        "language",
        "metric",
        "seed",
    ]
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Identifier: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._+-]{0,119}$")]
Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Selector: TypeAlias = dict[ColumnName, Name | Annotated[list[Name], Field(min_length=1)]]
"""Column filters: a word must be equal, a list enumerates, "*" stands for every word that the table has."""


def _printed(text: str) -> str:
    parse_printed(text)
    return text


PrintedText: TypeAlias = Annotated[
    str, AfterValidator(_printed), Field(json_schema_extra={"format": "printed-number"})
]
"""A number as printed, in quotes: "8.70" is not "8.7"."""


class Model(BaseModel):
    """Frozen, and closed: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
