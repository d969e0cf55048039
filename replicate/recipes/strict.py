"""What all parts of a recipe share: unknown keys are refused, values do not change, numbers have their range."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
SomeShare: TypeAlias = Annotated[float, Field(gt=0, le=1)]
"""A share that is not nothing."""
Count: TypeAlias = Annotated[int, Field(gt=0)]
Positive: TypeAlias = Annotated[float, Field(gt=0)]
Length: TypeAlias = Annotated[int, Field(ge=8)]
"""Tokens of a row: four special ones, and as many again, so that there is room for two texts."""


class Strict(BaseModel):
    """A part of a recipe: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Wrong(NamedTuple):
    """A wrong value that only a look at several values shows, with the place of the one that is blamed."""

    at: tuple[str | int, ...]
    """Below the model whose validator found it."""
    what: str
    value: Any = None
    type: str = "value_error"
    """pydantic's name for what is wrong."""


def refused(title: str, found: Iterable[Wrong]) -> ValidationError:
    """One error with a place of its own for each wrong value; pydantic puts the place of the model before it."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError(one.type, "{what}", {"what": one.what}), loc=one.at, input=one.value
        )
        for one in found
    ]
    return ValidationError.from_exception_data(title, details)
