"""Functions to be written as token rows, and tokens that a model wrote back as Python source.

A tokenizer that was trained here on text with the marks of `replicate.text.layout` reads sources in that layout; one
that has no such pieces reads them as they are, which byte-level tokenizers (BLOOM, Qwen) keep to the character and
tokenizers of running text (XGLM) do not. Whether a source survives is asked and not assumed: a program that its own
tokenizer changes is neither trained on nor generated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.errors import InputError, Problem
from replicate.examples import Code
from replicate.model.heads import IGNORED
from replicate.text.layout import LINE, marked, plain
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows

ENOUGH: Final = 0.9
"""Share of the solutions of a task that its tokenizer must give back; single letters of other scripts may be lost."""


def spelled(sources: Sequence[str], pieces: Pieces) -> list[np.ndarray]:
    """Piece ids of each source, without special tokens."""
    return pieces.ids([marked(source) for source in sources] if has_marks(pieces) else list(sources))


def written(ids: Sequence[int], pieces: Pieces) -> str:
    """Source of the tokens that a model wrote; special tokens vanish."""
    text = pieces.tokenizer.decode(list(ids), skip_special_tokens=True)
    return plain(text) if has_marks(pieces) else text


def has_marks(pieces: Pieces) -> bool:
    """Whether the tokenizer was trained on text in the layout of marks."""
    return pieces.tokenizer.token_to_id(LINE) is not None


def survives(source: str, pieces: Pieces) -> bool:
    """Whether a source comes back from the tokenizer as it went in."""
    return written(spelled([source], pieces)[0].tolist(), pieces) == source


def fitness(sources: Sequence[str], pieces: Pieces) -> float:
    """Share of the sources that survive.

    Raises
    ------
    InputError
        Where it is below `ENOUGH`: what a model can write with such pieces is no measure of what it knows.
    """
    share = sum(survives(source, pieces) for source in sources) / len(sources)
    if share < ENOUGH:
        raise InputError(
            Problem(
                f"the tokenizer gives {share:.0%} of {len(sources)} programs back as they were",
                "use a model with a byte-level tokenizer, or train one here on text that has `python`",
            )
        )
    return share


def rows(examples: Sequence[Code], pieces: Pieces, longest: int) -> Rows:
    """Prompt, solution and end in the layout of the tokenizer; labels are the next tokens, IGNORED within the prompt.

    The prompt is spelled apart from the solution, as it is when a model goes on from it. Rows that are too long, and
    solutions that do not survive the tokenizer, are left out: a function without its end teaches to stop anywhere.
    """
    prompts = spelled([one.prompt for one in examples], pieces)
    solutions = spelled([one.solution for one in examples], pieces)
    fitness([one.solution for one in examples], pieces)
    kept: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    for one, prompt, solution in zip(examples, prompts, solutions, strict=True):
        row = np.concatenate([pieces.begin, prompt, solution, [pieces.eos]]).astype(np.int32)
        if len(row) > longest or not survives(one.solution, pieces):
            continue
        follows = np.append(row[1:], IGNORED).astype(np.int64)
        follows[: len(pieces.begin) + len(prompt) - 1] = IGNORED
        kept.append(row)
        labels.append(follows)
    if not kept:
        raise InputError(
            Problem(f"every function is longer than {longest} tokens", "raise `longest` of the training")
        )
    return Rows.of(kept, np.concatenate(labels), "token")
