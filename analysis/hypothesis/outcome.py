"""What a test returns: statistic, p value, and the smallest p value that its design could have reached."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, exp, inf, lgamma
from typing import Final, Literal, TypeAlias

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Number

Alternative: TypeAlias = Literal["two-sided", "greater", "less"]
"""What the test looks for; "greater" means treated above control (or above the reference)."""

ALTERNATIVES: Final = ("two-sided", "greater", "less")


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """Outcome of one test; p and statistic are arrays where the input had leading batch axes."""

    __test__ = False  # a result, not a test class for pytest to collect

    p: Number
    statistic: Number
    method: str
    alternative: Alternative
    n: tuple[int, ...]
    """Replications per arm."""
    smallest_p: float = 0.0
    """Smallest p value that this design can give; 0.0 for a continuous statistic."""
    df: Number | None = None
    note: str = ""

    def reaches(self, alpha: float = 0.05) -> bool:
        """Return whether any data of this design could have given p <= alpha."""
        return self.smallest_p <= alpha

    @property
    def limit(self) -> str:
        """One sentence where no p value of 0.05 can be reached; empty otherwise."""
        if self.reaches():
            return ""
        sizes = " and ".join(f"n = {size}" for size in self.n)
        return f"no p value can reach 0.05 with {sizes} here: the smallest is {self.smallest_p:.3g}"


def checked_alternative(alternative: str) -> Alternative:
    """Return the alternative, or refuse another word."""
    if alternative not in ALTERNATIVES:
        raise InputError(
            Problem(f"alternative is {alternative!r}", f"write one of {', '.join(ALTERNATIVES)}")
        )
    return alternative  # type: ignore[return-value]


def relabellings(n: int, m: int) -> float:
    """Return C(n + m, n), exactly while it is below 2**53; inf where no float holds it."""
    if n + m <= 56:
        return float(comb(n + m, n))
    size = lgamma(n + m + 1) - lgamma(n + 1) - lgamma(m + 1)
    return exp(size) if size < 700 else inf


def smallest_p(test: str, n: int, m: int | None = None, alternative: Alternative = "two-sided") -> float:
    """Return the smallest p value that an exact test can reach without ties.

    Parameters
    ----------
    test : {"permutation", "mann-whitney", "sign", "wilcoxon", "sign-flip"}
        Two-sample tests: 1 / C(n + m, n), twice that two-sided (3 against 3: 0.1; not a permutation test of unequal
        arms, whose statistic has no mirror image). Paired tests: 2**-n, twice that two-sided (5 pairs: 0.0625).
    n, m : int
        Replications of the arms; `m` only for two-sample tests.
    """
    sides = 2 if checked_alternative(alternative) == "two-sided" else 1
    if test in ("permutation", "mann-whitney"):
        if m is None:
            raise InputError(Problem(f"{test} compares two arms", "give m, the replications of the second"))
        # |difference of means| has a mirror image only where the arms are equally large.
        mirrored = sides if test == "mann-whitney" or n == m else 1
        return min(1.0, mirrored / relabellings(n, m))
    if test in ("sign", "wilcoxon", "sign-flip"):
        return min(1.0, sides * 0.5**n)
    raise InputError(
        Problem(f"unknown test {test!r}", "write permutation, mann-whitney, sign, wilcoxon or sign-flip")
    )


def minimum_n(test: str, alpha: float = 0.05, alternative: Alternative = "two-sided") -> int:
    """Return the smallest n (per arm, or of pairs) at which an exact test can reach p <= alpha.

    For a permutation test at alpha 0.05 two-sided that is 4 per arm, for a paired one 6.
    """
    n = 1
    while smallest_p(test, n, n, alternative) > alpha:
        n += 1
    return n
