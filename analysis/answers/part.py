"""One answer as plain data, and the one object that all answers of an analysis become."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SCHEMA: Final = "verify-claims/analysis/1"


@dataclass(frozen=True)
class Part:
    """An answer.

    Attributes
    ----------
    id : name of the rows in the output
    question, answer : in words; the answer is computed from the rows
    limits : what the evidence cannot say, one sentence each
    rows : plain data, one mapping per line of the table
    sentences : the answer as one sentence for each thing that was asked about, where it is made of such
    figures : mappings with `kind` and the fields of that kind (forest, seeds, lines, gains, trend, power, funnel)
    """

    id: str
    question: str
    answer: str
    limits: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    figures: tuple[Mapping[str, Any], ...] = field(default=())
    sentences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold answer and sentences together: what is read in a line and what in a list is the same."""
        if self.sentences and " ".join(self.sentences) != self.answer:
            raise ValueError(f"the sentences of {self.id!r} are not its answer")


def plain(value: Any, digits: int = 5) -> Any:
    """Return the value with floats rounded to significant digits and anything not finite as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, digits) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return float(f"{number:.{digits}g}")


def merged(parts: Sequence[Part], **head: Any) -> dict[str, Any]:
    """Return the JSON object of an analysis: schema, head, answers, rows of each part, figures with their answer."""
    out: dict[str, Any] = {"schema": SCHEMA, **head}
    out["answers"] = [
        {"id": part.id, "question": part.question, "answer": part.answer}
        | ({"sentences": list(part.sentences)} if part.sentences else {})
        | {"cannot_say": list(part.limits)}
        for part in parts
    ]
    for part in parts:
        if part.rows:
            out[part.id] = [plain(row) for row in part.rows]
    out["figures"] = [plain({**figure, "answer": part.id}, 8) for part in parts for figure in part.figures]
    return out
