"""Raw text as rows for masked language modelling, one `Rows` for all languages.

Two layouts: each document is a row (documents shorter than the encoder's window), or each language is one
stream that is cut into blocks (XLM-R; real text). In a stream the documents are separated by </s>.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from replicate.text.pieces import Pieces
from replicate.text.rows import Rows


@dataclass(frozen=True)
class Corpus:
    """Rows of several languages; the rows of one language stand together, sorted by length."""

    rows: Rows
    bounds: Mapping[str, tuple[int, int]]
    """Language -> (first row, row behind the last)."""

    @property
    def sizes(self) -> dict[str, int]:
        """Language -> number of rows."""
        return {language: end - first for language, (first, end) in self.bounds.items()}


def encode(texts: Mapping[str, Sequence[str]], pieces: Pieces, longest: int, *, blocks: bool) -> Corpus:
    """Rows of `texts` (language -> documents) of at most `longest` tokens; languages without text are absent."""
    rows: list[np.ndarray] = []
    bounds: dict[str, tuple[int, int]] = {}
    edge = np.array([pieces.eos], np.int32)
    begin = np.array(pieces.begin, np.int32)
    room = longest - len(begin) - 1
    for language, documents in texts.items():
        ids = pieces.ids(documents)
        first = len(rows)
        if blocks:
            stream = np.concatenate([part for item in ids for part in (item, edge)]) if ids else edge[:0]
            cut = [stream[at : at + room] for at in range(0, len(stream) - room + 1, room)]
            rows += [np.concatenate([begin, part, edge]) for part in cut]
        else:
            framed = [np.concatenate([begin, item[:room], edge]) for item in ids]
            rows += sorted(framed, key=len)
        if len(rows) > first:
            bounds[language] = (first, len(rows))
    return Corpus(Rows.of(rows), bounds)
