"""A Unigram tokenizer trained by hard expectation-maximisation: the same text gives the same tokenizer.

The trainer of the library `tokenizers` (0.23) sums over hash maps in random order: four trainings on one
text gave four models, with one thread as well. A run that is killed while it trains its tokenizer would then
end with other scores than one that is not. So the library segments, and the counts, which are whole numbers,
are ours: Kudo (2018), "Subword regularization", section 3.2, with the best segmentation in place of the
expectation, and pieces pruned by how often that segmentation uses them.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

from analysis.errors import InputError, Problem

SPECIALS: Final = ("<s>", "<pad>", "</s>", "<unk>")
"""Ids 0 to 3, as in XLM-R; `<mask>` is the last id."""
MASK: Final = "<mask>"
SPACE: Final = "▁"


def train(
    texts: Iterable[str], size: int, longest: int = 12, kinds: int = 200_000, shrink: float = 0.7
) -> Tokenizer:
    """Unigram tokenizer of at most `size` ids with XLM-R's special tokens.

    Parameters
    ----------
    texts : iterable of str
        Training text.
    size : int
        Number of ids, specials and mask included.
    longest : int
        Longest piece in characters.
    kinds : int
        Only this many different words, the most frequent ones, are counted.
    shrink : float
        Share of the pieces that a pruning round keeps.

    Raises
    ------
    InputError
        If there is no text, or its characters alone do not fit into `size`.
    """
    words = _words(texts, kinds)
    if not any(word.strip(SPACE) for word in words):
        raise InputError(Problem("the text has no words", "check the folder of --text: are its files empty?"))
    room = size - len(SPECIALS) - 1
    letters = Counter[str]()
    for word, count in words.items():
        for letter in word:
            letters[letter] += count
    if len(letters) > room:
        raise InputError(
            Problem(
                f"the text has {len(letters)} different characters, more than {size} pieces can hold",
                f"raise `model.vocabulary`, of which {len(SPECIALS) + 1} are special",
            )
        )
    pieces = _seeds(words, letters, 8 * room, longest)
    while True:
        counts = _count(words, pieces)
        fixed = {letter: max(counts[letter], 1) for letter in letters}
        others = sorted((p for p in pieces if p not in fixed and counts[p]), key=lambda p: (-counts[p], p))
        keep = max(room - len(fixed), int(shrink * len(others)))
        done = len(others) <= room - len(fixed)
        pieces = fixed | {piece: counts[piece] for piece in others[:keep]}
        if done:
            return _assemble(pieces)


def _words(texts: Iterable[str], kinds: int) -> Counter[str]:
    normal, split = normalizers.NFKC(), pre_tokenizers.Metaspace()
    found = Counter[str]()
    for text in texts:
        found.update(word for word, _ in split.pre_tokenize_str(normal.normalize_str(text)))
    return Counter(dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:kinds]))


def _seeds(words: Counter[str], letters: Counter[str], room: int, longest: int) -> dict[str, int]:
    """All letters, and the substrings that cover most text: count times length, as SentencePiece seeds."""
    found = Counter[str]()
    for word, count in words.items():
        for start in range(len(word)):
            for end in range(start + 1, min(start + longest, len(word)) + 1):
                if end - start > 1 and word[start] != SPACE and kind(word[end - 1]) != kind(word[start]):
                    break
                if end - start > 2 and kind(word[end - 1]) != kind(word[start + 1]):
                    break
                if end - start > 1:
                    found[word[start:end]] += count
    ranked = sorted((p for p in found if found[p] > 1), key=lambda p: (-found[p] * len(p), p))
    return dict(letters) | {piece: found[piece] for piece in ranked[:room]}


def _count(words: Counter[str], pieces: dict[str, int]) -> Counter[str]:
    """How often the best segmentation of the words uses each piece."""
    vocabulary = _scores(pieces)
    tokenizer = Tokenizer(models.Unigram([("<unk>", -100.0), *vocabulary], 0))
    counts = Counter[str]()
    listed = list(words)
    for word, encoded in zip(listed, tokenizer.encode_batch_fast(listed), strict=True):
        for number in encoded.ids:
            if number:
                counts[vocabulary[number - 1][0]] += words[word]
    return counts


def kind(letter: str) -> str:
    """Class of a character; a piece never mixes letters, digits and signs (SentencePiece splits there too)."""
    category = unicodedata.category(letter)[0]
    return "letter" if category in "LM" else "digit" if category == "N" else "sign"


def _scores(pieces: dict[str, int]) -> list[tuple[str, float]]:
    total = math.log(sum(pieces.values()))
    ranked = sorted(pieces.items(), key=lambda item: (-item[1], item[0]))
    return [(piece, math.log(count) - total) for piece, count in ranked]


def _assemble(pieces: dict[str, int]) -> Tokenizer:
    vocabulary = [*((special, 0.0) for special in SPECIALS), *_scores(pieces), (MASK, 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, SPECIALS.index("<unk>")))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([*SPECIALS, MASK])
    return tokenizer
