"""Sign and colour of every verdict, and how an enumeration's word is printed: the same in all renderings."""

from __future__ import annotations

from typing import Final, NamedTuple

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


class Look(NamedTuple):
    """How a verdict or an outcome is drawn."""

    sign: str
    words: str
    colour: str
    """Key of `COLOURS`."""


OUTCOMES: Final[dict[str, Look]] = {
    "shown": Look("✓", "yes", Verdict.SUPPORTED),
    "opposite": Look("✗", "no, the opposite", Verdict.CONTRADICTED),
    "no difference": Look("=", "no difference that matters", Verdict.UNVERIFIABLE),
    "open": Look("≈", "cannot be answered", Verdict.INCONCLUSIVE),
}
"""Outcome of a registered contrast -> its look; they are answers of runs and no verdicts on claims."""

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


def look(word: str) -> Look:
    """How a verdict or the outcome of a contrast is drawn; an outcome that nobody named is drawn as open.

    >>> look("supported")[:2], look("shown")[:2]
    (('✓', 'supported'), ('✓', 'yes'))
    """
    if word in SIGNS:
        return Look(SIGNS[word], label(word), word)
    return OUTCOMES.get(word, OUTCOMES["open"]._replace(words=label(word)))


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
