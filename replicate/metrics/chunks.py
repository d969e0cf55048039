"""Chunk precision, recall and F1 as seqeval 0.0.12 computes them: the scorer behind XTREME's POS and NER.

A tag is split into prefix = first character and type = text after the last '-', or the whole tag where there
is no '-'. For PAN-X that is IOB2. For bare part-of-speech tags it is an accident that the published numbers
rest on: neighbouring equal tags merge into one chunk, and the first letters of INTJ, SCONJ, SYM act as the
prefixes I and S of IOBES. seqeval >= 0.0.19 takes the type from `tag[1:]` and gives other numbers (70.40
instead of 70.22 on XTREME's own mock data), so it must not be used for comparisons with published POS scores.
Source: google-research/xtreme@838c13b `evaluate.py` with seqeval 0.0.12.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from replicate.metrics.paired import paired

Chunk: TypeAlias = tuple[str, int, int]
"""(type, first word, last word), counted over the whole corpus."""


def chunks(sentences: Iterable[Sequence[str]]) -> set[Chunk]:
    """Chunks of a corpus; sentences are separated by an "O" so that none reaches across.

    >>> sorted(chunks([["B-PER", "I-PER", "O", "I-LOC"]]))
    [('LOC', 3, 3), ('PER', 0, 1)]
    >>> sorted(chunks([["NOUN", "NOUN", "SYM", "SYM"]]))
    [('NOUN', 0, 1), ('SYM', 2, 2), ('SYM', 3, 3)]
    """
    tags = [tag for sentence in sentences for tag in (*sentence, "O")]
    found: set[Chunk] = set()
    last_prefix, last_type, begin = "O", "", 0
    for at, tag in enumerate((*tags, "O")):
        prefix, kind = tag[0], tag.rsplit("-", 1)[-1]
        if _ends(last_prefix, prefix, last_type, kind):
            found.add((last_type, begin, at - 1))
        if _starts(last_prefix, prefix, last_type, kind):
            begin = at
        last_prefix, last_type = prefix, kind
    return found


def chunk_scores(predictions: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> dict[str, float]:
    """{"f1", "precision", "recall"} in percent, micro-averaged over chunks; 0 where nothing was found.

    Parameters
    ----------
    predictions, gold
        One tag name per word, per sentence.
    """
    paired(predictions, gold, "sentences")
    for number, (found, tags) in enumerate(zip(predictions, gold, strict=True)):
        paired(found, tags, f"tags in sentence {number}")
    guessed, true = chunks(predictions), chunks(gold)
    right = len(guessed & true)
    precision = right / len(guessed) if guessed else 0.0
    recall = right / len(true) if true else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"f1": f1 * 100, "precision": precision * 100, "recall": recall * 100}


def _ends(last: str, prefix: str, last_type: str, kind: str) -> bool:
    """Whether a chunk ended between the two words."""
    closed = last in "ES" or (last in "BI" and prefix in "BSO")
    return closed or (last not in "O." and last_type != kind)


def _starts(last: str, prefix: str, last_type: str, kind: str) -> bool:
    """Whether a chunk starts at the second word."""
    opened = prefix in "BS" or (last in "ESO" and prefix in "EI")
    return opened or (prefix not in "O." and last_type != kind)
