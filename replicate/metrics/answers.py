"""Exact match and F1 of answer texts, with the normaliser that XTREME uses for each task.

SQuAD v1.1's English normaliser scores XQuAD and TyDiQA in *every* language (no segmentation of Chinese or
Thai: an answer without blanks is one token). MLQA has articles by language, Unicode punctuation, and one token
per Chinese character; its Arabic rule takes every "ال" out, not only the article, and numbers depend on it.
Sources: SQuAD evaluate-v1.1.py and evaluate-v2.0.py; mlqa_evaluation_v1.py, as in google-research/xtreme@838c13b.
"""

from __future__ import annotations

import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from analysis.errors import InputError, Problem
from replicate.examples import Span

_ENGLISH: Final = re.compile(r"\b(a|an|the)\b")
_ASCII_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)
_ARTICLES: Final[dict[str, re.Pattern[str] | None]] = {
    "en": _ENGLISH,
    "es": re.compile(r"\b(un|una|unos|unas|el|la|los|las)\b"),
    "hi": None,
    "vi": re.compile(r"\b(của|là|cái|chiếc|những)\b"),
    "de": re.compile(r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "ar": re.compile(r"\sال^|ال"),
    "zh": None,
}
_HAN: Final = re.compile(r"[\u4e00-\u9fa5]")


@cache
def _punctuation() -> frozenset[str]:
    named = (chr(i) for i in range(sys.maxunicode))
    return frozenset(c for c in named if unicodedata.category(c).startswith("P")) | set(string.punctuation)


_PRIVATE = re.compile("q[a-t][a-z]")


def english(text: str) -> str:
    """Lower case, ASCII punctuation out, English articles out, single blanks (SQuAD).

    >>> english("The  Eiffel-Tower, a tower!")
    'eiffeltower tower'
    """
    return " ".join(_ENGLISH.sub(" ", text.lower().translate(_ASCII_PUNCTUATION)).split())


def by_language(text: str, language: str) -> str:
    """MLQA's normaliser.

    >>> by_language("Das Haus.", "de"), by_language("北京 2022", "zh")
    ('haus', '北 京 2022')

    Raises
    ------
    InputError
        For a language that MLQA has no rule for.
    """
    if _PRIVATE.fullmatch(language):  # codes that ISO 639 leaves to private use: generated languages
        return " ".join(text.lower().translate(_ASCII_PUNCTUATION).split())
    if language not in _ARTICLES:
        raise InputError(
            Problem(f"MLQA's scorer has no rule for language {language!r}", f"it has: {', '.join(_ARTICLES)}")
        )
    marks = _punctuation()
    bare = "".join(c for c in text.lower() if c not in marks)
    articles = _ARTICLES[language]
    if articles is not None:
        bare = articles.sub(" ", bare)
    if language == "zh":
        bare = _HAN.sub(lambda match: f" {match.group()} ", bare)
    return " ".join(bare.split())


def exact_and_f1(guess: str, gold: str, normal: Callable[[str], str]) -> tuple[float, float]:
    """(exact match, token F1) of one pair of answers, each 0 to 1."""
    guess, gold = normal(guess), normal(gold)
    guessed, true = guess.split(), gold.split()
    shared = sum((Counter(guessed) & Counter(true)).values())
    if not shared:
        return float(guess == gold), 0.0
    precision, recall = shared / len(guessed), shared / len(true)
    return float(guess == gold), 2 * precision * recall / (precision + recall)


def span_scores(
    predictions: Mapping[str, str], gold: Sequence[Span], normal: Callable[[str], str]
) -> dict[str, float]:
    """{"em", "f1", "score"} in percent; per question the best over its gold answers; score = (EM + F1) / 2.

    A question without a prediction scores 0, as officially. Questions without a gold answer (SQuAD v2.0) score
    100 for an empty prediction and 0 otherwise.

    Raises
    ------
    InputError
        Without questions, or where no prediction has the id of a question.
    """
    if not gold:
        raise InputError(Problem("no questions to score", "an empty split has no score, and not the score 0"))
    if not any(span.id in predictions for span in gold):
        raise InputError(
            Problem(
                "no prediction has the id of a question", "predictions and examples are of different data"
            )
        )
    exact = f1 = 0.0
    for span in gold:
        if span.id not in predictions:
            continue
        guess = predictions[span.id]
        if span.impossible:
            empty = float(not normal(guess))
            exact, f1 = exact + empty, f1 + empty
            continue
        pairs = [exact_and_f1(guess, text, normal) for text, _ in span.answers]
        exact += max(pair[0] for pair in pairs)
        f1 += max(pair[1] for pair in pairs)
    em, f1 = 100 * exact / len(gold), 100 * f1 / len(gold)
    return {"em": em, "f1": f1, "score": (em + f1) / 2}
