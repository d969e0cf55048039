"""Prints the coverage table, and writes it with --out.

``python -m analysis.coverage --out analysis/coverage/table.csv`` makes the shipped one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.coverage.simulate import SHAPES
from analysis.coverage.table import simulate, write_table


def main() -> None:
    """Simulate every design and print one line per method and design."""
    parser = argparse.ArgumentParser(prog="python -m analysis.coverage", description=__doc__)
    parser.add_argument("--replications", type=int, default=4000)
    parser.add_argument("--shape", choices=SHAPES, action="append", help="default: all of them")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = []
    for row in simulate(options.replications, options.shape or SHAPES):
        rows.append(row)
        print(
            f"{row.shape:<12} {row.seeds:>2} seeds {row.tasks:>2} tasks tau {row.tau:<3g} "
            f"{row.method:<34} coverage {row.coverage:.3f} width {row.width:.2f}",
            flush=True,
        )
    if options.out is not None:
        write_table(rows, options.out)


if __name__ == "__main__":
    main()
