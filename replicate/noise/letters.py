"""The script of a character, and the clusters of characters that a reader sees as one letter.

Noise acts on clusters: a swap that tore a vowel sign from its consonant would make text that nobody can type.
The rules are those of UAX #29 for letters: marks stay with their base, a virama binds the next consonant
(GB9c), conjoining jamo stay together (GB6 to GB8), joiners bind.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

VIRAMAS: Final = frozenset(chr(block + 0x4D) for block in range(0x900, 0xD80, 0x80))
"""Virama of the nine Indic blocks that are laid out alike, Devanagari to Malayalam."""
_AFTER_BASE: Final = frozenset("ำຳ‍‌")
"""Thai and Lao SARA AM and the joiners: no marks by category, but never alone."""
_NAMES: Final = {"CJK": "han", "KATAKANA-HIRAGANA": "katakana", "HALFWIDTH": "katakana", "FULLWIDTH": "latin"}
SPACELESS: Final = frozenset(("han", "hiragana", "katakana", "thai", "lao", "khmer", "myanmar"))
"""Scripts that write words without spaces between them."""


@lru_cache(maxsize=20_000)
def script_of(letter: str) -> str | None:
    """Script of a letter in small letters ("latin", "han", ...); None for marks, digits, signs and spaces.

    >>> script_of("a"), script_of("я"), script_of("語"), script_of("ね"), script_of("7"), script_of("!")
    ('latin', 'cyrillic', 'han', 'hiragana', None, None)
    """
    if not unicodedata.category(letter).startswith("L"):
        return None
    first = unicodedata.name(letter, "?").partition(" ")[0]
    return None if first in ("MODIFIER", "?") else _NAMES.get(first, first.lower())


def clusters(text: str) -> list[str]:
    """The clusters of a text, in order; joined they are the text.

    >>> clusters("abc"), clusters("हिन्दी")
    (['a', 'b', 'c'], ['हि', 'न्दी'])
    """
    found: list[str] = []
    for letter in text:
        if found and _belongs(found[-1], letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _belongs(cluster: str, letter: str) -> bool:
    """Whether a character goes on with the cluster before it."""
    if cluster.isspace() or letter.isspace():
        return False
    last = cluster[-1]
    if letter in _AFTER_BASE or unicodedata.category(letter).startswith("M") or last == "‍":
        return True
    if last in VIRAMAS and ord(letter) >> 7 == ord(last) >> 7:
        return unicodedata.category(letter) == "Lo"
    # Conjoining jamo: leading consonants, then vowels, then trailing consonants.
    vowel, trailing = 0x1160 <= ord(letter) <= 0x11A7, 0x11A8 <= ord(letter) <= 0x11FF
    return (vowel and 0x1100 <= ord(last) <= 0x11A7) or (trailing and 0x1160 <= ord(last) <= 0x11FF)
