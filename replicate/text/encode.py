"""Examples of every kind as token rows in the layout of their model, XLM-R's being <s> A </s>, <s> A </s></s> B </s>.

What is cut when a row is too long: the longer of the two texts loses its last token until the row fits
(the library's "longest first"), so that neither text disappears; a sentence of too many pieces is split
between words, because every word needs a tag; a context is windowed (`replicate.text.windows`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from replicate.examples import Choice, Pair, Sentence, Tagged
from replicate.model.heads import IGNORED
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows


def pairs(examples: Sequence[Pair], pieces: Pieces, longest: int) -> Rows:
    """One row per example, one label per example."""
    first = pieces.ids([example.text_a for example in examples])
    second = pieces.ids([example.text_b or "" for example in examples])
    rows = [
        frame(a, None if example.text_b is None else b, pieces, longest)
        for example, a, b in zip(examples, first, second, strict=True)
    ]
    return Rows.of(rows, [example.label for example in examples], "example")


def choices(examples: Sequence[Choice], pieces: Pieces, longest: int) -> Rows:
    """As many rows per example as it has options: <s> context </s></s> question option </s>."""
    sizes = {len(example.options) for example in examples}
    if len(sizes) != 1:
        raise ValueError(f"the examples of one task have different numbers of options: {sorted(sizes)}")
    first = pieces.ids([example.context for example in examples])
    second = pieces.ids(
        [f"{example.question} {option}".strip() for example in examples for option in example.options]
    )
    group = sizes.pop()
    rows = []
    for number, option in enumerate(second):
        context = first[number // group]
        rows.append(
            frame(context, option, pieces, longest) if len(context) else frame(option, None, pieces, longest)
        )
    return Rows.of(rows, [example.label for example in examples], "example", group)


def tagged(examples: Sequence[Tagged], pieces: Pieces, longest: int) -> tuple[Rows, np.ndarray]:
    """Rows with a label on the first piece of each word, and for each row its example.

    A word without any piece (control characters only) becomes one unknown piece: it keeps its tag.
    """
    spelled = iter(pieces.ids([word for example in examples for word in example.words]))
    rows: list[list[int]] = []
    labels: list[int] = []
    owners: list[int] = []
    for number, example in enumerate(examples):
        row, marks = [*pieces.begin], [IGNORED] * len(pieces.begin)
        for tag in example.tags:
            ids = next(spelled).tolist()[: longest - len(pieces.begin) - 1] or [pieces.unk]
            if len(row) + len(ids) + 1 > longest:
                rows.append([*row, pieces.eos])
                labels += [*marks, IGNORED]
                owners.append(number)
                row, marks = [*pieces.begin], [IGNORED] * len(pieces.begin)
            row += ids
            marks += [tag, *[IGNORED] * (len(ids) - 1)]
        rows.append([*row, pieces.eos])
        labels += [*marks, IGNORED]
        owners.append(number)
    return Rows.of(rows, labels, "token"), np.asarray(owners)


def sentences(examples: Sequence[Sentence], pieces: Pieces, longest: int) -> Rows:
    """One row per sentence, its context as second text where it has one; no labels."""
    first = pieces.ids([example.text.strip() for example in examples])
    second = pieces.ids([example.context for example in examples])
    return Rows.of(
        [
            frame(a, b if example.context else None, pieces, longest)
            for example, a, b in zip(examples, first, second, strict=True)
        ]
    )


def frame(first: np.ndarray, second: np.ndarray | None, pieces: Pieces, longest: int) -> np.ndarray:
    """One row with special tokens, cut to `longest` tokens, longest text first."""
    begin, between, eos = (np.array(ids, np.int32) for ids in (pieces.begin, pieces.between, (pieces.eos,)))
    room = longest - len(begin) - 1
    if second is None:
        return np.concatenate([begin, first[:room], eos])
    room -= len(between)
    if len(first) + len(second) > room:
        half = room // 2
        keep_second = min(len(second), max(half, room - len(first)))
        first, second = first[: room - keep_second], second[:keep_second]
    return np.concatenate([begin, first, between, second, eos])
