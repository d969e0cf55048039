"""A recipe: every number of a training protocol, read from YAML, checked, and nothing else.

Published descriptions of this protocol differ (learning rates by a factor of ten), and the results differ
with them by up to 10 points, so a run names its recipe and the record holds all of its numbers. A number may
be written `{value: 1.0e-5, source: "arXiv:2005.13013v1, section 3.1"}`; the source is kept beside the number
and takes no part in the identity of a stage.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(gt=0)]
Positive = Annotated[float, Field(gt=0)]
Family: TypeAlias = Literal["encoder", "decoder", "encoder-decoder"]
"""What sees what: both directions, earlier tokens only, or a decoder beside an encoder."""
Objective: TypeAlias = Literal["mlm", "causal", "spans"]
"""What a model is pretrained on: masked tokens, the next token, or the spans that were taken out."""


class Strict(BaseModel):
    """A part of a recipe: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Selection(Strict):
    """When the model is scored on English dev, and when training stops early. Absent: the last model is kept."""

    every: Count
    """Steps between two evaluations."""
    rows: Count | None = None
    """Only the first rows of the dev split (v1: 500)."""
    patience: Count | None = None
    """Stop after this many evaluations without a new best."""


class Training(Strict):
    """Numbers of one training, after the task's own have been put over the phase's."""

    lr: Positive
    batch: Count
    epochs: Positive | None = None
    steps: Count | None = None
    warmup: Share = 0.1
    """Share of all steps."""
    warmup_steps: Count | None = None
    """A number of steps instead of the share (XTREME: 500, more than a short training has)."""
    decay: Literal["linear", "constant"] = "linear"
    weight_decay: float = Field(0.0, ge=0)
    betas: tuple[Share, Share] = (0.9, 0.999)
    eps: Positive = 1e-8
    clip: Positive | None = 1.0
    """Largest norm of the gradient of the whole batch."""
    longest: Count = 256
    """Longest row in tokens."""
    stride: Count = 128
    """Overlap of two windows over one context, in tokens."""
    question_room: Count = 64
    rows: Count | None = None
    """Only this many training rows, drawn by the seed of the data (small scales)."""
    sort_window: Count = 1
    """Batches whose rows are sorted by length together; 1 is random order."""
    select: Selection | None = None

    @model_validator(mode="after")
    def _length(self) -> Training:
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("give either `epochs` or `steps`")
        return self


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


class MaskedModelling(Text):
    """Masked language modelling: the pretraining, and the task that intermediate training may mix in."""

    objective: ClassVar[Objective] = "mlm"

    mask: Share = 0.15


class CausalModelling(Text):
    """The next token, from left to right: pretraining of a decoder."""

    objective: ClassVar[Objective] = "causal"


class SpanCorruption(Text):
    """Spans taken out of the text and written by the decoder (Raffel et al. 2020, section 3.1.4)."""

    objective: ClassVar[Objective] = "spans"

    mask: Share = 0.15
    """Share of the tokens that is taken out."""
    span: Positive = 3.0
    """Mean length of a span in tokens."""
    sentinels: Count = 100
    """Words that mark where a span was, beyond those of the tokenizer."""


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


OBJECTIVE_OF: dict[Family, Objective] = {"encoder": "mlm", "decoder": "causal", "encoder-decoder": "spans"}


class Mixture(Strict):
    """Multi-task intermediate training: examples-proportional sampling with a cap."""

    cap: Count = 131_072
    """K: a task of e examples is drawn with probability proportional to min(e, K)."""
    epochs: Positive = 3
    """Total steps: this many passes over min(e, K) examples of every task."""
    mlm_weight: Count | None = None
    """Examples that masked language modelling counts as in the sampler; absent: the cap."""


class Phase(Strict):
    """Numbers of a phase: those of all tasks, and per task what differs."""

    all: dict[str, Any]
    tasks: dict[str, dict[str, Any]] = {}
    mixture: Mixture | None = None
    mlm: MaskedModelling | None = None
    """Text and sampling of the masked language modelling that variant `mlm` mixes in."""
    mlm_lr: Positive | None = None
    """Learning rate where masked language modelling is mixed in."""

    @model_validator(mode="after")
    def _complete(self) -> Phase:
        for task in self.tasks:
            self.of(task)
        return self

    def of(self, task: str, **over: Any) -> Training:
        """The numbers of one task's training."""
        return Training.model_validate({**self.all, **self.tasks.get(task, {}), **over})


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
    top_p: Share = 1.0
    """Only the most probable tokens that have this share together are drawn from."""
    longest: Count
    """Most tokens of a completion."""
    seconds: Positive = 10.0
    """Time that a program has in the sandbox; one that needs more has failed."""


class Evaluation(Strict):
    """What zero-shot evaluation reads."""

    split: Literal["dev", "test"] = "test"
    splits: dict[str, Literal["dev", "test"]] = {}
    """Tasks whose split differs."""
    rows: Count | None = None
    """Only the first rows of each split and language (small scales); the column `n` says how many."""
    languages: tuple[str, ...] | None = None
    retrieval: Retrieval = Retrieval()
    generation: Generation | None = None
    """Absent: tasks of kind `code` are not evaluated."""


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
    sources: dict[str, str] = {}
    """Dotted path of a number -> where it was read; filled by the loader from `{value, source}` pairs."""

    @model_validator(mode="after")
    def _trained(self) -> Recipe:
        if (self.model.shape is not None) != (self.pretraining is not None):
            raise ValueError("`pretraining` is needed exactly where the model has a `shape`")
        wanted = OBJECTIVE_OF[self.model.family]
        if self.pretraining is not None and self.pretraining.text.objective != wanted:
            raise ValueError(f"a model of family {self.model.family} is pretrained on `pretraining.{wanted}`")
        if self.numerics.shapes != "free" and self.model.family != "encoder":
            raise ValueError(f"`numerics.shapes: {self.numerics.shapes}` is for a model of family encoder")
        return self
