"""One row of a task after loading: plain frozen records that know no tensor, no tokenizer and no data set.

Loaders (`replicate.tasks`) build them from rows in the schema of the hub, whatever place the rows came from;
batches and metrics consume them. Labels are indices into `Task.labels` and always inside it: a loader drops
or refuses what has no gold label, so no -1 travels further.

What a prediction is, per kind (`replicate.metrics.score` expects one per example, in the same order, except
where a mapping is named):

========== ================ =====================================================================
kind       example          prediction
========== ================ =====================================================================
pair       `Pair`           int, index into the labels
choice     `Choice`         int, index into the options
tag        `Tagged`         sequence of int, one per word
span       `Span`           mapping question id -> answer text ("" says: no answer)
retrieval  `ParallelPair`   int per target (English) sentence: index of the source sentence found for it
mining     `Mining`         sequence of (source id, target id): the mined pairs after the threshold
ranking    `Ranking`        mapping query id -> candidate ids, best first
code       `Code`           sequence of str, one per sample: what the model wrote after the prompt
========== ================ =====================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["pair", "choice", "tag", "span", "retrieval", "mining", "ranking", "code", "mlm"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One or two texts and a label: inference, paraphrase, yes/no questions."""

    text_a: str
    text_b: str | None
    label: int
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several endings or answers is right. Encoded as (context + question, option) per option."""

    context: str
    question: str
    """Empty where the option continues the context itself (HellaSwag)."""
    options: tuple[str, ...]
    label: int
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Words with one tag each; the first sub-word of a word carries the tag (v1, Appendix A)."""

    words: tuple[str, ...]
    tags: tuple[int, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Span:
    """A question whose answers are stretches of the context; `start` counts characters of `context`."""

    id: str
    question: str
    context: str
    answers: tuple[tuple[str, int], ...]
    """(text, start) of every gold answer; empty if `impossible`. The first is trained on; a start of -1 says that the
    text does not occur in the context, so that it can be scored and not trained."""
    impossible: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text that is embedded on its own; the unit of retrieval and of masked-language modelling."""

    id: str
    text: str
    language: str = "en"
    context: str = ""
    """Surrounding text that is encoded as the second segment (LAReQA candidates), or empty."""


@dataclass(frozen=True, slots=True)
class ParallelPair:
    """A sentence and its English translation; row i of a split is gold pair i (Tatoeba)."""

    source: Sentence
    target: Sentence
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Mining:
    """Two pools in which translations hide (BUCC); a split is a sequence of exactly one of these."""

    source: tuple[Sentence, ...]
    target: tuple[Sentence, ...]
    gold: tuple[tuple[str, str], ...]
    """(source id, target id), in file order."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Queries against a pool of candidates (LAReQA, Mewsli-X); a split is a sequence of exactly one."""

    queries: tuple[Sentence, ...]
    candidates: tuple[Sentence, ...]
    relevant: Mapping[str, tuple[str, ...]]
    """Query id -> ids of its relevant candidates, never empty."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Code:
    """A function to be written from its signature and a description in some language; tests decide."""

    id: str
    prompt: str
    """Python source up to and with the docstring; a model goes on from here."""
    tests: str
    """Source of `check(candidate)`, which raises where the function is wrong."""
    entry_point: str
    """Name of the function."""
    solution: str
    """A body that passes."""
    language: str = "en"
    """Natural language of the description."""


Example: TypeAlias = Pair | Choice | Tagged | Span | Sentence | ParallelPair | Mining | Ranking | Code
Examples: TypeAlias = Sequence[Example]
