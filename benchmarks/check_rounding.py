"""How many honest numbers are accused when derived numbers are recomputed from printed cells as if those were exact.

    python benchmarks/check_rounding.py [tables]

Scores between 0 and 100 are drawn, they and their mean (or difference) are printed to one decimal, ties to
even. "Cells taken as exact" asks whether the mean of the printed cells, before its own rounding, could print the
claimed number; "propagated" is what this project decides. Prints a Markdown table; exits 1 if an honest number is
accused with propagation, or a number that is off by a whole point is not caught.
"""

from __future__ import annotations

import random
import sys
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from analysis.printed import parse_printed
from claims.amount import Combination, Term, of_printed
from claims.finding import Reason
from claims.kinds.comparison import compare
from claims.model import Value

SEED = 20200526
WHAT = {"difference of 2": 2, "mean of 4": 4, "mean of 7": 7, "mean of 9": 9, "mean of 40": 40}


def printed(number: Fraction) -> str:
    """Number printed to one decimal."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def accused(weights: list[Fraction], scores: list[Fraction], off: int) -> tuple[bool, bool]:
    """Whether the claim is accused with cells taken as exact, and with propagation."""
    true = sum((w * s for w, s in zip(weights, scores, strict=True)), Fraction(0))
    claimed = printed(true + off)
    cells = [of_printed(parse_printed(printed(score))) for score in scores]
    total = Combination(tuple(Term(w, c, at) for at, (w, c) in enumerate(zip(weights, cells, strict=True))))
    assertion = Value(kind="value", of={"target": "t"}, equals=claimed)
    reason = compare(total.amount, assertion).reason
    return reason is not Reason.REPRODUCES, reason is Reason.OUTSIDE_ROUNDING


def main() -> int:
    """Print the table."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    draw = random.Random(SEED)
    failed = False
    print(f"{tables:,} tables per row, seed {SEED}; share of claims that are accused.\n")
    print("| derived number | honest, cells taken as exact | honest, propagated | off by 1.0, propagated |")
    print("|---|---|---|---|")
    for name, count in WHAT.items():
        weights = (
            [Fraction(1), Fraction(-1)] if name.startswith("difference") else [Fraction(1, count)] * count
        )
        found = [0, 0, 0]
        for _ in range(tables):
            scores = [Fraction(draw.randrange(10**6), 10**4) for _ in range(count)]
            exact, propagated = accused(weights, scores, 0)
            found = [found[0] + exact, found[1] + propagated, found[2] + accused(weights, scores, 1)[1]]
        shares = [number / tables for number in found]
        failed |= found[1] > 0 or found[2] < tables
        print(f"| {name} | {shares[0]:.1%} | {shares[1]:.1%} | {shares[2]:.1%} |")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
