"""Questions over contexts: overlapping windows, answer places as labels, and answers back from scores.

A window is <s> question </s></s> part of the context </s>. Windows overlap by `stride` tokens, or begin `doc_stride`
tokens after each other: what `run_squad.py` (Devlin et al. 2019), XTREME's scripts and jiant call the stride is the
latter, what tokenizers call so the former. The
answer with the best start + end score over all windows of a question wins, where a window may only start an
answer at tokens that it shows with more context than its neighbours do (`run_squad.py`, as in
XTREME's scripts and jiant). The 20 best places are taken from the
context alone; those scripts take them from the whole row and then drop what lies in the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from replicate.examples import Span
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows


@dataclass(frozen=True)
class Windows:
    """Rows of questions, and what leads from a token of a row back to characters."""

    rows: Rows
    question: np.ndarray
    """(R,) index of the example of each window."""
    start: np.ndarray
    """(T,) first character of each token in its context; -1 for tokens outside the context."""
    end: np.ndarray
    """(T,) character behind each token; -1 outside the context."""
    widest: np.ndarray
    """(T,) whether no other window of the question shows the token with more context around it."""


def windows(
    examples: Sequence[Span],
    pieces: Pieces,
    longest: int,
    stride: int,
    question_room: int,
    *,
    train: bool,
    doc_stride: int | None = None,
) -> Windows:
    """Encode questions. In training, windows without the answer point at the first token.

    Examples whose answer text does not occur in the context (start -1) are left out of training.
    """
    if train:
        examples = [example for example in examples if example.impossible or example.answers[0][1] >= 0]
    asked = pieces.ids([example.question.strip() for example in examples])
    contexts = pieces.encodings([example.context for example in examples])
    rows: list[np.ndarray] = []
    labels: list[tuple[int, int]] = []
    owner: list[int] = []
    starts: list[np.ndarray] = []
    ends: list[np.ndarray] = []
    widest: list[np.ndarray] = []
    for number, (example, question, context) in enumerate(zip(examples, asked, contexts, strict=True)):
        question = question[:question_room]
        head = np.concatenate([pieces.begin, question, pieces.between]).astype(np.int32)
        ids, places = np.asarray(context.ids, np.int32), np.asarray(context.offsets, np.int64).reshape(-1, 2)
        places = _without_leading_space(places, example.context)
        room = longest - len(head) - 1
        answer = _answer_tokens(example, places)
        parts = _parts(len(ids), room, doc_stride or room - stride)
        for part, most in zip(parts, _most_context(parts), strict=True):
            first = part.start
            rows.append(np.concatenate([head, ids[part], [pieces.eos]]).astype(np.int32))
            outside = np.full(len(head), -1)
            starts.append(np.concatenate([outside, places[part, 0], [-1]]))
            ends.append(np.concatenate([outside, places[part, 1], [-1]]))
            widest.append(np.concatenate([outside > 0, most, [False]]))
            owner.append(number)
            inside = answer is not None and part.start <= answer[0] and answer[1] < part.stop
            labels.append(
                (answer[0] - first + len(head), answer[1] - first + len(head))
                if answer and inside
                else (0, 0)
            )
    packed = Rows.of(rows, np.asarray(labels).reshape(-1, 2), "example")
    none = [np.empty(0, np.int64)]
    return Windows(
        packed,
        np.asarray(owner),
        np.concatenate(starts or none),
        np.concatenate(ends or none),
        np.concatenate(widest or [np.empty(0, bool)]),
    )


def _parts(length: int, room: int, step: int) -> list[slice]:
    """Stretches of a context of `length` tokens that the windows show, `step` tokens apart; the last reaches its end.

    >>> _parts(700, 361, 128)
    [slice(0, 361, None), slice(128, 489, None), slice(256, 617, None), slice(384, 700, None)]
    """
    parts: list[slice] = []
    for first in range(0, max(1, length), max(1, step)):
        parts.append(slice(first, min(first + room, length)))
        if parts[-1].stop >= length:
            break
    return parts


def _most_context(parts: Sequence[slice]) -> list[np.ndarray]:
    """Per window, whether it is the one that shows a token with the most context on its poorer side.

    >>> [one.astype(int).tolist() for one in _most_context([slice(0, 4), slice(2, 6)])]
    [[1, 1, 1, 0], [0, 1, 1, 1]]
    """
    context = np.full((len(parts), parts[-1].stop), -np.inf)
    for row, part in enumerate(parts):
        places = np.arange(part.start, part.stop)
        poorer = np.minimum(places - part.start, part.stop - 1 - places)
        context[row, part] = poorer + 0.01 * len(places)
    best = context.argmax(0)
    return [best[part] == row for row, part in enumerate(parts)]


def answers(
    examples: Sequence[Span],
    encoded: Windows,
    logits: Sequence[np.ndarray],
    *,
    may_be_empty: bool,
    best: int = 20,
    longest_answer: int = 30,
) -> Mapping[str, str]:
    """Question id -> answer text.

    Parameters
    ----------
    logits : sequence of (L_r, 2) arrays
        Start and end scores of every token of every window.
    may_be_empty : bool
        Whether "" competes: its score is the lowest score of the first token over the windows.
    """
    top: dict[int, tuple[float, int, int]] = {}
    null: dict[int, float] = {}
    for row, (number, scores) in enumerate(zip(encoded.question.tolist(), logits, strict=True)):
        part = slice(int(encoded.rows.offsets[row]), int(encoded.rows.offsets[row + 1]))
        start, end = encoded.start[part], encoded.end[part]
        null[number] = min(null.get(number, np.inf), float(scores[0].sum()))
        found = _best_span(scores, start, encoded.widest[part], best, longest_answer)
        if found and (number not in top or found[0] > top[number][0]):
            top[number] = (found[0], int(start[found[1]]), int(end[found[2]]))
    chosen = {}
    for number, example in enumerate(examples):
        score, first, last = top.get(number, (-np.inf, 0, 0))
        empty = may_be_empty and null.get(number, -np.inf) >= score
        chosen[example.id] = "" if empty else example.context[first:last]
    return chosen


def _best_span(
    scores: np.ndarray, start: np.ndarray, widest: np.ndarray, best: int, longest: int
) -> tuple[float, int, int] | None:
    inside = np.flatnonzero(start >= 0)
    if not len(inside):
        return None
    firsts = inside[np.argsort(-scores[inside, 0], kind="stable")[:best]]
    lasts = inside[np.argsort(-scores[inside, 1], kind="stable")[:best]]
    pairs = scores[firsts, 0][:, None] + scores[lasts, 1][None, :]
    gap = lasts[None, :] - firsts[:, None]
    pairs = np.where((gap >= 0) & (gap < longest) & widest[firsts][:, None], pairs, -np.inf)
    place = int(pairs.argmax())
    if not np.isfinite(pairs.flat[place]):
        return None
    return float(pairs.flat[place]), int(firsts[place // len(lasts)]), int(lasts[place % len(lasts)])


def _answer_tokens(example: Span, places: np.ndarray) -> tuple[int, int] | None:
    if example.impossible or not example.answers or example.answers[0][1] < 0:
        return None
    text, first = example.answers[0]
    touched = np.flatnonzero((places[:, 0] < first + len(text)) & (places[:, 1] > first))
    return (int(touched[0]), int(touched[-1])) if len(touched) else None


def _without_leading_space(places: np.ndarray, context: str) -> np.ndarray:
    """Offsets without the space that a word-initial piece claims, so that answers do not start with one."""
    spaced = [a < b and context[a].isspace() for a, b in places.tolist()]
    return places + np.stack([np.asarray(spaced, dtype=np.int64), np.zeros(len(places), np.int64)], 1)
