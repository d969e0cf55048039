"""What cells stand for together: an exact point, and the interval of all values that their printing allows.

Sums, differences and means of printed cells are linear, so their interval is found exactly by adding the weighted
half-widths (interval arithmetic; Moore 1966, section 2). Every cell enters once, so the interval is sharp: each of
its values is reached by some admissible cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd

from analysis.printed import Printed


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact point and the half-width around it."""

    point: Fraction
    half: Fraction

    @property
    def lower(self) -> Fraction:
        """Smallest admissible value."""
        return self.point - self.half

    @property
    def upper(self) -> Fraction:
        """Largest admissible value."""
        return self.point + self.half

    @property
    def definitely_positive(self) -> bool:
        """Whether a difference is above zero for all admissible cells; neighbouring printed numbers are ordered.

        8.3 against 8.2 stands for at least 8.25 against at most 8.25, a tie at a single point only.

        Examples
        --------
        >>> near, same = Amount(Fraction(1, 10), Fraction(1, 10)), Amount(Fraction(0), Fraction(1, 10))
        >>> near.definitely_positive, same.definitely_positive
        (True, False)
        """
        return self.point > 0 and self.lower >= 0

    @property
    def definitely_negative(self) -> bool:
        """Whether a difference is below zero for all admissible cells."""
        return self.point < 0 and self.upper <= 0


@dataclass(frozen=True, slots=True)
class Term:
    """One cell in a combination: its weight, its number, its row, and the member of the mean that it belongs to."""

    weight: Fraction
    number: Amount
    row: int
    member: str = ""


@dataclass(frozen=True)
class Combination:
    """A weighted sum of cells."""

    terms: tuple[Term, ...]

    @cached_property
    def amount(self) -> Amount:
        """Point and interval of the sum."""
        return Amount(
            weighted_sum((t.weight, t.number.point) for t in self.terms),
            weighted_sum((abs(t.weight), t.number.half) for t in self.terms),
        )

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows used, each once, in order of use."""
        return tuple(dict.fromkeys(t.row for t in self.terms))

    @property
    def cancels(self) -> bool:
        """Whether nothing is left of the sum: every cell is taken away again."""
        weights: dict[int, Fraction] = {}
        if len({t.row for t in self.terms}) == len(self.terms):
            return not self.terms
        for t in self.terms:
            weights[t.row] = weights.get(t.row, Fraction(0)) + t.weight
        return not any(weights.values())

    @property
    def heaviest(self) -> Term:
        """The cell that moves the sum most."""
        return max(self.terms, key=lambda t: abs(t.weight))

    def part(self, members: Iterable[str]) -> Fraction:
        """What the members add to the point."""
        wanted = set(members)
        return weighted_sum((t.weight, t.number.point) for t in self.terms if t.member in wanted)

    def share_of(self, members: Iterable[str]) -> Fraction:
        """Sum of the positive weights of the members."""
        wanted = set(members)
        return sum((t.weight for t in self.terms if t.member in wanted and t.weight > 0), Fraction(0))


def weighted_sum(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Exact sum of products, reduced once at the end; reducing every step costs four times as much.

    Examples
    --------
    >>> weighted_sum([(Fraction(1, 2), Fraction(7, 10)), (Fraction(1, 2), Fraction(1, 10))])
    Fraction(2, 5)
    """
    above, below = 0, 1
    for first, second in pairs:
        a, b = first.as_integer_ratio()
        c, d = second.as_integer_ratio()
        times = b * d
        if times == below:
            above += a * c
        else:
            common = gcd(times, below)
            above = above * (times // common) + a * c * (below // common)
            below = below // common * times
    return Fraction(above, below)


def of_printed(number: Printed) -> Amount:
    """Amount of a printed number."""
    return Amount(number.value, number.half)


def combined(parts: Sequence[tuple[Fraction, Combination]]) -> Combination:
    """Weighted sum of combinations; a cell that enters several times enters once with the sum of its weights.

    Two gains over one baseline share the baseline's cells, and its rounding must not count twice.
    """
    merged: dict[int, Term] = {}
    for factor, part in parts:
        for term in part.terms:
            known = merged.get(term.row)
            weight = factor * term.weight + (known.weight if known else 0)
            merged[term.row] = Term(weight, term.number, term.row, term.member)
    return Combination(tuple(term for term in merged.values() if term.weight))


def difference(first: Combination, second: Combination) -> Combination:
    """First minus second."""
    return combined([(Fraction(1), first), (Fraction(-1), second)])
