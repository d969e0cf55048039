"""What all parts of a recipe share: unknown keys are refused, values do not change, numbers have their range."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
SomeShare: TypeAlias = Annotated[float, Field(gt=0, le=1)]
"""A share that is not nothing."""
Count: TypeAlias = Annotated[int, Field(gt=0)]
Positive: TypeAlias = Annotated[float, Field(gt=0)]


class Strict(BaseModel):
    """A part of a recipe: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
