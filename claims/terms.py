"""The terms of a text and how near two texts are: for proposals and audits, never for a verdict.

A term is a word or hyphenated compound that carries content: stop words and the scaffolding of research questions
("how", "effect", "compared") are left out, endings are cut by a few fixed rules. A compound is met by its parts in
the same order, hyphenated or not, so "zero-shot" meets "zero shot", and "XTREME-R" is not met by "XTREME".
Everything here is deterministic and listed below, so that a reader can redo it by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP: Final = _listed(
    """a about above across after all also although among an and another any are as at be because been before being
    between both but by can could did do does doing during each either etc few for from further had has have having
    he her here how however if in into is it its itself just less like many may might more most much must neither no
    nor not of off often on once only onto or other our out over own per rather s same she should since so some still
    such than that the their them then there these they this those three through to too two under until up upon us
    very via was we were what when where whereas whether which while who whom whose why will with within without
    would yet you your"""
)
"""Function words."""

SCAFFOLD: Final = _listed(
    """affect affects aim aims associated based combined compare compared comparison differ difference different
    effect effects e.g eg evaluate evaluated examine examines find finds gain g i.e ie impact impacts influence
    influences investigate investigates investigating measured multiple observe paper paper's report research
    question result results role show shows specific study subset subsets terms use used uses using various vs
    versus yield yields"""
)
"""Words that build a research question or a report of one, and say nothing of what it is about."""

_WORD: Final = re.compile(r"[^\W_]+(?:[.,](?=\d)[^\W_]+)*\+?(?:[-‐‑–'’][^\W_]+)*")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–−", "-") | {"’": "'", "‘": "'", "“": '"', "”": '"'})
_ENDINGS: Final = (
    ("ization", "iz"), ("isation", "iz"), ("ations", "at"), ("ation", "at"), ("ness", ""), ("ities", "it"),
    ("ity", "it"), ("ies", "i"), ("ingly", ""), ("edly", ""), ("ively", "iv"), ("ically", "ic"), ("ally", "al"),
    ("ances", ""), ("ance", ""), ("ements", ""), ("ement", ""), ("ments", ""), ("ment", ""), ("ings", ""),
    ("ing", ""), ("ied", "i"), ("ed", ""), ("ly", ""), ("sses", "ss"), ("es", ""), ("s", ""), ("e", ""), ("y", "i"),
)  # fmt: skip
"""Word endings and what replaces them; the first that fits and leaves at least three letters is applied."""


def normal(text: str) -> str:
    """The text in the form in which two mentions are compared as equal.

    Unicode NFKC, lower case, one kind of dash and quote, single blanks, no Markdown emphasis, no closing
    punctuation or ellipsis. Digits, signs and word order stay: "8.2" never equals "8.20".

    Examples
    --------
    >>> normal("Training on **SQuAD** yields  8.2 points.") == normal("training on SQuAD yields 8.2 points")
    True
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    folded = re.sub(r"[*_`]+", "", folded)
    return " ".join(folded.split()).rstrip(".!?…;:, ")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending, lower case; words with a digit or of up to three letters stay.

    Examples
    --------
    >>> [stem(word) for word in ("improvements", "improving", "Scaling", "scale", "returns", "accuracies")]
    ['improv', 'improv', 'scal', 'scal', 'return', 'accuraci']
    """
    lower = word.casefold()
    if (
        len(lower) <= 3
        or any(letter.isdigit() for letter in lower)
        or (word[:-1].isupper() and word[-1] != "s")
    ):
        return lower
    if lower.endswith("ss"):
        return lower
    for ending, instead in _ENDINGS:
        if lower.endswith(ending) and len(lower) - len(ending) >= 3:
            return lower[: len(lower) - len(ending)] + instead
    return lower


def sequence(text: str) -> tuple[str, ...]:
    """Stems of all words in order, compounds split."""
    clean = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return tuple(stem(part) for match in _WORD.finditer(clean) for part in _parts(match.group()))


def terms(text: str) -> dict[tuple[str, ...], str]:
    """Content terms in order of appearance: stems of the parts -> the term as first written.

    Examples
    --------
    >>> list(terms("How does scaling affect zero-shot accuracy on XTREME-R?").values())
    ['scaling', 'zero-shot', 'accuracy', 'XTREME-R']
    """
    clean = unicodedata.normalize("NFKC", text).translate(_DASHES)
    clean = re.sub(r"\\[a-zA-Z]+", " ", clean)
    found: dict[tuple[str, ...], str] = {}
    for match in _WORD.finditer(clean):
        word = re.sub(r"'s$", "", match.group())
        lower = word.casefold()
        if lower in STOP or lower in SCAFFOLD or (len(word) == 1 and not word.isdigit()):
            continue
        found.setdefault(tuple(stem(part) for part in _parts(word)), word)
    return found


def met(term: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    """Whether the term stands in the sequence of stems, its parts next to each other."""
    size = len(term)
    return any(stems[at : at + size] == term for at in range(len(stems) - size + 1))


def likeness(a: str, b: str) -> float:
    """How near two statements are, from 0 to 1: shared content stems over the mean of both numbers (Dice 1945).

    Of a cut text the last word is left out by the caller. Two texts that both have numbers but share none are at
    most half as near, because a claim with another number is another claim.
    """
    first, second = _content(a), _content(b)
    if not first or not second:
        return 0.0
    score = 2 * len(first & second) / (len(first) + len(second))
    numbers_a, numbers_b = (frozenset(item for item in side if item[0].isdigit()) for side in (first, second))
    return score / 2 if numbers_a and numbers_b and not numbers_a & numbers_b else score


def runs(words: Sequence[str], size: int = 5) -> frozenset[tuple[str, ...]]:
    """The runs of `size` words that the text has; one shorter run for a text of fewer words."""
    size = min(size, len(words))
    return (
        frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
        if size
        else frozenset()
    )


def containment(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> float:
    """Share of the smaller set of runs that the other has too (Broder 1997); 0 to 1."""
    small = min(len(a), len(b))
    return len(a & b) / small if small else 0.0


@lru_cache(maxsize=4_000)
def _content(text: str) -> frozenset[str]:
    """Stems of the content words, compounds split."""
    return frozenset(part for term in terms(text) for part in term if part not in STOP)


def _parts(word: str) -> list[str]:
    """The parts of a compound; an apostrophe does not make one."""
    return [part for part in re.split(r"[-‐‑–]", word.replace("'s", "").replace("'", "")) if part]
