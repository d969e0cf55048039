"""Labels as texts to write: their pieces and an end, and rows that a decoder goes on from.

Raffel et al. (2020), section 2.4: a label is its word. The end belongs to the text, as in T5: the sum of the
log-probabilities of pieces and end is the log-probability that exactly this text is written, so that texts of
different lengths are compared as they are, without any division by their length, and a text that is the beginning
of another has no advantage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.errors import InputError, Problem
from replicate.examples import Pair
from replicate.model.heads import IGNORED
from replicate.text import encode
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows


@dataclass(frozen=True)
class Answers:
    """The texts of the labels of one task."""

    ids: tuple[tuple[int, ...], ...]
    """Pieces of each label's text, and the end."""

    @classmethod
    def of(cls, task: str, texts: Sequence[str], pieces: Pieces) -> Answers:
        """Pieces of the texts.

        Raises
        ------
        InputError
            For every text that has an unknown piece or none, and for two texts with the same pieces.
        """
        found = tuple((*map(int, one), pieces.eos) for one in pieces.ids(texts))
        wrong = [
            Problem(
                f"task {task}: the tokenizer cannot write the label {text!r} (pieces {ids[:-1]})",
                "train it on text that has these letters, give the task other `label_texts`, or take"
                " `model.answers: head`",
            )
            for text, ids in zip(texts, found, strict=True)
            if pieces.unk in ids[:-1] or len(ids) == 1
        ]
        if len(set(found)) < len(found):
            same = next(text for text, ids in zip(texts, found, strict=True) if found.count(ids) > 1)
            wrong.append(
                Problem(
                    f"task {task}: another label has the same pieces as {same!r}",
                    "give the task other `label_texts`, or take `model.answers: head`",
                )
            )
        if wrong:
            raise InputError(*wrong)
        return cls(found)

    @property
    def longest(self) -> int:
        """Tokens of the longest text, its end included."""
        return max(map(len, self.ids))


def continued(
    examples: Sequence[Pair], answers: Answers, pieces: Pieces, longest: int, *, train: bool
) -> Rows:
    """Rows with a label's text behind their end, for a decoder.

    For training the text of the right label, with the next tokens of the text as labels; else as many consecutive
    rows per example as there are labels, one with each text. Every row leaves room for the longest text, so that
    what is read of it does not depend on the label.

    Raises
    ------
    InputError
        Where the longest text would take more than half of a row.
    """
    if 2 * answers.longest > longest:
        raise InputError(
            Problem(
                f"a label of {answers.longest} tokens takes more than half of a row of {longest}",
                "raise `longest` of the training, or take `model.answers: head`",
            )
        )
    read = encode.pairs(examples, pieces, longest - answers.longest)
    texts = [np.array(one, np.int32) for one in answers.ids]
    rows = np.split(read.ids, read.offsets[1:-1]) if len(examples) else []
    if not train:
        each = [np.concatenate([row, text]) for row in rows for text in texts]
        return Rows.of(each, read.labels, "example", len(texts))
    right = [texts[label] for label in read.labels.tolist()]
    asked = [
        np.concatenate([np.full(len(row) - 1, IGNORED), text, [IGNORED]])
        for row, text in zip(rows, right, strict=True)
    ]
    whole = [np.concatenate([row, text]) for row, text in zip(rows, right, strict=True)]
    return Rows.of(whole, np.concatenate(asked) if asked else None, "token")
