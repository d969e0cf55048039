"""Sign and colour of every verdict, and how an enumeration's word is printed: the same in all renderings."""

from __future__ import annotations

from typing import Final

from claims.finding import Verdict

SIGNS: Final[dict[str, str]] = {
    Verdict.SUPPORTED: "✓",
    Verdict.CONTRADICTED: "✗",
    Verdict.INCONCLUSIVE: "≈",
    Verdict.OUT_OF_SCOPE: "∅",
    Verdict.UNVERIFIABLE: "?",
    Verdict.ERROR: "!",
}
"""Distinct in shape, so that a grey print or a colour-blind reader loses nothing."""

NOT_TRIED: Final = "·"
"""Stands where no check was made at that level: neither a pass nor a fail."""

COLOURS: Final[dict[str, str]] = {
    Verdict.SUPPORTED: "#00664B",
    Verdict.CONTRADICTED: "#A63F00",
    Verdict.INCONCLUSIVE: "#7A5200",
    Verdict.OUT_OF_SCOPE: "#8A3A68",
    Verdict.UNVERIFIABLE: "#1F5F8B",
    Verdict.ERROR: "#1B1F24",
}
"""Okabe and Ito's hues, darkened until white text on them has a contrast of at least 4.5 to 1."""


def label(word: str) -> str:
    """The enumeration's own word with blanks for underscores: the words in the data are the words printed.

    >>> label("out_of_scope")
    'out of scope'
    """
    return word.replace("_", " ")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`number` with its noun.

    >>> count(1, "claim"), count(3, "claim"), count(2, "study", "studies"), count(12000, "cell")
    ('1 claim', '3 claims', '2 studies', '12,000 cells')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
