"""What zero-shot evaluation reads: splits, rows, how a sentence becomes a vector, how programs are written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from replicate.recipes.strict import Count, Positive, SomeShare, Strict


class Retrieval(Strict):
    """How a sentence becomes a vector."""

    layer: float = Field(14 / 24, gt=0)
    """A whole number is a layer; below 1 it is a share of the encoder's depth, rounded up."""
    skip_special: bool = False
    centre: bool = False
    """Subtract the mean vector of each side before comparing (not in the protocol; a diagnostic)."""
    sweep: bool = False
    """Score every layer; the rows of other layers have metric `<metric>@<layer>`."""
    longest: Count = 512

    def layer_of(self, depth: int) -> int:
        """Layer number for an encoder of `depth` layers."""
        import math

        return int(self.layer) if self.layer >= 1 else math.ceil(self.layer * depth - 1e-9)


class Generation(Strict):
    """How programs are written."""

    samples: Count
    """Completions per problem; pass@k is estimated for every k of 1, 10, 100 up to it."""
    temperature: float = Field(ge=0)
    """Divides the scores of the tokens; 0 takes the most probable one."""
    top_p: SomeShare = 1.0
    """Only the most probable tokens that have this share together are drawn from."""
    longest: Count
    """Most tokens of a completion."""
    seconds: Positive = 10.0
    """Time that a program has in the sandbox; one that needs more has failed."""


class Evaluation(Strict):
    """What zero-shot evaluation reads."""

    split: Literal["dev", "test"] = "test"
    splits: dict[str, Literal["dev", "test"]] = Field(default_factory=dict)
    """Tasks whose split differs."""
    rows: Count | None = None
    """Only the first rows of each split and language (small scales); the column `n` says how many."""
    languages: tuple[str, ...] | None = None
    retrieval: Retrieval = Retrieval()
    generation: Generation | None = None
    """Absent: tasks of kind `code` are not evaluated."""
