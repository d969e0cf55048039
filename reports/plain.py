"""Text from reports as inert characters: what cannot be seen is named, so that no renderer shows what is not there.

Control characters, lone surrogates, bidirectional overrides and invisible format characters can hide or reorder
text (Boucher and Anderson 2021, "Trojan Source"), and XML 1.0 forbids most of the controls. They become `[U+202E]`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

KEPT: Final = frozenset("\u200c\u200d\u00ad")
"""Joiners that Persian, Indic scripts and emoji need, and the soft hyphen."""

HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def visible(text: str) -> str:
    r"""`text` on one line, with every invisible or unassigned character named.

    Examples
    --------
    >>> visible("a\nb\x1b[2J")
    'a b[U+001B][2J'
    >>> visible("safe\u202egnp.exe")
    'safe[U+202E]gnp.exe'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    if char in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    if char in KEPT or unicodedata.category(char) not in HIDDEN:
        return char
    return f"[U+{ord(char):04X}]"
