"""Which model a recipe trains: a public checkpoint, or a family and a shape whose weights are trained here."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import model_validator

from replicate.recipes.strict import Count, Positive, Share, Strict

Family: TypeAlias = Literal["encoder", "decoder", "encoder-decoder"]
"""What sees what: both directions, earlier tokens only, or a decoder beside an encoder."""


class Shape(Strict):
    """Size of a model that is trained from scratch."""

    hidden: Count
    layers: Count
    """Layers that the state of a token goes through; of an encoder-decoder those of the encoder."""
    decoder_layers: Count | None = None
    """Layers of the decoder beside an encoder."""
    heads: Count
    ffn: Count
    positions: Count = 512
    """Longest sequence that the model can read."""
    dropout: Share = 0.1
    attention_dropout: Share = 0.1
    spread: Positive = 0.02
    """Standard deviation of the initial weights."""

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Shape:
        if self.hidden % self.heads:
            raise ValueError(f"`heads` ({self.heads}) do not divide `hidden` ({self.hidden})")
        return self


class Model(Strict):
    """Which model: a public checkpoint, or a shape whose weights are trained here."""

    name: str
    """Written into the column `model` of the results table."""
    family: Family = "encoder"
    hub: str | None = None
    revision: str = "main"
    shape: Shape | None = None
    vocabulary: Count | None = None
    answers: Literal["head", "text"] = "head"
    """How a row is classified: by a new head, or by writing the label's text with the head of the pretraining."""

    @model_validator(mode="after")
    def _one_origin(self) -> Model:
        if (self.hub is None) == (self.shape is None):
            raise ValueError("give either `hub` (a checkpoint) or `shape` with `vocabulary` (trained here)")
        if self.shape is not None and self.vocabulary is None:
            raise ValueError("a model that is trained here needs `vocabulary`, the number of its pieces")
        if self.shape is not None and (self.shape.decoder_layers is None) == (
            self.family == "encoder-decoder"
        ):
            raise ValueError("`shape.decoder_layers` is needed exactly where `family` is encoder-decoder")
        return self

    @model_validator(mode="after")
    def _writes(self) -> Model:
        if self.answers == "text" and self.family == "encoder":
            raise ValueError("`answers: text` needs a model that writes: `family` decoder or encoder-decoder")
        return self

    @property
    def identity(self) -> dict[str, str]:
        """What of the family takes part in the identity of a stage: nothing for an encoder, as ever."""
        return {} if self.family == "encoder" else {"family": self.family}
