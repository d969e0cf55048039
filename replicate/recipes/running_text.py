"""Which running text a model is trained on, what is asked of it, and the pretraining that does so."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import SerializerFunctionWrapHandler, model_serializer

from replicate.recipes.strict import Count, Positive, Share, SomeShare, Strict

Objective: TypeAlias = Literal["mlm", "causal", "spans"]
"""What a model is pretrained on: masked tokens, the next token, or the spans that were taken out."""


class Text(Strict):
    """Which running text a model is trained on, and how it becomes rows."""

    objective: ClassVar[Objective]

    languages: tuple[str, ...] | None = None
    """Languages of the text; absent: all that the place has."""
    alpha: Share = 0.3
    """A language with n rows is drawn with probability proportional to n^alpha."""
    longest: Count = 256
    blocks: bool = True
    """Cut each language's text into blocks; false: a document is a row."""
    rows_per_language: Count | None = None
    batch: Count = 8
    evenly: bool = False
    """Whether every row of a language is drawn equally often. If not, the tenth of the shortest and that of the
    longest are drawn about half as often as the others: so were the encoders trained whose scores are committed."""

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without `evenly` where it is not asked for: so are the records from before it."""
        told: dict[str, Any] = handler(self)
        return told if self.evenly else {name: value for name, value in told.items() if name != "evenly"}


class MaskedModelling(Text):
    """Masked language modelling: the pretraining, and the task that intermediate training may mix in."""

    objective: ClassVar[Objective] = "mlm"

    mask: SomeShare = 0.15


class CausalModelling(Text):
    """The next token, from left to right: pretraining of a decoder."""

    objective: ClassVar[Objective] = "causal"


class SpanCorruption(Text):
    """Spans taken out of the text and written by the decoder (Raffel et al. 2020, section 3.1.4)."""

    objective: ClassVar[Objective] = "spans"

    mask: SomeShare = 0.15
    """Share of the tokens that is taken out."""
    span: Positive = 3.0
    """Mean length of a span in tokens."""
    sentinels: Count = 100
    """Words that mark where a span was, beyond those of the tokenizer."""
