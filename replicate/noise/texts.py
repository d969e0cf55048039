"""Noise on one text: which words are edited, how, and where its old offsets are now.

Every draw is a pure function of (seed, row, field, word), so that a row is noised alike in every process and in
every order. Which words are edited at one severity are also edited, alike, at every higher one: a curve over
severities then compares nested texts and not fresh draws.

A word never becomes another word that the data uses ("cat" from "car"): what the row says would change, and its
label would be wrong. Such an edit is drawn again as another kind, or not made.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from analysis.errors import InputError, Problem
from replicate.keyed import Key, generator
from replicate.noise.kinds import KINDS, Kind
from replicate.noise.words import Word, words

SHARES: Final = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5)
"""Severity -> expected share of the editable words of a text that are edited."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Which noise: severity 0 leaves everything as it is.

    Raises
    ------
    InputError
        For a severity outside 0 to 5, no kind, or an unknown one.
    """

    severity: int
    seed: int = 0
    kinds: tuple[Kind, ...] = tuple(KINDS)

    def __post_init__(self) -> None:
        problems = []
        if self.severity not in range(len(SHARES)):
            problems.append(Problem(f"noise severity {self.severity!r}", f"choose 0 to {len(SHARES) - 1}"))
        unknown = [kind for kind in self.kinds if kind not in KINDS]
        if unknown or not self.kinds:
            what = f"noise kind {', '.join(map(repr, unknown))}" if unknown else "no kind of noise"
            problems.append(Problem(what, f"choose from: {', '.join(KINDS)}"))
        if problems:
            raise InputError(*problems)


@dataclass(frozen=True, slots=True)
class Edited:
    """A noised text with what was changed."""

    text: str
    edits: tuple[tuple[int, int, str], ...]
    """(start, end, new) in characters of the old text, in order and without overlap."""

    def moved(self, offset: int) -> int:
        """Where an offset of the old text is now; one inside an edit moves to the edit's beginning."""
        shift = 0
        for start, end, new in self.edits:
            if end > offset:
                return min(offset, start) + shift
            shift += len(new) - (end - start)
        return offset + shift


def edited(
    text: str,
    noise: Noise,
    row: Key,
    field: str,
    language: str,
    known: Set[str],
    protected: Sequence[tuple[int, int]] = (),
    *,
    blanks: bool = True,
) -> Edited:
    """The noised text.

    Parameters
    ----------
    row, field
        Name the text: with the seed they determine every draw.
    known : set of str
        Case-folded words that no edit may produce.
    protected : sequence of (start, end)
        Stretches that no edit touches.
    blanks : bool
        Whether blanks may come and go (not in words that carry one tag each).
    """
    share = SHARES[noise.severity]
    found = words(text, protected) if share else []
    if not found:
        return Edited(text, ())
    drawn = generator("noise", noise.seed, row, field).random(len(found))
    edits = []
    for number, word in enumerate(found):
        if drawn[number] < share:
            change = _change(word, noise, (row, field, number), language, known, blanks)
            if change is not None:
                edits.append(change)
    pieces, last = [], 0
    for start, end, new in edits:
        pieces += [text[last:start], new]
        last = end
    return Edited("".join((*pieces, text[last:])), tuple(edits))


def _change(
    word: Word, noise: Noise, key: tuple[Key, ...], language: str, known: Set[str], blanks: bool
) -> tuple[int, int, str] | None:
    """Edit of one word by the first kind, in random order, that applies and makes no known word."""
    random = generator("noise", noise.seed, *key)
    old = str(word)
    for at in random.permutation(len(noise.kinds)):
        kind = noise.kinds[at]
        if kind == "whitespace" and not blanks:
            continue
        if kind == "whitespace" and word.gap and random.random() < 0.5:
            return word.end, word.end + 1, ""
        new = KINDS[kind](word.cut, random, language)
        if new is None or new == old:
            continue
        parts = new.casefold().split()
        if not any(part in known for part in parts if part != old.casefold()):
            return word.start, word.end, new
    return None
