"""A number as it was printed, and the closed interval of all values that could have been printed so.

"8.70" and "8.7" are two different statements: the first stands for [8.695, 8.705], the second for [8.65, 8.75].
The interval is closed on both sides because authors round ties up, down or to even, and a reader cannot tell which;
counted on 212 published cells only the closed interval accuses nobody. All arithmetic is exact: no binary float
takes part in a decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Bound: TypeAlias = Literal["none", "at_least", "at_most"]

_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
_BOUNDS: Final[tuple[tuple[str, Bound], ...]] = (
    (r">=|≥|>|at least|over|more than|above|no fewer than", "at_least"),
    (r"<=|≤|<|up to|at most|below|less than|fewer than|no more than", "at_most"),
)
_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>\d{1,3}(?:[,\u202f\u00a0\u2009 ]\d{3})+|\d*)"
    r"(?:\.(?P<part>\d+))?"
    r"(?:[eE](?P<power>[+-]?\d{1,3}))?"
    r"\s?(?P<unit>%?)",
    re.ASCII,
)
_PREFIX: Final = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{pattern})" for pattern, name in _BOUNDS) + r")\s*", re.I
)
LONGEST: Final = 60
"""Characters of the longest printed number; longer ones are refused, so that no exponent or digit run costs time."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: its text, the value it shows, and the closed interval that it stands for."""

    text: str
    value: Fraction
    half: Fraction
    """Half of the last printed digit: the largest distance to a value that prints the same."""
    places: int
    """Decimals printed; negative where a power of ten moves the last digit left of the point."""
    bound: Bound = "none"
    """`at_least` for "over 40", `at_most` for "up to 40"."""
    unit: str = ""

    @property
    def lower(self) -> Fraction:
        """Smallest value that could have been printed so."""
        return self.value - self.half

    @property
    def upper(self) -> Fraction:
        """Largest value that could have been printed so."""
        return self.value + self.half


@lru_cache(maxsize=65536)
def parse_printed(text: str) -> Printed:
    """Printed number of a text.

    Parameters
    ----------
    text
        As printed: "8.70", "+8.2", "−0.3", "1,104,934", "42%", ">40", "up to 40".

    Raises
    ------
    ValueError
        The text is not one printed number; the message says what to write.

    Examples
    --------
    >>> parse_printed("8.7").lower, parse_printed("8.7").upper
    (Fraction(173, 20), Fraction(35, 4))
    >>> parse_printed("8.70").half
    Fraction(1, 200)
    >>> parse_printed("1,104,934").value
    Fraction(1104934, 1)
    >>> float(parse_printed("−0.3").value), parse_printed("42%").unit, parse_printed("up to 40").bound
    (-0.3, '%', 'at_most')
    >>> parse_printed("1,10,493")
    Traceback (most recent call last):
    ...
    ValueError: '1,10,493' is not a printed number such as "8.70", "1,104,934", "42%" or "up to 40"
    """
    bare = text.strip().translate(_MINUS)
    bound: Bound = "none"
    prefix = _PREFIX.match(bare)
    if prefix is not None:
        bound = "at_least" if prefix.lastgroup == "at_least" else "at_most"
        bare = bare[prefix.end() :]
    match = _NUMBER.fullmatch(bare) if len(bare) <= LONGEST else None
    if match is None or not (match["whole"] or match["part"]):
        raise ValueError(
            f'{text[:60]!r} is not a printed number such as "8.70", "1,104,934", "42%" or "up to 40"'
        )
    whole, part = re.sub(r"\D", "", match["whole"], flags=re.ASCII), match["part"] or ""
    places = len(part) - int(match["power"] or 0)
    number = Fraction(int(f"{match['sign']}{whole}{part}")) / Fraction(10) ** places
    return Printed(text, number, Fraction(1, 2) / Fraction(10) ** places, places, bound, match["unit"])


def is_printed_number(text: str) -> bool:
    """Whether a text is one printed number.

    Examples
    --------
    >>> is_printed_number("8.70"), is_printed_number("span extraction")
    (True, False)
    """
    try:
        parse_printed(text)
    except ValueError:
        return False
    return True


def decimal_text(number: Fraction, places: int | None = None, *, sign: bool = False) -> str:
    """Decimal text of an exact number: exact where it ends within `places`, else rounded half to even there.

    Parameters
    ----------
    number
        Exact number.
    places
        Decimals to write; without it as many as the number needs, three where it does not end.
    sign
        Whether to write a plus sign before positive numbers.

    Examples
    --------
    >>> decimal_text(Fraction(1, 3)), decimal_text(Fraction(74, 10)), decimal_text(Fraction(74, 10), 2)
    ('0.333', '7.4', '7.40')
    >>> decimal_text(Fraction(-1, 20)), decimal_text(Fraction(83, 10), sign=True), decimal_text(Fraction(40))
    ('-0.05', '+8.3', '40')
    """
    above, below = number.numerator, number.denominator
    if places is None:
        places = next((digits for digits in range(7) if 10**digits % below == 0), 3)
    scaled, rest = divmod(above * 10**places, below)
    scaled += 2 * rest > below or (2 * rest == below and scaled % 2 == 1)
    text = f"{abs(scaled):0{places + 1}d}"
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    return ("-" if scaled < 0 else "+" if sign and scaled > 0 else "") + text
