"""The closed kinds of assertions as frozen models: what each may say, and nothing else."""

# ruff: noqa: RUF012  pydantic copies the defaults of a model; ruff sees that only for direct children of BaseModel

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from analysis.printed import parse_printed
from claims.grants import Tolerance
from claims.words import ColumnName, Identifier, Model, Name, PrintedText, Selector, Text


class Comparison(Model):
    """Exactly one comparison with a printed number."""

    equals: PrintedText | None = None
    at_least: PrintedText | None = None
    at_most: PrintedText | None = None
    above: PrintedText | None = None
    below: PrintedText | None = None
    tolerance: Tolerance | None = None
    """Agreement that is granted beyond the printed precision."""

    @model_validator(mode="after")
    def _one(self) -> Any:
        if sum(getattr(self, name) is not None for name in COMPARISONS) != 1:
            raise ValueError(f"write exactly one of {', '.join(COMPARISONS)}")
        return self


COMPARISONS = ("equals", "at_least", "at_most", "above", "below")


class Assertion(Model):
    """What all kinds share."""

    name: Identifier | None = None
    """Part of the finding's id; without it the position in the list."""
    source: Name | None = None
    """Decide on this source instead of the one in scope; another version then shows the drift."""
    where: Selector = {}
    """Further filters for all selectors of this assertion."""
    note: Text | None = None


class Value(Assertion, Comparison):
    """One printed cell, or the mean of cells by a rule, is the claimed number."""

    kind: Literal["value"]
    of: Selector
    mean: Name | None = None
    """An averaging rule of this file, or a column over whose words to average."""


class Gain(Assertion, Comparison):
    """The difference of two settings, averaged by a rule, is the claimed number."""

    kind: Literal["gain"]
    of: Selector
    over: Selector
    mean: Name | None = None
    """An averaging rule of this file, or a column over whose words to average."""
    alternatives: dict[Name, Selector] = {}
    """Other defensible baselines, shown beside the first."""


class Order(Assertion):
    """One quantity is larger than another."""

    kind: Literal["order"]
    larger: Selector
    smaller: Selector
    over: Selector | None = None
    mean: Name | None = None
    by: PrintedText | None = None
    """At least this much larger."""


class Best(Assertion):
    """One setting ranks first (or at a given rank) among several."""

    kind: Literal["best"]
    of: Selector
    among: Selector
    over: Selector | None = None
    mean: Name | None = None
    rank: Annotated[int, Field(ge=1)] = 1


class Share(Assertion):
    """At least, at most or exactly m of n cells pass a test."""

    kind: Literal["share"]
    cells: Selector
    over: Selector | None = None
    mean: Name | None = None
    """Each combination of `cells` counts once, with its mean by this rule."""
    tasks_of: Name | None = None
    """Each task of this averaging rule counts once, with its mean over its metrics."""
    above: PrintedText | None = None
    below: PrintedText | None = None
    above_cell: Selector | None = None
    """Larger than the same cell with these columns changed."""
    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    exactly: Annotated[int, Field(ge=0)] | None = None
    out_of: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _one(self) -> Share:
        if sum(x is not None for x in (self.above, self.below, self.above_cell)) != 1:
            raise ValueError("write exactly one test: above, below or above_cell")
        if sum(x is not None for x in (self.at_least, self.at_most, self.exactly)) != 1:
            raise ValueError("write exactly one quantifier: at_least, at_most or exactly")
        if self.mean is not None and self.tasks_of is not None:
            raise ValueError("write mean or tasks_of, not both")
        return self


class NoGain(Assertion):
    """No cell gains (or moves) by more than a margin."""

    kind: Literal["no_gain"]
    cells: Selector
    over: Selector | None = None
    margin: PrintedText
    direction: Literal["up", "both"] = "both"


class Fact(Assertion):
    """A count, sum, extreme or enumeration of cells."""

    kind: Literal["fact"]
    take: Literal["sum", "count", "largest", "smallest", "words"]
    cells: list[Selector] | Selector
    minus: list[Selector] = []
    column: ColumnName | None = None
    equals: PrintedText | None = None
    at_least: PrintedText | None = None
    include: list[Text] = []

    @model_validator(mode="after")
    def _fits(self) -> Fact:
        if (self.take == "words") != bool(self.include) or (
            self.take == "words" and (self.equals or self.at_least)
        ):
            raise ValueError("take: words needs include: [...] and nothing else does")
        if self.take != "words" and (self.equals is None) == (self.at_least is None):
            raise ValueError("write exactly one of equals, at_least")
        if (self.take == "count") != (self.column is not None):
            raise ValueError(
                "take: count needs column: NAME, whose distinct words are counted, and nothing else does"
            )
        if self.minus and self.take != "sum":
            raise ValueError("minus goes with take: sum only")
        return self


class Quote(Assertion):
    """The source contains these words."""

    kind: Literal["quote"]
    text: Text


class Trend(Assertion):
    """More doses give diminishing returns; decided by statistics over seeds."""

    kind: Literal["trend"]
    doses: Annotated[list[Selector], Field(min_length=2)]
    over: Selector | None = None
    mean: Name | None = None
    shape: Literal["diminishing", "increasing", "decreasing", "flat"] = "diminishing"


class Regenerated(Assertion, Comparison):
    """Runs of ours give the claimed number; decided by statistics over their seeds."""

    kind: Literal["regenerated"]
    study: Name
    """One of ours, one whose runs are among the evidence, or one declared as `names: {source: ["run:NAME"]}`."""
    of: Selector = {}
    over: Selector | None = None
    mean: Name | None = None
    min_seeds: Annotated[int, Field(ge=2)] = 3
    scale: Literal["miniature", "small", "paper"] | None = None


class Weighted(Model):
    """One term of a contrast: a weight, and the cells whose mean it weighs."""

    weight: Annotated[int, Field(ge=-1000, le=1000)] | PrintedText
    """The weights of a contrast add up to 0."""
    where: Selector = {}
    """The cells; without other words variant plain, language all, metric score. A list of words is averaged."""


class Contrast(Assertion):
    """A contrast over runs of ours has this outcome: shown, the opposite, no difference that matters, or open."""

    kind: Literal["contrast"]
    text: Text
    """The hypothesis that was registered."""
    study: Name
    """As for `regenerated`."""
    scale: Literal["miniature", "small", "paper"]
    terms: Annotated[list[Weighted], Field(min_length=2)]
    """What is weighed against what."""
    alternative: Literal["two-sided", "greater", "less"] = "two-sided"
    margin: PrintedText
    """Smallest difference that would matter."""
    alpha: PrintedText = "0.05"
    multiplicity: Literal["holm", "hochberg", "bonferroni", "benjamini-hochberg", "benjamini-yekutieli"] = (
        "holm"
    )
    """Over the contrasts of the same claim, study and scale, which are decided together."""
    outcome: Literal["shown", "opposite", "no difference", "open"]
    equals: PrintedText | None = None
    """The contrast itself, a mean over the seeds that are there."""
    seeds: Annotated[int, Field(ge=0)] | None = None
    """How many seeds have every cell; 0 asserts that cells of it were not run at this scale."""

    @model_validator(mode="after")
    def _balanced(self) -> Contrast:
        total = sum(weight_of(term) for term in self.terms)
        if total:
            raise ValueError(f"weights add up to {float(total):g}; those of a contrast add up to 0")
        return self


def weight_of(term: Weighted) -> Fraction:
    """Weight of a term, exactly."""
    return Fraction(term.weight) if isinstance(term.weight, int) else parse_printed(term.weight).value


AnyAssertion: TypeAlias = Annotated[
    Value | Gain | Order | Best | Share | NoGain | Fact | Quote | Trend | Regenerated | Contrast,
    Field(discriminator="kind"),
]
KINDS: Final[tuple[str, ...]] = tuple(
    get_args(one.model_fields["kind"].annotation)[0] for one in get_args(get_args(AnyAssertion)[0])
)
"""Words of `kind`, in the order of the union."""
