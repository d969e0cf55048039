"""Examples of a task as rows with a head, and what the head says as predictions in the form metrics expect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from replicate.examples import Choice, Code, Examples, Pair, Span, Tagged
from replicate.model.backbone import Backbone
from replicate.model.heads import ClassifyHead, Head, SpanHead, TagHead
from replicate.model.language import LanguageHead
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Training
from replicate.tasks import Task
from replicate.text import answer, code, encode
from replicate.text.answer import Answers
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows, passes
from replicate.text.shelf import NOWHERE, Arrays, Shelf
from replicate.text.windows import Windows, answers, windows
from replicate.train.device import Device

PLACES: Final = tuple(field.name for field in fields(Windows) if field.name != "rows")
"""What windows know besides their rows."""


@dataclass(frozen=True)
class Encoded:
    """Examples of one split as rows, with what leads from scores of rows back to predictions."""

    rows: Rows
    read: Callable[[list[np.ndarray]], Any]
    """Scores of every row (or group of rows), in order -> predictions."""


def encoded(
    task: Task,
    examples: Examples,
    pieces: Pieces,
    numbers: Training,
    *,
    train: bool = False,
    shelf: Shelf = NOWHERE,
    behind: Answers | None = None,
) -> Encoded:
    """Encode examples of a supervised task, or take them from the shelf.

    `behind` are the labels' texts that stand behind the rows of a decoder which writes its answers.
    Raises ValueError for a kind that is not trained.
    """
    facts: dict[str, Any] = {"kind": task.kind, "pieces": pieces.fingerprint, "longest": numbers.longest}
    facts["examples"] = len(examples)
    if task.kind == "pair":
        pairs = cast(Sequence[Pair], examples)
        if behind is not None:
            facts |= {"answers": behind.ids, "train": train}
            held = shelf.arrays(
                facts,
                lambda: answer.continued(pairs, behind, pieces, numbers.longest, train=train).arrays(),
            )
            rows = (
                Rows.from_arrays(held, "token")
                if train
                else Rows.from_arrays(held, "example", len(behind.ids))
            )
            return Encoded(rows, _largest)
        held = shelf.arrays(facts, lambda: encode.pairs(pairs, pieces, numbers.longest).arrays())
        return Encoded(Rows.from_arrays(held, "example"), _largest)
    if task.kind == "choice":
        options = cast(Sequence[Choice], examples)
        held = shelf.arrays(facts, lambda: encode.choices(options, pieces, numbers.longest).arrays())
        return Encoded(Rows.from_arrays(held, "example", len(options[0].options)), _largest)
    if task.kind == "tag":
        sentences = cast(Sequence[Tagged], examples)

        def tagged() -> Arrays:
            rows, owners = encode.tagged(sentences, pieces, numbers.longest)
            return {**rows.arrays(), "owners": owners}

        held = {**shelf.arrays(facts, tagged)}
        owners = held.pop("owners")
        rows = Rows.from_arrays(held, "token")
        return Encoded(rows, lambda scores: _first_pieces(scores, rows, owners, len(sentences)))
    if task.kind == "span":
        questions = cast(Sequence[Span], examples)
        facts |= {"stride": numbers.stride, "question_room": numbers.question_room, "train": train}
        facts["places"] = PLACES
        if numbers.doc_stride is not None:
            facts["doc_stride"] = numbers.doc_stride

        def windowed() -> Arrays:
            made = windows(
                questions,
                pieces,
                numbers.longest,
                numbers.stride,
                numbers.question_room,
                train=train,
                doc_stride=numbers.doc_stride,
            )
            return {**made.rows.arrays(), **{name: getattr(made, name) for name in PLACES}}

        held = {**shelf.arrays(facts, windowed)}
        places = {name: held.pop(name) for name in PLACES}
        cut = Windows(Rows.from_arrays(held, "example"), **places)
        empty = any(question.impossible for question in questions)
        return Encoded(cut.rows, lambda scores: answers(questions, cut, scores, may_be_empty=empty))
    if task.kind == "code":
        functions = cast(Sequence[Code], examples)
        held = shelf.arrays(facts, lambda: code.rows(functions, pieces, numbers.longest).arrays())
        return Encoded(Rows.from_arrays(held, "token"), _unread)
    raise ValueError(f"task {task.name} of kind {task.kind} is not trained with a head")


def new_head(task: Task, labels: Sequence[str], encoder: Backbone, examples: Examples) -> nn.Module:
    """A head of the shape that a task needs; its weights come from torch's current seed."""
    dropout, rows = encoder.dropout, encoder.rows
    if task.kind == "pair":
        return ClassifyHead(encoder.width, len(labels), dropout=dropout, rows=rows)
    if task.kind == "choice":
        options = len(cast(Choice, examples[0]).options)
        return ClassifyHead(encoder.width, 1, choices=options, dropout=dropout, rows=rows)
    if task.kind == "tag":
        return TagHead(encoder.width, len(labels), dropout)
    if task.kind == "code":
        return LanguageHead(encoder.word_embeddings)
    return SpanHead(encoder.width)


@torch.no_grad()
def predict(data: Encoded, encoder: Backbone, head: nn.Module, device: Device) -> Any:
    """Predictions for all examples, in order."""
    encoder.eval()
    head.eval()
    rows = data.rows
    scores: list[np.ndarray] = [np.empty(0)] * len(rows)
    for chosen in passes(rows.lengths, device.numerics.tokens_per_pass):
        batch, _ = rows.take(chosen)
        on_device = batch.to(device.torch)
        with device.autocast():
            output = cast(Head, head)(encoder(on_device), on_device)
        for place, one in zip(chosen.tolist(), _by_example(output, on_device, rows.group), strict=True):
            scores[place] = one
    return data.read(scores)


def _by_example(output: Tensor, batch: Ragged, group: int) -> list[np.ndarray]:
    """Scores of each example: a row of classes, or the tokens of its row."""
    values = output.float().cpu().numpy()
    if output.shape[0] == len(batch) // group:
        if output.ndim == 3:  # spans: padded to the longest row
            return [values[i, :n] for i, n in enumerate(batch.lengths.tolist())]
        return list(values)
    return np.split(values, batch.offsets[1:-1].cpu().numpy())


def _unread(scores: list[np.ndarray]) -> Any:
    raise ValueError("programs are written token by token: `replicate.stages.generate`")


def _largest(scores: list[np.ndarray]) -> list[int]:
    return [int(one.argmax()) for one in scores]


def _first_pieces(scores: list[np.ndarray], rows: Rows, owners: np.ndarray, count: int) -> list[list[int]]:
    """Tag of each word: what its first piece says. Rows of one sentence follow each other."""
    tags: list[list[int]] = [[] for _ in range(count)]
    for row, owner in enumerate(owners.tolist()):
        marked = rows.labels[rows.offsets[row] : rows.offsets[row + 1]] >= 0
        tags[owner] += scores[row][marked].argmax(1).tolist()
    return tags
