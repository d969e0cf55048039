"""A recipe: every number of a training protocol, read from YAML, checked, and nothing else.

Published descriptions of this protocol differ (learning rates by a factor of ten), and the results differ
with them by up to 10 points, so a run names its recipe and the record holds all of its numbers. A number may
be written `{value: 1.0e-5, source: "arXiv:2005.13013v1, Appendix A.1"}`; the source is kept beside the number
and takes no part in the identity of a stage.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from replicate.recipes.evaluation import Evaluation, Generation, Retrieval
from replicate.recipes.model import Family, Model, Shape
from replicate.recipes.running_text import (
    CausalModelling,
    MaskedModelling,
    Objective,
    SpanCorruption,
    Text,
)
from replicate.recipes.strict import Count, Positive, Share, Strict, Wrong, refused
from replicate.recipes.training import Mixture, Phase, Selection, Training

__all__ = [
    "OBJECTIVE_OF",
    "CausalModelling",
    "Count",
    "Evaluation",
    "Family",
    "Generation",
    "MaskedModelling",
    "Mixture",
    "Model",
    "Numerics",
    "Objective",
    "Phase",
    "Positive",
    "Pretraining",
    "Recipe",
    "Retrieval",
    "Selection",
    "Shape",
    "Share",
    "SpanCorruption",
    "Strict",
    "Text",
    "Training",
]

OBJECTIVE_OF: dict[Family, Objective] = {"encoder": "mlm", "decoder": "causal", "encoder-decoder": "spans"}


class Pretraining(Strict):
    """The first phase, where the model is trained here: on exactly one objective."""

    training: Training
    mlm: MaskedModelling | None = None
    causal: CausalModelling | None = None
    spans: SpanCorruption | None = None
    tokenizer_rows: Count = 20_000
    """Rows per language that the tokenizer is trained on."""
    checkpoint_scores: bool = True

    @model_validator(mode="after")
    def _one_objective(self) -> Pretraining:
        if sum(one is not None for one in (self.mlm, self.causal, self.spans)) != 1:
            raise ValueError("give exactly one of `mlm`, `causal` and `spans`, the text that is trained on")
        return self

    @property
    def text(self) -> Text:
        """The text and the numbers of the objective."""
        found = self.mlm or self.causal or self.spans
        assert found is not None
        return found


class Numerics(Strict):
    """What changes the last bits of a result."""

    precision: Literal["fp32", "bf16"] = "fp32"
    """bf16: autocast on CUDA, master weights stay fp32. On a CPU everything is fp32."""
    tokens_per_pass: Count = 16_384
    """A batch with more tokens is computed in several passes with the same total loss."""
    threads: Count | None = None
    """CPU threads; absent: torch's choice."""
    deterministic: bool = True
    shapes: Literal["free", "bucketed", "compiled", "graphed"] = "free"
    """How batches are filled up and what is made of it (`replicate.train.shapes`)."""

    @property
    def identity(self) -> dict[str, Any]:
        """What takes part in the identity of a stage; free shapes are what all records without the word have."""
        told = self.model_dump(mode="json")
        return told if self.shapes != "free" else {n: v for n, v in told.items() if n != "shapes"}


class Recipe(Strict):
    """A training protocol."""

    schema_: Literal["verify-claims/recipe/1"] = Field(alias="schema")
    name: str
    title: str
    scale: Literal["miniature", "small", "paper"]
    model: Model
    pretraining: Pretraining | None = None
    intermediate: Phase
    target: Phase
    evaluation: Evaluation = Evaluation()
    numerics: Numerics = Numerics()
    notes: tuple[str, ...] = ()
    sources: dict[str, str] = Field(default_factory=dict)
    """Dotted path of a number -> where it was read; filled by the loader from `{value, source}` pairs."""

    @model_validator(mode="after")
    def _trained(self) -> Recipe:
        if (self.model.shape is not None) != (self.pretraining is not None):
            raise ValueError("`pretraining` is needed exactly where the model has a `shape`")
        wanted = OBJECTIVE_OF[self.model.family]
        if self.pretraining is not None and self.pretraining.text.objective != wanted:
            raise ValueError(f"a model of family {self.model.family} is pretrained on `pretraining.{wanted}`")
        if self.numerics.shapes != "free" and self.model.family != "encoder":
            raise ValueError(f"`numerics.shapes` {self.numerics.shapes} is for a model of family encoder")
        return self

    @model_validator(mode="after")
    def _rows_fit(self) -> Recipe:
        """Positions that a model trained here does not have would be asked for in the middle of a run."""
        if self.model.shape is None or self.pretraining is None:
            return self
        text = self.pretraining.text
        rows: dict[tuple[str, ...], Any] = {("pretraining", text.objective, "longest"): text.longest}
        for phase in ("intermediate", "target"):
            numbers: Phase = getattr(self, phase)
            usual = {"longest": Training.model_fields["longest"].default}
            several: dict[tuple[str, ...], dict[str, Any]] = {("all",): {**usual, **numbers.all}}
            several |= {("tasks", one): own for one, own in numbers.tasks.items()}
            rows |= {
                (phase, *at, "longest"): own["longest"] for at, own in several.items() if "longest" in own
            }
            rows |= {(phase, "mlm", "longest"): numbers.mlm.longest} if numbers.mlm else {}
        room = self.model.shape.positions
        what = f"the model has {room} positions (model.shape.positions)"
        long = [
            Wrong(at, f"rows of {value} tokens, and {what}", value)
            for at, value in rows.items()
            if value > room
        ]
        if long:
            raise refused("Recipe", long)
        return self
